"""The setting of the user's own samples, which depends on how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from digitpad.app.i18n import translated
from digitpad.app.train.form.editors import NumberEdit
from digitpad.app.train.form.fields import FieldEditor
from digitpad.app.widgets.numbers import whole
from digitpad.errors import DigitpadError
from digitpad.fields import check
from digitpad.learning.configuration.fields import FIELDS
from digitpad.learning.retraining.own_samples import ALWAYS_LEARNT
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget

_NAME = "samples_share"


class SamplesPicker(QObject):
    """The share of the user's samples; it can be changed only where there are any.

    Attributes:
        fields: by name; the form places them.
    """

    def __init__(self, warning_icon: QIcon, parent: QWidget) -> None:
        super().__init__(parent)
        self._counts: Mapping[str, int] = {}
        info = FIELDS[_NAME]
        editor = NumberEdit(*(info.limits or (0, 1)), whole=info.whole)
        self._field = FieldEditor(info, editor, warning_icon, parent, self._check)
        self.fields = {_NAME: self._field}

    @property
    def has_any(self) -> bool:
        """Whether there are any samples."""
        return bool(self._counts)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """See `ConfigForm.set_samples`."""
        self._counts = counts
        # What is wrong without samples is right with them.
        self._field.describe(FIELDS[_NAME])

    def follow(self, *, locked: bool) -> None:
        """Let the user change the share unless there is nothing to share, or the form is locked."""
        # A share that cannot be had must be possible to take back.
        is_possible = bool(self._counts) or bool(self._field.problem)
        self._field.editor.setEnabled(is_possible and not locked)
        self._field.set_note(self._note())

    def _note(self) -> str:
        if not self._counts:
            return self.tr(
                "You have no samples yet. Whatever you correct or confirm on the pad is one."
            )
        count = sum(self._counts.values())
        said = Sentence(
            Plural("You have {count} sample.", "You have {count} samples.", count),
            count=whole(count),
        )
        if max(self._counts.values()) > ALWAYS_LEARNT:
            return translated(said)
        return self.tr(
            "{samples} All are learned from: from the fourth of a digit on, some are held out to"
            " show how well your hand is read."
        ).format(samples=translated(said))

    def _check(self, value: float) -> None:
        check(FIELDS[_NAME], value)
        if value and not self._counts:
            raise DigitpadError(
                "You have no samples to learn from yet: set the share to 0, or correct or confirm"
                " what the pad reads."
            )
