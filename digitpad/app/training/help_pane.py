"""What the setting under the pointer does to training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from digitpad.app.theme import QuietLabel, theme_for
from digitpad.app.training.field_cell import small

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from digitpad.learning.fields import FieldInfo

_MARGIN = 8
_WRAP = Qt.TextFlag.TextWordWrap


class HelpPane(QWidget):
    """Shows the help of one setting at a time, in one place: the form does not move for it.

    What the pointer is over comes before what has the focus.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        self._text = QuietLabel("", self)
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(small(label.font()))
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._longest: list[str] = []
        self._hovered: FieldInfo | None = None
        self._focused: FieldInfo | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("What the setting does"))
        self._show()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def make_room(self, infos: Iterable[FieldInfo]) -> None:
        """Be as high as the longest help of these needs."""
        # Which of the longest needs the most lines depends on the width.
        helps = sorted((info.help for info in infos), key=len, reverse=True)
        self._longest = helps[:5]
        self.updateGeometry()

    @Slot(object)
    def set_hovered(self, info: FieldInfo | None) -> None:
        """The pointer is over a setting, or over none."""
        self._hovered = info
        self._show()

    @Slot(object)
    def set_focused(self, info: FieldInfo | None) -> None:
        """A setting has the focus, or none has."""
        self._focused = info
        self._show()

    def _show(self) -> None:
        info = self._hovered or self._focused
        self._title.setText(self.tr("What a setting does") if info is None else info.title)
        self._text.setText(
            self.tr("Point at a setting, or go to it with the Tab key, and it is explained here.")
            if info is None
            else info.help
        )

    def hasHeightForWidth(self) -> bool:
        """Sentences are wrapped."""
        return True

    def heightForWidth(self, width: int) -> int:
        """For a title and the longest sentence."""
        metrics = self._text.fontMetrics()
        room = QRect(0, 0, max(width, 1), 10_000)
        text = max(
            (metrics.boundingRect(room, _WRAP, help_).height() for help_ in self._longest),
            default=metrics.height(),
        )
        return _MARGIN + self._title.fontMetrics().height() + 2 + text

    def sizeHint(self) -> QSize:
        """As wide as the form is by itself."""
        return QSize(300, self.heightForWidth(300))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the form may be."""
        return QSize(200, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title, and the sentence below it."""
        # By hand: with a layout the height would be the layout's, not heightForWidth.
        line = self._title.fontMetrics().height()
        self._title.setGeometry(0, _MARGIN, self.width(), line)
        top = _MARGIN + line + 2
        self._text.setGeometry(0, top, self.width(), self.height() - top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline between the form and its help."""
        painter = QPainter(self)
        painter.setPen(QPen(theme_for(self.palette()).outline, 1))
        painter.drawLine(0, 0, self.width(), 0)
