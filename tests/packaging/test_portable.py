"""The smoke test that runs on every system."""

import json
import sys

import numpy as np
import pytest
from PIL import Image

from smoke import portable
from smoke.tools import SmokeError


def script(tmp_path, *lines):
    """A program that is not Digitpad; returns its command line."""
    path = tmp_path / "program.py"
    path.write_text("\n".join(("import json, pathlib, sys, time", *lines)), encoding="utf-8")
    return [sys.executable, str(path)]


@pytest.mark.slow
def test_the_program_passes(tmp_path, capsys):
    folder = tmp_path / portable.FOLDER_NAME
    folder.mkdir()
    portable.check_commands([sys.executable, "-m", "digitpad"], folder)
    assert capsys.readouterr().out.count("ok: ") == 5


def test_its_pictures_are_pictures(tmp_path):
    folder = portable.write_pictures(tmp_path / "pictures")
    assert [path.parent.name for path in sorted(folder.rglob("*.png"))] == ["0", "1", "7"]
    pixels = {}
    for label in "017":
        with Image.open(folder / label / "drawn.png") as image:
            assert (image.mode, image.size) == ("L", (portable.SIDE, portable.SIDE))
            pixels[label] = np.asarray(image) < 128
    middle = portable.SIDE // 2
    assert not pixels["0"][middle, middle]
    assert pixels["1"][middle, middle]
    assert pixels["7"][12].sum() > 2 * pixels["7"][30].sum()


def test_a_wrong_answer_is_found(tmp_path):
    answer = {"text": "1", "rejected": False}
    program = script(tmp_path, f"print(json.dumps({answer!r}))")
    with pytest.raises(SmokeError, match=r"A seven is read as .*'1'"):
        portable.check_commands(program, tmp_path)


VERSION = 'if "--version" in sys.argv: print("digitpad 1.0\\nbuild: {}")'
LICENCES = 'else: print("Digitpad 1.0: MIT\\n{}\\nQt 6: L\\nPython 3: P\\ntorch 2: B\\n")'


def test_a_bundle_says_what_it_is(tmp_path, capsys):
    numpy = LICENCES.format("numpy 2: B")
    portable.check_build(script(tmp_path, VERSION.format("Linux bundle of today"), numpy))
    assert capsys.readouterr().out == "ok: digitpad 1.0, Linux bundle of today, with its licences\n"
    with pytest.raises(SmokeError, match="does not say which bundle"):
        portable.check_build(script(tmp_path, VERSION.format("source tree"), numpy))
    with pytest.raises(SmokeError, match="does not name numpy"):
        portable.check_build(script(tmp_path, VERSION.format("a bundle"), LICENCES.format("x: B")))


def test_an_error_in_the_log_is_found(tmp_path):
    portable.ensure_no_errors(tmp_path)
    (tmp_path / "digitpad.log").write_text("ValueError: no", encoding="utf-8")
    with pytest.raises(SmokeError, match="ValueError: no"):
        portable.ensure_no_errors(tmp_path)


WINDOW = """\
#!/bin/sh
profile=$2
mkdir -p "$profile"
printf x >> "$profile/tries"
end() {{
    kill $!
    test $(wc -c < "$profile/tries") -lt {tries} && exit 130
    {keeps} && touch "$profile/window.json"
    exit {code}
}}
{starts} || exit 0
sleep 60 &
trap end INT
# From here on it is taken for open.
trap end TERM
wait
"""


def window(tmp_path, **values):
    values = {"starts": "true", "tries": 1, "keeps": "true", "code": 0} | values
    path = tmp_path / "window"
    path.write_text(WINDOW.format(**values))
    path.chmod(0o755)
    return path


needs_proc = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere nothing tells that the window is open"
)


@needs_proc
def test_a_window_is_opened_and_closed(tmp_path, capsys):
    portable.check_window(window(tmp_path), tmp_path / "profile")
    assert capsys.readouterr().out == "ok: the window opens, and closes with code 0\n"


@needs_proc
def test_a_window_that_is_interrupted_too_early_gets_another_try(tmp_path):
    portable.check_window(window(tmp_path, tries=2), tmp_path / "profile")
    assert (tmp_path / "profile" / "tries").read_text() == "xx"


@needs_proc
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": 3}, "ended with code 3"),
        ({"starts": "false"}, "ended by itself, with code 0"),
        ({"keeps": "false"}, "has not kept its place"),
        ({"tries": 9}, "ended with code 130"),
    ],
)
def test_a_window_that_fails_is_found(tmp_path, values, sentence):
    with pytest.raises(SmokeError, match=sentence):
        portable.check_window(window(tmp_path, **values), tmp_path / "profile")


def test_answers_are_read_whatever_the_drawing_is_called(tmp_path):
    drawing = tmp_path / "sieben 手.ndjson"
    program = script(tmp_path, "print(json.dumps({'name': pathlib.Path(sys.argv[-1]).name}))")
    assert portable.classified(program, drawing) == json.loads('{"name": "sieben 手.ndjson"}')
