"""Files of a profile, which a disk may damage and anybody may edit."""

from __future__ import annotations

import itertools
import json
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING
from unittest import mock

from digitpad.diagnostics.log import LogFile
from digitpad.errors import DigitpadError
from digitpad.paths import Profile

from .cases import Case, Command, Reader, first_words
from .file_readers import classify_seven, common_files, in_profile, short_training
from .mutations import BOUNDARIES, json_bytes, spoil_bytes, spoil_safetensors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo
    from pathlib import Path
    from random import Random
    from typing import Self

    from .child import Outcome

DONE, SUSPENDED = "Done", "Suspended"
LIST: Command = ["train", "--list", "--json"]


def _resume(name: str) -> Command:
    return ["train", "--resume", name, "--threads", 1, "--json"]


def _profile_with_runs(bases: Path) -> None:
    """A profile with a run that is done and one that waits in the middle of its second epoch.

    Every time the same to the byte, so that a seed always spoils the same place.
    """
    from training_run_kit import stores, train

    from digitpad import cli
    from digitpad.learning import result
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.runs import store
    from digitpad.learning.runs.run import Suspended

    common_files(bases)
    profile = bases / "profile"
    training = short_training(bases, "synthetic")
    arguments = ["--profile", profile, *training, "--count", 24, "--name", DONE]
    ids = (f"{number:06x}" for number in itertools.count())
    with (
        mock.patch.object(store, "datetime", _Stopped),
        mock.patch.object(result, "datetime", _Stopped),
        mock.patch.object(secrets, "token_hex", side_effect=ids),
        mock.patch.object(time, "perf_counter", return_value=0.0),
    ):
        assert cli.run([str(argument) for argument in arguments]) == 0
        runs, models = stores(profile)
        config = json.loads(runs.list()[0].config.to_json())
        config |= {"epochs": 3, "batch_size": 4, "ema_steps": 3}
        answers = iter([False] * 8)
        *_, last = train(
            TrainingConfig.from_json(json.dumps(config)),
            *(runs, models, Profile(profile).data_dir),
            name=SUSPENDED,
            should_suspend=lambda: next(answers, True),
        )
    assert isinstance(last, Suspended)


class _Stopped(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 1, 2, 3, 4, 5, tzinfo=tz)


def _copied_profile(bases: Path, place: Path) -> Profile:
    shutil.copytree(bases / "profile", place / "profile")
    return Profile(place / "profile")


def _run_ids(profile: Profile) -> dict[str, Path]:
    """The runs' folders by the name of the run."""
    return {
        json.loads(path.read_text())["name"]: path.parent
        for path in profile.runs_dir.glob("*/run.json")
    }


def _lists(*ids: str) -> Callable[[Outcome, Command], str | None]:
    """A check that these runs are listed, or at least any where there are none."""

    def check(outcome: Outcome, command: Command) -> str | None:
        if command[-2:] != LIST[-2:] or outcome.code != 0:
            return None
        listed = [json.loads(text)["run"] for text in outcome.output.splitlines()]
        missing = sorted(set(ids) - set(listed))
        if missing or not listed:
            return f"lists {first_words(listed)} and not {first_words(missing)}"
        return None

    return check


def _sqlite_case(random: Random, bases: Path, place: Path) -> Case:
    profile = _copied_profile(bases, place)
    path = profile.runs_dir / "runs.sqlite"
    ids = [folder.name for folder in _run_ids(profile).values()]
    right = path.read_bytes()
    match random.randrange(8):
        case 0:
            change_tables(random, path)
        case 1:
            # What somebody has deleted in the database itself is not listed any more.
            ids = []
            change_rows(random, path, "runs")
        case 2:
            path.write_bytes(random.choice((b"", b"no database", bytes(4096), right[:100])))
        case 3:
            path.unlink()
        case 4:
            path.with_name(f"{path.name}-wal").write_bytes(spoil_bytes(random, right))
        case _:
            path.write_bytes(spoil_bytes(random, right))
    commands = [LIST] + [_resume(SUSPENDED)] * (random.random() < 0.2) + [LIST]
    return Case(in_profile(place, *commands), _lists(*ids))


def change_tables(random: Random, path: Path) -> None:
    """Change what tables and columns there are."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = _tables(connection)
        table = random.choice(sorted(tables))
        column = random.choice(tables[table])
        change = random.choice(
            (
                f"DROP TABLE {table}",
                f"ALTER TABLE {table} RENAME TO other",
                f"ALTER TABLE {table} RENAME COLUMN {column} TO other",
                f"ALTER TABLE {table} DROP COLUMN {column}",
                f"ALTER TABLE {table} ADD COLUMN other",
                f"PRAGMA user_version = {random.choice(BOUNDARIES) % 2**31}",
            )
        )
        try:
            connection.execute(change)
        except sqlite3.OperationalError:
            # A column that is a key cannot be dropped.
            connection.execute(f"DROP TABLE {table}")


def change_rows(random: Random, path: Path, often: str) -> None:
    """Put something strange into a column, often of this table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = _tables(connection)
        table = random.choice([often, *sorted(tables)])
        column = random.choice(tables[table])
        value = random.choice(
            (
                *("NULL", "''", "x'ff00'", "CAST(x'eda080' AS TEXT)", "'../../x'", "'/etc'"),
                *("9223372036854775807", "-1", "9e999", "-9e999", "0.5", "'nan'", "'[]'", "'{}'"),
                *("zeroblob(5000000)", "'a' || char(0) || 'b'", "printf('%.2000c', '[')"),
            )
        )
        try:
            connection.execute(f"UPDATE OR REPLACE {table} SET {column} = {value}")
        except sqlite3.IntegrityError:
            connection.execute(f"DELETE FROM {table}")


def _tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        for (name,) in names
        if not name.startswith("sqlite_")
    }


def _description_case(random: Random, bases: Path, place: Path) -> Case:
    """A run.json that makes no sense, and no database that would know better."""
    profile = _copied_profile(bases, place)
    folders = _run_ids(profile)
    spoilt = random.choice(sorted(folders))
    path = folders.pop(spoilt) / "run.json"
    path.write_bytes(json_bytes(random, json.loads(path.read_text())))
    for database in profile.runs_dir.glob("runs.sqlite*"):
        database.unlink()
    # The list is made anew where there is a database that is none.
    (profile.runs_dir / "runs.sqlite").write_bytes(b"no database")
    commands = [LIST] + [_resume(spoilt)] * (random.random() < 0.2)
    ids = [folder.name for folder in folders.values()]
    return Case(in_profile(place, *commands), _lists(*ids))


def _checkpoint_case(random: Random, bases: Path, place: Path) -> Case:
    profile = _copied_profile(bases, place)
    folders = _run_ids(profile)
    path = folders[SUSPENDED] / "checkpoint.safetensors"
    path.write_bytes(spoil_safetensors(random, path.read_bytes()))
    ids = [folder.name for folder in folders.values()]
    return Case(in_profile(place, _resume(SUSPENDED), LIST), _lists(*ids))


def _epochs_bases(bases: Path) -> None:
    """A profile with a run of three epochs, whose weights are kept."""
    from digitpad import cli

    common_files(bases)
    arguments = ["--profile", bases / "profile", *short_training(bases, "synthetic")]
    arguments += ["--count", 24, "--name", DONE, "--epochs", 3, "--epoch-weights", 10]
    assert cli.run([str(argument) for argument in arguments]) == 0


def _read_epochs(profile: Profile) -> None:
    """As the page Inside does: what cannot be read is left out, or gives a sentence."""
    from digitpad.app.inside.through.epochs import Epochs, Wanted
    from digitpad.learning.runs.store import RunStore

    epochs = Epochs(RunStore(profile.runs_dir), None)
    for run in epochs.runs():
        kept = epochs.opened(run.id)
        for epoch in kept.weights.epochs:
            try:
                epochs.state(kept, Wanted(epoch, kept.points.glyphs[0], "", 0))
            except DigitpadError as error:
                print(error)


def _epochs_case(random: Random, bases: Path, place: Path) -> Case:
    profile = _copied_profile(bases, place)
    paths = sorted(profile.runs_dir.glob("*/epochs/*"))
    path = random.choice(paths)
    path.write_bytes(spoil_safetensors(random, path.read_bytes()))
    if random.random() < 0.2:
        path.rename(path.with_name(random.choice(("epoch-99999.safetensors", "epoch-00001"))))

    def read_epochs() -> None:
        with LogFile(profile.log_path):
            _read_epochs(profile)

    return Case([read_epochs])


def _comparison_case(random: Random, bases: Path, place: Path) -> Case:
    from digitpad.learning.retraining.comparison import Comparison, Tally

    profile = _copied_profile(bases, place)
    folders = _run_ids(profile)
    right = Comparison("bundled", Tally("", 8, 5, 8), Tally("MNIST", 2000, 1990, 1989))
    spoilt = json_bytes(random, json.loads(right.to_json()))
    (folders[DONE] / "comparison.json").write_bytes(spoilt)
    return Case(in_profile(place, LIST), _lists(*(folder.name for folder in folders.values())))


def _settings_case(random: Random, bases: Path, place: Path) -> Case:
    path = Profile(place / "profile").settings_path
    path.parent.mkdir()
    right = {"version": 1, "active_model": "bundled", "pen_width": 70.0, "theme": "dark"}
    right |= {"reject_below": 0.5, "of_another_version": {"a": [1, 2]}}
    path.write_bytes(json_bytes(random, right))
    commands: list[Command] = [
        ["model", "list", "--json"],
        classify_seven(bases),
        ["model", "use", "bundled"],
        ["model", "info"],
    ]

    def check(outcome: Outcome, command: Command) -> str | None:
        # Settings may name a model that is not there, about which there is nothing to say.
        if outcome.code == 0 or command[-2:] == ["model", "info"]:
            return None
        return "damaged settings stop a command"

    return Case(in_profile(place, *random.sample(commands, 2)), check)


def _open_window(path: Path) -> None:
    """Open a window with the place that the last one had, and close it."""
    import shiboken6
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from digitpad.app.actions import AppActions
    from digitpad.app.window import MainWindow

    # The platform without a screen has no window manager to tell about sizes.
    qInstallMessageHandler(
        lambda _, __, text: None if "propagateSizeHints" in text else print(text)
    )
    application = QApplication.instance() or QApplication([])
    window = MainWindow(AppActions(), QIcon(), path)
    window.show()
    application.processEvents()
    if not window.isVisible():
        raise RuntimeError("the window cannot be seen")
    window.close()
    # As the program does in its end.
    window.save_state()
    shiboken6.delete(window)


def _window_bases(bases: Path) -> None:
    path = Profile(bases).window_path
    _open_window(path)
    if not path.exists():
        raise RuntimeError("a window that was closed has kept nothing")


def _window_case(random: Random, bases: Path, place: Path) -> Case:
    path = Profile(place).window_path
    right = Profile(bases).window_path.read_bytes()
    try:
        tree = json.loads(right)
    except ValueError:
        path.write_bytes(spoil_bytes(random, right))
    else:
        path.write_bytes(json_bytes(random, tree))

    def open_window() -> None:
        with LogFile(Profile(place).log_path):
            _open_window(path)

    # The second one opens with what the first one has left.
    return Case([open_window, open_window])


def _nothing(bases: Path) -> Command:
    return lambda: None


def _resumed(bases: Path) -> Command:
    return ["--profile", bases / "profile", *LIST]


PROFILE_READERS = {
    "sqlite": Reader(_profile_with_runs, _sqlite_case, _resumed),
    "run": Reader(_profile_with_runs, _description_case, _resumed),
    "checkpoint": Reader(_profile_with_runs, _checkpoint_case, _resumed),
    "epochs": Reader(_epochs_bases, _epochs_case, _nothing),
    "comparison": Reader(_profile_with_runs, _comparison_case, _resumed),
    "settings": Reader(common_files, _settings_case, classify_seven),
    "window": Reader(_window_bases, _window_case, _nothing),
}
