"""A web server on loopback that behaves as badly as it is told to."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler", bytes], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by what the server was told about the path."""

    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.requests.append((self.path, wanted))
        answers = self.server.answers[self.path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0] if answers else serve
        content = self.server.files.get(self.path)
        if content is None and answer is serve:
            answer = status(404)
        try:
            answer(self, content or b"")
        except ConnectionError:
            self.close_connection = True

    def head(self, code: int, length: int | None, part: str | None = None) -> None:
        self.send_response(code)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if part is not None:
            self.send_header("Content-Range", part)
        self.end_headers()

    def body(self, content: bytes) -> None:
        with self.server.sending(len(content)):
            self.wfile.write(content)
            self.wfile.flush()

    def part(self, content: bytes) -> bytes:
        """Send the head for what is wanted, and give what is to be sent."""
        wanted = self.headers.get("Range")
        if wanted is None:
            self.head(200, len(content))
            return content
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            self.head(416, 0, f"bytes */{len(content)}")
            return b""
        part = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self.head(206, len(content) - start, part)
        return content[start:]

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Files by path, and a list of answers for each path; the last answer is given for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        # So that closing the server waits for every answer.
        self.daemon_threads = False
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, list[Answer]] = defaultdict(list)
        self.requests: list[tuple[str, str | None]] = []
        self._changed = threading.Condition()
        self._sending = self._sent = 0
        self.released = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    @property
    def sent(self) -> int:
        """Bytes that were sent; waits while some are, which their reader may outrun."""
        with self._changed:
            self._changed.wait_for(lambda: not self._sending)
            return self._sent

    @contextmanager
    def sending(self, count: int) -> Iterator[None]:
        with self._changed:
            self._sending += 1
        try:
            yield
            with self._changed:
                self._sent += count
        finally:
            with self._changed:
                self._sending -= 1
                self._changed.notify_all()

    def stop(self) -> None:
        self.released.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


def serve(handler: Handler, content: bytes) -> None:
    handler.body(handler.part(content))


def ignore_range(handler: Handler, content: bytes) -> None:
    handler.head(200, len(content))
    handler.body(content)


def without_length(handler: Handler, content: bytes) -> None:
    handler.head(200, None)
    handler.body(content)


def break_off(after: int) -> Answer:
    def answer(handler: Handler, content: bytes) -> None:
        handler.body(handler.part(content)[:after])

    return answer


def ignore_range_and_break_off(after: int) -> Answer:
    def answer(handler: Handler, content: bytes) -> None:
        handler.head(200, len(content))
        handler.body(content[:after])

    return answer


def stall(after: int) -> Answer:
    def answer(handler: Handler, content: bytes) -> None:
        handler.body(handler.part(content)[:after])
        handler.server.released.wait()

    return answer


def silence(handler: Handler, content: bytes) -> None:
    handler.server.released.wait()


def nonsense(handler: Handler, content: bytes) -> None:
    handler.wfile.write(b"\x00\xff this is no HTTP\r\n\r\n")


def other_part(handler: Handler, content: bytes) -> None:
    handler.head(206, len(content) - 1, f"bytes 1-{len(content) - 1}/{len(content)}")
    handler.body(content[1:])


def endless(handler: Handler, content: bytes) -> None:
    handler.head(200, None)
    while not handler.server.released.is_set():
        handler.body(bytes(2**16))


def status(code: int) -> Answer:
    def answer(handler: Handler, content: bytes) -> None:
        page = b"<html>sorry</html>"
        handler.head(code, len(page))
        handler.wfile.write(page)

    return answer


def page(handler: Handler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.end_headers()
    handler.body(b"<html>please log in</html>")


def short(handler: Handler, content: bytes) -> None:
    handler.head(200, 13)
    handler.body(b"please log in")


def wrong(content: bytes) -> Answer:
    def answer(handler: Handler, _: bytes) -> None:
        serve(handler, content)

    return answer


def redirect(place: str) -> Answer:
    """Send to another path, or to another address."""

    def answer(handler: Handler, content: bytes) -> None:
        handler.send_response(302)
        is_path = place.startswith("/")
        handler.send_header("Location", handler.server.url(place) if is_path else place)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer
