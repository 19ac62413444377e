"""Events and rosters from JSON lines: .jsonl and .jsonl.gz, one file, a folder or a pattern."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from data.errors import SourceError
from data.raw import RawStore, Run
from data.raw_load import Load
from data.settings import JsonlSource, Settings
from data.sources import files, lines, records, times
from data.sources.events import Converter
from data.sources.files import Block, Found, LongLine, Rest
from data.sources.shapes import plan_of

ENDINGS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json.gz")
TARGETS = {
    "events": "raw_event", "testers": "raw_tester", "invitations": "raw_invitation", "feedback": "raw_feedback",
    "flags": "raw_flag", "identities": "raw_identity",
}  # fmt: skip


class Jsonl:
    """A `kind = "jsonl"` source."""

    kind = "jsonl"

    def __init__(self, spec: JsonlSource, settings: Settings) -> None:
        self.name = spec.name
        self._spec = spec
        self._settings = settings

    def load(self, store: RawStore, run: Run) -> list[str]:
        """Read what is new in every file. One sentence per file that could not be read."""
        try:
            found = files.find(self._spec.path, self._settings.base, ENDINGS, self.name)
        except SourceError as error:
            return [self._note_failure(store, run, error)]
        marks = store.watermarks(self.name)
        failures = []
        for file in found:
            try:
                marks[file.item] = self._load_file(store, run, file, marks, alone=len(found) == 1)
            except SourceError as error:
                failures.append(str(error))
        return failures

    def _note_failure(self, store: RawStore, run: Run, error: SourceError) -> str:
        """A failure of the source as a whole goes into the ledger under the path of the settings."""
        try:
            with store.load(run, self.name, self.kind, self._spec.path, TARGETS[self._spec.table]):
                raise error
        except SourceError as noted:
            return str(noted)

    def _load_file(self, store: RawStore, run: Run, file: Found, marks: dict[str, dict], *, alone: bool) -> dict:
        mark = marks.get(file.item)
        target = TARGETS[self._spec.table]
        with store.load(run, self.name, self.kind, file.item, target) as load, _no_collection():
            start = files.start_of(file, mark)
            if start.unchanged:
                return mark or {}
            if start.again:
                load.warnings.append(start.again)
            known = mark["id"] if mark and start.offset else files.identity(file, marks)
            reader = _Reader(self._spec, run, load, file, known)
            end = reader.read(start)
            load.watermark = files.mark_of(file, known, end.offset, end.line, open_end=end.open_end)
            load.warnings += reader.warnings()
            if alone and start.offset == 0 and target != "raw_event":
                load.complete()
        return load.watermark or {}


class _Reader:
    """One pass over one file: blocks to rows, everything counted."""

    def __init__(self, spec: JsonlSource, run: Run, load: Load, file: Found, file_id: str) -> None:
        self._spec, self._run, self._load, self._file, self._file_id = spec, run, load, file, file_id
        self._plan = plan_of(spec)
        span = times.window(run.settings, run.as_of_us)
        self._events = Converter(self._plan, span)
        self._records = records.Converter(spec.table, run.key, span) if spec.table != "events" else None
        self._notes: Counter[str] = Counter()
        self._objects = 0
        self._first_bad: tuple[int, str] | None = None

    def read(self, start: files.Start) -> files.Start:
        """Read from `start`; returns where the next read goes on."""
        end, total = start, self._file.path.stat().st_size
        with files.open_file(self._file) as stream:
            if start.offset == 0:
                lines.check_encoding(files.read(self._file, stream, 1_000_000), self._file.item)
            for part in files.blocks(
                self._file, stream, start, longest=self._spec.max_line_bytes, most=self._spec.max_file_bytes
            ):
                end = self._take(part, end)
                self._run.progress(self._file.item, min(end.offset, total), total)
        if self._objects == 0 and self._first_bad and start.offset == 0:
            line, reason = self._first_bad
            raise SourceError(
                f"{self._file.item}: is not JSON lines (first bad line {line}: {reason}); "
                "it must hold one JSON object a line"
            )
        return end

    def _take(self, part: Block | LongLine | Rest, end: files.Start) -> files.Start:
        match part:
            case Block():
                self._block(part)
                return files.Start(part.offset + len(part.data), part.line + part.data.count(b"\n"))
            case LongLine():
                self._bad("too_long", part.line)
                self._load.refuse("too_long", part.head, part.line, part.offset, sha256=part.sha256)
                return files.Start(part.offset + part.size, part.line + 1)
            case Rest():
                return self._rest(part)

    def _rest(self, part: Rest) -> files.Start:
        """The last line without a line feed: whole objects are taken, the beginning of one is held back."""
        whole = lines.try_strict(part.data.removeprefix(lines.BOM), self._spec.max_line_bytes) is not None
        if whole or self._file.zipped:
            self._block(Block(part.data + b"\n", part.offset, part.line))
            return files.Start(part.offset + len(part.data), part.line + 1, open_end=True)
        self._notes["bytes of an unfinished last line are held back until it is complete"] += len(part.data)
        return files.Start(part.offset, part.line)

    def _block(self, block: Block) -> None:
        load = self._load
        parsed = lines.parse(block, self._spec.max_line_bytes)
        for reason, content, line, offset in parsed.refused:
            self._bad(reason, line)
            load.refuse(reason, content, line, offset)
        if parsed.blank:
            load.blank(parsed.blank)
        if parsed.boms and block.offset + parsed.boms > 1:
            self._notes["byte order marks inside the file were removed"] += parsed.boms
        self._objects += len(parsed.objects)
        if parsed.objects:
            self._convert(parsed)

    def _convert(self, parsed: lines.Parsed) -> None:
        load = self._load
        if self._records is not None:
            made = self._records.convert(parsed.objects)
        else:
            made = self._events.convert(parsed.objects, parsed.places["offset"].to_numpy(), self._file_id)
        self._check_mapping(parsed.objects, made.refused)
        for i, reason in made.refused.items():
            place = parsed.places.slice(i, 1).to_pylist()[0]
            load.refuse(reason, place["content"].rstrip(b"\r\n"), place["line"], place["offset"])
        if made.left_out:
            load.blank(made.left_out)
            self._notes["objects of kinds that the mapping leaves out were passed over"] += made.left_out
        if made.naive:
            self._notes[f"times carry no offset and were read as {self._plan.zone}"] += made.naive
        if made.table.num_rows:
            whole = made.table.num_rows == parsed.places.num_rows
            load.rows(made.table, parsed.places if whole else parsed.places.take(made.rows))
        if made.span:
            load.extend_covers(made.span[0], made.span[1] + 1)

    def _check_mapping(self, objects: list[dict[str, Any]], refused: dict[int, str]) -> None:
        """Many objects without a required field are no bad lines but a wrong mapping: refuse the file."""
        missing = [i for i, reason in refused.items() if reason == "schema"]
        if len(missing) >= 20 and len(missing) > 0.05 * len(objects):
            plan = self._plan
            parts = {"user": plan.user, "event": plan.event, "time": plan.time}
            wanted = ", ".join(f"{name} = {' or '.join(paths)}" for name, paths in parts.items())
            required = self._records.required if self._records else wanted
            keys = ", ".join(sorted(objects[missing[0]])[:12])
            raise SourceError(
                f"{self._file.item}: {len(missing)} of {len(objects)} objects lack a required field; the mapping "
                f'"{self._plan.name}" of "{self._spec.name}" looks for {required}, but an object holds the keys {keys}'
            )

    def _bad(self, reason: str, line: int) -> None:
        if self._first_bad is None:
            self._first_bad = (line, reason)

    def warnings(self) -> list[str]:
        """What was noticed on the way, with counts."""
        return [f"{self._file.item}: {count} {words}" for words, count in self._notes.items()]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Parsing makes many objects and no cycles: the collector would only walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
