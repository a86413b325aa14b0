"""What the card's pictures share: paper of their own, so that they read on light and dark pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STYLE = """\
text { font-family: sans-serif; font-size: 12px; fill: #333333 }
.title { font-size: 15px; font-weight: bold }
.count { font-size: 9px; fill: #555555 }
.grid { stroke: #dddddd; stroke-width: 1 }
.frame { stroke: #777777; stroke-width: 1; fill: none }"""


def page(title: str, width: int, height: int, style: str, parts: Iterable[str]) -> str:
    """An SVG file.

    Args:
        title: what it shows, for those who do not see it.
        width: in pixels.
        height: likewise.
        style: CSS of what this picture alone has.
        parts: its elements, as SVG.
    """
    begin = (
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" role="img">'
        ),
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}\n{style}</style>",
        f'<rect width="{width}" height="{height}" rx="8" style="fill: #ffffff"/>',
    )
    return "\n".join([*begin, *parts, "</svg>", ""])
