"""Actions with keys, buttons for actions, and cards around lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPalette, QPen, QShortcut
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
"""Keeps the square corners of the content within the round ones, in device-independent pixels."""

Keys = QKeySequence.StandardKey | str | None
"""A standard key of the system, a key such as "Ctrl+1", or none."""


def make_action(
    parent: QObject,
    text: str,
    keys: Keys = None,
    icon: QIcon | None = None,
    *,
    otherwise: str = "",
    checkable: bool = False,
) -> QAction:
    """Make an action whose tip names its key.

    Args:
        parent: owns the action.
        text: for menus, with an ampersand before the letter that chooses it there.
        keys: its key.
        icon: for menus and buttons.
        otherwise: its key on systems without a standard key for it.
        checkable: whether it can be switched on and off.
    """
    action = QAction(icon or QIcon(), text, parent)
    action.setCheckable(checkable)
    if isinstance(keys, QKeySequence.StandardKey):
        # All standard keys of the system: some systems have two for redo.
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
    """The text of an action without ampersand and without dots at its end.

    In languages whose letters are no keys, the letter stands behind the text in brackets, as in
    "(&O)". It is removed, too.
    """
    return re.sub(r"\(&\w\)|&", "", text).rstrip("…")


class ActionButton(QPushButton):
    """A button for an action: it shows and triggers the action, and follows its changes.

    Args:
        action: the action.
        text: in place of the action's own.
    """

    def __init__(self, action: QAction, text: str = "") -> None:
        super().__init__()
        self._action, self._text = action, text
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setText(self._text or self._action.text())
        self.setIcon(self._action.icon())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())


class FlatButton(QToolButton):
    """A button without a frame. A ring shows that it has the focus.

    Args:
        icon: None if the button gets an action later.
        name: its accessible name.
        tip: if it says more than the name.
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
        """Paint the button, and a ring around it while it has the focus."""
        super().paintEvent(event)
        paint_focus_ring(smooth_painter(self), self)


def flat_button(action: QAction, side: int = 20) -> FlatButton:
    """Make a button without a frame for an action; a click on it takes the keys from nobody.

    Args:
        action: the action.
        side: of its icon, in device-independent pixels.
    """
    button = FlatButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(side, side))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(plain_text(action.text()))
    return button


def key_button(owner: QWidget, text: str, tip: str, key: str) -> QPushButton:
    """Make a button with a key, which its tip names.

    Args:
        owner: the key is its own while it is visible.
        text: of the button.
        tip: what it does.
        key: such as "Shift+F7".
    """
    button = QPushButton(text)
    sequence = QKeySequence(key)
    native = sequence.toString(QKeySequence.SequenceFormat.NativeText)
    button.setToolTip(f"{tip} ({native})")
    QShortcut(sequence, owner).activated.connect(button.click)
    return button


class Card(QWidget):
    """A frame with round corners. Its outline shows that its content has the focus."""

    def __init__(self, content: QAbstractScrollArea) -> None:
        super().__init__()
        self._content = content
        content.setFrameShape(QFrame.Shape.NoFrame)
        content.installEventFilter(self)
        fill(QVBoxLayout(self), content, margins=(_MARGIN, _MARGIN, _MARGIN, _MARGIN))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Repaint the outline when the content gets or loses the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground in the colour of lists, with a hairline around it."""
        theme = theme_for(self.palette())
        focused = self._content.hasFocus() and self.isActiveWindow()
        outline = QPen(theme.accent, 1.5) if focused else QPen(theme.outline, 1)
        ground_painter(self, outline, self.palette().color(QPalette.ColorRole.Base), _CORNER, 0.75)
