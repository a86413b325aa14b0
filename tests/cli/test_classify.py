import gzip
import io
import os
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from cli_files import DIGITS, ONE, SEVEN, ZERO, beside, line, objects, write_model
from fakes import prediction, recognition
from handwriting import drawn, row
from paper_scenes import scene
from PIL import Image

from digitpad.commands.classify import _as_text, _batches, _Drawing
from digitpad.commands.context import recognized
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.ink.svg import to_svg
from digitpad.recognition.model_info import Calibration, ModelInfo
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition


def test_one_line_a_drawing(digitpad_, strokes, picture):
    code, out, err = digitpad_("classify", picture, strokes)
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert [row.split(": ")[0] for row in rows] == [
        str(picture),
        f"{strokes}:1 (a)",
        f"{strokes}:2",
        f"{strokes}:3",
    ]
    assert [row.split(": ")[1][0] for row in rows] == ["1", "1", "7", "0"]
    assert all(row.endswith(" %") for row in rows)


def test_json_has_the_documented_keys(digitpad_, strokes, picture):
    code, out, _ = digitpad_("classify", "--json", picture, strokes)
    drawings = objects(out)
    assert code == 0
    assert [drawing["text"] for drawing in drawings] == ["1", "1", "7", "0"]
    assert [drawing["key_id"] for drawing in drawings] == [None, "a", None, None]
    assert [drawing["source"] for drawing in drawings] == [str(picture)] + [str(strokes)] * 3
    for drawing in drawings:
        assert list(drawing) == [
            "source",
            "key_id",
            "text",
            "confidence",
            "rejected",
            "probabilities",
            "parts",
        ]
        (part,) = drawing["parts"]
        assert list(part) == ["bounds", "text", "confidence", "rejected", "probabilities"]
        assert part["probabilities"] == drawing["probabilities"]
        assert tuple(drawing["probabilities"]) == DIGITS
        assert sum(drawing["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert part["confidence"] == drawing["probabilities"][drawing["text"]]
        # There may be other ways to divide it.
        assert 0.9 * part["confidence"] < drawing["confidence"] <= part["confidence"]
        assert drawing["rejected"] is part["rejected"] is False


def test_a_picture_of_two_digits_is_a_number_and_as_one_refused_with_its_reason(
    digitpad_, tmp_path
):
    path = tmp_path / "two.png"
    picture, label = scene("two", 1)
    Image.fromarray(picture.pixels[..., :3]).save(path)
    (drawing,) = objects(digitpad_("classify", "--json", path)[1])
    assert (drawing["text"], drawing["rejected"], len(drawing["parts"])) == (label, False, 2)
    assert "reason" not in drawing
    code, out, err = digitpad_("classify", "--as-one", "--json", path)
    (drawing,) = objects(out)
    assert (code, err, drawing["rejected"]) == (0, "", True)
    assert "more than one digit" in drawing["reason"]
    assert "leave out --as-one" in drawing["reason"]
    assert "more than one digit" in digitpad_("classify", "--as-one", path)[1]


def test_a_refusal_is_told(digitpad_, tmp_path, strokes):
    model = write_model(tmp_path / "strict.safetensors", calibration=Calibration(1.0, 1.0))
    _, out, _ = digitpad_("classify", "--model", model, "--json", strokes)
    assert [drawing["rejected"] for drawing in objects(out)] == [True] * 3
    _, out, _ = digitpad_("classify", "--model", model, strokes)
    assert out.count("not a digit (closest is ") == 3
    letters = write_model(
        tmp_path / "letters.safetensors", classes=("a", "b"), calibration=Calibration(1.0, 1.0)
    )
    _, out, _ = digitpad_("classify", "--model", letters, strokes)
    assert out.count("nothing the model knows (closest is ") == 3


@pytest.mark.parametrize("option", ["--reject-below", "--refuse-below"])
def test_the_threshold_can_be_named(digitpad_, tmp_path, strokes, option):
    _, out, _ = digitpad_("classify", option, "1", "--json", strokes)
    assert [drawing["rejected"] for drawing in objects(out)] == [True] * 3
    model = write_model(tmp_path / "strict.safetensors", calibration=Calibration(1.0, 1.0))
    _, out, _ = digitpad_("classify", "--model", model, option, "0", "--json", strokes)
    assert [drawing["rejected"] for drawing in objects(out)] == [False] * 3


@pytest.mark.parametrize("value", ["1.5", "-0.1", "nan", "a lot", ""])
def test_a_threshold_is_a_probability(refused, strokes, value):
    for command in ("classify", "evaluate"):
        sentence = refused(command, strokes, f"--reject-below={value}")
        assert f"{value!r} is not a number from 0 to 1" in sentence


@pytest.mark.parametrize(
    ("probabilities", "words"),
    [
        ((0.02, 0.95, 0.03), "7  95.0 %"),
        ((0.3, 0.65, 0.05), "7, or 1?  65.0 %, 30.0 %"),
        ((0.05, 0.89, 0.06), "7?  89.0 %"),
    ],
)
def test_doubt_in_words(probabilities, words):
    read = recognition(Prediction(("1", "7", "9"), probabilities))
    assert _as_text(_Drawing("a.png", None, None, read), read) == f"a.png: {words}"


def number(*predictions, division=1.0, before=None):
    """What is read of a drawing of several parts."""
    one = recognition()
    parts = [
        replace(one.parts[0], prediction=each, before=separator)
        for each, separator in zip(predictions, before or [""] * len(predictions), strict=True)
    ]
    return replace(one, parts=tuple(parts), division=division)


SURE, FAIR = prediction(2, 0.99), prediction(2, 0.93)
OPEN = Prediction(DIGITS, (0.3, 0, 0, 0, 0, 0, 0.68, 0.02, 0, 0))
OTHER = Prediction(DIGITS, (0.1,) * 10, rejected=True)
LETTER = prediction(0, 0.99, ("a", "b"))


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (number(SURE, SURE), "22  98.0 %"),
        (number(SURE, SURE, SURE, before=["", " ", "\n"]), "2 2 / 2  97.0 %"),
        # Each digit is sure, and the number is not.
        (number(FAIR, FAIR), "22?  86.5 %"),
        (number(SURE, SURE, division=0.6), "22?  58.8 %"),
        (number(SURE, OPEN, SURE), "262, or 202?  66.6 %, 29.4 %"),
        (number(OPEN, SURE, before=["", "\n"]), "6 / 2, or 0 / 2?  67.3 %, 29.7 %"),
        (number(SURE, OTHER), "not a number (closest is 20  9.9 %)"),
        (number(LETTER, LETTER), "aa  98.0 %"),
        (
            number(LETTER, replace(LETTER, rejected=True)),
            "nothing the model knows (closest is aa  98.0 %)",
        ),
    ],
)
def test_numbers_in_words(read, words):
    text = _as_text(_Drawing("a.ndjson", None, 3, read), read)
    assert text == f"a.ndjson:3: {words}"
    assert "\n" not in text


@pytest.fixture
def numbers(tmp_path):
    """A number, and two lines of two digits each, of which the second was drawn first."""
    path = tmp_path / "numbers.ndjson"
    lines = beside(SEVEN, ONE, down=300) + beside(ONE, ZERO)
    path.write_text(line(beside(ONE, ZERO, SEVEN)) + line(lines))
    return path


def test_numbers_have_their_parts_in_the_order_of_reading(digitpad_, numbers):
    code, out, err = digitpad_("classify", "--json", numbers)
    assert (code, err) == (0, "")
    first, second = objects(out)
    assert (first["text"], second["text"]) == ("107", "10\n71")
    for drawing in (first, second):
        assert drawing["probabilities"] is None
        assert drawing["rejected"] is False
        parts = drawing["parts"]
        assert "".join(part["text"] for part in parts) == drawing["text"].replace("\n", "")
        assert drawing["confidence"] < min(part["confidence"] for part in parts)
        for part in parts:
            assert list(part) == ["bounds", "text", "confidence", "rejected", "probabilities"]
            assert part["confidence"] == part["probabilities"][part["text"]]
    lefts = [part["bounds"][0] for part in first["parts"]]
    assert lefts == sorted(lefts)
    left, top, right, bottom = first["parts"][1]["bounds"]
    # The nought, and half the width of the ink around it.
    assert (left + right, top + bottom) == pytest.approx((2 * 140, 120))
    assert 80 < right - left < bottom - top
    code, out, err = digitpad_("classify", numbers)
    assert [row.split(": ")[1].split("  ")[0] for row in out.splitlines()] == ["107", "10 / 71"]


def test_a_number_as_one_symbol_is_none(digitpad_, numbers):
    _, out, _ = digitpad_("classify", "--as-one", "--json", numbers)
    for drawing in objects(out):
        assert len(drawing["text"]) == len(drawing["parts"]) == 1
        assert drawing["rejected"] is True
        assert drawing["probabilities"] == drawing["parts"][0]["probabilities"]
        assert drawing["confidence"] == drawing["parts"][0]["confidence"]
    _, out, _ = digitpad_("classify", "--as-one", numbers)
    assert out.count("not a digit (closest is ") == 2


def test_a_threshold_of_the_user_changes_no_division(digitpad_, numbers):
    _, out, _ = digitpad_("classify", "--json", numbers)
    for threshold, rejected in (("0", False), ("1", True)):
        _, other, _ = digitpad_("classify", "--json", "--reject-below", threshold, numbers)
        for before, after in zip(objects(out), objects(other), strict=True):
            assert [part.pop("rejected") for part in after["parts"]] == [rejected] * len(
                after["parts"]
            )
            assert after.pop("rejected") is rejected
            for drawing in (before, *before["parts"]):
                drawing.pop("rejected", None)
            assert after == before


@pytest.mark.parametrize("threshold", [None, 0.0, 0.99])
def test_the_models_own_threshold_divides(monkeypatch, threshold):
    one, seen = number(replace(SURE, rejected=True), OPEN), []

    def recognize(drawings, predict, reject_below, memo):
        assert not memo.has_own_symbols
        seen.append((predict, reject_below))
        return [one for _ in drawings]

    def predict(glyphs):
        raise AssertionError("nobody asks")

    monkeypatch.setattr("digitpad.recognition.division.recognize.recognize", recognize)
    info = ModelInfo("m", "padnet", tuple("0123456789"), calibration=Calibration(1.0, 0.4))
    (found,) = recognized(SimpleNamespace(predict=predict, info=info), [one], threshold)
    assert seen == [(predict, 0.4)]
    rejected = [each.rejected for each in found.predictions]
    assert rejected == {None: [True, False], 0.0: [False, False], 0.99: [False, True]}[threshold]


def test_a_model_of_letters_reads_words(digitpad_, tmp_path, numbers):
    letters = write_model(tmp_path / "letters.safetensors", classes=("a", "b", "long"))
    code, out, _ = digitpad_("classify", "--model", letters, "--json", "--reject-below=0", numbers)
    assert code == 0
    for drawing in objects(out):
        parts = drawing["parts"]
        assert len(parts) > 1
        assert "".join(drawing["text"].split()) == "".join(part["text"] for part in parts)
        assert all(list(part["probabilities"]) == ["a", "b", "long"] for part in parts)


def picture_drawing(side=20):
    picture = Picture(np.zeros((side, side, 4), np.uint8))
    return _Drawing("b", None, None, Recognition(Drawing(picture=picture)))


def test_strokes_and_pictures_go_by_the_batch():
    stroke, picture = _Drawing("a", None, 1, recognition()), picture_drawing()
    error = DigitpadError("There is no file c.")
    batches = list(_batches(iter([stroke, stroke, picture, stroke, error, stroke])))
    assert batches == [[stroke, stroke, picture, stroke], error, [stroke]]
    assert [len(batch) for batch in _batches(iter([stroke] * 600))] == [256, 256, 88]


def test_pictures_are_not_kept_until_there_is_no_memory():
    assert [len(batch) for batch in _batches(iter([picture_drawing()] * 40))] == [16, 16, 8]
    assert [len(batch) for batch in _batches(iter([picture_drawing(2048)] * 9))] == [4, 4, 1]


def test_a_pattern_stands_for_names(digitpad_, refused, tmp_path, picture, monkeypatch):
    for name in ("b.png", "a.png", "c [1].png", ".hidden.png", "d.jpg"):
        (tmp_path / name).write_bytes(picture.read_bytes())
    picture.unlink()
    monkeypatch.chdir(tmp_path)
    code, out, err = digitpad_("classify", "--json", "*.png", "c [1].png")
    assert (code, err) == (0, "")
    # A name that is there is no pattern.
    names = [drawing["source"] for drawing in objects(out)]
    assert names == ["a.png", "b.png", "c [1].png", "c [1].png"]
    assert "'*.gif'" in refused("classify", "*.gif")
    code, out, err = digitpad_("classify", "--json", "*.gif", "d.*")
    assert (code, len(objects(out)), err.count("\n")) == (2, 1, 1)


def test_a_pattern_in_absolute_names_and_below(digitpad_, tmp_path, picture):
    (tmp_path / "x" / "y").mkdir(parents=True)
    picture.rename(tmp_path / "x" / "y" / "one.png")
    for pattern in ("x/*/o?e.png", "**/one.png", "[x]"):
        code, out, _ = digitpad_("classify", "--json", tmp_path / pattern)
        assert code == 0
        assert [drawing["source"] for drawing in objects(out)] == [
            str(tmp_path / "x" / "y" / "one.png")
        ]


class Input:
    """Standard input with this content."""

    def __init__(self, content):
        self.buffer = io.BufferedReader(io.BytesIO(content))


def test_standard_input_is_read(digitpad_, refused, strokes, picture, monkeypatch):
    svg = to_svg(Drawing.of([np.transpose(SEVEN[0])])).encode()
    packed = gzip.compress(strokes.read_bytes())
    for content, texts in (
        (picture.read_bytes(), ["1"]),
        (strokes.read_bytes(), ["1", "7", "0"]),
        (packed, ["1", "7", "0"]),
        (svg, ["7"]),
    ):
        monkeypatch.setattr("sys.stdin", Input(content))
        code, out, err = digitpad_("classify", "--json", "-", picture)
        assert (code, err) == (0, "")
        assert [drawing["text"] for drawing in objects(out)] == [*texts, "1"]
        assert objects(out)[0]["source"] == "-"
    for content in (b"", b"seven", packed[:-9]):
        monkeypatch.setattr("sys.stdin", Input(content))
        code, _, err = digitpad_("classify", "-")
        assert (code, err.count("\n")) == (2, 1)
        assert "Standard input" in err
    monkeypatch.setattr("sys.stdin", None)
    assert "name a file" in refused("classify", "-")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("kind", ["picture", "strokes"])
def test_a_pipe_is_read_like_a_file(digitpad_, tmp_path, strokes, picture, kind):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = (picture if kind == "picture" else strokes).read_bytes()
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    code, out, err = digitpad_("classify", "--json", pipe)
    writer.join()
    assert (code, err) == (0, "")
    assert [drawing["text"] for drawing in objects(out)] == (
        ["1"] if kind == "picture" else ["1", "7", "0"]
    )


def test_content_and_not_its_name_decides(digitpad_, tmp_path, strokes, picture):
    (tmp_path / "a.jsonl").write_bytes(strokes.read_bytes())
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(strokes.read_bytes()))
    (tmp_path / "c.png").write_bytes(strokes.read_bytes())
    (tmp_path / "d.ndjson").write_bytes(picture.read_bytes())
    (tmp_path / "e.svg").write_text(to_svg(Drawing.of([np.transpose(ONE[0])])))
    _, out, err = digitpad_("classify", "--json", *sorted(tmp_path.glob("[a-e].*")))
    assert err == ""
    assert [drawing["text"] for drawing in objects(out)] == [*["1", "7", "0"] * 3, "1", "1"]


def test_a_folder_is_read_with_those_below_it(digitpad_, tmp_path, picture, strokes):
    folder = tmp_path / "folder"
    (folder / "b").mkdir(parents=True)
    picture.rename(folder / "b" / "one.png")
    strokes.rename(folder / "a.ndjson")
    _, out, _ = digitpad_("classify", "--json", folder)
    sources = [drawing["source"] for drawing in objects(out)]
    assert sources == [str(folder / "a.ndjson")] * 3 + [str(folder / "b" / "one.png")]


def test_an_empty_folder_gives_a_sentence(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no pictures" in refused("classify", tmp_path / "empty")


def test_a_bad_file_does_not_keep_the_others_from_being_read(digitpad_, tmp_path, picture, strokes):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    code, out, err = digitpad_("classify", "--json", picture, bad, "nothing", strokes)
    assert code == 2
    assert [drawing["text"] for drawing in objects(out)] == ["1", "1", "7", "0"]
    assert [str(bad) in err.splitlines()[0], "nothing" in err.splitlines()[1]] == [True, True]
    assert err.count("\n") == 2


def test_what_stands_around_damaged_lines_is_read(digitpad_, refused, strokes, picture):
    strokes.write_text(line(ONE) + "{\n" + line(SEVEN))
    code, out, err = digitpad_("classify", "--json", strokes, picture)
    assert (code, err.count("\n")) == (2, 1)
    assert [drawing["text"] for drawing in objects(out)] == ["1", "7", "1"]
    assert "Line 2" in err
    strokes.write_text("{\n" + line(ONE) + "{\n" * 3000 + line(SEVEN))
    code, out, err = digitpad_("classify", "--json", strokes)
    assert (code, len(objects(out)), err.count("\n")) == (2, 2, 1)
    assert ["Line 1 " in err, "3001 lines" in err] == [True, True]
    strokes.write_text("{\n" * 3000)
    assert "Line 1 " in refused("classify", strokes)


def test_what_is_no_picture_by_its_name_is_passed_over(digitpad_, tmp_path, picture, strokes):
    folder = tmp_path / "folder"
    folder.mkdir()
    picture.rename(folder / "one.png")
    strokes.rename(folder / "three.ndjson")
    (folder / "labels.csv").write_text("one.png,1")
    code, out, err = digitpad_("classify", "--json", folder)
    assert (code, len(objects(out)), err.count("\n")) == (0, 4, 1)
    assert "labels.csv" in err
    (folder / "notes.txt").write_text("7")
    code, _, err = digitpad_("classify", "--json", folder)
    assert (code, err.count("\n")) == (0, 1)
    assert "2 files" in err


@pytest.mark.parametrize(
    "name", [b"\xe4.png", "ä 模型.png".encode(), b"new\nline.png", b"\x1b[31m.png"]
)
def test_any_file_name_can_be_told(digitpad_, tmp_path, picture, name):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
    picture.rename(path)
    code, out, err = digitpad_("classify", path)
    assert (code, out.count("\n"), err) == (0, 1, "")
    assert "\x1b" not in out
    code, out, err = digitpad_("classify", "--json", path)
    assert code == 0
    assert objects(out)[0]["source"] == path


def test_more_drawings_than_a_batch_keep_their_order(digitpad_, tmp_path):
    path = tmp_path / "many.ndjson.gz"
    rows = [line(ONE if i % 3 else SEVEN, key_id=str(i)) for i in range(600)]
    path.write_bytes(gzip.compress("".join(rows).encode()))
    _, out, _ = digitpad_("classify", "--json", path)
    drawings = objects(out)
    assert [drawing["key_id"] for drawing in drawings] == [str(i) for i in range(600)]
    assert [drawing["text"] for drawing in drawings] == ["1" if i % 3 else "7" for i in range(600)]


def test_signs_are_parts_where_they_are_wanted(digitpad_, tmp_path):
    path = tmp_path / "signs.ndjson"
    strokes = drawn(*row("-", "3", ".", "1", "4")).strokes
    path.write_text(line([stroke.points.T.tolist() for stroke in strokes]))
    code, out, err = digitpad_("classify", "--signs", "--json", path)
    assert (code, err) == (0, "")
    (drawing,) = objects(out)
    assert (drawing["text"], drawing["rejected"]) == ("-3.14", False)
    minus, point = drawing["parts"][0], drawing["parts"][2]
    assert minus["probabilities"] == {".": 0.0, ",": 0.0, "-": 1.0, ":": 0.0}
    assert (point["text"], point["probabilities"]["."]) == (".", point["confidence"])
    assert set(drawing["parts"][1]["probabilities"]) == set("0123456789")
    # A threshold of the user rejects no sign.
    _, out, _ = digitpad_("classify", "--signs", "--json", "--reject-below", "0.999", path)
    rejected = [part["rejected"] for part in objects(out)[0]["parts"] if part["text"] in "-."]
    assert rejected == [False, False]
    _, out, _ = digitpad_("classify", "--json", path)
    assert not set(objects(out)[0]["text"]) & set("-.")


def test_a_rejected_number_with_signs_is_no_number(digitpad_, tmp_path):
    path = tmp_path / "signs.ndjson"
    strokes = drawn(*row("2", "-", "H")).strokes
    path.write_text(line([stroke.points.T.tolist() for stroke in strokes]))
    assert "not a number" in digitpad_("classify", "--signs", path)[1]
