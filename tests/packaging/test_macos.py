"""The property list, the signature and the disk image of the bundle for macOS."""

import json
import plistlib
import sys
from pathlib import Path

import pytest

from bundling import macos
from bundling.failure import BuildError

# Each stand-in for a program of macOS notes how it was called.
PROGRAM = """\
#!/bin/sh
echo "${0##*/} $*" >> "$NOTES"
"""
HDIUTIL = """\
echo "$BUSY" | grep -q . && test ! -e "$NOTES.busy" && touch "$NOTES.busy" && exit 1
while test "$1" != -srcfolder; do shift; done
ls "$2" >> "$NOTES"
for image; do :; done
echo image > "$image"
"""
XCRUN = """\
case $2 in
submit) printf %s "$ANSWER";;
log) echo "what Apple has found";;
esac
"""


@pytest.fixture
def notes(tmp_path, monkeypatch):
    if sys.platform == "win32":
        pytest.skip("the stand-ins are shell scripts")
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, more in {
        "codesign": "",
        "ditto": 'mkdir "$2"\n',
        "hdiutil": HDIUTIL,
        "xcrun": XCRUN,
    }.items():
        (folder / name).write_text(PROGRAM + more)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    for name in (macos.IDENTITY, macos.NOTARY_PROFILE, "BUSY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return tmp_path / "notes"


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "Digitpad.app"
    folder.mkdir()
    return folder


def test_the_property_list_says_what_the_system_asks_for():
    values = plistlib.loads(plistlib.dumps(macos.info_plist("0.2.0rc1")))
    assert values["CFBundleShortVersionString"] == "0.2.0rc1"
    assert values["CFBundleVersion"] == "0.2.0"
    assert values["LSApplicationCategoryType"] == "public.app-category.education"
    assert values["LSMinimumSystemVersion"] == "14.0"
    assert values["NSHighResolutionCapable"] is True
    assert values["NSRequiresAquaSystemAppearance"] is False
    assert values["NSHumanReadableCopyright"].startswith("Copyright (c) ")


def test_without_a_certificate_the_signature_is_an_ad_hoc_one(notes):
    assert macos.signing() == {"codesign_identity": None, "entitlements_file": None}


def test_a_certificate_comes_with_what_torch_is_allowed_to_do(notes, monkeypatch):
    monkeypatch.setenv(macos.IDENTITY, "Developer ID Application: Me")
    arguments = macos.signing()
    assert arguments["codesign_identity"] == "Developer ID Application: Me"
    assert plistlib.loads(Path(arguments["entitlements_file"]).read_bytes()) == {
        "com.apple.security.cs.allow-jit": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }


def test_the_image_holds_the_app_and_a_link(notes, app, tmp_path):
    path = macos.make_dmg(app, "0.1.0", tmp_path)
    assert path.name.startswith("digitpad-0.1.0-macos-")
    assert path.read_text() == "image\n"
    verify, copy, create, *listing = notes.read_text().splitlines()
    assert verify == f"codesign --verify --deep --strict {app}"
    assert copy.startswith(f"ditto {app} ")
    assert create.startswith("hdiutil create -ov -volname Digitpad -srcfolder ")
    assert create.endswith(f" {path}")
    assert listing == ["Applications", "Digitpad.app"]


def test_a_busy_disk_is_waited_for(notes, app, tmp_path, monkeypatch):
    monkeypatch.setenv("BUSY", "yes")
    assert macos.make_dmg(app, "0.1.0", tmp_path).is_file()
    assert notes.read_text().count("hdiutil create") == 2


def test_a_disk_that_stays_busy_ends_the_build(notes, app, tmp_path):
    (tmp_path / "programs" / "hdiutil").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(BuildError, match="hdiutil ended with code 1"):
        macos.make_dmg(app, "0.1.0", tmp_path)


def test_apple_is_asked_where_there_are_credentials(notes, app, tmp_path, monkeypatch):
    monkeypatch.setenv(macos.IDENTITY, "Me")
    monkeypatch.setenv(macos.NOTARY_PROFILE, "mine")
    monkeypatch.setenv("ANSWER", json.dumps({"id": "1", "status": "Accepted"}))
    path = macos.make_dmg(app, "0.1.0", tmp_path)
    assert notes.read_text().splitlines()[-4:] == [
        f"codesign --sign Me --timestamp {path}",
        f"xcrun notarytool submit {path} --keychain-profile mine --wait --output-format json",
        f"xcrun stapler staple {path}",
        f"xcrun stapler validate {path}",
    ]


def test_what_apple_refuses_is_told(notes, app, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(macos.IDENTITY, "Me")
    monkeypatch.setenv(macos.NOTARY_PROFILE, "mine")
    monkeypatch.setenv("ANSWER", json.dumps({"id": "1", "status": "Invalid"}))
    with pytest.raises(BuildError, match=r"has not accepted .*: Invalid"):
        macos.make_dmg(app, "0.1.0", tmp_path)
    assert capsys.readouterr().out == "what Apple has found\n\n"
    assert "stapler" not in notes.read_text()


def test_nothing_is_notarised_without_a_signature(notes, app, tmp_path, monkeypatch):
    monkeypatch.setenv(macos.NOTARY_PROFILE, "mine")
    with pytest.raises(BuildError, match=macos.IDENTITY):
        macos.make_dmg(app, "0.1.0", tmp_path)
    assert not notes.exists()


def test_a_missing_program_is_named(app, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="codesign is missing"):
        macos.make_dmg(app, "0.1.0", tmp_path)
