"""Actions with their keys, flat buttons, and what stands in rows and columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtGui import QAction, QIcon, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QBoxLayout, QLayout, QToolButton, QWidget

from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QMenu

BoxLayout = TypeVar("BoxLayout", bound=QBoxLayout)

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
    plain = plain_text(text)
    shortcut = key_text(action)
    action.setToolTip(f"{plain} ({shortcut})" if shortcut else plain)
    return action


def arrange(
    layout: BoxLayout,
    *items: QWidget | QLayout,
    spacing: int,
    stretch: QWidget | QLayout | None = None,
) -> BoxLayout:
    """Put items into a layout without margins, one after the other.

    Args:
        layout: a row or a column, returned.
        items: widgets and layouts.
        spacing: between them, in device-independent pixels.
        stretch: the one of them that takes the room that is left.
    """
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        share = 1 if item is stretch else 0
        if isinstance(item, QLayout):
            layout.addLayout(item, share)
        else:
            layout.addWidget(item, share)
    return layout


def key_text(action: QAction) -> str:
    """The key of an action as the system writes it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def plain_text(text: str) -> str:
    """The text of an action without the letter that chooses it and without dots at its end.

    Where no letter of the text can be typed, it stands behind it in brackets: "(&O)".
    """
    return re.sub(r"\(&\w\)|&", "", text).rstrip("…")


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
        if self.hasFocus() and self.isActiveWindow():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme_for(self.palette()).accent, 1.5))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 4, 4)
