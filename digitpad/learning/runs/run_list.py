"""The list of all runs: a database that is repaired from the runs' folders if it is damaged."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from digitpad.errors import DigitpadError
from digitpad.learning.runs.repair import adopt, find_runs, repair, same_but_for_id
from digitpad.learning.runs.run import is_run_id
from digitpad.learning.runs.schema import MIGRATIONS, RUNS_QUERY, is_listed, run_of
from digitpad.storage.database import DamagedDatabaseError, Database
from digitpad.storage.notices import Notices

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from digitpad.learning.runs.folders import RunFolders
    from digitpad.learning.runs.run import Run

Result = TypeVar("Result")
_DATABASE = "runs.sqlite"


class _Survey(NamedTuple):
    """The runs in the list and in the folders.

    Attributes:
        runs: runs in the list.
        found: runs that have folders, but are not in the list.
        odd: names of runs, or of folders, that cannot be read.
        is_damaged: whether the list has rows that cannot be read although their folders can.
    """

    runs: tuple[Run, ...]
    found: tuple[Run, ...]
    odd: frozenset[str]
    is_damaged: bool


class RunList:
    """The list of all runs in a folder.

    Reading and writing repair a damaged list. Other errors are those of `Database`.

    Args:
        folders: of the runs. The list is a file beside them.
    """

    def __init__(self, folders: RunFolders) -> None:
        self._folders = folders
        self._database = Database(folders.root / _DATABASE, MIGRATIONS)
        self._notices = Notices(__name__)
        self._is_looked_over = False

    def take_notice(self) -> DigitpadError | None:
        """A notice about damage that was found since the last call; None if there was none."""
        return self._notices.take()

    def note(self, notice: DigitpadError, about: Iterable[str] = ()) -> None:
        """Keep a notice for `take_notice`; see `Notices.note`."""
        self._notices.note(notice, about)

    def all(self) -> list[Run]:
        """All runs that can be read, in the list or in folders. Others get a notice."""
        self._look_over_once()
        survey = self._survey()
        if survey.found and self._heal(survey):
            survey = self._survey()
        if survey.odd:
            self.note(
                DigitpadError(
                    "Training runs that cannot be read are left out of the list: {names}. They may"
                    " be those of a newer Digitpad, or their files are damaged.",
                    names=", ".join(map(repr, sorted(survey.odd))),
                ),
                survey.odd,
            )
        return [*survey.runs, *map(self._folders.as_it_lies, survey.found)]

    def repair_if_damaged(self) -> None:
        """Check every page of the list, and repair it if it is damaged."""
        if self._database.is_damaged():
            self._repair()

    def one(self, condition: str, value: str) -> Run | None:
        """The first run in the list that meets an SQL condition on `value`; None if there is none.

        Raises:
            DigitpadError: its row cannot be read.
        """
        query = f"{RUNS_QUERY} WHERE {condition}"
        row = self.read(lambda c: c.execute(query, (value,)).fetchone())
        return None if row is None else self._folders.as_it_lies(run_of(row))

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run a function that reads; see `Database.read`."""
        return self._repairing(lambda: self._database.read(work))

    def write(
        self, work: Callable[[sqlite3.Connection], Result], *, durable: bool = True
    ) -> Result:
        """Run a function that writes, all or nothing; see `Database.write`."""
        return self._repairing(lambda: self._database.write(work, durable=durable))

    def unlist(self, run_id: str) -> None:
        """Remove a run from the list."""
        self.write(lambda c: c.execute("DELETE FROM runs WHERE id = ?", (run_id,)))

    def kept_open(self) -> AbstractContextManager[None]:
        """See `Database.kept_open`."""
        return self._database.kept_open()

    def _repairing(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        except DamagedDatabaseError:
            self._repair()
            return work()

    def _repair(self) -> None:
        notice = repair(self._folders, self._database, self._is_damaged)
        if notice is not None:
            self.note(notice)

    def _survey(self, *, repairs: bool = True) -> _Survey:
        read = self.read if repairs else self._database.read
        try:
            rows = read(lambda c: c.execute(RUNS_QUERY).fetchall())
        except DamagedDatabaseError as error:
            # Runs with folders are shown even if the list can be neither read nor repaired.
            found = find_runs(self._folders, ())
            if not repairs or not found.runs:
                raise
            self.note(error)
            return _Survey((), found.runs, frozenset(found.odd), is_damaged=False)
        runs, odd, names = [], set(), set()
        for row in rows:
            if is_run_id(row[0]) and self._folders.is_deleted(row[0]):
                continue
            try:
                runs.append(self._folders.as_it_lies(run_of(row)))
            except DigitpadError:
                # A configuration of a newer version may have settings that this one does not know.
                odd.add(row[0])
                names.add(str(row[1]))
        found = find_runs(self._folders, {run.id for run in runs})
        ids = {run.id for run in found.runs}
        return _Survey(
            tuple(runs),
            found.runs,
            frozenset(names | (set(found.odd) - odd)),
            is_damaged=bool(ids)
            and (
                any(one in ids or not is_run_id(one) for one in odd)
                or any(same_but_for_id(run, found.runs, self._folders) for run in runs)
            ),
        )

    def _heal(self, survey: _Survey) -> bool:
        """Add runs that have folders to the list, or repair it; whether that succeeded."""
        try:
            if survey.is_damaged or self._database.is_damaged():
                self._repair()
            elif (notice := adopt(self._folders, self._database, survey.found)) is not None:
                self.note(notice)
        except DigitpadError as error:
            self.note(error)
            return False
        return True

    def _is_damaged(self) -> bool:
        if self._database.is_damaged():
            return True
        try:
            return self._survey(repairs=False).is_damaged
        except DamagedDatabaseError:
            return True

    def _look_over_once(self) -> None:
        if self._is_looked_over:
            return
        self._is_looked_over = True
        with suppress(DigitpadError):
            self.repair_if_damaged()
        for run_id in self._folders.left_over():
            with suppress(DigitpadError):
                if self._folders.is_deleted(run_id):
                    self.unlist(run_id)
                elif self._is_listed(run_id):
                    continue
                self._folders.remove(run_id)

    def _is_listed(self, run_id: str) -> bool:
        return self.read(lambda c: is_listed(c, run_id))
