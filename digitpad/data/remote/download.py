"""Downloads files: interrupted downloads are continued, and complete ones are checked."""

from __future__ import annotations

import hashlib
import http.client
import logging
import os
import socket
import ssl
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from filelock import BaseFileLock, FileLock, Timeout

from digitpad.data.progress import TICK_S, Loading, Stage, Ticker
from digitpad.data.remote.transfer import UnsafeRedirectError, received
from digitpad.errors import DigitpadError, joined
from digitpad.storage.folders import make_private
from digitpad.storage.problems import disk_errors
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Generator

PIECE = 2**20
"""Number of bytes of a file that are handled at a time."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that can be downloaded.

    Attributes:
        name: its name on disk.
        urls: its addresses, the best one first.
        md5: its hash, in hexadecimal digits.
        most_bytes: a limit of its size; a server that sends more sends something else.
    """

    name: str
    urls: tuple[str, ...]
    md5: str
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download waits, and how often it tries again.

    Attributes:
        stall_s: seconds without a byte after which a connection counts as broken.
        attempts: attempts without progress after which the next address is tried.
        pause_s: seconds before the first new attempt; they double with each further one.
    """

    stall_s: float = 20.0
    attempts: int = 4
    pause_s: float = 1.0


PATIENCE = Patience()

_UNTRUSTED = Marked(
    "The certificate of {host} is not trusted here ({reason}). Is the computer's date right? The"
    " variable SSL_CERT_FILE can name a certificate that the network needs."
)
_PROBLEMS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Marked], ...] = (
    (socket.gaierror, Marked("The server {host} was not found.")),
    (ssl.SSLCertVerificationError, _UNTRUSTED),
    (ssl.SSLError, Marked("The secure connection to {host} failed ({reason}).")),
    (TimeoutError, Marked("{host} does not answer.")),
    (ConnectionRefusedError, Marked("{host} refused the connection.")),
    ((ConnectionError, http.client.IncompleteRead), Marked("{host} broke off the connection.")),
    (http.client.HTTPException, Marked("{host} sent an answer that cannot be understood.")),
    (OSError, Marked("{host} cannot be reached ({reason}).")),
)
"""What can be wrong with a connection; the first that fits counts."""


class _BrokenError(DigitpadError):
    """The connection or the server failed; another attempt may go better."""


class _UselessError(DigitpadError):
    """This address will not give the file."""


def download(
    file: RemoteFile, folder: Path, title: str, patience: Patience = PATIENCE
) -> Generator[Loading]:
    """Download a file into a folder, unless it is there. A missing folder is made.

    The file is called ``NAME.part`` until it is complete, checked and safely on the disk. Closing
    the generator stops the download at once, and the next one continues it. Only one process at a
    time downloads into a folder.

    Args:
        file: the file.
        folder: where it is put.
        title: names the dataset in errors.
        patience: how long to wait and how often to try again.

    Yields:
        Loading events, about every 100 ms, whatever the server does.

    Raises:
        DigitpadError: no address gives the file, or it cannot be written.
    """
    target, part = folder / file.name, folder / f"{file.name}.part"
    with disk_errors(part):
        # Before anything is written: a complete folder may be read-only.
        if (yield from has_md5(target, file.md5)):
            return
        make_private(folder)
        lock = yield from acquire(folder / "download.lock", "downloading")
        try:
            # Meanwhile another process may have downloaded it.
            if not (yield from has_md5(target, file.md5)):
                # Unbuffered, so that the size of the file is what has been downloaded.
                with part.open("ab", buffering=0) as opened:
                    yield from _fetch(file, opened, title, patience)
                    os.fsync(opened.fileno())
                part.replace(target)
        finally:
            with suppress(OSError):
                if part.stat().st_size == 0:
                    part.unlink()
            lock.release()


def _fetch(file: RemoteFile, part: IO[bytes], title: str, patience: Patience) -> Generator[Loading]:
    """Complete the part from one address after the other, until its hash is right."""
    path = Path(part.name)
    if (yield from has_md5(path, file.md5)):
        return
    problems: list[DigitpadError] = []
    farthest = _size(part)
    for url in file.urls:
        attempts = 0  # an address gets further attempts once it has sent something
        while True:
            is_fresh = _size(part) == 0
            try:
                yield from _receive(url, file, part, patience)
                if (yield from has_md5(path, file.md5)):
                    return
                part.truncate(0)
                farthest = 0
                # Unless it was fresh, the part may have begun with another file.
                if is_fresh:
                    raise _UselessError(
                        "{host} sent something other than the file.", host=urlsplit(url).netloc
                    )
            except _UselessError as error:
                problems.append(error)
                break
            except _BrokenError as error:
                if _size(part) > farthest:
                    attempts, farthest = patience.attempts, _size(part)
                if attempts == 0:
                    problems.append(error)
                    break
                end = time.monotonic() + patience.pause_s * 2 ** (patience.attempts - attempts)
                while time.monotonic() < end:
                    yield Loading("downloading", _size(part), None, "bytes")
                    time.sleep(min(TICK_S, patience.pause_s))
                attempts -= 1
    if _size(part):
        problems.append(
            DigitpadError(
                "What has been downloaded is kept, and the next try continues from there."
            )
        )
    failure = DigitpadError(
        "{title} could not be downloaded. {reasons} The MNIST excerpt, the synthetic digits and"
        " your own folders work without a network.",
        title=title,
        reasons=joined(*problems),
    )
    logging.getLogger(__name__).warning("%s", failure)
    raise failure


def secure(url: str) -> str:
    """The address of the same file with a secure connection, if there is one.

    torchvision has some addresses with "http:" whose servers know "https:", too. An S3 store of
    Amazon's has certificates under its own name, but not under its name as a website.
    """
    parts = urlsplit(url)
    name, found, rest = parts.netloc.partition(".s3-website.")
    if found:
        parts = parts._replace(netloc=f"{name}.s3.{rest}")
    # Connections within this computer need no certificate.
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if is_here or parts.scheme != "http":
        return parts.geturl()
    return parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")).geturl()


def _receive(url: str, file: RemoteFile, part: IO[bytes], patience: Patience) -> Generator[Loading]:
    """Send one request, and append what the server sends."""
    host = urlsplit(url).netloc
    total: int | None = None
    ticker = Ticker()
    with closing(received(url, _size(part), patience.stall_s)) as items:
        for item in items:
            if ticker.is_due():
                yield Loading("downloading", _size(part), total, "bytes")
            match item:
                case HTTPError(code=416) if _size(part):
                    # The part is longer than the file, so it is no part of it.
                    part.truncate(0)
                    return
                case HTTPError():
                    # Endless redirections end here, too.
                    kind = _BrokenError if item.code >= 500 else _UselessError
                    status = f"{item.code} {http.client.responses.get(item.code, '')}".rstrip()
                    raise kind("{host} answers {status}.", host=host, status=status)
                case http.client.HTTPResponse():
                    total = _total(item, _size(part), host)
                    # A part is not discarded for something that cannot be the file.
                    if total is not None and not _size(part) <= total <= file.most_bytes:
                        raise _UselessError("{host} sent something other than the file.", host=host)
                    if item.status != http.client.PARTIAL_CONTENT:
                        part.truncate(0)
                case b"":
                    if total is not None and _size(part) < total:
                        raise _problem(ConnectionError(), host)
                    return
                case bytes():
                    write_all(part, item)
                    if _size(part) > file.most_bytes:
                        # This is not the file, as the hash will show.
                        return
                case UnsafeRedirectError():
                    raise _UselessError(
                        "{host} leads to a place that is not secure.", host=host
                    ) from item
                case OSError() | http.client.HTTPException():
                    raise _problem(item, host) from item
                case Exception():
                    raise item


def _total(answer: http.client.HTTPResponse, start: int, host: str) -> int | None:
    """Size of the whole file in bytes; None if the server does not say."""
    if answer.headers.get_content_type() == "text/html":
        # Networks with a login page send that instead of a file.
        raise _UselessError("{host} sent a web page instead of the file.", host=host)
    length = answer.headers.get("Content-Length", "")
    if answer.status == http.client.PARTIAL_CONTENT:
        part = answer.headers.get("Content-Range", "")
        if not part.startswith(f"bytes {start}-"):
            raise _UselessError("{host} sent another part of the file.", host=host)
        length = part.rpartition("/")[2]
    return int(length) if length.isdecimal() else None


def _size(part: IO[bytes]) -> int:
    return os.fstat(part.fileno()).st_size


def _problem(error: Exception, host: str) -> _BrokenError:
    # urllib wraps errors that happen before the server answers.
    cause = error.reason if isinstance(error, URLError) else error
    template = next((text for kind, text in _PROBLEMS if isinstance(cause, kind)), _PROBLEMS[-1][1])
    reason = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None) or cause
    return _BrokenError(template, host=host, reason=reason)


def acquire(path: Path, stage: Stage) -> Generator[Loading, None, BaseFileLock]:
    """Wait until no other process holds a lock, and take it. The caller must release it."""
    # A generator may be closed on another thread than the one that began it.
    lock = FileLock(path, thread_local=False)
    while True:
        with suppress(Timeout):
            lock.acquire(timeout=0)
            return lock
        yield Loading(stage, 0, None, "bytes")
        time.sleep(TICK_S)


def has_md5(path: Path, md5: str) -> Generator[Loading, None, bool]:
    """Whether a file is there and has this MD5, the hash that torchvision has for its files."""
    if not path.is_file():
        return False
    digest, total = hashlib.md5(usedforsecurity=False), path.stat().st_size
    ticker = Ticker()
    ticker.is_due()  # no report for a small file
    with path.open("rb") as file:
        while data := file.read(PIECE):
            digest.update(data)
            if ticker.is_due():
                yield Loading("checking", file.tell(), total, "bytes")
    return digest.hexdigest() == md5


def write_all(file: IO[bytes], data: bytes) -> None:
    """Write all data to an unbuffered file, which may take less in one call."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
