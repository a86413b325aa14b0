"""Actions with their keys, flat buttons for them, and cards around lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.widgets.layout import fill
from digitpad.app.widgets.theme import ground_painter, paint_focus_ring, smooth_painter, theme_for

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QMenu

_CORNER = 8.0
_MARGIN = 4
"""Just so that the square corners of the content do not touch the round ones."""

Keys = QKeySequence.StandardKey | str | None
"""A standard key of the system, a sequence like "Ctrl+1", or none."""


def make_action(
    parent: QObject,
    text: str,
    keys: Keys = None,
    icon: QIcon | None = None,
    *,
    otherwise: str = "",
    checkable: bool = False,
) -> QAction:
    """An action whose tip names its key.

    Args:
        parent: owns it.
        text: for menus, with an ampersand before the letter that chooses it there.
        keys: trigger it.
        icon: for menus and buttons.
        otherwise: its key on systems that have no standard key for it.
        checkable: whether it is on or off.
    """
    action = QAction(icon or QIcon(), text, parent)
    action.setCheckable(checkable)
    if isinstance(keys, QKeySequence.StandardKey):
        # All of a system's keys for it, as it has two for redo.
        action.setShortcuts(QKeySequence.keyBindings(keys) or [QKeySequence(otherwise)])
    elif keys is not None:
        action.setShortcut(QKeySequence(keys))
    set_tip_with_key(action, plain_text(text))
    return action


def set_tip_with_key(action: QAction, tip: str) -> None:
    """Give an action a tip that names its key."""
    shortcut = key_text(action)
    action.setToolTip(f"{tip} ({shortcut})" if shortcut else tip)


def key_text(action: QAction) -> str:
    """The key of an action as the system writes it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def plain_text(text: str) -> str:
    """The text of an action without the letter that chooses it and without dots at its end.

    Where no letter of the text can be typed, it stands behind it in brackets: "(&O)".
    """
    return re.sub(r"\(&\w\)|&", "", text).rstrip("…")


class ActionButton(QPushButton):
    """Looks and works as an action says, wherever else that stands."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setIcon(self._action.icon())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())


class FlatButton(QToolButton):
    """Has no frame of its own, but its focus is as plain to see as that of the pad.

    Args:
        icon: without one the button gets an action.
        name: for those who cannot see the icon.
        tip: where it says more than the name.
        menu: opens at a click.
    """

    def __init__(
        self, icon: QIcon | None = None, name: str = "", tip: str = "", menu: QMenu | None = None
    ) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setIcon(icon or QIcon())
        self.setAccessibleName(name)
        self.setToolTip(tip or name)
        if menu is not None:
            self.setPopupMode(self.ToolButtonPopupMode.InstantPopup)
            self.setMenu(menu)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a ring around it while it has the focus."""
        super().paintEvent(event)
        paint_focus_ring(smooth_painter(self), self)


class Card(QWidget):
    """Has round corners, and shows by its outline that its content has the focus."""

    def __init__(self, content: QAbstractScrollArea) -> None:
        super().__init__()
        self._content = content
        content.setFrameShape(QFrame.Shape.NoFrame)
        content.installEventFilter(self)
        fill(QVBoxLayout(self), content, margins=(_MARGIN, _MARGIN, _MARGIN, _MARGIN))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The outline follows the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Of the same colour as lists are, with a hairline around it."""
        theme = theme_for(self.palette())
        focused = self._content.hasFocus() and self.isActiveWindow()
        outline = QPen(theme.accent, 1.5) if focused else QPen(theme.outline, 1)
        ground_painter(self, outline, self.palette().color(QPalette.ColorRole.Base), _CORNER, 0.75)
