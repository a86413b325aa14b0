import json
import re
import struct

import numpy as np
import pytest
from cli_files import DIGITS, ONE, SEVEN, ZERO, line, write_model


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


@pytest.mark.parametrize("json_option", [[], ["--json"]])
def test_a_damaged_line_leaves_no_figures(refused, strokes, json_option):
    with strokes.open("a") as file:
        file.write("{\n")
    assert "Line 4" in refused("evaluate", strokes, *json_option)


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
