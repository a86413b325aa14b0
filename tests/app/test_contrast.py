"""Text has at least 4.5 : 1 on its ground and controls 3 : 1, in the light and in the dark."""

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.train.curves.style import style_for
from digitpad.app.widgets.style import OutlinedStyle
from digitpad.app.widgets.theme import choose_theme, contrast, quiet_text, theme_for

Roles, Groups = QPalette.ColorRole, QPalette.ColorGroup
TEXTS = [
    (Roles.WindowText, Roles.Window),
    (Roles.Text, Roles.Base),
    (Roles.Text, Roles.AlternateBase),
    (Roles.ButtonText, Roles.Button),
    (Roles.PlaceholderText, Roles.Base),
    (Roles.HighlightedText, Roles.Highlight),
    (Roles.ToolTipText, Roles.ToolTipBase),
    (Roles.Link, Roles.Base),
]
CONTROLS = [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QComboBox, QPushButton]


@pytest.fixture(params=["light", "dark"])
def palette(request, qapp):
    choose_theme(request.param)
    return QGuiApplication.palette()


def test_contrast_is_that_of_the_guidelines():
    white = QColor("white")
    assert contrast(white, QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#767676"), white) == pytest.approx(4.54, abs=0.01)


def test_text_can_be_read_also_where_it_steps_back(palette):
    pairs = [
        (group, text.name, palette.color(group, text), palette.color(group, ground))
        for text, ground in TEXTS
        for group in (Groups.Active, Groups.Inactive, Groups.Disabled)
        # What is disabled is not marked.
        if (text, group) != (Roles.HighlightedText, Groups.Disabled)
    ]
    theme = theme_for(palette)
    grounds = (palette.window().color(), palette.base().color(), theme.paper, theme.track)
    pairs += [("quiet", ground.name(), quiet_text(palette), ground) for ground in grounds]
    pairs.append(("notice", "", palette.windowText().color(), theme.warning))
    short = [(*names, a.name(), b.name()) for *names, a, b in pairs if contrast(a, b) < 4.5]
    assert short == []


def test_what_is_painted_stands_out(palette):
    theme, style = theme_for(palette), style_for(palette)
    window, base = palette.window().color(), palette.base().color()
    pairs = [
        *((colour, ground) for colour in (theme.accent, theme.muted) for ground in (window, base)),
        (theme.accent, theme.track),
        (theme.muted, theme.track),
        (theme.ink, theme.paper),
        *((c, style.ground) for c in (style.training, style.validation, style.best)),
    ]
    assert [(a.name(), b.name()) for a, b in pairs if contrast(a, b) < 3] == []


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("kind", CONTROLS)
def test_the_edge_of_a_control_can_be_seen(qtbot, palette, kind, enabled):
    style = OutlinedStyle()
    window = QWidget()
    qtbot.addWidget(window)
    control = kind()
    control.setStyle(style)
    control.setEnabled(enabled)
    QVBoxLayout(window).addWidget(control)
    window.resize(200, 60)
    picture = window.grab().toImage()
    place = control.geometry()
    if isinstance(control, QCheckBox | QRadioButton):
        option = QStyleOptionButton()
        control.initStyleOption(option)
        part = QStyle.SubElement.SE_RadioButtonIndicator
        if isinstance(control, QCheckBox):
            part = QStyle.SubElement.SE_CheckBoxIndicator
        place = style.subElementRect(part, option, control).translated(place.topLeft())
    ground = window.palette().window().color()
    ratio = picture.devicePixelRatio()
    y = round(place.center().y() * ratio)
    across = range(round((place.left() - 1) * ratio), round((place.left() + 4) * ratio))
    assert max(contrast(picture.pixelColor(x, y), ground) for x in across) >= 3
    control.setStyle(None)
