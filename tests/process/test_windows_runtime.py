import ctypes
import sys

import pytest

from digitpad.process import windows_runtime
from digitpad.process.windows_runtime import newest


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Four folders, all but the third with a runtime, whose content is its version."""
    monkeypatch.setattr(windows_runtime, "_version", lambda path: int(path.read_text()))
    for name, version in (("bundle", 1436), ("qt", 1444), ("none", None), ("system", 1444)):
        (tmp_path / name).mkdir()
        if version is not None:
            (tmp_path / name / "msvcp140.dll").write_text(str(version))
    return [tmp_path / name for name in ("bundle", "qt", "none", "system", "missing")]


def test_the_newest_runtime_is_taken_and_the_first_of_equals(folders):
    assert newest(folders).name == "qt"
    assert newest(folders[::-1]).name == "system"


def test_where_there_is_none_nothing_is_taken(folders):
    assert newest(folders[2:3]) is None


def test_its_parts_are_loaded_from_one_folder_in_order(folders, monkeypatch):
    bundle, qt, *_ = folders
    for folder in (bundle, qt):
        (folder / "msvcp140_1.dll").touch()
    (bundle / "concrt140.dll").touch()
    loaded = []
    monkeypatch.setattr(sys, "prefix", str(bundle))
    monkeypatch.setattr(sys, "base_prefix", str(qt))
    monkeypatch.setattr(ctypes, "CDLL", loaded.append)
    windows_runtime.load_newest()
    assert loaded == [str(qt / "msvcp140.dll"), str(qt / "msvcp140_1.dll")]
