import faulthandler
import os
import subprocess
import sys
from pathlib import Path

import pytest

from digitpad.diagnostics.crash_file import CrashFile

LIVING = """
import sys
from pathlib import Path
from digitpad.diagnostics.crash_file import CrashFile

with CrashFile(Path(sys.argv[1])) as box:
    box.keep("of a process that lives")
    print(box.path, flush=True)
    sys.stdin.read()
    box.seen()
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "reports"


def leave(folder, text="what happened", heading="Digitpad 1.0\n\n", name="20200101-1"):
    """A file of a process that is gone."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.report"
    path.write_bytes((heading + text).encode() if isinstance(text, str) else text)
    return path


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_good_end_leaves_nothing(folder):
    was = faulthandler.is_enabled()
    with CrashFile(folder) as box:
        assert faulthandler.is_enabled()
        assert names(folder) == [box.path.name]
        assert box.collect() == ""
    assert names(folder) == []
    assert faulthandler.is_enabled() == was
    assert box.path is None
    # Closing twice, or keeping something later, hinders nobody.
    box.close()
    box.keep("late")
    assert names(folder) == []


def test_what_was_not_seen_stays_for_the_next(folder):
    with CrashFile(folder) as box:
        box.keep("first")
        box.keep("second")
        box.seen()
        box.keep("third")
    with CrashFile(folder) as box:
        left = box.collect()
        assert "third" in left
        assert "first" not in left
        assert names(folder) == [box.path.name]
        # It is offered again until it is dismissed, whatever else is seen meanwhile.
        box.keep("of its own")
        box.seen()
    with CrashFile(folder) as box:
        assert "third" in box.collect()
        box.dismiss()
    with CrashFile(folder) as box:
        assert box.collect() == ""
    assert names(folder) == []


def test_reports_are_told_in_their_order(folder):
    for number in (3, 1, 2):
        leave(folder, f"report {number}", name=f"2020010{number}-1")
    with CrashFile(folder) as box:
        left = box.collect()
        box.dismiss()
    assert left.index("report 1") < left.index("report 2") < left.index("report 3")


def test_of_very_many_the_newest_are_told_and_all_are_removed(folder):
    for number in range(60):
        leave(folder, f"report {number:02}", name=f"202001{number:02}-1")
    with CrashFile(folder) as box:
        left = box.collect()
        assert [f"report {number:02}" in left for number in (0, 54, 55, 59)] == [
            False,
            False,
            True,
            True,
        ]
        assert names(folder) == [box.path.name]
        box.dismiss()


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, bytes(range(256)) * 100, b"Digitpad 1.0\n\n \n", b"Digitpad 1.0"]
)
def test_a_file_that_tells_nothing_is_removed(folder, content):
    leave(folder, content)
    with CrashFile(folder) as box:
        assert box.collect() == ""
        assert names(folder) == [box.path.name]


def test_of_a_huge_file_the_end_is_told(folder):
    leave(folder, "x" * 3_000_000 + "\nthe end")
    with CrashFile(folder) as box:
        left = box.collect()
        box.dismiss()
    assert left.startswith("Digitpad 1.0")
    assert left.endswith("the end")
    assert len(left) < 100_000


def test_folders_pipes_and_files_of_others_are_left_alone(folder):
    (folder / "folder.report").mkdir(parents=True)
    (folder / "notes.txt").write_text("not ours")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.report")
    before = set(names(folder))
    with CrashFile(folder) as box:
        assert box.collect() == ""
    assert set(names(folder)) == before


@pytest.mark.parametrize("place", ["file", "file/below", "x" * 300])
def test_a_place_that_takes_no_files_hinders_nothing(tmp_path, place):
    (tmp_path / "file").write_text("")
    was = faulthandler.is_enabled()
    with CrashFile(tmp_path / place) as box:
        assert box.path is None
        assert faulthandler.is_enabled() == was
        box.keep("report")
        assert box.collect() == ""
        box.dismiss()
        box.seen()


def test_what_is_not_open_takes_nothing(folder):
    path = leave(folder)
    box = CrashFile(folder)
    assert box.collect() == ""
    assert path.exists()


def test_a_process_that_lives_keeps_its_file(folder):
    with subprocess.Popen(
        [sys.executable, "-c", LIVING, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        name = Path(process.stdout.readline().strip()).name
        with CrashFile(folder) as box:
            assert box.collect() == ""
            assert set(names(folder)) == {name, box.path.name}
        process.stdin.close()
        assert process.wait() == 0
    assert names(folder) == []


def test_what_a_killed_process_had_kept_is_told(folder):
    with subprocess.Popen(
        [sys.executable, "-c", LIVING, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.readline()
        process.kill()
    with CrashFile(folder) as box:
        assert "of a process that lives" in box.collect()
        box.dismiss()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize("fault", ["_sigsegv", "_sigabrt", "_sigfpe"])
def test_a_fault_leaves_its_trace(folder, fault):
    program = (
        "import faulthandler, sys; from pathlib import Path;"
        "from digitpad.diagnostics.crash_file import CrashFile\n"
        f"with CrashFile(Path(sys.argv[1])): faulthandler.{fault}()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True
    )
    assert done.returncode < 0
    assert done.stderr == ""
    with CrashFile(folder) as box:
        left = box.collect()
        box.dismiss()
    assert "Fatal Python error" in left
    assert 'File "<string>", line 2' in left


def test_a_command_without_standard_error_leaves_the_trace_of_a_fault(tmp_path):
    program = (
        "import faulthandler, sys; sys.stderr = sys.__stderr__ = None;"
        "from digitpad import cli; from digitpad.commands import evaluate;"
        "evaluate.run = lambda args, context: faulthandler._sigabrt();"
        "cli.run(['--profile', sys.argv[1], 'evaluate', 'x'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode != 0
    with CrashFile(tmp_path / "reports") as box:
        assert "Fatal Python error" in box.collect()
        box.dismiss()
