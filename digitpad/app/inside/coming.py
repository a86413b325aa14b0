"""A view that is not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from digitpad.app.inside.scale import ScaleLegend
from digitpad.app.inside.subject import InsideView, Subject
from digitpad.app.widgets.layout import fill, plain_label

if TYPE_CHECKING:
    from digitpad.app.services.background import Background


class ComingView(InsideView):
    """Says what it is asked to show."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.label = plain_label(wrap=True)
        fill(QVBoxLayout(self), self.label, ScaleLegend(), None)

    def show_subject(self, subject: Subject | None) -> None:
        """See `InsideView`."""
        layers = [] if subject is None else [layer.name for layer in subject.inside.layers]
        self.label.setText(" ".join(layers))
