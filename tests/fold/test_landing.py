"""The landing folder: what a dead client's cluster still writes there must not stop the next refresh."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from data.fold import landing


def test_a_folder_that_is_still_being_written_does_not_stop_the_next_run(tmp_path: Path) -> None:
    """Deleting a folder in which files appear at that moment fails; the new run has a folder of its own."""
    old = landing.begin(tmp_path)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            for n in range(50):
                file = old.out / "fct_event" / f"part-{n}"
                with suppress(FileNotFoundError, FileExistsError):  # deleted between two calls
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.touch()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        runs = [landing.begin(tmp_path) for _ in range(20)]
    finally:
        done.set()
        writer.join()
    assert len({run.folder for run in runs} - {old.folder}) == 20
    assert runs[-1].inputs.is_dir() and runs[-1].out.is_dir()
    last = landing.begin(tmp_path)
    assert list(tmp_path.glob("run-*")) == [last.folder], "when nobody writes, the next run deletes what was left"
