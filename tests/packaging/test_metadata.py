"""What desktops, software centres and ``man`` read about the program on Linux."""

import argparse
import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from digitpad import __version__, cli

CHECKOUT = Path(__file__).resolve().parents[2]
LINUX = CHECKOUT / "packaging" / "linux"
ID = "org.digitpad.Digitpad"
ENTRY = LINUX / f"{ID}.desktop"
METAINFO = LINUX / f"{ID}.metainfo.xml"
MANUAL = LINUX / "digitpad.1"


def told(*command):
    """Run a validator; skips where there is none. Returns its code and all it says."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return done.returncode, done.stdout


def test_the_menu_entry_is_valid():
    assert told("desktop-file-validate", str(ENTRY)) == (0, "")


def test_the_metainfo_is_valid():
    code, text = told("appstreamcli", "validate", "--no-net", "--pedantic", "--no-color", METAINFO)
    problems = re.findall(r"^([EWIP]): .*: ([\w-]+)", text, re.MULTILINE)
    # The last part of an application's id is its name, which has a capital letter by custom.
    assert [(level, tag) for level, tag in problems if tag != "cid-contains-uppercase-letter"] == []
    assert code == 0


def test_the_manual_is_valid():
    code, text = told("lexgrog", str(MANUAL))
    assert (code, text.count('"digitpad - draw a digit ')) == (0, 1)
    assert told("groff", "-man", "-Tutf8", "-ww", "-z", str(MANUAL)) == (0, "")


def entry():
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read_string(ENTRY.read_text(encoding="utf-8"))
    return dict(parser["Desktop Entry"])


def test_menu_entry_and_metainfo_are_of_one_program():
    root = ET.parse(METAINFO).getroot()
    assert root.findtext("id") == root.findtext("icon") == entry()["Icon"] == ID
    assert root.findtext("launchable") == ENTRY.name
    assert root.findtext("provides/binary") == entry()["Exec"]
    assert root.findtext("summary") == entry()["Comment"]
    assert [one.text for one in root.iter("category")] == entry()["Categories"].split(";")[:-1]


def test_the_menu_entry_is_that_of_the_window():
    program = "from digitpad.app.application import create_application as new; print(new().{}())"
    for name, wanted in (("desktopFileName", ID), ("applicationName", entry()["StartupWMClass"])):
        done = subprocess.run(
            [sys.executable, "-c", program.format(name)],
            check=True,
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
        )
        assert done.stdout.strip() == wanted


def test_the_newest_release_is_this_version():
    release = next(ET.parse(METAINFO).getroot().iter("release"))
    assert release.get("version") == __version__
    headings = re.findall(
        r"^## (.+)$", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    if headings[0] == "Unreleased":
        assert release.get("type") == "development"
    else:
        version, date = re.fullmatch(r"\[?([\d.]+)\]? - (\d{4}-\d\d-\d\d)", headings[0]).groups()
        assert (version, date) == (__version__, release.get("date"))
        assert release.get("type", "stable") == "stable"


def parsers(parser=None, name=""):
    """All parsers of the command line by their commands."""
    parser = parser or cli._parser()
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, below in action.choices.items():
                yield from parsers(below, f"{name} {command}".strip())


def manual_sections():
    """The manual's commands with the options that stand below each of them."""
    text = MANUAL.read_text(encoding="utf-8").replace(r"\-", "-")
    _, *parts = re.split(
        r'^\.SS "digitpad (.*)"$', text.partition(".SH EXIT")[0], flags=re.MULTILINE
    )
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    return {
        " ".join(word for word in title.split() if word.islower()): options(body)
        for title, body in sections.items()
    } | {"": options(text.partition(".SH OPTIONS")[2].partition(".SH COMMANDS")[0])}


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))


EVERYWHERE = {"--help", "--profile"}


def test_the_manual_has_every_command_with_every_option_and_no_other():
    wanted = {
        name: {option for action in parser._actions for option in action.option_strings}
        for name, parser in parsers()
        # Its commands stand by themselves.
        if name != "model"
    }
    wanted = {name: {o for o in found if o.startswith("--")} for name, found in wanted.items()}
    found = manual_sections()
    assert found.keys() == wanted.keys()
    for name, known in wanted.items():
        assert found[name] - EVERYWHERE == known - EVERYWHERE, name
    assert found[""] >= EVERYWHERE


def test_the_manual_names_this_version():
    assert f'"Digitpad {__version__}"' in MANUAL.read_text(encoding="utf-8")
