"""A composed drawing with its true borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from digitpad.ink.drawing import Drawing, Stroke

Joint = Literal["apart", "touching", "overlapping", "joined"]
"""How two neighbours stand: apart; their ink touches; their boxes overlap in x; in one stroke."""

Kind = Literal["number", "symbol", "groups", "lines", "digit", "other", "begun"]
"""What a composed drawing is: a number; one with another symbol among or beside its digits; two
groups with a wide gap; two lines; a single digit; another symbol alone; a number that is not
finished."""


class Span(NamedTuple):
    """Points of one stroke that belong to a part.

    Attributes:
        stroke: index into the drawing's strokes.
        first: index of the first point.
        last: index of the last one, at least `first`.
    """

    stroke: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TruePart:
    """One symbol of a composed drawing.

    Attributes:
        text: its digit; None for what is none.
        spans: its points, in the order of writing. The points of a ligature belong to neither of
            the two digits that it joins: whoever cuts the stroke within it is right.
        before: the text between it and the part before: "", " " (a wide gap) or a newline.
    """

    text: str | None
    spans: tuple[Span, ...]
    before: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ComposedNumber:
    """A composed drawing and what is known of it.

    Attributes:
        drawing: strokes in pad units.
        parts: in reading order.
        writer: whose digits they are.
        joints: how each part stands to the next one, one fewer than the parts; between groups and
            lines "apart".
        delayed: strokes that were moved to the end of the order of writing.
        reaching: whether a bar or flag was drawn out over the next digit.
        kind: what it is.
    """

    drawing: Drawing
    parts: tuple[TruePart, ...]
    writer: str
    joints: tuple[Joint, ...] = ()
    delayed: int = 0
    reaching: bool = False
    kind: Kind = "number"

    @property
    def text(self) -> str | None:
        """The true text, such as "555 1234"; None if a part is no digit."""
        if any(part.text is None for part in self.parts):
            return None
        return "".join(part.before + (part.text or "") for part in self.parts)

    def true_drawing(self, index: int) -> Drawing:
        """The ink of one part alone."""
        strokes = self.drawing.strokes
        return Drawing(
            tuple(
                Stroke(
                    strokes[at].points[first : last + 1],
                    strokes[at].pressures[first : last + 1],
                    strokes[at].width,
                )
                for at, first, last in self.parts[index].spans
            )
        )
