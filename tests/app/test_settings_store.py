"""The settings of a window beside those that others write."""

import json

from digitpad.app.settings_store import SettingsStore
from digitpad.recognition.model_store import BUNDLED
from digitpad.settings import Settings, load_settings, save_settings


def test_what_the_command_line_chose_meanwhile_stays(qapp, tmp_path):
    path = tmp_path / "settings.json"
    store = SettingsStore(Settings(), path)
    store.change(active_model="of the window")
    store.save()
    save_settings(Settings(active_model="of a command"), path)
    store.change(theme="dark")
    store.save_waiting()
    assert load_settings(path).settings == Settings(active_model="of a command", theme="dark")
    store.change(active_model="of the window again")
    store.save_waiting()
    assert load_settings(path).settings.active_model == "of the window again"
    store.change(active_model=BUNDLED)
    store.save_waiting()
    assert load_settings(path).settings.active_model == BUNDLED
    # A better default reaches everybody who never chose.
    assert "active_model" not in json.loads(path.read_text())


def test_a_file_that_was_damaged_meanwhile_gets_all_that_is_known(qapp, tmp_path):
    path = tmp_path / "settings.json"
    store = SettingsStore(Settings(pen_width=30.0), path)
    path.write_bytes(b"{")
    store.change(theme="light")
    store.save()
    assert load_settings(path).settings == Settings(pen_width=30.0, theme="light")


def test_two_windows_lose_neither_choice(qapp, tmp_path):
    path = tmp_path / "settings.json"
    one, other = (SettingsStore(Settings(), path) for _ in range(2))
    one.change(pen_width=88.0)
    other.change(theme="dark")
    one.save_waiting()
    other.save_waiting()
    one.change(reject_below=0.5)
    one.save_waiting()
    found = load_settings(path).settings
    assert (found.pen_width, found.theme, found.reject_below) == (88.0, "dark", 0.5)
