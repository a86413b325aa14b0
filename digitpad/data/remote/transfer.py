"""The answer of a web server, received on a thread of its own.

Finding a server, connecting to it and waiting for its bytes all block. So a thread does that, and
hands what comes to whoever asks for it, who can give up at any time.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPResponse
from typing import TYPE_CHECKING

from digitpad import __version__
from digitpad.data.remote.disk import TICK_S
from digitpad.data.remote.trust import trusting_context

if TYPE_CHECKING:
    from collections.abc import Generator

Item = HTTPResponse | bytes | Exception | None

_PIECE, _AHEAD = 2**16, 16  # bytes at a time at most, and pieces before somebody asks for them
_PUT_S, _JOIN_S = 0.1, 0.5


def received(url: str, start: int, timeout_s: float) -> Generator[Item]:
    """Ask for a file by the proxies of the system; closing gives up what has not come yet.

    A thread that has no answer yet cannot be woken: it ends by itself, by its time limit.

    Args:
        url: of the file.
        start: the bytes before this are not asked for.
        timeout_s: for connecting and for each wait for bytes.

    Yields:
        An answer to look at, then bytes, b"" at the end; an error in place of these; None
        whenever nothing has come for a moment.
    """
    headers = {"User-Agent": f"digitpad/{__version__}"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - a constant
    items: queue.Queue[Item] = queue.Queue(_AHEAD)
    closed = threading.Event()
    handles: list[socket.socket] = []

    def put(item: Item) -> None:
        while not closed.is_set():
            with contextlib.suppress(queue.Full):
                items.put(item, timeout=_PUT_S)
                break

    def receive() -> None:
        try:
            context = trusting_context()
            with (
                urllib.request.urlopen(request, timeout=timeout_s, context=context) as answer,  # noqa: S310
                # A handle of its own, whose end wakes this thread wherever it waits for bytes.
                socket.fromfd(answer.fileno(), socket.AF_INET, socket.SOCK_STREAM) as handle,
            ):
                handles.append(handle)
                put(answer)
                data = b"?"
                while data and not closed.is_set():
                    # What is there: a slow line takes long to bring a whole piece.
                    data = answer.read1(_PIECE)
                    put(data)
        except urllib.error.HTTPError as error:
            with error:
                put(error)
        except Exception as error:  # noqa: BLE001 - raised again by whoever takes it
            put(error)

    # Does not keep the program from ending while a server is being looked for.
    thread = threading.Thread(target=receive, name="download", daemon=True)
    thread.start()
    heard = time.monotonic()
    try:
        while True:
            try:
                yield items.get(timeout=TICK_S)
                heard = time.monotonic()
            except queue.Empty:
                # A server can be looked for without end, and no time limit of a socket ends that.
                yield TimeoutError() if time.monotonic() - heard > timeout_s else None
    finally:
        closed.set()
        for handle in handles:
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)
            thread.join(_JOIN_S)
