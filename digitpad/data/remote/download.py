"""Files from the network: taken up where they broke off, checked, and never half there."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digitpad.data.progress import Loading, Ticker
from digitpad.data.remote.folder_lock import acquire
from digitpad.data.remote.partfile import PartFile, disk_errors, hash_file
from digitpad.data.remote.transfer import Head, Transfer
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_TICK_S = 0.05
_WHOLE, _PART, _RANGE_REFUSED, _SERVER_FAULT = 200, 206, 416, 500


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the network whose content is known.

    Attributes:
        name: what it is called on the disk.
        urls: where it can be had, the best place first.
        md5: of its content, in hexadecimal digits.
        most_bytes: more than it can have; a server that sends more sends something else.
    """

    name: str
    urls: tuple[str, ...]
    md5: str
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download waits, and how often it tries.

    Attributes:
        stall_s: seconds without a byte after which a connection counts as broken.
        attempts: how often a connection that had brought something is made again before the next
            address is tried; whenever that brings something, it counts from the start.
        pause_s: seconds before the first of these attempts, twice as many before the next.
    """

    stall_s: float = 20.0
    attempts: int = 4
    pause_s: float = 1.0


PATIENCE = Patience()


class _BrokenError(Exception):
    """The connection or the server failed; another attempt may go better."""


class _UselessError(Exception):
    """This address will not give the file."""


class _RestartedError(Exception):
    """What lay there was no beginning of the file and has been thrown away."""


def download(
    file: RemoteFile, folder: Path, title: str, patience: Patience = PATIENCE
) -> Generator[Loading]:
    """Bring a file into a folder, unless it lies there already and is right.

    What comes goes to ``NAME.part``; the file has its name when it is whole, right, and safe on
    the disk. Closing the generator gives up at once, and what has come is taken up the next time.
    Only one program at a time downloads into a folder; another one waits for it.

    Args:
        file: what to bring.
        folder: where to; it is made where it is missing.
        title: what the file belongs to, for errors.
        patience: with slow servers.

    Yields:
        Progress, at least about every 100 ms whatever the server does.

    Raises:
        DigitpadError: no address gives the file, or the disk does not take it.
    """
    target = folder / file.name
    # Before anything is written: a folder that is complete may be read-only.
    if (yield from hash_file(target)) == file.md5:
        return
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with closing(_locked(file, folder, title, patience)) as steps:
        yield from steps


def _locked(file: RemoteFile, folder: Path, title: str, patience: Patience) -> Generator[Loading]:
    lock = yield from acquire(folder / "download.lock", "downloading")
    part = PartFile(folder / file.name)
    try:
        # The other program may have brought it meanwhile.
        if (yield from hash_file(folder / file.name)) == file.md5:
            return
        yield from part.open()
        if part.digest != file.md5:
            yield from _fetch(file, part, title, patience)
        part.finish()
    finally:
        part.close()
        lock.release()


def _fetch(file: RemoteFile, part: PartFile, title: str, patience: Patience) -> Generator[Loading]:
    """Fill the part until it is right, from one address after the other."""
    problems: list[str] = []
    farthest = part.size
    for url in file.urls:
        failures = patience.attempts
        while True:
            is_fresh = part.size == 0
            try:
                yield from _receive(url, file, part, patience)
            except _RestartedError:
                farthest = 0
                continue
            except _UselessError as error:
                problems.append(str(error))
                break
            except _BrokenError as error:
                if part.size > farthest:
                    failures = 0
                if failures >= patience.attempts:
                    problems.append(str(error))
                    break
                yield from _pause(patience.pause_s * 2**failures, part.size)
                failures += 1
            else:
                if part.digest == file.md5:
                    return
                part.restart()
                if is_fresh:
                    problems.append(f"{_host(url)} sends something else")
                    break
                # What lay there may have been the beginning of something else.
                farthest = 0
            farthest = max(farthest, part.size)
    reasons = "; ".join(dict.fromkeys(problems))
    kept = " What has come is kept, and the next try goes on from there." if part.size else ""
    raise DigitpadError(
        "{title} could not be downloaded: {reasons}.{kept} The synthetic digits and your own"
        " folders work without a network.",
        title=title,
        reasons=reasons,
        kept=kept,
    )


def _receive(url: str, file: RemoteFile, part: PartFile, patience: Patience) -> Generator[Loading]:
    """Append what one request brings, until the answer ends.

    Raises:
        _BrokenError: it did not end as it should.
        _UselessError: it is no answer that can be used.
    """
    host = _host(url)
    total: int | None = None
    ticker = Ticker(_TICK_S)
    heard = time.monotonic()
    with closing(Transfer(url, part.size, patience.stall_s)) as transfer:
        while True:
            if ticker.is_due():
                yield Loading("downloading", part.size, total, "bytes")
            item = transfer.take(_TICK_S)
            now = time.monotonic()
            if item is None:
                # The name of a server can be looked for without end, and no time limit ends that.
                if now - heard > patience.stall_s:
                    raise _BrokenError(f"{host} does not answer")
                continue
            heard = now
            match item:
                case OSError() | http.client.HTTPException():
                    raise _BrokenError(_problem(item, host)) from item
                case Exception():
                    raise item
                case Head():
                    total = _begin(item, file, part, host)
                case b"":
                    if total is not None and part.size < total:
                        raise _BrokenError(f"{host} broke off")
                    return
                case _:
                    part.append(item)
                    if part.size > file.most_bytes:
                        part.restart()
                        raise _UselessError(f"{host} sends something else")


def _begin(head: Head, file: RemoteFile, part: PartFile, host: str) -> int | None:
    """Get the part ready for what follows this head; gives the size of the whole file."""
    if head.status == _RANGE_REFUSED and part.size:
        # Longer than the file: it is not the file's beginning.
        part.restart()
        raise _RestartedError
    if head.status not in {_WHOLE, _PART}:
        # Redirections end here as well where they lead in a circle.
        meaning = http.client.responses.get(head.status, "")
        problem = f"{host} answers {head.status} {meaning}".rstrip()
        if head.status >= _SERVER_FAULT:
            raise _BrokenError(problem)
        raise _UselessError(problem)
    if head.is_page:
        raise _UselessError(f"{host} sends a web page instead")
    # What has come is not thrown away for something that cannot be the file.
    if head.total is not None and not part.size <= head.total <= file.most_bytes:
        raise _UselessError(f"{host} sends something else")
    if head.start != part.size:
        part.restart()
        if head.start != 0:
            raise _UselessError(f"{host} sends another part than it was asked for")
    return head.total


def _pause(seconds: float, done: int) -> Generator[Loading]:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        yield Loading("downloading", done, None, "bytes")
        time.sleep(min(left, _TICK_S))


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _problem(error: Exception, host: str) -> str:
    """What went wrong with a connection, in words that go into the middle of a sentence."""
    # urllib wraps what happens before the answer begins.
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    match cause:
        case socket.gaierror():
            return f"the server {host} was not found"
        case ssl.SSLCertVerificationError():
            return (
                f"the certificate of {host} is not trusted here ({cause.verify_message}; is the"
                " computer's date right, or does the network need a certificate of its own, which"
                " the variable SSL_CERT_FILE can name?)"
            )
        case ssl.SSLError():
            return f"the secure connection to {host} failed ({cause.reason})"
        case TimeoutError():
            return f"{host} does not answer"
        case ConnectionRefusedError():
            return f"{host} refuses the connection"
        case ConnectionError() | http.client.IncompleteRead():
            return f"{host} broke off"
        case OSError():
            return f"{host} cannot be reached ({cause.strerror or cause})"
        case http.client.HTTPException():
            return f"{host} sends an answer that cannot be understood"
    return f"{host} cannot be reached ({cause})"
