"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def put(file: Path, content: bytes) -> Path:
    """Write beside the target, flush to disk, rename. A crash leaves the old file or none."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file
