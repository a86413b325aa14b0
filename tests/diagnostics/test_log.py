import logging
import re
import subprocess
import sys
import threading

import pytest

from digitpad.diagnostics.log import LOG_LIMIT, LogFile, log_bug, log_report

ROOM = logging.getLogger("digitpad.room")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "digitpad.log"


def last_words(path):
    return [line.split()[-1] for line in path.read_text().splitlines()]


def test_while_nothing_goes_wrong_there_is_no_file(path):
    with LogFile(path):
        ROOM.debug("chatter")
        logging.getLogger("another.library").error("not ours")
    ROOM.error("too late")
    assert not path.parent.exists()


def test_a_line_says_when_who_how_bad_and_where(path, monkeypatch):
    # pytest would keep the lone surrogate in its report, which cannot cross to another process.
    monkeypatch.setattr(logging.getLogger("digitpad"), "propagate", False)
    with LogFile(path):
        ROOM.info("first %s", "thing")
        ROOM.warning("\ud800 and\nmore")
    first, second, more = path.read_text().splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} \[\d+\] INFO digitpad.room: first thing", first
    )
    assert second.endswith("WARNING digitpad.room: \\ud800 and")
    assert more == "more"


def test_afterwards_logging_is_as_it_was_before(path):
    room = logging.getLogger("digitpad")
    before = list(room.handlers), room.level
    with LogFile(path) as log:
        assert log in room.handlers
    assert (room.handlers, room.level) == before


def test_a_large_log_is_set_aside_and_the_oldest_goes(path):
    with LogFile(path):
        for word in ("first", "second", "third", "fourth"):
            ROOM.warning("%s %s", "x" * (LOG_LIMIT - 200), word)
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "digitpad.log",
        "digitpad.log.1",
        "digitpad.log.2",
    ]
    assert last_words(path) == ["fourth"]
    assert last_words(path.with_name("digitpad.log.2")) == ["second"]


def test_a_log_that_another_process_set_aside_is_begun_anew(path):
    with LogFile(path):
        ROOM.warning("first")
        path.rename(path.with_name("digitpad.log.1"))
        ROOM.warning("second")
    assert last_words(path) == ["second"]


def test_several_processes_and_threads_lose_no_line(path):
    program = (
        "import logging, sys; from pathlib import Path;"
        "from digitpad.diagnostics.log import LogFile\n"
        "with LogFile(Path(sys.argv[1])):\n"
        "    for n in range(50): logging.getLogger('digitpad.x').warning('line')"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)]) as other, LogFile(path):
        threads = [
            threading.Thread(target=lambda: [ROOM.warning("line") for _ in range(50)])
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert other.wait() == 0
    assert last_words(path) == ["line"] * 200


@pytest.mark.parametrize("place", ["file/digitpad.log", "folder", "x" * 300])
def test_a_place_that_takes_no_log_hinders_nothing(tmp_path, place, capfd):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with LogFile(tmp_path / place) as log:
        assert isinstance(log_report("bug"), OSError)
        assert isinstance(log.failure, OSError)
    assert capfd.readouterr() == ("", "")


def test_a_bug_is_logged_and_named_with_the_log(path):
    with LogFile(path):
        said = log_bug(ValueError("no"), path)
    assert said.fields == {"bug": "ValueError: no", "path": path}
    assert "ValueError: no" in path.read_text()
    assert str(path) in str(said)


def test_a_bug_that_cannot_be_logged_says_why(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "digitpad.log"
    with LogFile(path):
        said = log_bug(ValueError("no"), path)
    assert said.fields["reason"] in str(said)
    assert said.fields["path"] == path
    assert not path.exists()
