"""The samples of a profile, and files that are imported as samples."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digitpad.paths import Profile

from .cases import Case, Command, Reader
from .file_readers import common_files, in_profile
from .mutations import json_bytes, spoil_bytes, spoil_png
from .profile_readers import change_rows, change_tables

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from .child import Outcome

LIST: Command = ["samples", "list", "--json"]
COUNT = 40
NEW = "new"


def _samples(bases: Path) -> None:
    """Samples, their exports, and others to import; every time the same to the byte."""
    from sample_kit import answer, picture_sample, sample

    from digitpad.data.sample_files.exporting import FORMATS, export_samples
    from digitpad.samples.store import SampleStore

    common_files(bases)
    values = {"created": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "answer": answer()}
    some = [sample(str(number % 4), number, **values) for number in range(COUNT)]
    some += [picture_sample("1", 40 + number, **values) for number in range(3)]
    store = SampleStore(Profile(bases / "profile").samples_path)
    store.add(some)
    store.set_symbols("Runes", ["ᚠ", "?"])
    for form in FORMATS:
        named = store.list() if form == "ndjson" else [*store.list(), sample("?", 99, **values)]
        export_samples(named, bases / form, form)
    export_samples([sample(NEW, 77, **values)], bases / "new.ndjson", "ndjson")


def _database_case(random: Random, bases: Path, place: Path) -> Case:
    shutil.copytree(bases / "profile", place / "profile")
    path = Profile(place / "profile").samples_path
    right = path.read_bytes()
    match random.randrange(8):
        case 0:
            change_tables(random, path)
        case 1 | 2:
            change_rows(random, path, "samples")
        case 3:
            path.write_bytes(random.choice((b"", b"no database", bytes(4096), right[:100])))
        case 4:
            path.with_name(f"{path.name}-wal").write_bytes(spoil_bytes(random, right))
        case _:
            path.write_bytes(spoil_bytes(random, right))
    change: Command = random.choice(
        (
            ["samples", "delete", "--label", "1", "--yes"],
            ["samples", "delete", "3", "4", "--yes"],
            ["samples", "delete", "--everything", "--yes"],
            ["samples", "export", place / "out", "--format", "folders"],
            ["samples", "export", place / "out", "--format", "idx"],
            ["samples", "export", place / "out.ndjson"],
        )
    )
    add: Command = ["samples", "import", bases / "new.ndjson"]
    first = random.choice((LIST, add, change))
    was_added = False

    def check(outcome: Outcome, command: Command) -> str | None:
        nonlocal was_added
        if "import" in command:
            was_added = outcome.code == 0
        if "list" not in command:
            return None
        if outcome.code != 0:
            return "damaged samples cannot be listed"
        labels = [json.loads(text)["label"] for text in outcome.output.splitlines()]
        return "what was added is gone" if was_added and NEW not in labels else None

    return Case(in_profile(place, first, LIST, change, add, LIST), check)


def _file_case(random: Random, bases: Path, place: Path) -> Case:
    form = random.choice(("ndjson", "idx", "folders"))
    path = place / form
    if form == "ndjson":
        path.write_bytes(spoil_bytes(random, (bases / form).read_bytes()))
    else:
        shutil.copytree(bases / form, path)
        files = sorted(one for one in path.rglob("*") if one.is_file())
        named = [one for one in files if one.suffix == ".json"]
        chosen = random.sample(files, min(len(files), random.choice((1, 1, 3))))
        for spoilt in sorted({*chosen, *named}):
            right = spoilt.read_bytes()
            if spoilt.suffix == ".json":
                spoilt.write_bytes(json_bytes(random, json.loads(right)))
            elif spoilt.suffix == ".png":
                spoilt.write_bytes(spoil_png(random, right))
            else:
                spoilt.write_bytes(spoil_bytes(random, right))
    symbols = random.choice(([], ["--symbols", "Runes"]))
    add: Command = ["samples", "import", path, *symbols]
    # An export over what was spoilt replaces it, or says why it does not.
    over: Command = ["samples", "export", path, "--format", form, "--force"]

    def check(outcome: Outcome, command: Command) -> str | None:
        return "the samples cannot be listed" if "list" in command and outcome.code else None

    return Case(in_profile(place, add, LIST, over, LIST), check)


def _list(bases: Path) -> Command:
    return ["--profile", bases / "profile", "samples", "import", bases / "folders"]


SAMPLE_READERS = {
    "samples": Reader(_samples, _database_case, _list),
    "import": Reader(_samples, _file_case, _list),
}
