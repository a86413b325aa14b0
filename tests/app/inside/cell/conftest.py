"""Networks of every kind from the inside, and a panel that shows one cell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from inside_kit import glyph_of_chance

from digitpad.recognition.inside.inside import NONE_SILENT

if TYPE_CHECKING:
    import numpy as np
    from pytestqt.qtbot import QtBot

    from digitpad.app.inside.cell.panel import CellPanel
    from digitpad.recognition.inside.fields import Cell
    from digitpad.recognition.inside.inside import Inside


@dataclass(frozen=True, eq=False)
class Asked:
    """What a view is asked to show, without a drawing."""

    inside: Inside
    glyph: np.ndarray = field(default_factory=lambda: glyph_of_chance(1))


class Viewer:
    """A panel, and one that shows the cells that it asks for."""

    def __init__(self, panel: CellPanel, inside: Inside) -> None:
        self.panel = panel
        self.events: list[str] = []
        self.moved: list[Cell] = []
        self.look(inside)
        panel.cell_wanted.connect(self.show)
        panel.happened.connect(self.events.append)
        panel.window_moved.connect(self.moved.append)

    def look(self, inside: Inside, seed: int = 1) -> None:
        """Have another network or another glyph."""
        self.subject = Asked(inside, glyph_of_chance(seed))
        self.values = inside.exact(self.subject.glyph)

    def show(self, cell: Cell) -> None:
        """Show a cell."""
        self.panel.show_cell(self.subject, self.values, cell, NONE_SILENT)  # type: ignore[arg-type]


@pytest.fixture
def make_viewer(qtbot: QtBot, insides: dict[str, Inside]):
    """A viewer of a network, by its name."""
    from digitpad.app.inside.cell.panel import CellPanel

    def make(name: str = "surenet", size: tuple[int, int] = (300, 430)) -> Viewer:
        panel = CellPanel()
        qtbot.addWidget(panel)
        panel.resize(*size)
        with qtbot.waitExposed(panel):
            panel.show()
        return Viewer(panel, insides[name])

    return make
