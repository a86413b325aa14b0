"""What the window needs to know of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QAction, QIcon
    from PySide6.QtWidgets import QMenu, QWidget

MenuName = Literal["file", "edit", "tools", "view"]
"""The menus to which a page can add actions."""


def _do_nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the window: a tab, an entry in the menu View, and a widget.

    Attributes:
        title: for both, translated, with an ampersand before its letter in the menu.
        key: shows the page, such as "Ctrl+1".
        make: makes the widget; called when the page is first shown, so that the start of the
            program does not wait for it. The widget gets the focus whenever the page is shown.
        icon: for both.
        tip: of the tab; empty for none.
        actions: of the page, in groups, for the menus that the window has.
        menus: whole menus of the page; they stand before the menu Help.
        shown: called when the page has come to the front.
        hidden: called when another page has come to the front.
    """

    title: str
    key: str
    make: Callable[[], QWidget]
    icon: QIcon | None = None
    tip: str = ""
    actions: Mapping[MenuName, Sequence[Sequence[QAction]]] = field(default_factory=dict)
    menus: Sequence[QMenu] = ()
    shown: Callable[[], object] = _do_nothing
    hidden: Callable[[], object] = _do_nothing
