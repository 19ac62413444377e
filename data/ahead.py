"""Reading ahead: what comes next is fetched in a thread while the last one is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item], name: str) -> Iterator[Item]:
    """The items, each made while the one before it is worked on; never more than one is made in advance.

    Leaving early (closing the iterator) waits for the one that is being made; only then may what it is made from be
    closed. `name`: of the thread. Raises what the items raise.
    """
    end: Any = object()
    with ThreadPoolExecutor(1, thread_name_prefix=name) as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield item
