import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from digitpad.paths import Profile
from digitpad.process import temporary
from digitpad.process.temporary import provide_temporary_folder

PROGRAM = """
import sys, tempfile
from pathlib import Path
from digitpad.process import temporary
from digitpad.paths import Profile
temporary._FOLDERS = ()
temporary.provide_temporary_folder(Profile(Path(sys.argv[1])))
print(tempfile.gettempdir(), flush=True)
tempfile.mkstemp()
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems always have a folder")


@pytest.fixture
def profile(tmp_path):
    return Profile(tmp_path / "Zoë – profile")


@pytest.fixture
def nowhere(monkeypatch):
    """A system without a place for temporary files."""
    monkeypatch.setattr(temporary, "_FOLDERS", ("/proc/none",))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delitem(os.environ, name, raising=False)


@pytest.fixture
def start(profile):
    """Starts processes that use the profile's folder; gives each with its folder."""
    environment = {k: v for k, v in os.environ.items() if k not in {"TMPDIR", "TEMP", "TMP"}}
    processes = []

    def begin():
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(profile.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        processes.append(process)
        return process, Path(process.stdout.readline().strip())

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def end(process):
    process.communicate(timeout=300)
    assert process.returncode == 0


def test_where_the_system_has_a_folder_none_is_made(profile, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    provide_temporary_folder(profile)
    assert tempfile.tempdir is None
    assert not profile.root.exists()


def test_a_folder_that_the_user_names_is_enough(profile, nowhere, tmp_path):
    os.environ["TMPDIR"] = str(tmp_path)
    provide_temporary_folder(profile)
    assert os.environ["TMPDIR"] == str(tmp_path)
    assert not profile.root.exists()


def test_the_folder_is_private_and_goes_with_the_process(start, profile):
    process, folder = start()
    assert folder.parent == profile.temporary_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    end(process)
    assert not folder.exists()


def test_what_a_killed_process_left_goes_and_nothing_else(start):
    killed, left = start()
    running, used = start()
    killed.kill()
    killed.wait()
    assert len(list(left.iterdir())) > 1
    third, another = start()
    assert not left.exists()
    assert used.exists()
    assert len({left, used, another}) == 3
    end(third)
    end(running)


def test_a_profile_that_cannot_be_written_to_is_left_alone(tmp_path, nowhere):
    file = tmp_path / "file"
    file.touch()
    provide_temporary_folder(Profile(file))
    assert tempfile.tempdir is None
    assert "TMPDIR" not in os.environ
