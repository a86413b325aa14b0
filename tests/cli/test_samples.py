"""``digitpad samples``: what was drawn and labelled goes out, comes in and goes away."""

import io
import json
import sys

import pytest
from cli_files import ONE, ZERO, line, objects
from sample_kit import answer, picture_sample, sample
from training_run_kit import suspended_run

from digitpad.ink.stroke_file import read_strokes
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.store import RunStore
from digitpad.samples.store import SampleStore


@pytest.fixture
def store(profile):
    return SampleStore(profile / "samples.sqlite")


@pytest.fixture
def filled(store):
    store.add(
        [
            sample("7", 0, origin="correction", answer=answer("1", 0.9876), is_flagged=True),
            sample("7", 1, origin="confirmation", answer=answer("7", 1.0)),
            picture_sample("1"),
            sample("ᚠ", 2, symbols="Runes"),
        ]
    )
    return store


@pytest.fixture
def terminal(monkeypatch):
    """Answers the next question."""

    def answer(text):
        stream = io.StringIO(text)
        stream.isatty = lambda: True
        monkeypatch.setattr(sys, "stdin", stream)

    return answer


def test_a_new_profile_has_no_samples(digitpad_, refused, profile, tmp_path):
    assert digitpad_("samples", "list") == (0, "", "")
    assert digitpad_("samples", "list", "--json") == (0, "", "")
    refused("samples", "export", tmp_path / "x.ndjson")
    refused("samples", "delete", "1", "--yes")
    refused("samples", "delete", "--label", "7", "--yes")
    assert digitpad_("samples", "delete", "--everything", "--yes")[0] == 0
    assert not (profile / "samples.sqlite").exists()


def test_a_line_says_all_of_a_sample(digitpad_, filled):
    code, out, err = digitpad_("samples", "list")
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert [row.split()[:2] for row in rows] == [["1", "7,"], ["2", "7,"], ["3", "1,"], ["4", "ᚠ"]]
    for part in ("correction", "read as 1 (98.8 %) by bundled", "may be a slip"):
        assert part in rows[0]
    assert "picture" in rows[2]
    assert "Runes" in rows[3]


def test_samples_as_objects(digitpad_, filled):
    _, out, _ = digitpad_("samples", "list", "--json")
    first, *others = objects(out)
    assert first == {
        "id": 1,
        "label": "7",
        "symbols": "",
        "origin": "correction",
        "flagged": True,
        "created": filled.get(1).created.isoformat(),
        "kind": "strokes",
        "answer": {"text": "1", "confidence": 0.9876, "rejected": False, "model": "bundled"},
    }
    assert [(one["kind"], one["symbols"]) for one in others] == [
        ("strokes", ""),
        ("picture", ""),
        ("strokes", "Runes"),
    ]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (["--label", "7"], [1, 2]),
        (["--flagged"], [1]),
        (["--symbols", "Runes"], [4]),
        (["--symbols", ""], [1, 2, 3]),
        (["--label", "7", "--symbols", "Runes"], []),
    ],
)
def test_some_samples(digitpad_, filled, filters, numbers):
    _, out, _ = digitpad_("samples", "list", "--json", *filters)
    assert [one["id"] for one in objects(out)] == numbers


def test_samples_go_from_one_profile_to_another(digitpad_, filled, tmp_path):
    for target, form, count in (("a.ndjson", None, 2), ("b", "idx", 3), ("c", "folders", 3)):
        path = tmp_path / target
        options = [] if form is None else ["--format", form]
        code, out, err = digitpad_("samples", "export", path, *options)
        assert code == 0
        assert str(count) in out
        assert "--symbols" in err
        assert ("picture" in err) == (form is None)
        other = tmp_path / f"other-{target}"
        assert digitpad_("samples", "import", path, "--profile", other)[0] == 0
        _, out, _ = digitpad_("samples", "list", "--json", "--profile", other)
        assert [(one["id"], one["origin"]) for one in objects(out)] == [
            (number + 1, "imported") for number in range(count)
        ]


def test_own_symbols_go_with_their_set(digitpad_, filled, tmp_path):
    path = tmp_path / "runes.ndjson"
    code, _, err = digitpad_("samples", "export", path, "--symbols", "Runes")
    assert (code, err) == (0, "")
    assert json.loads(path.read_text())["word"] == "ᚠ"
    other = tmp_path / "other"
    assert digitpad_("samples", "import", path, "--symbols", "R", "--profile", other)[0] == 0
    assert SampleStore(other / "samples.sqlite").symbol_sets() == {"R": ("ᚠ",)}


def test_slips_are_found_in_what_is_imported_and_go_with_their_strokes(digitpad_, store, tmp_path):
    path = tmp_path / "mine.ndjson"
    path.write_text(line(ZERO, word="4") + line(ONE, word="1"), encoding="utf-8")
    code, out, err = digitpad_("samples", "import", path)
    assert code == 0
    assert "2 samples" in out
    assert "may be a slip" in err
    assert [(one.label, one.is_flagged) for one in store.list()] == [("4", True), ("1", False)]
    again = tmp_path / "again.ndjson"
    assert digitpad_("samples", "export", again)[0] == 0
    assert [one.is_flagged for one in read_strokes(again)] == [True, False]
    # Of one's own symbols nobody says what contradicts them, but a flag stays.
    other = tmp_path / "other"
    assert digitpad_("samples", "import", again, "--symbols", "R", "--profile", other)[0] == 0
    found = SampleStore(other / "samples.sqlite").list()
    assert [one.is_flagged for one in found] == [True, False]


def test_several_files_are_imported_and_none_twice(digitpad_, store, strokes, tmp_path):
    code, out, err = digitpad_("samples", "import", strokes, strokes)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["3", "0"]
    assert store.counts() == {"1": 1, "7": 1, "0": 1}
    (tmp_path / "bad.ndjson").write_text(strokes.read_text() + "{}\n")
    code, out, err = digitpad_("samples", "import", tmp_path / "bad.ndjson")
    assert code == 0
    assert "line 4" in err
    assert err.count("\n") == 1


def test_what_cannot_be_imported_or_exported(refused, digitpad_, filled, picture, tmp_path):
    refused("samples", "import", "nothing.ndjson")
    refused("samples", "import", "")
    refused("samples", "import", picture)
    refused("samples", "import", tmp_path / "empty")
    refused("samples", "export", "")
    refused("samples", "export", tmp_path / "x.png")
    refused("samples", "export", tmp_path / "x")
    refused("samples", "export", tmp_path / "x.ndjson", "--label", "q")
    refused("samples", "export", tmp_path / "x.ndjson", "--label", "1")
    refused("samples", "export", picture, "--format", "folders")
    refused("samples", "export", picture / "x", "--format", "folders")
    refused("samples", "export", picture, "--format", "ndjson")
    refused("samples", "export", tmp_path / "x", "--format", "pickle")
    before = picture.read_bytes()
    assert digitpad_("samples", "export", picture, "--format", "ndjson", "--force")[0] == 0
    assert picture.read_bytes() != before


def test_samples_are_deleted_by_number_and_by_label(digitpad_, refused, filled):
    for words in (
        [],
        ["1", "--everything"],
        ["1", "--label", "7"],
        ["--everything", "--flagged"],
        ["9"],
        ["x"],
        ["²"],
        ["9" * 30],
        ["1", "9"],
        ["--label", "q"],
    ):
        refused("samples", "delete", *words, "--yes")
    assert len(filled.list()) == 4
    code, out, _ = digitpad_("samples", "delete", "1", "01", "4", "--yes")
    assert (code, out.split()[0]) == (0, "2")
    assert [one.id for one in filled.list()] == [2, 3]
    digitpad_("samples", "delete", "--label", "7", "--yes")
    assert [one.id for one in filled.list()] == [3]


def test_nothing_is_deleted_before_somebody_has_agreed(digitpad_, refused, filled, terminal):
    refused("samples", "delete", "--everything")
    for text in ("n\n", "\n", "", "maybe\n"):
        terminal(text)
        code, out, err = digitpad_("samples", "delete", "1")
        assert (code, out) == (2, "")
        assert "Go on?" in err
    assert len(filled.list()) == 4
    terminal("Yes\n")
    assert digitpad_("samples", "delete", "1")[0] == 0
    assert len(filled.list()) == 3
    filled.set_symbols("Runes", ["ᚠ"])
    terminal("y\n")
    assert digitpad_("samples", "delete", "--everything")[0] == 0
    assert filled.list() == ()
    assert filled.symbol_sets() == {}


def test_everything_is_deleted_in_suspended_trainings_too(digitpad_, filled, profile):
    runs = RunStore(profile / "runs")
    run = suspended_run(runs, TrainingConfig(samples_share=0.2))
    SampleStore(runs.samples_path(run.id)).add(filled.list())
    assert digitpad_("samples", "delete", "--everything", "--yes")[0] == 0
    assert not runs.samples_path(run.id).exists()
    assert runs.get(run.id) == run


def test_a_damaged_file_is_told_and_the_command_goes_on(digitpad_, filled, profile):
    (profile / "samples.sqlite").write_bytes(b"no database" * 999)
    code, out, err = digitpad_("samples", "list")
    assert (code, out) == (0, "")
    assert "samples.sqlite.corrupt-1" in err
    assert err.count("\n") == 1
    assert digitpad_("samples", "list") == (0, "", "")


def test_a_sample_of_a_newer_version_can_be_deleted(digitpad_, filled, profile):
    import sqlite3

    with sqlite3.connect(profile / "samples.sqlite") as connection:
        connection.execute("UPDATE samples SET origin = 'telepathy' WHERE id = 2")
    connection.close()
    code, out, err = digitpad_("samples", "list")
    assert (code, len(out.splitlines()), err.count("\n")) == (0, 3, 1)
    code, out, err = digitpad_("samples", "delete", "2", "--yes")
    assert (code, out.split()[0], err) == (0, "One", "")
    assert digitpad_("samples", "list")[2] == ""


def test_deleting_everything_deletes_what_was_taught(digitpad_, filled, profile, tiny):
    adapted = profile / "adapted" / "bundled.safetensors"
    adapted.parent.mkdir()
    adapted.write_bytes(tiny.read_bytes())
    digitpad_("model", "import", tiny, "--name", "trained")
    assert digitpad_("samples", "delete", "--everything", "--yes")[0] == 0
    assert not adapted.exists()
    assert (profile / "models" / "trained.safetensors").exists()
    assert filled.list() == ()
