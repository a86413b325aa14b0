"""One answer of a web server, received on a thread of its own.

Finding a server, connecting to it and waiting for its bytes all block, and nothing but the end of
the connection interrupts them. So a thread does that, and hands what comes to whoever asks for it,
who can give up at any time.
"""

from __future__ import annotations

import contextlib
import http.client
import queue
import re
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digitpad import __version__
from digitpad.data.remote.trust import trusting_context

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE = 2**16
"""Bytes that are handed over at a time, at most."""

_AHEAD = 16
"""Pieces that are received before somebody asks for them."""

_PUT_S = 0.1
_JOIN_S = 0.5
"""A thread that is still looking for its server cannot be woken; it ends by itself."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer.

    Attributes:
        status: of HTTP.
        start: the place in the file of the first byte that follows.
        total: size of the whole file, where the server tells.
        is_page: whether it is a web page, as networks send that want a login first.
    """

    status: int
    start: int
    total: int | None
    is_page: bool = False


class Transfer:
    """A request that has been sent, or is about to be.

    Proxies are taken from the environment or the system, as urllib finds them.

    Args:
        url: of the file.
        start: the bytes before this are not asked for.
        timeout_s: for connecting and for each wait for bytes.
    """

    def __init__(self, url: str, start: int, timeout_s: float) -> None:
        self._request = urllib.request.Request(  # noqa: S310 - the addresses are constants
            url, headers={"User-Agent": f"digitpad/{__version__}"}
        )
        if start:
            self._request.add_header("Range", f"bytes={start}-")
        self._timeout_s = timeout_s
        self._items: queue.Queue[Head | bytes | Exception] = queue.Queue(_AHEAD)
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        # Does not keep the program from ending while a server is being looked for.
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)
        self._thread.start()

    def take(self, seconds: float) -> Head | bytes | Exception | None:
        """What has come next: a Head, then bytes, b"" at the end; or an error in place of these.

        Args:
            seconds: to wait at most.

        Returns:
            None where nothing has come in this time.
        """
        try:
            return self._items.get(timeout=seconds)
        except queue.Empty:
            return None

    def close(self) -> None:
        """Give up what has not come yet; nothing more is handed over."""
        self._closed.set()
        with self._lock:
            for each in self._sockets:
                # Wakes the thread, wherever it waits on this connection.
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
            self._sockets.clear()
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        try:
            self._receive()
        except urllib.error.HTTPError as error:
            with error:
                self._put(Head(error.code, 0, None))
        except Exception as error:  # noqa: BLE001 - raised again by whoever takes it
            self._put(error)

    def _receive(self) -> None:
        opener = urllib.request.build_opener(_Http(self._note), _Https(self._note))
        with opener.open(self._request, timeout=self._timeout_s) as response:
            self._put(_head(response))
            while not self._closed.is_set():
                # What is there, and not a whole piece, which a slow line takes long to bring.
                data = response.read1(_PIECE)
                self._put(data)
                if not data:
                    return

    def _put(self, item: Head | bytes | Exception) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(item, timeout=_PUT_S)
                return

    def _note(self, connected: socket.socket) -> None:
        with self._lock:
            if self._closed.is_set():
                raise ConnectionAbortedError("the transfer was given up")
            # A second handle: TLS takes the first one away.
            self._sockets.append(connected.dup())


def _head(response: Any) -> Head:
    headers = response.headers
    length = _whole(headers.get("Content-Length"))
    is_page = headers.get_content_type() == "text/html"
    if response.status != http.client.PARTIAL_CONTENT:
        return Head(response.status, 0, length, is_page)
    part = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", headers.get("Content-Range", "").strip())
    if part is None:
        raise http.client.HTTPException("the answer does not say which part it has")
    return Head(response.status, int(part[1]), _whole(part[2]), is_page)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[0-9]+", text.strip()) else None


class _NotedConnection(http.client.HTTPConnection):
    """Tells of its socket as soon as it is connected, before TLS begins."""

    note: Callable[[socket.socket], None]

    def connect(self) -> None:
        """See `HTTPConnection`."""
        super().connect()
        self.note(self.sock)


class _NotedTlsConnection(http.client.HTTPSConnection, _NotedConnection):
    """The same with TLS: `HTTPSConnection.connect` calls that of `_NotedConnection` first."""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, note: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self._note = note

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """See `HTTPHandler`."""

        def connection(host: str, **options: Any) -> _NotedConnection:
            made = _NotedConnection(host, **options)
            made.note = self._note
            return made

        return self.do_open(connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, note: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self._note = note

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """See `HTTPSHandler`."""

        def connection(host: str, **options: Any) -> _NotedTlsConnection:
            made = _NotedTlsConnection(host, context=trusting_context(), **options)
            made.note = self._note
            return made

        return self.do_open(connection, req)
