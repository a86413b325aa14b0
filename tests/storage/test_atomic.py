import os
import stat
from pathlib import Path

import pytest
from sentences import raises_error

from digitpad.storage.atomic import check_writable, write_atomically


@pytest.mark.parametrize(("data", "content"), [("ä\n", b"\xc3\xa4\n"), (b"\x00\xff", b"\x00\xff")])
def test_a_file_is_written_whole_in_a_new_folder(tmp_path, data, content):
    path = tmp_path / "a" / "b" / "file"
    write_atomically(path, data)
    assert path.read_bytes() == content
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


def test_a_name_as_long_as_the_system_takes_can_be_written(tmp_path):
    path = tmp_path / ("x" * 255)
    write_atomically(path, "x")
    assert path.read_text() == "x"


def test_a_link_stays_and_its_file_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere" / "file", tmp_path / "link"
    link.symlink_to(file)
    for content in ("first", "second"):
        write_atomically(link, content)
        assert link.is_symlink()
        assert file.read_text() == content
    assert list(file.parent.iterdir()) == [file]


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_as_public_as_the_umask_makes_it(tmp_path):
    old = os.umask(0o027)
    try:
        write_atomically(tmp_path / "file", "x")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with raises_error("{path} could not be written", path=path, reason="No space left on device"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_place_of_the_file_gives_a_sentence(tmp_path):
    target = tmp_path / "folder"
    (target / "inside").mkdir(parents=True)
    with raises_error("{path} could not be written", path=target):
        write_atomically(target, "x")
    assert list(tmp_path.iterdir()) == [Path(target)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_device_or_a_pipe_is_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to(pipe)
    for path in (pipe, link):
        for write in (lambda path: write_atomically(path, b"new"), check_writable):
            with raises_error("{path} is not an ordinary file", path=path):
                write(path)
    assert pipe.is_fifo()
    assert sorted(found.name for found in tmp_path.iterdir()) == ["link", "pipe"]
