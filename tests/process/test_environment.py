import os
import subprocess
import sys
from pathlib import Path

import pytest

import digitpad
from digitpad.process import environment


@pytest.fixture
def variables(monkeypatch):
    """The environment, which is as before when the test ends."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ.pop("TORCHINDUCTOR_CACHE_DIR", None)
    return os.environ


@pytest.fixture
def frozen(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def test_without_a_console_what_is_written_is_dropped(monkeypatch, variables):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    environment.settle()
    for stream in (sys.stdout, sys.stderr):
        assert stream.write("Zoë\n") == 4
        assert not stream.isatty()
        stream.close()


def test_streams_that_are_there_stay(monkeypatch, variables):
    before = sys.stdout, sys.stderr
    environment.settle()
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="elsewhere a present folder cannot be deleted")
def test_the_program_works_in_a_folder_that_is_gone(tmp_path):
    program = (
        "import os, sys; os.chdir(sys.argv[1]); os.rmdir(sys.argv[1]);"
        "from digitpad.__main__ import main; sys.argv[1:] = sys.argv[2:]; main()"
    )
    (gone := tmp_path / "gone").mkdir()
    seven = Path(__file__).parents[1] / "seven.ndjson"
    done = subprocess.run(
        [sys.executable, "-c", program, gone, "--profile", tmp_path, "classify", "--json", seven],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert '"text": "7"' in done.stdout


def test_a_bundles_libraries_are_not_for_other_programs(variables, frozen):
    variables |= {
        "LD_LIBRARY_PATH": "/bundle:/mine",
        "LD_LIBRARY_PATH_ORIG": "/mine",
        "QT_PLUGIN_PATH": "/bundle/plugins",
        "QML2_IMPORT_PATH": "/bundle/qml",
    }
    environment.settle()
    assert variables["LD_LIBRARY_PATH"] == "/mine"
    assert not {"LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH"} & variables.keys()


def test_a_library_path_that_only_the_bundle_has_set_goes(variables, frozen):
    variables.pop("LD_LIBRARY_PATH_ORIG", None)
    variables["LD_LIBRARY_PATH"] = "/bundle"
    environment.settle()
    assert "LD_LIBRARY_PATH" not in variables


def test_without_a_bundle_the_users_variables_stay(variables):
    variables |= {"LD_LIBRARY_PATH": "/mine", "QT_PLUGIN_PATH": "/plugins"}
    environment.settle()
    assert (variables["LD_LIBRARY_PATH"], variables["QT_PLUGIN_PATH"]) == ("/mine", "/plugins")


def test_a_folder_for_compiled_networks_that_somebody_has_chosen_stays(variables):
    variables["TORCHINDUCTOR_CACHE_DIR"] = "/mine"
    environment.settle()
    assert variables["TORCHINDUCTOR_CACHE_DIR"] == "/mine"


@pytest.mark.slow
def test_torchs_optimizers_make_no_folder(tmp_path, variables):
    program = (
        "from digitpad.process import environment; environment.settle(); import torch;"
        "torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], 0.1)"
    )
    package = Path(digitpad.__file__).parent
    before = set(package.iterdir())
    subprocess.run(
        [sys.executable, "-B", "-c", program],
        env=variables | {"TMPDIR": str(tmp_path)},
        check=True,
        timeout=300,
    )
    assert list(tmp_path.iterdir()) == []
    assert set(package.iterdir()) == before


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell does")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["--version"], 0), (["model", "list"], 0), (["nonsense"], 2)],
)
def test_the_command_line_works_with_closed_streams(tmp_path, arguments, code):
    program = [sys.executable, "-m", "digitpad", "--profile", str(tmp_path), *arguments]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *program], check=False, timeout=300
    )
    assert done.returncode == code
    assert not (tmp_path / "digitpad.log").exists()
