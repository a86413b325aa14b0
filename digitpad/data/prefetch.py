"""Making the next batch while the network reads the last one."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

T = TypeVar("T")


def prefetched(items: Iterator[T], ahead: int = 2) -> Iterator[T]:
    """The same items, made on a thread of their own.

    A network spends its time outside Python's interpreter lock, so the thread that makes glyphs
    has the interpreter to itself meanwhile, and one core is busy with each.

    Args:
        items: used by that thread alone until it is exhausted or the result is closed. Closing
            waits for the item that is being made, so none should take long.
        ahead: how many items may wait, which bounds the memory; at least 1.

    Raises:
        Exception: what `items` raises, after all that came before it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="digitpad-glyphs") as executor:
        waiting: deque[Future[T]] = deque(executor.submit(next, items) for _ in range(ahead))
        try:
            while True:
                try:
                    item = waiting.popleft().result()
                except StopIteration:
                    return
                waiting.append(executor.submit(next, items))
                yield item
        finally:
            executor.shutdown(cancel_futures=True)
