"""The version resource, the manifest and the installer's script of the bundle for Windows."""

import os
import re
import sys
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from bundling import identity, windows
from bundling.failure import BuildError
from digitpad import __version__

MICROSOFT = "http://schemas.microsoft.com/SMI/2016/WindowsSettings"


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("0.1.0", (0, 1, 0, 0)),
        ("2", (2, 0, 0, 0)),
        ("1.2.3.4", (1, 2, 3, 4)),
        ("1.2.3.4.5", (1, 2, 3, 4)),
        ("0.2.0rc1", (0, 2, 0, 0)),
        ("10.20.dev3+g12ab", (10, 20, 0, 0)),
    ],
)
def test_windows_gets_four_numbers(version, numbers):
    assert identity.version_numbers(version) == numbers


def test_a_version_without_numbers_ends_the_build():
    with pytest.raises(BuildError, match="'new' does not begin with a number"):
        identity.version_numbers("new")


def read_resource(path):
    """Evaluate a version file as PyInstaller does."""

    def fixed(**values):
        return SimpleNamespace(**values)

    names = {
        "VSVersionInfo": fixed,
        "FixedFileInfo": fixed,
        "StringFileInfo": lambda kids: SimpleNamespace(tables=kids),
        "VarFileInfo": lambda kids: SimpleNamespace(variables=kids),
        "StringTable": lambda name, kids: (name, dict(kids)),
        "StringStruct": lambda name, text: (name, text),
        "VarStruct": lambda name, kids: (name, kids),
    }
    return eval(path.read_text(encoding="utf-8"), {"__builtins__": {}}, names)


@pytest.mark.parametrize("program", windows.PROGRAMS)
def test_each_program_says_what_it_is(tmp_path, program):
    path = tmp_path / "new" / "version.txt"
    assert windows.version_info("0.2.0rc1", program, path) == path
    info = read_resource(path)
    assert info.ffi.filevers == info.ffi.prodvers == (0, 2, 0, 0)
    strings, translation = info.kids
    # The table has the language and the code page that the translation names, in hexadecimal.
    [(table, said)] = strings.tables
    [(_, (language, page))] = translation.variables
    assert table == f"{language:04x}{page:04x}".upper()
    assert said == {
        "CompanyName": "The Digitpad developers",
        "FileDescription": windows.PROGRAMS[program],
        "FileVersion": "0.2.0rc1",
        "InternalName": program,
        "LegalCopyright": "Copyright (c) 2026 The Digitpad developers",
        "OriginalFilename": f"{program}.exe",
        "ProductName": "Digitpad",
        "ProductVersion": "0.2.0rc1",
    }


def test_the_manifest_asks_for_sharp_pixels_and_long_paths():
    root = ET.parse(windows.MANIFEST).getroot()
    assert root.tag == "{urn:schemas-microsoft-com:asm.v1}assembly"
    assert root.findtext(f".//{{{MICROSOFT}}}dpiAwareness").split(", ")[0] == "PerMonitorV2"
    assert root.findtext(f".//{{{MICROSOFT}}}longPathAware") == "true"


def script():
    """The sections of the installer's script: lists of lines without comments."""
    sections, lines = {}, []
    for line in windows.SCRIPT.read_text(encoding="utf-8").splitlines():
        name = re.fullmatch(r"\[(\w+)\]", line)
        if name:
            lines = sections[name[1]] = []
        elif line.strip() and not line.startswith(";"):
            lines.append(line)
    return sections


def test_the_installer_is_for_one_user_and_follows_an_older_version():
    setup = dict(line.split("=", 1) for line in script()["Setup"] if "=" in line)
    assert setup["PrivilegesRequired"] == "lowest"
    # An installer with another one would leave the older version beside it.
    assert setup["AppId"] == "{{A8BAFE03-F171-426E-AE9A-C75ACC858135}"
    assert (windows.SCRIPT.parent / setup["LicenseFile"].replace("\\", "/")).is_file()
    assert r'Type: filesandordirs; Name: "{app}\_internal"' in script()["InstallDelete"]


def test_the_installer_names_only_programs_that_there_are():
    text = windows.SCRIPT.read_text(encoding="utf-8")
    named = set(re.findall(r"\{app\}\\([\w-]+)\.exe", text))
    assert named == {"digitpad-window"}
    assert named < set(windows.PROGRAMS)


def test_the_installer_removes_nothing_of_the_user():
    assert "UninstallDelete" not in script()
    text = "\n".join(line for lines in script().values() for line in lines)
    assert not re.search(r"localappdata|userappdata|DelTree", text, re.IGNORECASE)


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "digitpad"
    folder.mkdir()
    for name in windows.PROGRAMS:
        (folder / f"{name}.exe").write_bytes(b"MZ")
    return folder


@pytest.fixture
def compiler(tmp_path, monkeypatch):
    """A stand-in for Inno Setup's compiler, which notes how it was called."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a shell script")
    folder = tmp_path / "Inno Setup 6"
    folder.mkdir()
    path = folder / "ISCC.exe"
    path.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" > "$NOTES"\n'
        'for word; do case $word in /DIcon=*) test -s "${word#/DIcon=}" || exit 3;; esac; done\n'
        "exit ${CODE:-0}\n"
    )
    path.chmod(0o755)
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    monkeypatch.delenv(windows.SIGN_TOOL, raising=False)
    return path


def called(tmp_path):
    return (tmp_path / "notes").read_text().splitlines()


def test_the_compiler_is_told_all_that_the_script_asks_for(tree, compiler, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(compiler.parent), prepend=os.pathsep)
    out = tmp_path / "dist"
    path = windows.make_installer(tree, __version__, out)
    assert path == out / f"digitpad-{__version__}-windows-x86_64-setup.exe"
    *options, name = called(tmp_path)
    assert name == str(windows.SCRIPT)
    given = dict(option[2:].split("=", 1) for option in options if option.startswith("/D"))
    text = windows.SCRIPT.read_text(encoding="utf-8")
    assert set(given) == set(re.findall(r"\{#(\w+)\}", text))
    assert given["Version"] == __version__
    assert given["Source"] == str(tree)
    assert f"/O{out}" in options
    assert f"/F{path.stem}" in options
    assert not any(option.startswith("/S") for option in options)


def test_the_compiler_is_found_where_its_installer_puts_it(tree, compiler, tmp_path, monkeypatch):
    monkeypatch.setenv("ProgramFiles(x86)", str(compiler.parent.parent))
    windows.make_installer(tree, "1.0", tmp_path)
    assert "/DNumbers=1.0.0.0" in called(tmp_path)


def test_the_files_are_signed_where_there_is_a_tool(tree, compiler, tmp_path, monkeypatch):
    monkeypatch.setenv("ProgramFiles", str(compiler.parent.parent))
    monkeypatch.setenv(windows.SIGN_TOOL, "signtool.exe sign /n $qMe$q $f")
    windows.make_installer(tree, "1.0", tmp_path)
    assert "/DSigned" in called(tmp_path)
    assert "/Sdigitpad=signtool.exe sign /n $qMe$q $f" in called(tmp_path)


def test_a_script_that_is_refused_ends_the_build(tree, compiler, tmp_path, monkeypatch):
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    (tmp_path / "local" / "Programs").mkdir(parents=True)
    compiler.parent.rename(tmp_path / "local" / "Programs" / "Inno Setup 6")
    monkeypatch.setenv("CODE", "2")
    with pytest.raises(BuildError, match="Inno Setup ended with code 2"):
        windows.make_installer(tree, "1.0", tmp_path)


def test_without_inno_setup_the_build_says_what_to_do(tree, tmp_path, monkeypatch):
    for name in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match=r"install version 6\.3 or later"):
        windows.make_installer(tree, "1.0", tmp_path)


def test_both_programs_have_to_be_there(tree, tmp_path):
    (tree / "digitpad-window.exe").unlink()
    with pytest.raises(BuildError, match=r"lacks digitpad-window\.exe\."):
        windows.make_installer(tree, "1.0", tmp_path)
