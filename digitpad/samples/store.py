"""The samples on disk: one SQLite file, in which nothing that was confirmed is ever lost."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from digitpad.errors import DigitpadError
from digitpad.samples.pictures import small
from digitpad.samples.repair import made_path, repair
from digitpad.samples.rows import classes_of, from_row, rows_of, to_row
from digitpad.samples.schema import INSERT, INSERT_SET, MIGRATIONS, SELECT, SELECT_ONE
from digitpad.storage.database import DamagedDatabaseError, Database
from digitpad.storage.notices import Notices
from digitpad.storage.problems import os_errors
from digitpad.text import Plural, writable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from digitpad.samples.sample import Sample

Result = TypeVar("Result")

_MOST = 2**63 - 1
"""The greatest number that the database takes."""


class SampleStore:
    """The user's samples. Its methods can be called from any thread, and by several processes.

    Whatever a method has returned from is on the disk. They raise a `DigitpadError` if the file
    cannot be read or written; a damaged one is put aside and made again of what can be read of it.

    Args:
        path: the file; it is made with the first sample.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, MIGRATIONS)
        self._notices = Notices(__name__)
        self._is_looked_over = False
        self._known: dict[int, tuple[tuple[Any, ...], Sample]] = {}

    def take_notice(self) -> DigitpadError | None:
        """A notice about damage that was found since the last call; None if there was none."""
        return self._notices.take()

    def list(self, *, symbols: str | None = None) -> tuple[Sample, ...]:
        """All samples, or those of one set of symbols, in the order in which they were added.

        Those that have not changed are the same objects as the last time. Samples that cannot be
        read, such as those of a newer Digitpad, are left out, with a notice.
        """
        rows = self._read(lambda connection: tuple(rows_of(connection, SELECT)))
        before, known, odd = self._known, {}, []
        for row in rows:
            number = row[0]
            entry = before.get(number)
            if entry is None or entry[0] != row:
                try:
                    entry = row, from_row(row)
                except DigitpadError:
                    odd.append(number)
                    continue
            known[number] = entry
        self._known = known
        if odd:
            self._note_odd(odd)
        samples = (sample for _, sample in known.values())
        return tuple(one for one in samples if symbols is None or one.symbols == symbols)

    def counts(self, *, symbols: str | None = None) -> dict[str, int]:
        """How many samples each label has, of all or of one set of symbols."""
        return dict(Counter(sample.label for sample in self.list(symbols=symbols)))

    def numbers(self) -> frozenset[int]:
        """The numbers of all samples, also of those that cannot be read."""
        rows = self._read(lambda connection: tuple(connection.execute("SELECT id FROM samples")))
        return frozenset(row[0] for row in rows)

    def get(self, sample_id: int) -> Sample:
        """One sample; a `DigitpadError` if it is not there (any more), or cannot be read."""
        return self._read(lambda connection: _get(connection, sample_id))

    def add(self, samples: Iterable[Sample]) -> tuple[Sample, ...]:
        """Add samples, all or none; they are returned with their numbers.

        Those that have a number already get it back: they were deleted, and this is undone. Where
        a sample with the number is there already, it stays as it is. Large pictures are cut to
        their ink and reduced.
        """
        kept = [replace(sample, drawing=small(sample.drawing)) for sample in samples]
        rows = [(sample, to_row(sample)) for sample in kept]

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            added = []
            for sample, row in rows:
                cursor = connection.execute(INSERT, row)
                is_there = not cursor.rowcount
                number = sample.id if is_there else int(cursor.lastrowid or 0)
                added.append(_get(connection, number) if is_there else replace(sample, id=number))
            return tuple(added)

        return self._write(work)

    def relabel(self, sample_id: int, label: str) -> Sample:
        """Give a sample another label; it is no longer flagged. Returns it as it is now."""
        query = "UPDATE samples SET label = ?, flagged = 0 WHERE id = ?"
        return self._change(query, writable(label), sample_id)

    def flag(self, sample_id: int, *, flagged: bool) -> Sample:
        """Flag a sample as a possible slip, or no longer. Returns it as it is now."""
        return self._change("UPDATE samples SET flagged = ? WHERE id = ?", int(flagged), sample_id)

    def edit(self, samples: Iterable[Sample]) -> tuple[Sample, ...]:
        """Give samples, by their numbers, the labels and flags that these have: all or none.

        Returns them as they are now. The first one that is not there (any more) ends it.
        """
        values = [(writable(one.label), int(one.is_flagged), one.id) for one in samples]
        query = "UPDATE samples SET label = ?, flagged = ? WHERE id = ?"

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            for value in values:
                _get(connection, value[-1])
                connection.execute(query, value)
            return tuple(_get(connection, number) for _, _, number in values)

        return self._write(work)

    def delete(self, sample_ids: Sequence[int]) -> tuple[Sample, ...]:
        """Delete samples, and return those that were there; `add` brings them back.

        One that cannot be read is deleted as well, but cannot be returned.
        """

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            return _delete(connection, [number for number in sample_ids if 0 < number <= _MOST])

        return self._write(work)

    def delete_everything(self) -> int:
        """Delete all samples and sets of symbols for good; the number of samples.

        What was put aside when it was damaged is deleted, too.
        """

        def work(connection: sqlite3.Connection) -> int:
            # Nothing of them stays in pages that are free.
            connection.execute("PRAGMA secure_delete = ON")
            # The last number stays, so that none is ever given again.
            count = connection.execute("DELETE FROM samples").rowcount
            connection.execute("DELETE FROM symbol_sets")
            return int(count)

        count = self._write(work) if self.path.exists() else 0
        with os_errors(
            "The damaged samples that are kept beside {path} could not be deleted: {reason}. Delete"
            " them yourself.",
            path=self.path,
        ):
            for aside in self.path.parent.glob(f"{self.path.name}.corrupt-*"):
                aside.unlink(missing_ok=True)
        return count

    def symbol_sets(self) -> dict[str, tuple[str, ...]]:
        """The user's own sets of symbols: the classes of each by its name, the oldest first."""
        rows = self._read(
            lambda connection: tuple(
                rows_of(connection, "SELECT name, classes FROM symbol_sets ORDER BY rowid")
            )
        )
        sets = {name: classes_of(text) for name, text in rows if isinstance(name, str)}
        whole = {name: classes for name, classes in sets.items() if classes is not None}
        if len(whole) < len(rows):
            names = sorted(set(sets) - set(whole)) or ["?"]
            self._notices.note(
                DigitpadError(
                    "Sets of symbols that cannot be read are left out: {names}. Make them again"
                    " under the same names, and they have their samples again.",
                    names=", ".join(map(repr, names)),
                ),
                [f"set {name}" for name in names],
            )
        return whole

    def set_symbols(self, name: str, classes: Sequence[str]) -> None:
        """Make a set of symbols, or give one other classes; its samples stay as they are.

        Raises:
            ValueError: it has no name, or no classes, or a class without a name or twice.
        """
        text = _as_json(name, classes)
        self._write(lambda connection: connection.execute(INSERT_SET, (writable(name), text)))

    def rename_symbols(self, name: str, new_name: str, classes: Sequence[str]) -> None:
        """Give a set of symbols another name and classes; its samples go with it.

        Raises:
            DigitpadError: there is no such set, or another one is called so.
            ValueError: as `set_symbols`.
        """
        text = _as_json(new_name, classes)

        def work(connection: sqlite3.Connection) -> None:
            taken = "SELECT 1 FROM symbol_sets WHERE name = ?"
            if new_name != name and connection.execute(taken, (writable(new_name),)).fetchone():
                raise DigitpadError(
                    "There is a set of symbols called {name!r} already: choose another name.",
                    name=new_name,
                )
            query = "UPDATE symbol_sets SET name = ?, classes = ? WHERE name = ?"
            if not connection.execute(query, (writable(new_name), text, name)).rowcount:
                raise DigitpadError(
                    "There is no set of symbols called {name!r} (any more).", name=name
                )
            connection.execute(
                "UPDATE samples SET symbols = ? WHERE symbols = ?", (writable(new_name), name)
            )

        self._write(work)

    def delete_symbols(self, name: str, *, with_samples: bool = False) -> tuple[Sample, ...]:
        """Delete a set of symbols.

        Args:
            name: of the set; nothing happens if there is none.
            with_samples: whether its samples are deleted, too. Else they stay, and are those of
                the set again if there is one of this name again.

        Returns:
            The samples that were deleted; `add` brings them back.
        """

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            connection.execute("DELETE FROM symbol_sets WHERE name = ?", (name,))
            if not with_samples:
                return ()
            query = "SELECT id FROM samples WHERE symbols = ? ORDER BY id"
            return _delete(connection, [row[0] for row in connection.execute(query, (name,))])

        return self._write(work)

    def revision(self) -> int:
        """A number that grows with every change, by whichever process; 0 without a file."""
        row = self._read(
            lambda connection: connection.execute("SELECT max(value) FROM revision").fetchone()
        )
        return row[0] if isinstance(row[0], int) else 0

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Within this context writing is quicker, for whoever writes often. Never fails."""
        with ExitStack() as stack:
            if self.path.exists():
                with suppress(DigitpadError):
                    stack.enter_context(self._database.kept_open())
            yield

    def _change(self, query: str, value: object, sample_id: int) -> Sample:
        def work(connection: sqlite3.Connection) -> Sample:
            _get(connection, sample_id)
            connection.execute(query, (value, sample_id))
            return _get(connection, sample_id)

        return self._write(work)

    def _note_odd(self, numbers: Sequence[int]) -> None:
        self._notices.note(
            DigitpadError(
                Plural(
                    "One sample cannot be read and is left out: it is damaged, or of a newer"
                    " Digitpad. Its number is {numbers}.",
                    "{count} samples cannot be read and are left out: they are damaged, or of a"
                    " newer Digitpad. Their numbers are {numbers}.",
                    len(numbers),
                ),
                count=len(numbers),
                numbers=_first(numbers),
            ),
            map(str, numbers),
        )

    def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return self._repairing(lambda: self._database.read(work))

    def _write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return self._repairing(lambda: self._database.write(work))

    def _repairing(self, work: Callable[[], Result]) -> Result:
        if not self._is_looked_over:
            self._is_looked_over = True
            # A damaged page can hide samples without any error. What cannot be repaired is told
            # by what is asked of it.
            with suppress(DigitpadError):
                if made_path(self.path).exists() or self._database.is_damaged():
                    self._repair()
        try:
            return work()
        except DamagedDatabaseError:
            self._repair()
            return work()

    def _repair(self) -> None:
        if (notice := repair(self.path, self._database.is_damaged)) is not None:
            self._notices.note(notice)


_NAMED = 10


def _as_json(name: str, classes: Sequence[str]) -> str:
    """The classes of a set as its column has them."""
    if not name or not classes or not all(classes) or len(set(classes)) < len(classes):
        raise ValueError("a set of symbols has a name, and different classes with names")
    return json.dumps([writable(one) for one in classes])


def _first(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:_NAMED]))
    return named if len(numbers) <= _NAMED else f"{named}, …"


def _get(connection: sqlite3.Connection, sample_id: int) -> Sample:
    if 0 < sample_id <= _MOST:
        for row in rows_of(connection, SELECT_ONE, (sample_id,)):
            return from_row(row)
    raise DigitpadError("There is no sample {number}.", number=sample_id)


def _delete(connection: sqlite3.Connection, numbers: Iterable[int]) -> tuple[Sample, ...]:
    deleted = []
    for number in numbers:
        with suppress(DigitpadError):
            deleted.append(_get(connection, number))
        connection.execute("DELETE FROM samples WHERE id = ?", (number,))
    return tuple(deleted)
