"""PyInstaller's lists of what goes into a bundle."""

from __future__ import annotations

TocEntry = tuple[str, str, str]
"""Destination (a path in the bundle; for modules the dotted name), source on this machine, kind."""

Toc = list[TocEntry]
