import argparse
import csv
import io
import json
import re
import struct

import numpy as np
import pytest
from cli_files import DIGITS, ONE, SEVEN, ZERO, beside, line, write_model
from handwriting import drawn
from handwriting import row as row_of
from paper_scenes import scene
from PIL import Image

from digitpad.commands import evaluate
from digitpad.commands.console import Console
from digitpad.commands.context import Context
from digitpad.paths import Profile


def test_strokes(digitpad_, strokes):
    strokes.write_text(
        line(ONE, word="1") + line(SEVEN, word="9") + line(ZERO, word="00") + line(ONE, word="l")
    )
    code, out, err = digitpad_("evaluate", strokes, "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    data = json.loads(out)
    assert data["count"] == 3
    assert data["accuracy"] == pytest.approx(1 / 3)
    assert data["confusion"]["9"]["7"] == data["confusion"]["1"]["1"] == 1
    assert data["per_class"]["9"]["recall"] == 0.0
    assert data["others"]["count"] == data["others"]["accepted"] == 1
    assert data["others"]["auroc"] is not None
    assert 0 < data["threshold"] < 1


@pytest.fixture
def numbers(tmp_path):
    """Numbers that are right, one that is not, a digit, and what is none of all."""
    path = tmp_path / "numbers.ndjson"
    groups = beside(ONE, ZERO) + beside(SEVEN, ONE, down=300)
    path.write_text(
        line(beside(ONE, ZERO, SEVEN), word="107", key_id="first")
        + line(groups, word="10 71")
        + line(beside(SEVEN, ONE), word="77")
        + line(SEVEN, word="7")
        + line(beside(ONE, ONE), word="double l")
    )
    return path


def test_numbers(digitpad_, numbers):
    code, out, err = digitpad_("evaluate", numbers, "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert list(data) == [
        "count",
        "accuracy",
        "nll",
        "ece",
        "rejected",
        "per_class",
        "confusion",
        "others",
        "divided",
        "numbers",
        "threshold",
        "left_out",
    ]
    assert (data["count"], data["accuracy"], data["rejected"], data["divided"]) == (4, 0.75, 0, 0)
    assert data["others"]["count"] == data["others"]["accepted"] == 1
    assert data["per_class"]["7"]["count"] == data["per_class"]["7"]["recall"] == 1
    assert sum(metrics["count"] for metrics in data["per_class"].values()) == 1
    numbers = data["numbers"]
    assert 0.3 < numbers.pop("ece") < 0.4
    assert numbers == {
        "count": 3,
        "exact": pytest.approx(2 / 3),
        "digits_right": pytest.approx(8 / 9),
        "rejected": 0.0,
        "split": 0,
        "merged": 0,
        "misread": 1,
    }


def test_a_folder_of_pictures_of_a_number(digitpad_, tmp_path):
    picture, label = scene("two", 1)
    (tmp_path / "set" / label).mkdir(parents=True)
    Image.fromarray(picture.pixels[..., :3]).save(tmp_path / "set" / label / "a.png")
    for option, exact in (((), 1.0), (("--as-one",), 0.0)):
        code, out, err = digitpad_("evaluate", tmp_path / "set", "--json", *option)
        data = json.loads(out)
        assert (code, err) == (0, "")
        assert (data["count"], data["numbers"]["count"]) == (1, 1)
        # A picture with more digits than were read is rejected.
        assert (data["numbers"]["exact"], data["rejected"]) == (exact, 1.0 - exact)


def test_labels_have_signs_where_these_are_read(digitpad_, tmp_path):
    path = tmp_path / "signs.ndjson"
    drawings = {"-3.14": row_of("-", "3", ".", "1", "4"), "10:30": row_of("1", "0", ":", "3", "0")}
    path.write_text(
        "".join(
            line([stroke.points.T.tolist() for stroke in drawn(*symbols).strokes], word=word)
            for word, symbols in drawings.items()
        )
        + line(ONE, word="-")
    )
    _, out, _ = digitpad_("evaluate", path, "--signs", "--json")
    data = json.loads(out)
    assert (data["count"], data["accuracy"], data["others"]["count"]) == (2, 1.0, 1)
    assert data["numbers"]["digits_right"] == 1.0
    _, out, _ = digitpad_("evaluate", path, "--json")
    assert (json.loads(out)["count"], json.loads(out)["others"]["count"]) == (0, 3)


def test_numbers_as_one_symbol_are_wrong(digitpad_, numbers):
    code, out, _ = digitpad_("evaluate", numbers, "--json", "--as-one")
    data = json.loads(out)
    assert (code, data["accuracy"], data["rejected"], data["divided"]) == (0, 0.25, 0.75, 0)
    assert data["others"]["accepted"] == 0.0
    assert data["numbers"]["exact"] == 0.0
    assert (data["numbers"]["merged"], data["numbers"]["rejected"]) == (3, 1.0)


def test_a_report_of_numbers_for_people(digitpad_, strokes, numbers):
    _, out, _ = digitpad_("evaluate", numbers)
    rows = [row.split() for row in out.splitlines()]
    for row in (
        ["numbers", "3"],
        ["wholly", "right", "66.67", "%"],
        ["digits", "right", "88.89", "%"],
        ["wrong", "in", "other", "ways", "1"],
    ):
        assert row in rows
    assert "wholly right" not in digitpad_("evaluate", strokes)[1]


def test_a_digit_that_was_divided_is_told(digitpad_, strokes):
    strokes.write_text(line(beside(ONE, ONE), word="1") + line(ONE, word="1"))
    _, out, _ = digitpad_("evaluate", strokes, "--json")
    data = json.loads(out)
    assert (data["count"], data["accuracy"], data["divided"]) == (2, 0.5, 1)
    assert (data["per_class"]["1"]["count"], data["per_class"]["1"]["recall"]) == (2, 0.5)
    assert data["confusion"]["1"]["1"] == sum(data["confusion"]["1"].values()) == 1
    assert data["nll"] > 1
    _, out, _ = digitpad_("evaluate", strokes)
    assert ["digits", "read", "as", "several", "1"] in [row.split() for row in out.splitlines()]


def test_a_threshold_of_the_user_rejects_numbers_and_changes_nothing_else(digitpad_, numbers):
    before = json.loads(digitpad_("evaluate", numbers, "--json")[1])
    after = json.loads(digitpad_("evaluate", numbers, "--json", "--reject-below", "1")[1])
    assert after["rejected"] == after["numbers"].pop("rejected") == 1.0
    assert after["others"]["accepted"] == 0.0
    del before["numbers"]["rejected"]
    for key in ("count", "accuracy", "nll", "ece", "confusion", "divided", "numbers"):
        assert after[key] == before[key]


def test_words_count_for_a_model_of_letters(digitpad_, tmp_path, numbers):
    model = write_model(tmp_path / "letters.safetensors", classes=("a", "b", "long"))
    words = ("ab", "longa", "a long", "lo", "a", "ab ")
    numbers.write_text("".join(line(beside(ONE, ZERO), word=word) for word in words))
    _, out, _ = digitpad_("evaluate", numbers, "--model", model, "--json")
    data = json.loads(out)
    assert (data["count"], data["numbers"]["count"], data["others"]["count"]) == (4, 3, 2)
    _, out, _ = digitpad_("evaluate", numbers, "--model", model)
    assert ["words", "3"] in [row.split() for row in out.splitlines()]


def test_glyphs_are_never_divided(digitpad_, tmp_path):
    glyph = np.zeros((28, 28), dtype=np.uint8)
    glyph[4:24, 6:9] = glyph[4:24, 20:23] = 255
    row = ",".join(("11", *map(str, glyph.ravel().tolist())))
    (tmp_path / "two.csv").write_text(row)
    for option in ((), ("--as-one",)):
        _, out, _ = digitpad_("evaluate", tmp_path / "two.csv", "--json", *option)
        data = json.loads(out)
        assert (data["numbers"]["count"], data["numbers"]["merged"], data["divided"]) == (1, 1, 0)


def test_the_threshold_that_is_named_is_used_and_told(digitpad_, strokes):
    strokes.write_text(line(ONE, word="1") + line(SEVEN, word="l"))
    _, out, _ = digitpad_("evaluate", strokes, "--json", "--reject-below", "1")
    data = json.loads(out)
    assert (data["threshold"], data["rejected"], data["others"]["accepted"]) == (1.0, 1.0, 0.0)
    _, out, _ = digitpad_("evaluate", strokes, "--reject-below", "0.25")
    rows = [row.split() for row in out.splitlines()]
    assert ["threshold", "of", "the", "best", "two", "25.00", "%"] in rows
    assert ["taken", "for", "a", "digit", "100.00", "%"] in rows
    by_class = rows[[row[:1] for row in rows].index(["class"]) + 1 :][:10]
    assert [row[-1] for row in by_class] == ["1" if name == "7" else "0" for name in DIGITS]


def test_a_report_for_people(digitpad_, strokes):
    code, out, _ = digitpad_("evaluate", strokes)
    rows = out.splitlines()
    assert code == 0
    assert rows[0] == f"bundled on {strokes} (strokes)"
    assert "accuracy                    100.00 %" in rows
    matrix = rows[rows.index(next(row for row in rows if row.startswith("confusion"))) + 1 :]
    assert len(matrix) == 11
    assert len({len(row) for row in matrix}) == 1


def test_a_report_with_nothing_to_say(digitpad_, strokes):
    strokes.write_text(line(ONE, word="l"))
    code, out, _ = digitpad_("evaluate", strokes)
    assert code == 0
    assert "other drawings" in out
    assert "confusion" not in out
    assert "nan" not in out


def test_a_report_with_many_classes(digitpad_, tmp_path, strokes):
    classes = tuple(f"class {i}" for i in range(60))
    model = write_model(tmp_path / "many.safetensors", classes=classes)
    strokes.write_text("".join(line(ONE, word=name) for name in classes))
    code, out, _ = digitpad_("evaluate", strokes, "--model", model)
    assert code == 0
    assert "most frequent mistakes" in out
    assert max(map(len, out.splitlines()[1:])) < 100


def test_folders_of_pictures(digitpad_, tmp_path, picture):
    for name in ("1", "7"):
        (tmp_path / "set" / name).mkdir(parents=True)
        (tmp_path / "set" / name / "a.png").write_bytes(picture.read_bytes())
    _, out, _ = digitpad_("evaluate", tmp_path / "set", "--json")
    data = json.loads(out)
    assert (data["count"], data["accuracy"]) == (2, 0.5)


def test_mnist_files(digitpad_, tmp_path):
    glyph = np.zeros((28, 28), dtype=np.uint8)
    glyph[4:24, 13:16] = 255
    images = struct.pack(">4i", 2051, 2, 28, 28) + 2 * glyph.tobytes()
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(images)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">2i2b", 2049, 2, 1, 7))
    code, out, _ = digitpad_("evaluate", tmp_path, "--json", "--split", "test")
    data = json.loads(out)
    assert (code, data["count"], data["accuracy"]) == (0, 2, 0.5)


def test_a_model_of_other_classes_finds_only_others(digitpad_, tmp_path, strokes):
    model = write_model(tmp_path / "letters.safetensors", classes=("a", "b"))
    _, out, _ = digitpad_("evaluate", strokes, "--model", model, "--json")
    data = json.loads(out)
    assert (data["count"], data["accuracy"], data["others"]["count"]) == (0, None, 3)


def test_a_damaged_line_is_left_out_and_named(digitpad_, strokes):
    with strokes.open("a") as file:
        file.write("{\n" + line(ONE, word="\ud800"))
    code, out, err = digitpad_("evaluate", strokes, "--json")
    data = json.loads(out)
    assert (code, data["count"], data["accuracy"]) == (0, 3, 1.0)
    assert data["left_out"]["count"] == len(data["left_out"]["first"]) == 2
    assert err.count("\n") == 1
    assert "line 4, line 5" in err


def test_most_of_it_damaged(refused, strokes):
    strokes.write_text(line(ONE, word="1") + "{\n" * 2)
    assert "More than half" in refused("evaluate", strokes)
    strokes.write_text("{\n" * 2)
    assert "Line 1" in refused("evaluate", strokes, "--json")


def folders(root, picture, *names):
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / "a.png").write_bytes(picture.read_bytes())
    return root


def test_a_damaged_picture_is_left_out_and_named(digitpad_, tmp_path, picture):
    root = folders(tmp_path / "set", picture, "1", "7")
    (root / "1" / "b.png").write_bytes(b"")
    (root / "7" / "notes.txt").write_text("text")
    (root / "7" / "Thumbs.db").write_text("clutter")
    code, out, err = digitpad_("evaluate", root, "--json")
    data = json.loads(out)
    assert (code, data["count"], data["left_out"]["count"]) == (0, 2, 2)
    assert "1/b.png, 7/notes.txt" in err


@pytest.mark.parametrize("names", [("01", "07"), ("one", "Seven"), ("digit_1", "7 ")])
def test_folders_that_mean_classes(digitpad_, tmp_path, picture, names):
    root = folders(tmp_path / "set", picture, *names)
    code, out, err = digitpad_("evaluate", root, "--json")
    data = json.loads(out)
    assert (code, data["count"], data["accuracy"], data["others"]["count"]) == (0, 2, 0.5, 0)
    assert "taken for the classes 1, 7" in err


@pytest.mark.parametrize("names", [("one", "cat"), ("1 ", "01"), ("00", "01", "x")])
def test_folders_that_mean_none_are_named(digitpad_, tmp_path, picture, names):
    root = folders(tmp_path / "set", picture, *names)
    code, _, err = digitpad_("evaluate", root)
    assert code == 0
    assert err.count("\n") == 1
    assert all(name in err for name in names)
    assert "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 have no folder" in err


def test_a_dataset_to_train_on_is_told_from_a_name_with_a_slip(refused):
    assert "mnist-excerpt, which came with Digitpad" in refused("evaluate", "kmnist")
    assert "no file or folder 'mnist-exzerpt'" in refused("evaluate", "mnist-exzerpt")


def test_one_class_without_a_folder_is_one(digitpad_, tmp_path, picture):
    root = folders(tmp_path / "set", picture, *"012346789", "5 copy")
    code, out, err = digitpad_("evaluate", root, "--json")
    assert (code, json.loads(out)["others"]["count"]) == (0, 1)
    assert "count as others: 5 copy. The class 5 has no folder." in err


def test_folders_of_numbers_and_of_others_beside_classes(digitpad_, tmp_path, picture):
    root = folders(tmp_path / "numbers", picture, "1", "42")
    assert digitpad_("evaluate", root)[2] == ""
    others = folders(tmp_path / "others", picture, *DIGITS, "x")
    assert "count as others: x." in digitpad_("evaluate", others)[2]


def test_words_of_strokes_are_never_taken_for_classes(digitpad_, strokes):
    strokes.write_text(line(ONE, word="one") + line(SEVEN, word="7 "))
    code, out, err = digitpad_("evaluate", strokes, "--json")
    data = json.loads(out)
    assert (code, data["count"], data["others"]["count"]) == (0, 0, 2)
    assert "No drawing in" in err


def test_the_test_part_is_read_unless_another_is_asked_for(digitpad_, tmp_path, picture):
    root = folders(tmp_path / "set", picture, "train/1", "train/7", "test/1")
    code, out, err = digitpad_("evaluate", root, "--json")
    assert (code, json.loads(out)["count"]) == (0, 1)
    assert "only the drawings in test are used" in err
    code, out, err = digitpad_("evaluate", root, "--json", "--split", "train")
    assert (code, json.loads(out)["count"], err) == (0, 2, "")


def test_a_table_of_pixels(digitpad_, tmp_path):
    glyph = np.zeros((28, 28), dtype=np.uint8)
    glyph[4:24, 13:16] = 255
    rows = [",".join((label, *map(str, glyph.ravel().tolist()))) for label in "117"]
    (tmp_path / "mnist_test.csv").write_text("\n".join(rows))
    code, out, _ = digitpad_("evaluate", tmp_path / "mnist_test.csv", "--json")
    assert (code, json.loads(out)["accuracy"]) == (0, pytest.approx(2 / 3))


class TestWrong:
    @pytest.fixture
    def some(self, strokes):
        strokes.write_text(
            line(ONE, word="1")
            + line(SEVEN, word="9", key_id="k\ud800")
            + line(ONE, word="cat")
            + line(ONE, word="11")
        )
        return strokes

    def test_as_a_table(self, digitpad_, tmp_path, some):
        path = tmp_path / "new" / "wrong.csv"
        # Nothing is rejected, so that the other drawing is taken for a digit.
        arguments = ("evaluate", some, "--wrong", path, "--reject-below", "0")
        assert digitpad_(*arguments)[0] == 0
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["line"] for row in rows] == ["2", "3", "4"]
        assert rows[0] | {"confidence": ""} == {
            "source": str(some),
            "line": "2",
            "key_id": "k\\ud800",
            "label": "9",
            "text": "7",
            "confidence": "",
            "rejected": "false",
        }
        assert 0.5 < float(rows[0]["confidence"]) <= 1

    def test_numbers_are_listed_as_a_whole(self, digitpad_, tmp_path, numbers):
        path = tmp_path / "wrong.ndjson"
        assert digitpad_("evaluate", numbers, "--wrong", path)[0] == 0
        rows = [json.loads(text) for text in path.read_text().splitlines()]
        assert [(row["line"], row["label"], row["text"], row["rejected"]) for row in rows] == [
            (3, "77", "71", False),
            (5, "double l", "11", False),
        ]
        assert digitpad_("evaluate", numbers, "--as-one", "--wrong", path)[0] == 0
        rows = [json.loads(text) for text in path.read_text().splitlines()]
        # As one symbol they are rejected, which is wrong for numbers.
        assert [row["line"] for row in rows] == [1, 2, 3]
        assert rows[0]["key_id"] == "first"

    def test_as_json(self, digitpad_, tmp_path, picture):
        root = folders(tmp_path / "set", picture, "01", "07")
        path = tmp_path / "wrong.ndjson"
        assert digitpad_("evaluate", root, "--wrong", path)[0] == 0
        (row,) = map(json.loads, path.read_text().splitlines())
        assert row["source"] == str(root / "07" / "a.png")
        assert (row["line"], row["key_id"], row["label"], row["text"]) == (None, None, "7", "1")

    def test_nothing_wrong(self, digitpad_, tmp_path, strokes):
        path = tmp_path / "wrong.csv"
        path.write_text("of the last time")
        assert digitpad_("evaluate", strokes, "--wrong", path)[0] == 0
        assert path.read_text() == "source,line,key_id,label,text,confidence,rejected\n"

    @pytest.mark.parametrize("name", ["wrong.txt", "", "folder.csv", "file/wrong.csv", "x" * 999])
    def test_a_place_that_cannot_be_written_is_said_first(
        self, refused, tmp_path, strokes, monkeypatch, name
    ):
        (tmp_path / "folder.csv").mkdir()
        (tmp_path / "file").write_text("")
        monkeypatch.setattr(Context, "recognizer", None)
        path = tmp_path / name if name else ""
        path = path if "." in name or not name else tmp_path / f"{name}.csv"
        assert " written" in refused("evaluate", strokes, "--wrong", path)

    def test_the_data_is_never_overwritten(self, refused, strokes):
        before = strokes.read_bytes()
        assert str(strokes) in refused("evaluate", strokes, "--wrong", strokes)
        assert strokes.read_bytes() == before

    def test_an_error_leaves_the_old_file(self, refused, tmp_path, strokes):
        path = tmp_path / "wrong.csv"
        path.write_text("old")
        strokes.write_text(line(ONE, word="1") + "{\n" * 2)
        refused("evaluate", strokes, "--wrong", path)
        assert path.read_text() == "old"
        assert {entry.name for entry in tmp_path.glob(".*")} == set()


@pytest.mark.parametrize("kind", ["strokes", "pictures"])
def test_progress_is_shown_on_a_terminal_alone(tmp_path, strokes, picture, kind, monkeypatch):
    # Else it keeps a thread.
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    data = strokes if kind == "strokes" else folders(tmp_path / "set", picture, "1", "7")
    for is_terminal in (True, False):
        err = io.StringIO()
        err.isatty = lambda watched=is_terminal: watched
        out = io.StringIO()
        context = Context(Profile(tmp_path / "profile"), Console(out, err))
        parser = argparse.ArgumentParser()
        evaluate.add_arguments(parser)
        assert evaluate.run(parser.parse_args([str(data)]), context) == 0
        total = 3 if kind == "strokes" else 2
        # How many of how many, and the seconds that are left.
        assert (f"0/{total} [00:00<" in err.getvalue()) == is_terminal
        assert is_terminal or not err.getvalue()


def test_what_is_no_data(refused, tmp_path, picture):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.ndjson").write_bytes(b"")
    for data in (tmp_path / "nothing", tmp_path / "empty", tmp_path / "empty.ndjson", picture):
        assert str(data) in refused("evaluate", data)


def test_only_mnist_has_splits(refused, strokes):
    assert "only MNIST" in refused("evaluate", strokes, "--split", "train")


@pytest.mark.parametrize(("split", "count"), [((), 1000), (("--split", "validation"), 2000)])
def test_the_excerpt_is_evaluated_on_by_its_name(digitpad_, tiny, split, count):
    code, out, err = digitpad_("evaluate", "mnist-excerpt", *split, "--model", tiny)
    assert (code, err) == (0, "")
    assert re.search(rf"^drawings +{count}$", out, re.MULTILINE)
    assert re.search(r"^  at least, of all +[\d.]+ %$", out, re.MULTILINE)


def test_what_has_no_validation_split_says_so(refused, strokes):
    assert "no validation split" in refused("evaluate", strokes, "--split", "validation")
