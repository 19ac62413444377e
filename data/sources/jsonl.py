"""Events and rosters from JSON lines: .jsonl and .jsonl.gz, one file, a folder or a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from data import compiled
from data.errors import SourceError
from data.raw import Run
from data.raw_load import Load
from data.settings import JsonlSource, Settings
from data.sources import lines, records, times
from data.sources.blocks import Block
from data.sources.events import Converted, Converter
from data.sources.files import Found, Start
from data.sources.quick import Quick, Ready, Road
from data.sources.shapes import plan_of
from data.sources.walk import FileSource, Reader

if TYPE_CHECKING:
    from data.sources.compiled_road import CompiledRoad

TARGETS = {
    "events": "raw_event", "testers": "raw_tester", "invitations": "raw_invitation", "feedback": "raw_feedback",
    "flags": "raw_flag", "identities": "raw_identity",
}  # fmt: skip


class Jsonl(FileSource):
    """A `kind = "jsonl"` source."""

    kind = "jsonl"
    endings = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")

    def __init__(self, spec: JsonlSource, settings: Settings) -> None:
        super().__init__(spec.name, spec.path, settings.base)
        self._spec = spec
        self.target = TARGETS[spec.table]
        # a file of feedback or invitations may be a log that is begun anew: what it no longer holds stays
        self.listing = spec.table in ("testers", "flags")

    def reader(self, run: Run, load: Load, file: Found, file_id: str, state: Any) -> Reader:
        return JsonlReader(self._spec, run, load, file, file_id)


class JsonlReader(Reader):
    """Blocks of JSON lines to rows, everything counted."""

    format = "JSON lines"
    must_hold = "one JSON object a line"

    def __init__(self, spec: JsonlSource, run: Run, load: Load, file: Found, file_id: str) -> None:
        super().__init__(run, load, file, spec.max_line_bytes, spec.max_file_bytes)
        self._source = spec.name
        self._file_id = file_id
        self._plan = plan_of(spec)
        span = times.window(run.settings, run.as_of_us)
        self._events = Converter(self._plan, span)
        self._road: Road | CompiledRoad | None = Road(self._events, self._longest) if spec.table == "events" else None
        self._records = records.Converter(spec.table, run.key, span) if spec.table != "events" else None

    def read(self, start: Start) -> Start:
        left = self._file.path.stat().st_size - start.offset
        if self._road is not None and compiled.pays(left) and not self._load.holds_old:
            self.compile()
        return super().read(start)

    def compile(self) -> None:
        """Take the quick road with compiled loops from here on. Raises ImportError without numba."""
        from data.sources.compiled_road import CompiledRoad

        self._road = CompiledRoad(self._events, self._longest, self._load.kind_numbers)

    def check(self, beginning: bytes) -> None:
        if beginning.removeprefix(lines.BOM).lstrip().split(b"\n", 1)[0].strip() == b"[":
            raise SourceError(
                f"{self._file.item}: is not JSON lines but one JSON list; write one object a line (`jq -c '.[]'`)"
            )

    def is_whole(self, rest: bytes) -> bool:
        return lines.try_strict(rest.removeprefix(lines.BOM), self._longest) is not None

    def ready(self, block: Block) -> Ready | None:
        return self._road.ready(block) if self._road is not None else None

    def block(self, block: Block, ready: Ready | None) -> None:
        quick = self._road.take(block, ready, self._file_id) if ready is not None else None
        if quick is None or not quick.taken:
            self._parsed(block, lines.parse(block, self._longest), None)
            return
        self._understood += quick.taken
        left = quick.left()
        cuts = quick.cuts
        self._parsed(block, lines.parse_lines(lines.some_of(block, left, cuts.starts, cuts.ends), self._longest), quick)

    def _parsed(self, block: Block, parsed: lines.Parsed, quick: Quick | None) -> None:
        """Load what the exact road made of a block, together with what the quick road took of it."""
        load = self._load
        for reason, content, line, offset in parsed.refused:
            self.bad(reason, line)
            load.refuse(reason, content, line, offset)
        if parsed.blank:
            load.blank(parsed.blank)
        inside = parsed.boms - (block.offset == 0 and block.array[:3].tobytes() == lines.BOM)
        if inside:
            self._notes["byte order marks inside the file were removed"] += inside
        self._understood += len(parsed.objects)
        exact = self._rows(parsed, quick.taken if quick is not None else 0)
        if quick is not None:
            load.extend_covers(*quick.covers())
            for table, places in quick.placed(block):
                load.rows(table, places, more=True)  # which row of a key came first is told by its line
        if exact[0].num_rows:
            load.rows(*exact)
        elif quick is not None:
            load.pause()

    def _rows(self, parsed: lines.Parsed, beside: int) -> tuple[pa.Table, pa.Table]:
        """Rows and places of parsed lines; what does not fit is counted. `beside`: good objects of the same block."""
        if not parsed.objects:
            return pa.table({}), parsed.places
        load = self._load
        made = self._convert(parsed)
        self._check_mapping(parsed.objects, made.refused, beside)
        for i, reason in made.refused.items():
            place = parsed.places.slice(i, 1).to_pylist()[0]
            load.refuse(reason, place["content"].rstrip(b"\r\n"), place["line"], place["offset"])
        if made.left_out:
            load.blank(made.left_out)
            self._notes["objects of kinds that the mapping leaves out were passed over"] += made.left_out
        if made.naive:
            self._notes[f"times carry no offset and were read as {self._plan.zone}"] += made.naive
        if made.span:
            load.extend_covers(made.span[0], made.span[1] + 1)
        whole = made.table.num_rows == parsed.places.num_rows
        return made.table, parsed.places if whole else parsed.places.take(made.rows)

    def _convert(self, parsed: lines.Parsed) -> Converted:
        if self._records is not None:
            return self._records.convert(parsed.objects)
        return self._events.convert(parsed.objects, parsed.places["offset"].to_numpy(), self._file_id)

    def _check_mapping(self, objects: list[dict[str, Any]], refused: dict[int, str], beside: int) -> None:
        """Many objects without a required field are no bad lines but a wrong mapping: refuse the file."""
        missing = [i for i, reason in refused.items() if reason == "schema"]
        total = len(objects) + beside
        if len(missing) < 20 or len(missing) <= 0.05 * total:
            return
        plan = self._plan
        parts = {"user": plan.user, "event": plan.event, "time": plan.time}
        wanted = ", ".join(f"{name} = {' or '.join(paths)}" for name, paths in parts.items())
        raise SourceError(
            f"{self._file.item}: {len(missing)} of {total} objects lack a required field; the mapping "
            f'"{plan.name}" of "{self._source}" looks for {self._records.required if self._records else wanted}, '
            f"but an object holds the keys {', '.join(sorted(objects[missing[0]])[:12])}"
        )
