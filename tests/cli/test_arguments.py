"""Arguments, profiles, and how errors end; see test_cli_process.py for processes."""

import json
import platform
import sys
import types

import pytest

import digitpad
from digitpad.cli import run
from digitpad.commands import evaluate


def test_version(digitpad_):
    code, out, err = digitpad_("--version")
    assert (code, err) == (0, "")
    first, build, *rest = out.splitlines()
    assert first == f"digitpad {digitpad.__version__}"
    assert build == "build: source tree"
    assert f"Python {platform.python_version()}" in rest
    assert {line.split()[0] for line in rest if line} >= {"Qt", "PySide6", "torch"}
    assert "- MNIST: Y. LeCun" in out


def test_licences(digitpad_):
    code, out, err = digitpad_("--licences")
    assert (code, err) == (0, "")
    assert f"digitpad {digitpad.__version__}: MIT" in out.splitlines()
    assert "THE SOFTWARE IS PROVIDED" in out
    assert "OpenBLAS" in out
    assert "KMNIST: CODH" in out


def test_version_and_licences_go_before_everything_else(digitpad_):
    assert digitpad_("--version", "classify") == digitpad_("--version")


@pytest.mark.parametrize(
    "command", [[], ["classify"], ["evaluate"], ["model"], ["model", "import"]]
)
def test_help(digitpad_, command):
    code, out, err = digitpad_(*command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(" ".join(["usage: digitpad", *command]))
    assert "--profile DIR" in out
    assert command[1:] or "examples:" in out
    assert max(map(len, out.splitlines())) <= 100


def test_help_of_evaluate_explains_every_key(digitpad_, strokes):
    _, text, _ = digitpad_("evaluate", "--help")
    _, out, _ = digitpad_("evaluate", strokes, "--json")
    explained = {row.split()[0] for row in text.splitlines() if row.startswith("  ")}
    assert set(json.loads(out)) <= explained


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["nonsense"], "digitpad --help"),
        (["--nonsense"], "digitpad --help"),
        (["classify"], "digitpad classify --help"),
        (["classify", "--js", "a.png"], "see digitpad"),
        (["evaluate"], "digitpad evaluate --help"),
        (["evaluate", "a", "b"], "see digitpad"),
        (["evaluate", "a", "--split", "half"], "digitpad evaluate --help"),
        (["evaluate", "a", "--model"], "digitpad evaluate --help"),
        (["model"], "digitpad model --help"),
        (["model", "paint"], "digitpad model --help"),
        (["model", "export", "a"], "digitpad model export --help"),
    ],
)
def test_wrong_arguments_give_a_sentence_with_a_hint(refused, arguments, hint):
    assert hint in refused(*arguments)


def test_a_file_in_place_of_a_command_is_told_what_reads_it(refused, strokes):
    assert f"digitpad classify {strokes} reads it" in refused(strokes)


@pytest.mark.parametrize("before", [True, False])
def test_the_profile_may_stand_before_or_after_the_command(tmp_path, tiny, capsys, before):
    option = ["--profile", str(tmp_path / "here")]
    command = ["model", "import", str(tiny)]
    assert run([*option, *command] if before else [*command, *option]) == 0
    assert (tmp_path / "here" / "models" / "tiny.safetensors").is_file()


def test_a_profile_that_is_a_file_gives_a_sentence(capsys, tiny):
    assert run(["--profile", str(tiny), "model", "list"]) == 2
    assert "is not a folder" in capsys.readouterr().err


def test_an_empty_name_is_not_the_present_folder(capsys, refused):
    assert run(["--profile", "", "model", "list"]) == 2
    assert "is not a folder" in capsys.readouterr().err
    for command in ("classify", "evaluate"):
        assert "There is no file or folder ''" in refused(command, "")


def test_a_closed_folder_gives_a_sentence(refused, monkeypatch, strokes):
    def closed(args, context):
        raise PermissionError(13, "Permission denied", "/some/folder")

    monkeypatch.setattr(evaluate, "run", closed)
    assert "/some/folder cannot be used: Permission denied" in refused("evaluate", strokes)


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify", "NAME"],
        ["evaluate", "NAME"],
        ["evaluate", "DATA", "--model", "NAME"],
        ["model", "use", "NAME"],
        ["model", "info", "NAME"],
        ["model", "import", "NAME"],
        ["model", "export", "bundled", "NAME"],
    ],
)
def test_a_name_that_no_system_takes_gives_a_sentence(refused, strokes, arguments):
    name = "x" * 300
    data = {"NAME": name, "DATA": strokes}
    assert name in refused(*(data.get(argument, argument) for argument in arguments))


def test_a_profile_that_no_system_takes_gives_a_sentence(capsys):
    assert run(["--profile", "x" * 300, "model", "list"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "cannot be used" in err


def test_an_error_of_the_system_that_names_no_file_is_a_bug(digitpad_, monkeypatch, strokes):
    def broken(args, context):
        raise OSError("deliberately")

    monkeypatch.setattr(evaluate, "run", broken)
    assert digitpad_("evaluate", strokes)[0] == 1


def test_without_a_command_the_window_opens_in_the_profile(digitpad_, profile, monkeypatch):
    opened = []
    window = types.ModuleType("digitpad.app.running")
    window.run_app = lambda where, box: opened.append(where) or 3
    monkeypatch.setitem(sys.modules, "digitpad.app.running", window)
    assert digitpad_() == (3, "", "")
    assert [where.root for where in opened] == [profile]


def test_a_missing_library_of_the_window_gives_a_sentence(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "digitpad.app.running", None)
    assert "The window cannot be opened" in refused()


def test_reading_leaves_no_trace_in_the_profile(digitpad_, profile, strokes):
    digitpad_("classify", strokes)
    digitpad_("model", "list")
    assert not profile.exists()


def test_a_bug_is_logged_and_gives_a_sentence(digitpad_, profile, monkeypatch, strokes):
    def broken(args, context):
        raise ZeroDivisionError("deliberately\nso")

    monkeypatch.setattr(evaluate, "run", broken)
    code, out, err = digitpad_("evaluate", strokes)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "ZeroDivisionError" in err
    assert str(profile / "digitpad.log") in err
    assert "Traceback" in (profile / "digitpad.log").read_text()


def test_an_interrupt_ends_quietly(digitpad_, monkeypatch, strokes):
    def interrupted(args, context):
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, "run", interrupted)
    assert digitpad_("evaluate", strokes) == (130, "", "")
