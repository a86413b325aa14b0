"""Secure connections, to a server whose certificate a made-up authority has signed."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import certifi
import pytest
from dataset_files import md5
from file_server import redirect
from sentences import check_sentence, raises_error

from digitpad.data.remote import transfer
from digitpad.data.remote.download import Patience, RemoteFile, download
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from pathlib import Path

    from file_server import Server

CONTENT = b"seven" * 1000
MOZILLAS = certifi.where
QUICK = Patience(stall_s=30.0, attempts=1, pause_s=0.01)

pytestmark = [
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has a store of its own"),
]


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority's ca.pem, and with server.pem and server.key for loopback."""
    folder = tmp_path_factory.mktemp("certificates")
    new = ("-newkey", "rsa:2048", "-nodes")
    openssl(folder, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=We")
    openssl(folder, "req", *new, "-keyout", "server.key", "-out", "request", "-subj", "/CN=It")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(
        folder,
        *("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-extfile", "names", "-out", "server.pem"),
    )
    return folder


@pytest.fixture
def file(server: Server, certificates: Path) -> RemoteFile:
    """A file at a server that encrypts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.files["/a"] = CONTENT
    url = server.url("/a").replace("http:", "https:")
    return RemoteFile("a", (url,), md5(CONTENT), 2 * len(CONTENT))


@pytest.fixture(autouse=True)
def system_without_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(transfer, "_OF_DISTRIBUTIONS", (str(tmp_path / "none.pem"),))
    monkeypatch.setattr(certifi, "where", lambda: pytest.fail("no authority was looked for"))
    defaults = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", "none", "SSL_CERT_DIR", "none")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: defaults)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", ssl_of_the_user)


def ssl_of_the_user(context: ssl.SSLContext, purpose: object = None) -> None:
    """As OpenSSL does where nothing lies where it was built to look."""
    if named := os.environ.get("SSL_CERT_FILE"):
        context.load_verify_locations(named)


def fetch(file: RemoteFile, folder: Path) -> bytes:
    list(download(file, folder, "MNIST", QUICK))
    return (folder / "a").read_bytes()


def test_an_authority_that_the_user_names_is_trusted(
    file: RemoteFile, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    assert fetch(file, tmp_path) == CONTENT


def test_the_certificates_of_a_distribution_are_found(
    file: RemoteFile, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (*transfer._OF_DISTRIBUTIONS, str(certificates / "ca.pem"))
    monkeypatch.setattr(transfer, "_OF_DISTRIBUTIONS", found)
    assert fetch(file, tmp_path) == CONTENT


def test_where_the_system_has_none_others_are_taken(
    file: RemoteFile, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificates / "ca.pem"))
    assert fetch(file, tmp_path) == CONTENT


def test_a_server_of_an_unknown_authority_is_refused_once(
    server: Server, file: RemoteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifi, "where", MOZILLAS)
    with pytest.raises(DigitpadError) as caught:
        fetch(file, tmp_path)
    assert f"The certificate of {server.host} is not trusted here (unable to get local" in str(
        caught.value
    )
    assert server.requests == []
    assert [path.name for path in tmp_path.iterdir()] == ["download.lock"]


def test_a_certificate_for_another_server_is_refused(
    file: RemoteFile, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    other = RemoteFile("a", (file.urls[0].replace("127.0.0.1", "localhost"),), file.md5, 10**5)
    with raises_error("{title} could not be downloaded. {reasons}") as caught:
        fetch(other, tmp_path)
    host = other.urls[0].split("/")[2]
    check_sentence(caught.value.fields["reasons"], "The certificate of {host}", host=host)


def test_a_folder_with_certificates_is_enough(
    certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(certificates / "ca.pem", tmp_path / "5ad8a5d6.0")
    paths = ssl.DefaultVerifyPaths(None, str(tmp_path), "SSL_CERT_FILE", "", "SSL_CERT_DIR", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    # Nothing is added: the fixture fails where something is looked for.
    assert transfer.trusting_context().verify_mode == ssl.CERT_REQUIRED


def test_a_redirection_to_an_unsafe_place_is_not_followed(
    server: Server,
    file: RemoteFile,
    certificates: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    for place in ("http://127.0.0.1:9/a", "HTTP://127.0.0.1:9/a", "ftp://127.0.0.1/a"):
        server.answers["/a"] = [redirect(place)]
        with raises_error("{title} could not be downloaded.") as caught:
            list(download(file, tmp_path, "MNIST", QUICK))
        assert "not secure" in str(caught.value)
    # Where the server is the same and as safe as before, it is.
    server.files["/b"] = server.files["/a"]
    server.answers["/a"] = [redirect(file.urls[0].replace("/a", "/b"))]
    list(download(file, tmp_path, "MNIST", QUICK))
    assert (tmp_path / file.name).read_bytes() == CONTENT
