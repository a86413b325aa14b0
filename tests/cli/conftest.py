"""The command line in a profile of its own, and small files for it."""

import numpy as np
import pytest
from cli_files import ONE, SEVEN, ZERO, line, write_model
from PIL import Image

from digitpad.cli import run


@pytest.fixture
def profile(tmp_path):
    return tmp_path / "profile"


@pytest.fixture(autouse=True)
def _no_profile_of_the_user(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    yield
    assert not (tmp_path / "home").exists()


@pytest.fixture
def digitpad_(profile, capsys):
    """Runs a command in a profile of its own: exit code, standard output, standard error."""

    def call(*arguments):
        code = run(["--profile", str(profile), *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def refused(digitpad_):
    """Runs a command that must end with code 2 and one line on standard error alone."""

    def call(*arguments):
        code, out, err = digitpad_(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("digitpad: ")
        assert err.endswith(".\n")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err

    return call


@pytest.fixture
def strokes(tmp_path):
    path = tmp_path / "strokes.ndjson"
    path.write_text(line(ONE, word="1", key_id="a") + line(SEVEN, word="7") + line(ZERO, word="0"))
    return path


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "one.png"
    pixels = np.full((60, 60), 255, dtype=np.uint8)
    pixels[10:50, 28:33] = 20
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def tiny(tmp_path):
    return write_model(tmp_path / "tiny.safetensors")
