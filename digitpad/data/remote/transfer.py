"""Receives files from web servers on a thread, so that the caller can stop at any time."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import certifi

from digitpad import __version__
from digitpad.data.progress import TICK_S

if TYPE_CHECKING:
    from collections.abc import Generator
    from http.client import HTTPMessage

Item = HTTPResponse | bytes | Exception | None

# Largest number of bytes in a piece, and of pieces that wait to be taken.
_PIECE, _AHEAD = 2**16, 16
_PUT_S, _JOIN_S = 0.1, 0.5

_OF_DISTRIBUTIONS = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian and its relatives, Arch, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora and its relatives
    "/etc/pki/tls/certs/ca-bundle.crt",  # older ones of these
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)


class UnsafeRedirectError(OSError):
    """A server redirects from a secure address to an insecure one."""


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Follow a redirection to the web, but not from a secure address to an insecure one."""
        scheme = urlsplit(newurl).scheme.casefold()
        if scheme != "https" and (req.type != "http" or scheme != "http"):
            fp.close()
            raise UnsafeRedirectError
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def received(url: str, start: int, timeout_s: float) -> Generator[Item]:
    """Request a file, through the proxies of the system. Closing the generator stops it.

    A thread that still waits for the server to answer cannot be woken. It ends by its time limit.

    Args:
        url: of the file.
        start: number of bytes at the beginning of the file that are not requested.
        timeout_s: limit in seconds for connecting, and for each wait for bytes.

    Yields:
        The response, whose headers can be read, then pieces of the file, and b"" at its end; or an
        error in place of these. None whenever nothing has come for a moment.
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
            secure = urllib.request.HTTPSHandler(context=trusting_context())
            opener = urllib.request.build_opener(secure, _SafeRedirects)
            with (
                opener.open(request, timeout=timeout_s) as answer,
                # A handle of its own: shutting it down wakes this thread when it waits for bytes.
                socket.fromfd(answer.fileno(), socket.AF_INET, socket.SOCK_STREAM) as handle,
            ):
                handles.append(handle)
                put(answer)
                data = b"?"
                while data and not closed.is_set():
                    # Only what is there: with a slow line, a whole piece takes long.
                    data = answer.read1(_PIECE)
                    put(data)
        except urllib.error.HTTPError as error:
            with error:
                put(error)
        except Exception as error:  # noqa: BLE001 - the caller raises it again
            put(error)

    # A daemon, so that the program can end while a server is being looked up.
    thread = threading.Thread(target=receive, name="download", daemon=True)
    thread.start()
    heard = time.monotonic()
    try:
        while True:
            try:
                yield items.get(timeout=TICK_S)
                heard = time.monotonic()
            except queue.Empty:
                # Looking up a server may never end, and no time limit of a socket covers it.
                yield TimeoutError() if time.monotonic() - heard > timeout_s else None
    finally:
        closed.set()
        for handle in handles:
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)
            thread.join(_JOIN_S)


def trusting_context() -> ssl.SSLContext:
    """Settings for secure connections, with the certificates of the system if it has any.

    The bundled program has its own OpenSSL, which searches them at the place of the computer that
    it was built on. If SSL_CERT_FILE or SSL_CERT_DIR is set, only those certificates count.
    """
    context = ssl.create_default_context()
    defaults = ssl.get_default_verify_paths()
    if os.environ.get(defaults.openssl_cafile_env) or os.environ.get(defaults.openssl_capath_env):
        return context
    # OpenSSL loads certificates from a folder when it needs them, by names like 5ad8a5d6.0.
    in_folder = defaults.capath is not None and any(Path(defaults.capath).glob("????????.[0-9]"))
    # Windows loads some certificates only for its own programs, so Mozilla's are added there.
    if sys.platform == "win32":
        context.load_verify_locations(certifi.where())
    elif not context.cert_store_stats()["x509_ca"] and not in_folder:
        found = next(filter(os.path.isfile, _OF_DISTRIBUTIONS), None)
        context.load_verify_locations(found or certifi.where())
    return context
