"""One answer of a web server, received on a thread of its own.

Finding a server, connecting to it and waiting for its bytes all block. So a thread does that, and
hands what comes to whoever asks for it, who can give up at any time.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import urllib.error
import urllib.request
from http.client import HTTPResponse

from digitpad import __version__
from digitpad.data.remote.trust import trusting_context

Item = HTTPResponse | bytes | Exception

_PIECE, _AHEAD = 2**16, 16  # bytes at a time at most, and pieces before somebody asks for them
_PUT_S, _JOIN_S = 0.1, 0.5


class Transfer:
    """A request that has been sent, or is about to be, by the proxies of the system.

    Args:
        url: of the file.
        start: the bytes before this are not asked for.
        timeout_s: for connecting and for each wait for bytes.
    """

    def __init__(self, url: str, start: int, timeout_s: float) -> None:
        headers = {"User-Agent": f"digitpad/{__version__}"}
        if start:
            headers["Range"] = f"bytes={start}-"
        self._request = urllib.request.Request(url, headers=headers)  # noqa: S310 - a constant
        self._timeout_s = timeout_s
        self._items: queue.Queue[Item] = queue.Queue(_AHEAD)
        self._closed = threading.Event()
        self._socket: socket.socket | None = None
        # Does not keep the program from ending while a server is being looked for.
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)
        self._thread.start()

    def take(self, seconds: float) -> Item | None:
        """An answer to look at, then bytes, b"" at the end; or an error; None: nothing yet."""
        with contextlib.suppress(queue.Empty):
            return self._items.get(timeout=seconds)
        return None

    def close(self) -> None:
        """Give up what has not come yet; nothing more is handed over.

        A thread that has no answer yet cannot be woken: it ends by itself, by its time limit.
        """
        self._closed.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        try:
            with urllib.request.urlopen(  # noqa: S310 - the addresses are constants
                self._request, timeout=self._timeout_s, context=trusting_context()
            ) as answer:
                # A handle of its own, whose end wakes this thread wherever it waits for bytes.
                handle = socket.fromfd(answer.fileno(), socket.AF_INET, socket.SOCK_STREAM)
                with handle as self._socket:
                    self._put(answer)
                    data = b"?"
                    while data and not self._closed.is_set():
                        # What is there: a slow line takes long to bring a whole piece.
                        data = answer.read1(_PIECE)
                        self._put(data)
        except urllib.error.HTTPError as error:
            with error:
                self._put(error)
        except Exception as error:  # noqa: BLE001 - raised again by whoever takes it
            self._put(error)

    def _put(self, item: Item) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(item, timeout=_PUT_S)
                break
