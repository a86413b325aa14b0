"""The tables of the samples, version by version; see `digitpad.storage.database`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digitpad.storage.database import Migration

MIGRATIONS: tuple[Migration, ...] = (
    (
        # AUTOINCREMENT: the number of a deleted sample is never given to another one.
        """CREATE TABLE samples (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            label TEXT NOT NULL,
            strokes TEXT,
            picture BLOB,
            glyph BLOB NOT NULL,
            answer TEXT,
            confidence REAL,
            rejected INTEGER,
            model TEXT,
            origin TEXT NOT NULL,
            flagged INTEGER NOT NULL,
            symbols TEXT NOT NULL,
            created TEXT NOT NULL
        )""",
        "CREATE TABLE symbol_sets (name TEXT PRIMARY KEY, classes TEXT NOT NULL)",
        "CREATE TABLE revision (value INTEGER NOT NULL)",
        "INSERT INTO revision VALUES (0)",
        *(
            f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table}"
            " BEGIN UPDATE revision SET value = value + 1; END"
            for table in ("samples", "symbol_sets")
            for event in ("INSERT", "UPDATE", "DELETE")
        ),
    ),
)
"""Strokes are a line of `digitpad.ink.stroke_file`, a picture is a PNG file; a sample has one of
both. The classes of a set of symbols are a JSON list."""
