import os

import pytest
from sentences import raises_error

from digitpad import paths
from digitpad.paths import Profile, default_profile, resources_dir


def test_everything_of_a_profile_lies_in_its_folder(tmp_path):
    profile = Profile(tmp_path)
    places = [
        profile.settings_path,
        profile.window_path,
        profile.models_dir,
        profile.log_path,
    ]
    assert len(set(places)) == len(places)
    assert all(place.parent == tmp_path for place in places)
    assert list(tmp_path.iterdir()) == []


def test_the_default_profile_is_the_users_own():
    root = default_profile().root
    assert root.is_absolute()
    assert root.name == "digitpad"


@pytest.mark.skipif(os.name != "posix", reason="other systems tell by other ways")
def test_a_user_without_a_home_is_told_what_to_do(monkeypatch):
    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    with raises_error("Your home folder is not known: "):
        default_profile()


def test_resources_hold_the_bundled_model():
    assert (resources_dir() / "models" / "bundled.safetensors").is_file()


def test_an_installed_package_has_its_resources_inside(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "digitpad"
    (package / "resources" / "models").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    assert resources_dir() == package / "resources"


def test_missing_resources_give_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "digitpad" / "paths.py"))
    with raises_error("Digitpad's own files are missing: "):
        resources_dir()
