"""Folders of the user's own are private."""

import os
import stat

import pytest

from digitpad.cli import run
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.store import RunStore
from digitpad.paths import Profile
from digitpad.settings import Settings, save_settings
from digitpad.storage.folders import close_to_others, make_private

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a user's folders are private there")


@pytest.fixture(autouse=True)
def _usual_mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_that_is_made_is_private(tmp_path):
    make_private(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / part) for part in ("a", "a/b", "a/b/c")] == [0o700] * 3
    make_private(tmp_path / "a")
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_private(tmp_path / "file" / "a")


def begin(profile):
    with RunStore(profile.runs_dir).begin(TrainingConfig()):
        pass


def crash(profile):
    CrashFile(profile.reports_dir).__enter__().close()


@pytest.mark.parametrize(
    "write",
    [begin, crash, lambda profile: save_settings(Settings(pen_width=50), profile.settings_path)],
)
def test_a_new_profile_is_private_whatever_is_written_first(tmp_path, write):
    profile = Profile(tmp_path / "new" / "profile")
    write(profile)
    for folder in (profile.root, *(path for path in profile.root.rglob("*") if path.is_dir())):
        assert mode(folder) == 0o700, folder


def test_a_profile_of_an_older_version_becomes_private(tmp_path, capsys):
    profile = Profile(tmp_path / "profile")
    profile.models_dir.mkdir(parents=True)
    for name in ("settings.json.corrupt-1", "digitpad.log.1", ".digitpad-x", "window.json"):
        (profile.root / name).touch()
    profile.root.chmod(0o755)
    assert run(["--profile", str(profile.root), "model", "list"]) == 0
    assert mode(profile.root) == 0o700


def test_a_folder_with_anything_else_in_it_stays_as_it_is(tmp_path, capsys):
    """Somebody may name their home, or a folder that many use."""
    root = tmp_path / "home"
    (root / "models").mkdir(parents=True)
    (root / "letters").mkdir()
    root.chmod(0o755)
    assert run(["--profile", str(root), "model", "list"]) == 0
    assert mode(root) == 0o755
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o755)
    close_to_others(empty, Profile.NAMES)
    assert mode(empty) == 0o755


def test_a_folder_of_another_user_stays_as_it_is(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    close_to_others(tmp_path, Profile.NAMES)
    assert mode(tmp_path) == 0o755


def test_a_model_is_exported_into_a_folder_that_others_may_read(tmp_path, capsys):
    target = tmp_path / "new" / "model.safetensors"
    profile = str(tmp_path / "profile")
    assert run(["--profile", profile, "model", "export", "bundled", str(target)]) == 0
    assert (mode(target.parent), mode(target)) == (0o755, 0o644)
