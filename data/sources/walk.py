"""The walk over a source's files that JSON lines and OpenMetrics share: one load per file, each on its own."""

from __future__ import annotations

import gc
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from data.ahead import ahead
from data.errors import SourceError
from data.raw import RawStore, Run
from data.raw_listing import incomplete
from data.raw_load import Load
from data.sources import blocks, files, marks
from data.sources.blocks import Block, LongLine, Rest
from data.sources.files import Found, Start


class Reader(ABC):
    """One pass over one file. A format says what to do with blocks of lines and with an unfinished last line."""

    format = ""  # for "is not ..."
    must_hold = ""  # for "it must hold ..."

    def __init__(self, run: Run, load: Load, file: Found, longest: int, most: int) -> None:
        self._run, self._load, self._file = run, load, file
        self._longest, self._most = longest, most
        self._notes: Counter[str] = Counter()
        self._understood = 0  # lines that were in the format at all
        self._first_bad: tuple[int, str] | None = None

    def check(self, beginning: bytes) -> None:  # noqa: B027 - most formats have nothing to check
        """Refuse a file whose beginning shows that it is another format."""

    def ready(self, block: Block) -> Any:
        """What can be made of a block whatever stood before it. Runs in a thread, one block ahead of `block`."""
        return None

    @abstractmethod
    def block(self, block: Block, ready: Any) -> None:
        """Load the lines of a block. `ready`: what was made of it."""

    @abstractmethod
    def is_whole(self, rest: bytes) -> bool:
        """Is a last line without a line feed complete all the same?"""

    def state(self) -> Any:
        """What the next read of the same file has to know, JSON-able."""
        return None

    def finish(self) -> None:  # noqa: B027 - most readers have nothing to finish
        """Called after the last block."""

    def read(self, start: Start) -> Start:
        """Read the file from `start`; returns where the next read goes on."""
        end, total = start, self._file.path.stat().st_size
        with files.open_file(self._file) as stream:
            if start.offset == 0:
                beginning = files.read(self._file, stream, files.FIRST_LINE)
                files.check_encoding(beginning, self._file.item)
                self.check(beginning)
            with closing(ahead(self._read_parts(stream, start), "read-ahead")) as parts:
                for part, ready in parts:
                    end = self._take(part, ready)
                    self._run.progress(self._file.item, min(end.offset, total), total)
        if not self._understood and self._first_bad and start.offset == 0:
            line, reason = self._first_bad
            raise SourceError(
                f"{self._file.item}: is not {self.format} (first bad line {line}: {reason}); "
                f"it must hold {self.must_hold}"
            )
        self.finish()
        return end

    def _read_parts(self, stream: BinaryIO, start: Start) -> Iterator[tuple[Block | LongLine | Rest, Any]]:
        for part in blocks.blocks(self._file, stream, start, longest=self._longest, most=self._most):
            yield part, self.ready(part) if isinstance(part, Block) else None

    def _take(self, part: Block | LongLine | Rest, ready: Any) -> Start:
        match part:
            case Block():
                self.block(part, ready)
                return Start(part.offset + len(part.array), part.line + part.lines)
            case LongLine():
                self.bad("too_long", part.line)
                self._load.refuse("too_long", part.head, part.line, part.offset, sha256=part.sha256)
                return Start(part.offset + part.size, part.line + 1)
            case Rest():
                return self._rest(part)

    def _rest(self, part: Rest) -> Start:
        """The last line without a line feed: a whole one is taken, the beginning of one is held back."""
        if self._file.zipped or self.is_whole(part.data):
            block = Block.of(part.data + b"\n", part.offset, part.line)
            self.block(block, self.ready(block))
            return Start(part.offset + len(part.data), part.line + 1, open_end=True)
        self._notes["bytes of an unfinished last line are held back until it is complete"] += len(part.data)
        return Start(part.offset, part.line)

    def bad(self, reason: str, line: int) -> None:
        """Remember the first line that was not in the format."""
        if self._first_bad is None:
            self._first_bad = (line, reason)

    def warnings(self) -> list[str]:
        """What was noticed on the way, with counts."""
        return [f"{self._file.item}: {count} {words}" for words, count in self._notes.items()]


class FileSource(ABC):
    """A source of files. Subclasses name their endings and make the reader of a file."""

    kind = ""
    endings: tuple[str, ...] = ()
    target = ""
    listing = False  # a file is a full listing: what it no longer holds is gone

    def __init__(self, name: str, path: str, base: Path) -> None:
        self.name = name
        self._path = path
        self._base = base

    @abstractmethod
    def reader(self, run: Run, load: Load, file: Found, file_id: str, state: Any) -> Reader:
        """The reader of one file, going on from the state of its last read."""

    def load(self, store: RawStore, run: Run) -> list[str]:
        """Read what is new in every file. One sentence per file that could not be read."""
        try:
            found = files.find(self._path, self._base, self.endings, self.name)
        except SourceError as error:
            return [self._note_failure(store, run, error)]
        store.forgive_absent(self.name, {file.item for file in found})
        known = store.watermarks(self.name)
        failures = []
        for file in found:
            try:
                known[file.item] = self._load_file(store, run, file, known, alone=len(found) == 1)
            except SourceError as error:
                failures.append(str(error))
        return failures

    def _note_failure(self, store: RawStore, run: Run, error: SourceError) -> str:
        """A failure of the source as a whole goes into the ledger under the path of the settings."""
        try:
            with store.load(run, self.name, self.kind, self._path, self.target):
                raise error
        except SourceError as noted:
            return str(noted)

    def _load_file(self, store: RawStore, run: Run, file: Found, known: dict[str, dict], *, alone: bool) -> dict:
        mark = known.get(file.item)
        with store.load(run, self.name, self.kind, file.item, self.target) as load, _no_collection():
            try:
                start = marks.start_of(file, mark)
            except OSError as error:
                raise SourceError(f"{file.item}: cannot be read: {error.strerror}") from None
            if start.unchanged:
                return mark or {}
            if start.again:
                load.warnings.append(start.again)
            resumes = mark is not None and start.offset > 0
            file_id = mark["id"] if mark is not None and resumes else marks.identity(file, known)
            reader = self.reader(run, load, file, file_id, mark["state"] if mark is not None and resumes else None)
            end = reader.read(start)
            load.watermark = marks.mark_of(file, file_id, end) | {"state": reader.state()}
            load.warnings += reader.warnings()
            if alone and self.listing and start.offset == 0:
                if load.counts.quarantined:
                    load.warnings.append(incomplete(load.counts.quarantined))
                else:
                    load.complete()
        return load.watermark or {}


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
