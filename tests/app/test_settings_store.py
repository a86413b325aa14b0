"""The settings of a window beside those that others write."""

from digitpad.app.settings_store import SettingsStore
from digitpad.recognition.model_store import BUNDLED
from digitpad.settings import Settings, load_settings, save_settings


def test_what_the_command_line_chose_meanwhile_stays(qapp, tmp_path):
    path = tmp_path / "settings.json"
    keeper = SettingsStore(Settings(), path)
    keeper.use_model("of the window")
    keeper.save()
    save_settings(Settings(active_model="of a command"), path)
    keeper.change(theme="dark")
    keeper.shutdown()
    assert load_settings(path).settings == Settings(active_model="of a command", theme="dark")
    keeper.use_model("of the window again")
    keeper.shutdown()
    assert load_settings(path).settings.active_model == "of the window again"
    keeper.use_model(BUNDLED)
    keeper.shutdown()
    assert load_settings(path).settings.active_model is None


def test_a_file_that_was_damaged_meanwhile_gets_all_that_is_known(qapp, tmp_path):
    path = tmp_path / "settings.json"
    keeper = SettingsStore(Settings(pen_width=30.0), path)
    path.write_bytes(b"{")
    keeper.change(theme="light")
    keeper.save()
    assert load_settings(path).settings == Settings(pen_width=30.0, theme="light")
