"""``digitpad teach``: lessons in, an adapted model out."""

import pytest
from cli_files import ONE, SEVEN, ZERO, line, objects, write_model

from digitpad.recognition.model_info import read_model_info


@pytest.fixture
def lessons(tmp_path):
    """A 7 that shall be a 1 from now on, and what no model knows."""
    path = tmp_path / "lessons.ndjson"
    path.write_text(line(SEVEN, word="1", key_id="a") + line(ZERO, word="0"), encoding="utf-8")
    return path


def test_the_model_reads_what_it_was_taught(digitpad_, lessons, profile, tmp_path):
    target = tmp_path / "mine.safetensors"
    code, out, _ = digitpad_("teach", lessons, "--out", target)
    assert code == 0
    assert str(target) in out
    info = read_model_info(target)
    assert info.parent == "Bundled model"
    assert info.origin["lessons"] == 2
    code, out, _ = digitpad_("evaluate", lessons, "--model", target, "--json")
    assert code == 0
    assert '"accuracy": 1.0' in out
    # Nothing of the user's was touched.
    assert not (profile / "samples.sqlite").exists()
    assert not (profile / "models").exists()


def test_the_pad_takes_the_model(digitpad_, lessons, tmp_path):
    target = tmp_path / "mine.safetensors"
    digitpad_("teach", lessons, "--out", target)
    assert digitpad_("model", "import", target, "--name", "mine")[0] == 0
    assert digitpad_("model", "use", "mine")[0] == 0
    code, out, _ = digitpad_("classify", lessons, "--json")
    assert code == 0
    assert [one["text"] for one in objects(out)] == ["1", "0"]
    # It can be taught further, which replaces what lessons have made.
    assert digitpad_("teach", lessons, "--out", target)[0] == 0
    assert read_model_info(target).origin["lessons"] == 4


def test_other_labels_are_left_out_and_slips_are_named(digitpad_, tmp_path):
    path = tmp_path / "lessons.ndjson"
    path.write_text(
        line(ZERO, word="4") + line(ONE, word="square") + line(ONE, word="1"), encoding="utf-8"
    )
    code, out, err = digitpad_("teach", path, "--out", tmp_path / "mine.safetensors")
    assert code == 0
    assert "2 lessons" in out
    assert "no class of the model" in err
    assert "1 (4)" in err


def test_what_cannot_be_used_is_a_sentence(digitpad_, refused, lessons, tmp_path):
    target = tmp_path / "mine.safetensors"
    letters = tmp_path / "letters.ndjson"
    letters.write_text(line(ONE, word="x"), encoding="utf-8")
    broken = tmp_path / "broken.ndjson"
    broken.write_text("{", encoding="utf-8")
    refused("teach", tmp_path / "none.ndjson", "--out", target)
    refused("teach", broken, "--out", target)
    refused("teach", letters, "--out", target)
    refused("teach", lessons, "--out", tmp_path)
    refused("teach", lessons, "--out", "")
    refused("teach", lessons, "--out", target, "--model", "ensemble")
    refused("teach", lessons, "--out", target, "--model", "nobody")
    assert not target.exists()


def test_a_model_that_lessons_did_not_make_is_not_replaced(digitpad_, refused, lessons, tmp_path):
    target = write_model(tmp_path / "trained.safetensors")
    before = target.read_bytes()
    refused("teach", lessons, "--out", target)
    assert target.read_bytes() == before
    assert digitpad_("teach", lessons, "--out", target, "--force")[0] == 0
    assert target.read_bytes() != before


def test_the_commands_read_as_the_pad_does(digitpad_, lessons, profile, tmp_path):
    seven = tmp_path / "seven.ndjson"
    seven.write_text(line(SEVEN), encoding="utf-8")

    def text(*options):
        code, out, err = digitpad_("classify", seven, "--json", *options)
        assert (code, err) == (0, "")
        return objects(out)[0]["text"]

    assert text() == "7"
    assert digitpad_("samples", "import", lessons)[0] == 0
    assert text() == "1"
    # The model as it is without lessons has its name.
    assert text("--model", "bundled") == "7"
    (profile / "settings.json").write_text('{"adapted": false}', encoding="utf-8")
    assert text() == "7"
