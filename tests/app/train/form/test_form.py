import json
import subprocess
import sys
from dataclasses import fields, replace

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from snapshots import pixels, wear

from digitpad.app.train.form.editors import ChoiceEdit, NumberEdit, PathEdit
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.widgets.icons import Icons
from digitpad.app.widgets.numbers import format_number, grouped, parse_number, step_number
from digitpad.app.widgets.texts import ProblemLine
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.learning.configuration.fields import FIELDS
from digitpad.learning.configuration.presets import PRESETS, Preset
from digitpad.paths import resources_dir
from digitpad.recognition.architectures import ARCHITECTURE_TITLES

GERMAN = QLocale(QLocale.Language.German)
FIRST = TrainingConfig(architecture="quicknet", epochs=4, schedule="cosine")
WIDE = TrainingConfig(architecture="padnet", options={"widths": [16, 32, 32, 48], "dropout": 0.2})
OWN_PRESETS = {
    "first": Preset("First", "What it begins with.", FIRST),
    "wide": Preset("Wide", "A network with widths.", WIDE),
}
MODELS = (("bundled", "The bundled model"), ("mine", "My own"))


def make_form(qtbot, presets=OWN_PRESETS) -> ConfigForm:
    form = ConfigForm(presets, Icons(resources_dir() / "icons"))
    form.set_samples({"7": 4})
    qtbot.addWidget(form)
    return form


@pytest.fixture
def form(qtbot):
    form = make_form(qtbot)
    form.set_models(MODELS)
    form.set_devices(("cpu",))
    form.resize(330, 640)
    with qtbot.waitExposed(form):
        form.show()
    return form


def named(form, name, *kinds):
    """The editor that a screen reader calls by this name."""
    kinds = kinds or (ChoiceEdit, NumberEdit, QLineEdit)
    found = [w for w in form.findChildren(QWidget) if w.accessibleName() == name]
    found = [w for w in found if isinstance(w, kinds)]
    assert len(found) == 1
    return found[0]


def number(form, name) -> NumberEdit:
    return named(form, name, NumberEdit)


def write(editor, text) -> None:
    line = editor.lineEdit() if isinstance(editor, NumberEdit) else editor
    line.selectAll()
    if text:
        QTest.keyClicks(line, text)
    else:
        QTest.keyClick(line, Qt.Key.Key_Delete)


def choose(form, name, key) -> None:
    """As a user does, with the keyboard."""
    combo = named(form, name, ChoiceEdit)
    index = combo.findData(key)
    assert index >= 0
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(index):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentData() == key


def open_all(form) -> None:
    for section in form.sections:
        section.set_open(True)


def labels(form) -> list[str]:
    return [label.text() for label in form.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [
        ("0.004", False, 0.004),
        ("0,004", False, 0.004),
        ("4e-3", False, 0.004),
        ("4E-3", False, 0.004),
        ("1,5e-4", False, 1.5e-4),
        (".5", False, 0.5),
        (",5", False, 0.5),
        ("5.", False, 5.0),
        (" -1 ", False, -1.0),
        ("10", True, 10),
        ("1e4", True, 10_000),
        ("60 000", True, 60_000),
        ("60\u202f000", True, 60_000),
        ("60,000", True, 60_000),
        ("60.000", True, 60_000),
        ("9223372036854775807", True, 2**63 - 1),
        ("1.5", True, 1.5),
        ("1,234", False, 1.234),
        ("1e999", False, float("inf")),
        ("1e999", True, float("inf")),
        ("1,234.5", False, None),
        ("ten", False, None),
        ("nan", False, None),
        ("inf", False, None),
        ("0x10", True, None),
        ("1e", False, None),
        (".", False, None),
        ("", True, None),
    ],
)
def test_numbers_are_read_as_people_write_them(text, whole, value):
    read = parse_number(text, whole=whole)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("locale", [QLocale.c(), GERMAN])
@pytest.mark.parametrize("value", [0.004, 5e-4, 1e-9, 0.1, 10.0, 0.30000000000000004, 1 / 3, 0.0])
def test_what_is_shown_is_read_as_the_same_number(value, locale):
    assert parse_number(format_number(value, locale), whole=False) == value
    assert parse_number(format_number(2**63 - 1, locale), whole=True) == 2**63 - 1


def test_numbers_are_short_and_in_the_way_of_the_locale():
    assert format_number(10.0, QLocale.c()) == "10"
    assert format_number(1e-9, QLocale.c()) == "1e-9"
    assert format_number(0.004, GERMAN) == "0,004"
    assert grouped(83242) == "83\u202f242"


def test_arrows_step_by_what_makes_sense():
    rate = (1e-9, 10.0)
    assert step_number(0.009, 1, *rate, whole=False) == 0.01
    assert step_number(0.009, 2, *rate, whole=False) == 0.02
    assert step_number(0.01, -1, *rate, whole=False) == 0.009
    assert step_number(10.0, 1, *rate, whole=False) == 10.0
    assert step_number(10.0, 1, 0, 180, whole=False) == 11.0
    assert step_number(1.0, -1, 0, 180, whole=False) == 0.0
    assert step_number(0.0, 1, 0, 1, whole=False) == 0.01
    assert step_number(0.0005, -1, 0, 1, whole=False) == 0.0004
    assert step_number(128, 10, 1, 65536, whole=True) == 138
    assert step_number(1, -1, 1, 65536, whole=True) == 1


def test_without_a_touch_it_is_the_first_preset(form):
    assert form.config == FIRST
    assert form.problem == ""
    assert named(form, "Preset").currentText() == "First"
    assert OWN_PRESETS["first"].sentence in labels(form)


def test_only_what_matters_to_a_beginner_is_shown_at_first(form):
    shown = {
        w.accessibleName()
        for kind in (QComboBox, QAbstractSpinBox)
        for w in form.findChildren(kind)
        if w.isVisible()
    }
    assert shown == {"Preset", "Data", "Network", "Epochs", "Learning rate"}


def test_every_setting_has_an_editor_with_its_help(form):
    open_all(form)
    choose(form, "Schedule", "step")
    for name, info in FIELDS.items():
        if name == "outlier_weight":
            continue
        editor = named(form, info.title)
        assert editor.isVisible()
        assert editor.toolTip() == info.help
        assert editor.accessibleDescription() == info.help


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_data_device_and_seed(qtbot, name):
    form = make_form(qtbot, PRESETS)
    form.set_models(MODELS)
    form.set_devices(("cpu",))
    form.show()
    open_all(form)
    choose(form, "Data", "synthetic")
    write(number(form, "Seed"), "7")
    choose(form, "Device", "cpu")
    choose(form, "Warm start", "mine")
    choose(form, "Preset", name)
    expected = replace(PRESETS[name].config, data=DataChoice("synthetic"), device="cpu", seed=7)
    assert form.config == expected
    assert named(form, "Preset").currentData() == name


def test_an_edit_makes_the_preset_custom_and_taking_it_back_the_preset_again(form):
    epochs = number(form, "Epochs")
    write(epochs, "5")
    assert named(form, "Preset").currentText() == "Custom"
    assert form.config == replace(FIRST, epochs=5)
    write(epochs, "4")
    assert named(form, "Preset").currentText() == "First"
    assert named(form, "Preset").findText("Custom") == -1


def top_of(widget, form) -> int:
    return widget.mapTo(form, QPoint()).y()


FULL = TrainingConfig(
    data=DataChoice("mnist", count=500),
    architecture="padnet",
    options={"widths": [8, 16, 16, 24], "dropout": 0.25},
    epochs=3,
    batch_size=64,
    optimizer="sgd",
    learning_rate=0.05,
    momentum=0.8,
    weight_decay=5e-4,
    schedule="step",
    step_epochs=2,
    step_factor=0.5,
    label_smoothing=0.0,
    outlier_weight=0.7,
    initialisation="xavier",
    precision="bfloat16",
    augmentation=Augmentation(5.0, 1.5, 0.1, 4.0, 0.5, 1.25),
    validation_share=0.2,
    patience=2,
    monitor="accuracy",
    device="cpu",
    seed=2**63 - 1,
)


def test_a_configuration_is_shown_as_it_is(form):
    for config in (FULL, replace(FULL, warm_start="mine"), TrainingConfig()):
        form.set_config(config)
        assert form.config == config
        assert TrainingConfig.from_json(form.config.to_json()) == config


def test_a_configuration_that_is_a_preset_is_called_so(qtbot):
    form = make_form(qtbot, PRESETS)
    for preset in PRESETS.values():
        config = replace(preset.config, seed=5, data=DataChoice("kmnist"))
        form.set_config(TrainingConfig.from_json(config.to_json()))
        assert named(form, "Preset").currentText() == preset.title


def test_what_is_shown_survives_a_locale_with_commas(qtbot):
    QLocale.setDefault(GERMAN)
    try:
        form = make_form(qtbot)
        form.set_devices(("cpu",))
        form.set_config(FULL)
        assert form.config == FULL
        assert number(form, "Learning rate").text() == "0,05"
    finally:
        QLocale.setDefault(QLocale.c())


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("Epochs", "0", "from 1 to 10000"),
        ("Epochs", "1.5", "a whole number"),
        ("Epochs", "many", "a whole number"),
        ("Epochs", "", "Epochs needs a number from 1 to 10000."),
        ("Learning rate", "1e3", "from 1e-09 to 10"),
        ("Seed", "-1", "Seed: the value must be from 0"),
        ("Rotation (degrees)", "181", "from 0 to 180, not 181."),
        ("Rotation (degrees)", "1e9", "from 0 to 180, not 1e+09."),
        ("Rotation (degrees)", "180.0000001", "from 0 to 180, not 180.0000001."),
        ("Dropout", "1", "from 0 to 0.95"),
        ("Number of drawings", "3", "from 20"),
    ],
)
def test_a_wrong_value_is_told_as_it_is_typed(qtbot, form, name, text, part):
    open_all(form)
    editor = number(form, name)
    editor.setFocus()
    good = editor.text()
    with qtbot.waitSignal(form.changed):
        write(editor, text)
    assert form.config is None
    assert part in form.problem
    assert form.problem.endswith(".")
    line = next(label for label in form.findChildren(QLabel) if label.text() == form.problem)
    assert line.isVisible()
    qtbot.waitUntil(lambda: 0 < top_of(line, form) - top_of(editor, form) - editor.height() < 60)
    assert form.problem in editor.accessibleDescription()
    assert editor.palette().base().color() == theme_for(form.palette()).warning
    assert form.focusWidget() is editor
    write(editor, good)
    assert form.problem == ""
    assert form.config == FIRST
    assert not line.isVisible()
    assert editor.palette().base().color() == form.palette().base().color()


def test_typing_a_number_in_any_form(form):
    rate = number(form, "Learning rate")
    for text in ("4e-3", "0.004", "0,004"):
        write(rate, "1")
        write(rate, text)
        assert rate.text() == text
        assert form.config.learning_rate == 0.004


def test_arrow_keys_step(form):
    epochs = number(form, "Epochs")
    QTest.keyClick(epochs, Qt.Key.Key_Up)
    assert form.config.epochs == 5
    QTest.keyClick(epochs, Qt.Key.Key_Down)
    QTest.keyClick(epochs, Qt.Key.Key_Down)
    assert form.config.epochs == 3
    write(epochs, "x")
    QTest.keyClick(epochs, Qt.Key.Key_Up)
    assert epochs.text() == "x"


def wheel(widget) -> None:
    """Goes up to the first that takes it, as an event of the system would."""
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        widget.mapToGlobal(centre),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    while widget is not None:
        event.setAccepted(True)
        QApplication.sendEvent(widget, event)
        widget = None if event.isAccepted() else widget.parentWidget()


def test_the_wheel_scrolls_past_what_has_no_focus(qtbot, form):
    open_all(form)
    bar = form.findChild(QScrollArea).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    before = form.config
    epochs, network = number(form, "Epochs"), named(form, "Network")
    named(form, "Preset").setFocus()
    for widget in (epochs, epochs.lineEdit(), network):
        bar.setValue(0)
        wheel(widget)
        assert bar.value() > 0
        assert form.config == before
        assert not widget.hasFocus()
    epochs.setFocus()
    wheel(epochs)
    assert form.config.epochs == before.epochs - 1


def test_fields_that_do_not_matter_are_hidden_and_cannot_be_wrong(form):
    open_all(form)
    size, factor = number(form, "Epochs between drops"), number(form, "Drop factor")
    assert not size.isVisible()
    choose(form, "Schedule", "step")
    assert size.isVisible()
    assert factor.isVisible()
    write(size, "2")
    write(factor, "9")
    assert "Drop factor" in form.problem
    choose(form, "Schedule", "cosine")
    assert form.problem == ""
    assert form.config.step_epochs == 2
    assert form.config.step_factor == FIRST.step_factor
    assert named(form, "Initialisation").isVisible()
    choose(form, "Warm start", "bundled")
    assert not named(form, "Initialisation").isVisible()
    assert form.config.warm_start == "bundled"


def test_no_share_is_asked_for_where_the_data_has_a_validation_split_of_its_own(form):
    open_all(form)
    share, least = number(form, "Validation share"), number(form, "Minimum validation drawings")
    choose(form, "Data", "synthetic")
    assert share.isVisible()
    assert least.isVisible()
    choose(form, "Data", "mnist-excerpt")
    assert not share.isVisible()
    assert not least.isVisible()
    assert form.config.validation_share == FIRST.validation_share


def test_another_network_has_its_own_options_but_keeps_dropout(form):
    form.set_config(WIDE)
    choose(form, "Network", "mlp")
    assert form.config.options == {"dropout": 0.2}
    choose(form, "Network", "padnet")
    assert form.config == WIDE
    open_all(form)
    write(number(form, "Dropout"), "")
    assert form.config.options == {"widths": [16, 32, 32, 48]}
    names = named(form, "Network")
    assert [names.itemData(i) for i in range(names.count())] == list(ARCHITECTURE_TITLES)


def test_a_mark_and_a_way_to_what_is_wrong_in_a_closed_section(form):
    section = next(s for s in form.sections if s.heading.text() == "Device and seed")
    section.set_open(True)
    write(number(form, "Seed"), "-5")
    assert not section.heading.is_marked
    section.set_open(False)
    assert section.heading.is_marked
    assert section.heading.toolTip() == form.problem
    form.show_problem()
    assert section.heading.isChecked()
    assert form.focusWidget() is number(form, "Seed")
    write(number(form, "Seed"), "5")
    section.set_open(False)
    assert not section.heading.is_marked


def test_sections_open_by_click_and_by_key(qtbot, form):
    section = form.sections[1]
    for press in (
        lambda: QTest.mouseClick(section.heading, Qt.MouseButton.LeftButton),
        lambda: QTest.keyClick(section.heading, Qt.Key.Key_Space),
        lambda: QTest.keyClick(section.heading, Qt.Key.Key_Return),
    ):
        press()
        assert section.heading.isChecked()
        assert section.group.isVisible()
        press()
        assert not section.heading.isChecked()
        assert not section.group.isVisible()


def test_the_tab_key_goes_through_the_form_from_top_to_bottom(qtbot, form):
    open_all(form)
    # Rows lie on top of each other until the layout has made room for them.
    content = form._scroll.widget()
    qtbot.waitUntil(lambda: content.height() >= content.minimumSizeHint().height())
    named(form, "Preset").setFocus()
    visited = []
    while not visited or form.focusWidget() is not visited[0]:
        visited.append(form.focusWidget())
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        assert len(visited) < 100
    places = [widget.mapTo(form, QPoint()) for widget in visited]
    # Those beside each other stand within a few pixels.
    order = [(round(place.y() / 12), place.x()) for place in places]
    assert order == sorted(order)
    reached = {widget.accessibleName() for widget in visited}
    editors = form.findChildren(QComboBox) + form.findChildren(QAbstractSpinBox)
    assert {w.accessibleName() for w in editors if w.isVisible()} <= reached
    assert {section.heading.text() for section in form.sections} <= reached


def test_what_is_wrong_with_a_path(qtbot, form, tmp_path):
    folder, file = tmp_path / "pictures", tmp_path / "strokes.ndjson"
    folder.mkdir()
    file.write_text("")
    choose(form, "Data", "pictures")
    assert form.config is None
    assert form.data is None
    assert "folder of pictures" in form.problem
    path = named(form, "Folder of pictures")
    write(path, str(tmp_path / "nowhere"))
    assert "no such folder" in form.problem
    write(path, str(file))
    assert "is a file" in form.problem
    path.setText("x" * 5000)
    path.textEdited.emit(path.text())
    assert "no such folder" in form.problem
    write(path, str(folder))
    assert form.config.data == DataChoice("pictures", str(folder))
    write(path, f'"{folder}"')
    assert form.config.data == DataChoice("pictures", str(folder))
    write(path, '"')
    assert "no such folder" in form.problem
    choose(form, "Data", "strokes")
    path = named(form, "File of strokes")
    assert path.text() == ""
    write(path, str(folder))
    assert "is a folder" in form.problem
    write(path, str(file))
    assert form.config.data == DataChoice("strokes", str(file))


def test_a_folder_of_mnist_is_optional(form, tmp_path):
    path = named(form, "MNIST folder")
    write(path, str(tmp_path))
    assert form.config.data == DataChoice("mnist", str(tmp_path))
    write(path, "")
    assert form.config.data == DataChoice("mnist")
    choose(form, "Data", "synthetic")
    assert not path.isVisible()


def test_the_home_folder_is_known(form, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(named(form, "MNIST folder"), "~")
    assert form.config.data.path == str(tmp_path)
    write(named(form, "MNIST folder"), "~nobody-of-this-name/x")
    assert "no such folder" in form.problem


@pytest.mark.parametrize("kind", ["mnist", "pictures", "strokes"])
def test_a_path_can_be_browsed_for(qtbot, form, tmp_path, kind):
    folder, file = tmp_path / "mine", tmp_path / "mine.ndjson"
    folder.mkdir()
    file.write_text("")
    choose(form, "Data", kind)
    editor = form.findChild(PathEdit)
    QTest.keyClick(editor.browse, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    wanted = file if kind == "strokes" else folder
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(wanted))
    with qtbot.waitSignal(form.data_changed):
        dialog.accept()
    assert form.config.data == DataChoice(kind, str(wanted))


def test_data_is_told_of_once_and_only_when_it_is_another(qtbot, form, tmp_path):
    open_all(form)
    with qtbot.waitSignal(form.data_changed):
        choose(form, "Data", "synthetic")
    with qtbot.waitSignal(form.data_changed):
        write(number(form, "Seed"), "3")
    told = []
    form.data_changed.connect(lambda: told.append(form.data))
    write(number(form, "Epochs"), "9")
    qtbot.waitUntil(lambda: not form._typing.isActive())
    assert told == []
    write(number(form, "Number of drawings"), "12345")
    qtbot.waitUntil(lambda: not form._typing.isActive())
    assert told == [DataChoice("synthetic", None, 12345)]


def test_data_is_known_while_something_else_is_wrong(form):
    write(number(form, "Epochs"), "0")
    choose(form, "Data", "synthetic")
    assert form.config is None
    assert form.data == DataChoice("synthetic")


def test_data_that_a_program_handed_over_is_never_offered(form):
    kinds = named(form, "Data")
    offered = {kinds.itemData(i) for i in range(kinds.count())}
    assert offered == set(FIELDS["data.kind"].choices)
    form.set_config(replace(FULL, data=None))
    assert form.config.data == DataChoice("mnist")


@pytest.mark.parametrize("kind", sorted(CATALOG))
def test_the_data_says_what_it_is(form, kind):
    choose(form, "Data", kind)
    assert CATALOG[kind].sentence in labels(form)


def test_wrong_data_does_not_make_the_preset_custom(form):
    choose(form, "Data", "pictures")
    assert form.config is None
    assert named(form, "Preset").currentText() == "First"
    choose(form, "Preset", "wide")
    assert named(form, "Preset").currentText() == "Wide"


def test_a_network_follows_the_model_that_training_starts_from(form):
    options = {"widths": [8, 16, 16, 24], "dropout": 0.3}
    form.set_models(MODELS, {"mine": ("padnet", options)})
    open_all(form)
    network = named(form, "Network")
    choose(form, "Warm start", "mine")
    assert form.config == replace(
        FIRST, architecture="padnet", options={"widths": [8, 16, 16, 24]}, warm_start="mine"
    )
    assert not network.isEnabled()
    assert "model" in network.toolTip()
    form.set_locked(True)
    form.set_locked(False)
    assert not network.isEnabled()
    choose(form, "Warm start", "")
    assert form.config == FIRST
    assert network.isEnabled()
    assert network.toolTip() == FIELDS["architecture"].help
    choose(form, "Warm start", "mine")
    choose(form, "Preset", "wide")
    assert form.config == WIDE
    assert network.isEnabled()


def test_typing_does_not_move_what_is_typed_into(qtbot):
    form = make_form(qtbot, PRESETS)
    form.resize(300, 640)
    with qtbot.waitExposed(form):
        form.show()
    epochs = number(form, "Epochs")
    qtbot.waitUntil(lambda: settled(form))
    before = top_of(epochs, form)
    for name in PRESETS:
        choose(form, "Preset", name)
        write(epochs, "123")
        qtbot.waitUntil(lambda: settled(form))
        assert top_of(epochs, form) == before


def test_only_devices_of_this_machine_can_be_chosen(form):
    open_all(form)
    device = named(form, "Device")
    assert [device.itemText(i) for i in range(device.count())] == [
        "Automatic (processor)",
        "Processor",
    ]
    form.set_config(replace(FULL, device="cuda"))
    assert form.config.device == "auto"
    form.set_devices(("cuda", "cpu"))
    assert device.itemText(0) == "Automatic (NVIDIA graphics)"
    # It was wanted, and now it is there.
    assert form.config.device == "cuda"


def test_a_model_that_is_gone_is_a_problem_until_it_is_back(form, tmp_path):
    form.set_config(replace(FULL, warm_start="lost"))
    assert form.config is None
    assert "no longer exists" in form.problem
    form.set_models((("lost", "Lost and found"),))
    assert form.config.warm_start == "lost"
    assert named(form, "Warm start").currentText() == "Lost and found"
    form.set_models(())
    assert form.config is None
    open_all(form)
    choose(form, "Warm start", "")
    assert form.config == FULL
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"")
    form.set_config(replace(FULL, warm_start=str(file)))
    assert form.config.warm_start == str(file)


def test_the_cost_of_the_network(form):
    form.show_cost(83242, 2_134_567)
    assert "83\u202f242 parameters, 2.1 million multiply-adds" in labels(form)
    form.show_no_cost("There is nothing to count yet.")
    assert "There is nothing to count yet." in labels(form)


def test_while_a_training_runs_it_can_be_read_and_not_edited(form):
    form.set_locked(True)
    open_all(form)
    editors = form.findChildren(QComboBox) + form.findChildren(QAbstractSpinBox)
    assert not any(editor.isEnabled() for editor in editors)
    assert not form.findChild(PathEdit).isEnabled()
    QTest.keyClicks(number(form, "Epochs"), "9")
    assert form.config == FIRST
    form.set_locked(False)
    assert all(editor.isEnabled() for editor in editors)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_locked_can_be_read(qtbot, form, theme):
    form.set_locked(True)
    wear(qtbot, form, theme)
    for editor, role in (
        (number(form, "Epochs").lineEdit(), QPalette.ColorRole.Text),
        (named(form, "Network"), QPalette.ColorRole.ButtonText),
    ):
        quiet = quiet_text(form.palette())
        qtbot.waitUntil(
            lambda e=editor, r=role, q=quiet: (
                e.palette().color(QPalette.ColorGroup.Disabled, r) == q
            )
        )


def test_help_follows_focus_and_pointer(qtbot, form):
    pane = form.help_pane
    pane.set_focused(None)
    pane.set_hovered(None)
    assert "Point at a setting" in pane.accessibleDescription()
    number(form, "Epochs").setFocus()
    assert pane.accessibleDescription() == FIELDS["epochs"].help
    field = number(form, "Learning rate").parentWidget()
    come(field)
    assert pane.accessibleDescription() == FIELDS["learning_rate"].help
    QApplication.sendEvent(field, QEvent(QEvent.Type.Leave))
    assert pane.accessibleDescription() == FIELDS["epochs"].help
    # Somebody who goes on by keys has left the pointer where it was.
    come(field)
    named(form, "Preset").setFocus()
    assert "Sets everything" in pane.accessibleDescription()
    number(form, "Epochs").setFocus()
    assert pane.accessibleDescription() == FIELDS["epochs"].help


def come(widget) -> None:
    """As the pointer does."""
    place = QPointF(5, 5)
    QApplication.sendEvent(widget, QEnterEvent(place, place, widget.mapToGlobal(place)))


def settled(form) -> bool:
    """Whether no layout is due any more."""
    scroll = form.findChild(QScrollArea)
    content = scroll.widget()
    wanted = content.layout().totalHeightForWidth(content.width())
    return content.width() == scroll.viewport().width() and content.height() >= wanted


@pytest.mark.parametrize("width", [300, 330, 420])
def test_no_text_is_cut_off(qtbot, form, width):
    form.resize(width, 640)
    form.set_config(replace(PRESETS["tutorial"].config, schedule="step"))
    open_all(form)
    form.show_cost(1_199_882, 12_345_678)
    write(number(form, "Epochs"), "0")
    write(number(form, "Drop factor"), "7")
    qtbot.waitUntil(lambda: settled(form))
    for label in form.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        if label.wordWrap():
            assert label.heightForWidth(label.width()) <= label.height(), label.text()
            words = max(label.text().split(), key=label.fontMetrics().horizontalAdvance)
            assert label.fontMetrics().horizontalAdvance(words) <= label.width()
        else:
            assert label.sizeHint().width() <= label.width(), label.text()
        right = label.mapTo(form, QPoint(label.width(), 0)).x()
        assert right <= form.width()
    for info in FIELDS.values():
        form.help_pane.set_hovered(info)
        text = next(w for w in form.help_pane.findChildren(QLabel) if w.text() == info.help)
        assert text.heightForWidth(text.width()) <= text.height()


def test_a_problem_below_the_edge_comes_into_view(qtbot, form):
    form.resize(330, 360)
    epochs = number(form, "Epochs")
    epochs.setFocus()
    qtbot.waitUntil(lambda: settled(form))
    scroll = form.findChild(QScrollArea)
    write(epochs, "0")
    line = next(w for w in form.findChildren(ProblemLine) if w.text == form.problem)
    inside = scroll.viewport().rect()
    qtbot.waitUntil(
        lambda: inside.contains(
            line.geometry().translated(line.mapTo(scroll, QPoint()) - line.pos())
        )
    )
    assert form.focusWidget() is epochs


def test_nothing_of_torch_is_imported_for_the_form():
    code = (
        "import sys, digitpad.app.train.form.form, digitpad.learning.configuration.presets;"
        "sys.exit(any(name.startswith('torch') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_problem_stands_out_in_both_themes(qtbot, form, theme):
    write(number(form, "Epochs"), "0")
    wear(qtbot, form, theme)
    colours = theme_for(form.palette())
    editor = number(form, "Epochs")
    qtbot.waitUntil(lambda: editor.palette().base().color() == colours.warning)
    ground = pixels(editor.grab().toImage())[editor.height() // 2, editor.width() // 2]
    assert abs(ground - list(colours.warning.getRgb()[:3])).max() < 6


def test_the_form_shows_all_of_a_configuration_but_the_outliers():
    shown = {name.partition(".")[0] for name in FIELDS} | {"options", "warm_start"}
    assert {field.name for field in fields(TrainingConfig)} == shown
    assert json.loads(FULL.to_json())["options"]["widths"] == [8, 16, 16, 24]
