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
        """CREATE TRIGGER samples_insert AFTER INSERT ON samples
            BEGIN UPDATE revision SET value = value + 1; END""",
        """CREATE TRIGGER samples_update AFTER UPDATE ON samples
            BEGIN UPDATE revision SET value = value + 1; END""",
        """CREATE TRIGGER samples_delete AFTER DELETE ON samples
            BEGIN UPDATE revision SET value = value + 1; END""",
        """CREATE TRIGGER symbol_sets_insert AFTER INSERT ON symbol_sets
            BEGIN UPDATE revision SET value = value + 1; END""",
        """CREATE TRIGGER symbol_sets_update AFTER UPDATE ON symbol_sets
            BEGIN UPDATE revision SET value = value + 1; END""",
        """CREATE TRIGGER symbol_sets_delete AFTER DELETE ON symbol_sets
            BEGIN UPDATE revision SET value = value + 1; END""",
    ),
)
"""Strokes are a line of `digitpad.ink.stroke_file`, a picture is a PNG file; a sample has one of
both. The classes of a set of symbols are a JSON list."""

SELECT = """
SELECT id, label, strokes, picture, glyph, answer, confidence, rejected, model, origin, flagged,
    symbols, created
FROM samples ORDER BY id
"""

SELECT_ONE = """
SELECT id, label, strokes, picture, glyph, answer, confidence, rejected, model, origin, flagged,
    symbols, created
FROM samples WHERE id = ?
"""

INSERT = """
INSERT OR IGNORE INTO samples (id, label, strokes, picture, glyph, answer, confidence, rejected,
    model, origin, flagged, symbols, created)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
"""Adds a sample, with a new number where that is NULL; one that has the number already stays."""

INSERT_SET = """
INSERT INTO symbol_sets (name, classes) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET classes = excluded.classes
"""
