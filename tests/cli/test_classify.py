import gzip
import os

import pytest
from cli_files import DIGITS, ONE, SEVEN, line, objects, write_model
from fakes import recognition
from paper_scenes import scene
from PIL import Image

from digitpad.commands.classify import _as_text, _batches, _Drawing
from digitpad.errors import DigitpadError
from digitpad.recognition.model_info import Calibration
from digitpad.recognition.prediction import Prediction


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
        assert set(drawing) == {
            "source",
            "key_id",
            "text",
            "confidence",
            "rejected",
            "probabilities",
        }
        assert tuple(drawing["probabilities"]) == DIGITS
        assert sum(drawing["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert drawing["confidence"] == drawing["probabilities"][drawing["text"]]
        assert drawing["rejected"] is False


def test_a_picture_of_two_digits_is_refused_with_its_reason(digitpad_, tmp_path):
    path = tmp_path / "two.png"
    rgb = scene("two", 0)[0].pixels[..., :3]
    Image.fromarray(rgb).save(path)
    code, out, err = digitpad_("classify", "--json", path)
    (drawing,) = objects(out)
    assert (code, err, drawing["rejected"]) == (0, "", True)
    assert "more than one digit" in drawing["reason"]
    assert "more than one digit" in digitpad_("classify", path)[1]


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


def test_strokes_go_by_the_batch_and_pictures_one_by_one():
    read = recognition()
    stroke, picture = _Drawing("a", None, 1, read), _Drawing("b", None, None, read)
    error = DigitpadError("There is no file c.")
    batches = list(_batches(iter([stroke, stroke, picture, stroke, error, stroke])))
    assert batches == [[stroke, stroke, picture], [stroke], error, [stroke]]


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


def test_what_stands_before_a_damaged_line_is_read(digitpad_, strokes, picture):
    strokes.write_text(line(ONE) + "{\n" + line(SEVEN))
    code, out, err = digitpad_("classify", "--json", strokes, picture)
    assert (code, len(objects(out)), err.count("\n")) == (2, 2, 1)
    assert "Line 2" in err


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
