from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from file_server import (
    break_off,
    endless,
    ignore_range,
    ignore_range_and_break_off,
    nonsense,
    other_part,
    page,
    redirect,
    short,
    silence,
    stall,
    status,
    without_length,
    wrong,
)
from sentences import check_sentence, raises_error

from digitpad.data.remote import download as remote_module
from digitpad.data.remote.download import Patience, RemoteFile, download, secure
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from file_server import Server

CONTENT = np.random.default_rng(5).bytes(300_000)
QUICK = Patience(stall_s=30.0, attempts=2, pause_s=0.01)
HASTY = Patience(stall_s=1.0, attempts=1, pause_s=0.01)
LASTING = Patience(stall_s=600.0)


def remote(server: Server, *paths: str, content: bytes = CONTENT) -> RemoteFile:
    for path in paths:
        server.files.setdefault(path, content)
    urls = tuple(server.url(path) for path in paths)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return RemoteFile("file.gz", urls, md5, 2 * len(content))


def fetch(file: RemoteFile, folder: Path, patience: Patience = QUICK) -> list[int]:
    """Download, and give the bytes that were there at each moment."""
    return [event.done for event in download(file, folder, "MNIST", patience)]


@contextlib.contextmanager
def raises_download_error() -> Iterator[list[DigitpadError]]:
    """Expect that nothing came; the reason stands in the list that is given, afterwards."""
    reasons: list[DigitpadError] = []
    with raises_error("{title} could not be downloaded. {reasons}", title="MNIST") as caught:
        yield reasons
    reasons.append(caught.value.fields["reasons"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def ranges(server: Server) -> list[str | None]:
    return [wanted for _, wanted in server.requests]


def check_whole(folder: Path) -> None:
    assert (folder / "file.gz").read_bytes() == CONTENT
    assert names(folder) == ["file.gz"]


class TestGoodServers:
    def test_a_file_arrives_with_progress(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        events = list(download(file, tmp_path / "new" / "folder", "MNIST", QUICK))
        check_whole(tmp_path / "new" / "folder")
        assert {event.stage for event in events} == {"downloading"}
        assert [event.done for event in events] == sorted(event.done for event in events)
        assert events[-1].total in {None, len(CONTENT)}
        assert server.requests == [("/a", None)]

    def test_a_file_that_is_there_is_not_asked_for(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "file.gz").write_bytes(CONTENT)
        fetch(remote(server, "/a"), tmp_path)
        assert server.requests == []
        # Nothing was written either: the folder may be one that cannot be written to.
        assert [path.name for path in tmp_path.iterdir()] == ["file.gz"]

    def test_a_redirection_is_followed(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a", "/b")
        server.answers["/a"] = [redirect("/b")]
        fetch(file, tmp_path)
        check_whole(tmp_path)
        assert [path for path, _ in server.requests] == ["/a", "/b"]

    @pytest.mark.parametrize(
        ("url", "better"),
        [
            ("http://sets.example/a", "https://sets.example/a"),
            ("HTTP://sets.example:80/a?b", "https://sets.example/a?b"),
            ("http://x.s3-website.y.amazonaws.com/a", "https://x.s3.y.amazonaws.com/a"),
            ("https://sets.example/a", "https://sets.example/a"),
            ("http://127.0.0.1:81/a", "http://127.0.0.1:81/a"),
        ],
    )
    def test_a_secure_address_is_asked(self, url: str, better: str) -> None:
        assert secure(url) == better

    def test_a_length_need_not_be_told(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [without_length]
        fetch(file, tmp_path)
        check_whole(tmp_path)

    def test_a_proxy_is_used(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", server.url(""))
        server.files["http://sets.example/a"] = CONTENT
        file = remote(server, "/a")
        fetch(RemoteFile(file.name, ("http://sets.example/a",), file.md5, 10**6), tmp_path)
        check_whole(tmp_path)

    def test_a_damaged_file_is_replaced(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "file.gz").write_bytes(CONTENT[:-1] + b"?")
        fetch(remote(server, "/a"), tmp_path)
        check_whole(tmp_path)


class TestBrokenConnections:
    def test_what_has_come_is_not_fetched_again(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [break_off(100_000), break_off(50_000), break_off(150_000)]
        fetch(file, tmp_path)
        check_whole(tmp_path)
        assert ranges(server) == [None, "bytes=100000-", "bytes=150000-"]
        assert server.sent == len(CONTENT)

    def test_a_stalled_server_is_given_up(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a", "/b")
        server.answers["/a"] = [stall(100_000), silence]
        fetch(file, tmp_path, HASTY)
        check_whole(tmp_path)
        # Once more because it had brought something, and then the other address.
        assert server.requests == [
            ("/a", None),
            ("/a", "bytes=100000-"),
            ("/b", "bytes=100000-"),
        ]
        assert server.sent == len(CONTENT)

    def test_a_server_that_brings_nothing_more_is_given_up(
        self, server: Server, tmp_path: Path
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [break_off(1000), break_off(0)]
        with raises_download_error() as reasons:
            fetch(file, tmp_path)
        check_sentence(reasons[0].fields["first"], "{host} broke off the connection")
        check_sentence(reasons[0].fields["then"], "What has been downloaded is kept")
        assert ranges(server) == [None, "bytes=1000-", "bytes=1000-"]
        assert (tmp_path / "file.gz.part").read_bytes() == CONTENT[:1000]
        server.answers["/a"] = []
        fetch(file, tmp_path)
        check_whole(tmp_path)
        assert server.sent == len(CONTENT)

    def test_one_that_never_gets_further_is_given_up(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [ignore_range_and_break_off(1000)]
        with raises_download_error() as reasons:
            fetch(file, tmp_path)
        check_sentence(reasons[0].fields["first"], "{host} broke off the connection")
        assert len(server.requests) == 1 + QUICK.attempts

    def test_a_server_that_ignores_the_range_starts_again(
        self, server: Server, tmp_path: Path
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [break_off(100_000), ignore_range]
        fetch(file, tmp_path)
        check_whole(tmp_path)

    def test_no_server(self, server: Server, tmp_path: Path) -> None:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{bound.getsockname()[1]}/a"
            # Nobody listens there.
            with pytest.raises(DigitpadError) as caught:
                fetch(RemoteFile("file.gz", (url,), "0" * 32, 10), tmp_path)
        assert str(caught.value) == (
            f"MNIST could not be downloaded. 127.0.0.1:{url.split(':')[2][:-2]} refused the"
            " connection. The MNIST excerpt, the synthetic digits and your own folders work"
            " without a network."
        )
        assert names(tmp_path) == []

    def test_a_server_that_cannot_encrypt(self, server: Server, tmp_path: Path) -> None:
        url = server.url("/a").replace("http:", "https:")
        with raises_download_error() as reasons:
            fetch(RemoteFile("file.gz", (url,), "0" * 32, 10), tmp_path)
        check_sentence(reasons[0], "The secure connection to {host} failed", host=server.host)

    def test_no_network(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: object, **options: object) -> None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        urls = ("http://one.example/a", "http://two.example/a")
        with raises_download_error() as reasons:
            fetch(RemoteFile("file.gz", urls, "0" * 32, 10), tmp_path)
        for name, host in (("first", "one.example"), ("then", "two.example")):
            check_sentence(reasons[0].fields[name], "The server {host} was not found", host=host)


def join_downloads() -> None:
    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join()


class TestCancelling:
    def cancel_at(self, file: RemoteFile, folder: Path, done: int) -> None:
        steps = download(file, folder, "MNIST", LASTING)
        for event in steps:
            if event.done >= done:
                break
        steps.close()
        assert "download" not in {thread.name for thread in threading.enumerate()}

    def test_a_stalled_download_ends_at_once_and_is_continued_later(
        self, server: Server, tmp_path: Path
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [stall(120_000), stall(30_000), stall(150_000)]
        self.cancel_at(file, tmp_path, 120_000)
        assert names(tmp_path) == ["file.gz.part"]
        assert (tmp_path / "file.gz.part").read_bytes() == CONTENT[:120_000]
        self.cancel_at(file, tmp_path, 150_000)
        fetch(file, tmp_path, LASTING)
        check_whole(tmp_path)
        assert ranges(server) == [None, "bytes=120000-", "bytes=150000-"]
        assert server.sent == len(CONTENT)

    def test_one_that_has_no_answer_yet(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [silence]
        steps = download(file, tmp_path, "MNIST", LASTING)
        while not server.requests:
            next(steps)
        steps.close()
        assert names(tmp_path) == []
        # Nothing wakes its thread but the server's end.
        server.released.set()
        join_downloads()

    def test_one_that_is_about_to_be_encrypted(self, server: Server, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}/a"
            steps = download(RemoteFile("file.gz", (url,), "0" * 32, 10), tmp_path, "x", LASTING)
            next(steps)
            connected, _ = silent.accept()
            with connected:
                while not connected.recv(1):
                    next(steps)
                steps.close()
        # Its thread is waited for, but not for long: a busy machine may take longer.
        join_downloads()
        assert names(tmp_path) == []

    def test_one_that_looks_for_its_server(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked, released = threading.Event(), threading.Event()

        def hang(*args: object, **options: object) -> None:
            asked.set()
            released.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        steps = download(remote(server, "/a"), tmp_path, "MNIST", LASTING)
        while not asked.is_set():
            next(steps)
        steps.close()
        # Nothing wakes a thread that waits in the system; it ends when that gives up.
        (thread,) = (each for each in threading.enumerate() if each.name == "download")
        assert thread.daemon
        released.set()
        thread.join()

    def test_looking_for_a_server_without_end_counts_as_no_answer(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        released = threading.Event()
        look_up = socket.getaddrinfo

        def hang(host: str, *args: object, **options: object) -> object:
            if host == "lost.example":
                released.wait()
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            return look_up(host, *args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        good = remote(server, "/a")
        file = RemoteFile("file.gz", ("http://lost.example/a", *good.urls), good.md5, 10**6)
        fetch(file, tmp_path, HASTY)
        check_whole(tmp_path)
        (thread,) = (each for each in threading.enumerate() if each.name == "download")
        released.set()
        thread.join()

    def test_between_two_attempts(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [break_off(1000)]
        steps = download(file, tmp_path, "MNIST", Patience(pause_s=600.0))
        while next(steps).done < 1000:
            pass
        steps.close()
        assert (tmp_path / "file.gz.part").read_bytes() == CONTENT[:1000]


class TestWrongAnswers:
    @pytest.mark.parametrize(
        ("answer", "start", "fields"),
        [
            (status(404), "{host} answers {status}", {"status": "404 Not Found"}),
            (status(403), "{host} answers {status}", {"status": "403 Forbidden"}),
            (status(416), "{host} answers {status}", {}),
            (status(500), "{host} answers {status}", {"status": "500 Internal Server Error"}),
            (status(503), "{host} answers {status}", {}),
            (page, "{host} sent a web page instead", {}),
            (wrong(b"<html>please log in</html>"), "{host} sent something other", {}),
            (wrong(CONTENT[:-1] + b"?"), "{host} sent something other", {}),
            (wrong(3 * CONTENT), "{host} sent something other", {}),
            (endless, "{host} sent something other", {}),
            (other_part, "{host} sent another part", {}),
            (nonsense, "{host} sent an answer that cannot be understood", {}),
            (redirect("/a"), "{host} answers {status}", {}),
            (redirect("ftp://127.0.0.1/a"), "{host} leads to a place that is not secure", {}),
        ],
    )
    def test_a_sentence_says_what_came(
        self, server: Server, tmp_path: Path, answer: object, start: str, fields: dict[str, str]
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [answer]  # type: ignore[list-item]
        with raises_download_error() as reasons:
            fetch(file, tmp_path)
        check_sentence(reasons[0], start, host=server.host, **fields)
        assert names(tmp_path) == []
        # The next address of the list helps.
        fetch(remote(server, "/a", "/b"), tmp_path)
        check_whole(tmp_path)

    @pytest.mark.parametrize("answer", [page, short, status(404)])
    def test_they_do_not_take_what_has_come(
        self, server: Server, tmp_path: Path, answer: object
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [break_off(1000), answer]  # type: ignore[list-item]
        with raises_download_error() as reasons:
            fetch(file, tmp_path)
        check_sentence(reasons[0].fields["then"], "What has been downloaded is kept")
        assert (tmp_path / "file.gz.part").read_bytes() == CONTENT[:1000]

    @pytest.mark.parametrize(
        "part", [b"something else", CONTENT[:-1] + b"?", CONTENT + b"?", 3 * CONTENT]
    )
    def test_what_lay_there_may_be_wrong(self, server: Server, tmp_path: Path, part: bytes) -> None:
        (tmp_path / "file.gz.part").write_bytes(part)
        fetch(remote(server, "/a"), tmp_path)
        check_whole(tmp_path)
        assert ranges(server) == [f"bytes={len(part)}-", None]

    def test_what_lay_there_may_be_whole(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "file.gz.part").write_bytes(CONTENT)
        fetch(remote(server, "/a"), tmp_path)
        check_whole(tmp_path)
        assert server.requests == []

    def test_the_old_file_stays_until_there_is_a_new_one(
        self, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [status(404)]
        (tmp_path / "file.gz").write_bytes(b"old")
        with raises_error("{title} could not be downloaded. ", title="MNIST") as caught:
            fetch(file, tmp_path)
        assert "404" in str(caught.value.fields["reasons"])
        assert caplog.messages == [str(caught.value)]
        assert (tmp_path / "file.gz").read_bytes() == b"old"


class TestDisk:
    def test_a_full_disk_keeps_what_has_come(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write, room = remote_module.write_all, [150_000]

        def write_all(file: object, data: bytes) -> None:
            fits = data[: room[0]]
            room[0] -= len(fits)
            write(file, fits)  # type: ignore[arg-type]
            if len(fits) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(remote_module, "write_all", write_all)
        file = remote(server, "/a")
        with raises_error("The disk is full: ", path="file.gz.part"):
            fetch(file, tmp_path)
        assert (tmp_path / "file.gz.part").read_bytes() == CONTENT[:150_000]
        room[0] = 10**9
        fetch(file, tmp_path)
        check_whole(tmp_path)
        assert ranges(server) == [None, "bytes=150000-"]

    def test_a_folder_that_cannot_be_made(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with raises_error("{path} could not be used: ", path="raw"):
            fetch(remote(server, "/a"), tmp_path / "file" / "raw")
        assert server.requests == []

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
    )
    def test_a_folder_that_is_read_only(self, server: Server, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        try:
            with raises_error("{path} could not be used: ", path="download.lock"):
                fetch(remote(server, "/a"), tmp_path)
        finally:
            tmp_path.chmod(0o700)

    def test_a_file_that_cannot_be_opened(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "file.gz.part").mkdir()
        with raises_error("{path} could not be used: ", path="file.gz.part"):
            fetch(remote(server, "/a"), tmp_path)

    def test_a_lock_that_cannot_be_made(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "download.lock").mkdir()
        with raises_error("{path} could not be used: ", path="download.lock"):
            fetch(remote(server, "/a"), tmp_path)


class TestTwoAtOnce:
    def test_the_second_waits_and_finds_the_file(self, server: Server, tmp_path: Path) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [stall(100_000), status(500)]
        first = download(file, tmp_path, "MNIST", LASTING)
        second = download(file, tmp_path, "MNIST", LASTING)
        for event in first:
            if event.done == 100_000:
                break
        for _ in range(3):
            assert next(second).total is None
        assert len(server.requests) == 1
        # The rest comes by another way.
        first.close()
        (tmp_path / "file.gz").write_bytes(CONTENT)
        list(second)
        assert len(server.requests) == 1
        assert (tmp_path / "file.gz").read_bytes() == CONTENT

    def test_the_second_goes_on_where_the_first_gave_up(
        self, server: Server, tmp_path: Path
    ) -> None:
        file = remote(server, "/a")
        server.answers["/a"] = [stall(100_000), break_off(10**6)]
        first = download(file, tmp_path, "MNIST", LASTING)
        second = download(file, tmp_path, "MNIST", LASTING)
        for event in first:
            if event.done == 100_000:
                break
        next(second)
        first.close()
        list(second)
        check_whole(tmp_path)
        assert server.sent == len(CONTENT)
