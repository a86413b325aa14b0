"""What is special about the bundle on macOS: its property list, its signature, the disk image."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

from bundling.failure import BuildError
from bundling.identity import copyright_line, version_numbers
from bundling.origins import CHECKOUT

IDENTITY = "DIGITPAD_SIGNING_IDENTITY"
"""Name of the environment variable with a certificate's name, ``Developer ID Application: ...``.
Without it, the signature is an ad-hoc one."""

NOTARY_PROFILE = "DIGITPAD_NOTARY_PROFILE"
"""Name of the environment variable with the name under which ``xcrun notarytool
store-credentials`` has put somebody's credentials into the keychain. Without it, the image is not
sent to Apple."""

ENTITLEMENTS = CHECKOUT / "packaging" / "macos" / "entitlements.plist"

MINIMUM_SYSTEM = "14.0"
"""What the wheels of torch 2.13 are built for; Qt 6.11 would run on 13."""

_ATTEMPTS = 4


def info_plist(version: str) -> dict[str, object]:
    """What the property list of the app says beside PyInstaller's own.

    Args:
        version: of Digitpad.
    """
    return {
        "CFBundleName": "Digitpad",
        "CFBundleDisplayName": "Digitpad",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleShortVersionString": version,
        # Numbers alone: by them the system tells which of two is the newer one.
        "CFBundleVersion": ".".join(map(str, version_numbers(version)[:3])),
        "LSApplicationCategoryType": "public.app-category.education",
        "LSMinimumSystemVersion": MINIMUM_SYSTEM,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": copyright_line(),
        # The window may be dark.
        "NSRequiresAquaSystemAppearance": False,
    }


def signing() -> dict[str, str | None]:
    """Arguments for PyInstaller's EXE, which signs each file by itself and then the app."""
    identity = os.environ.get(IDENTITY) or None
    return {
        "codesign_identity": identity,
        "entitlements_file": str(ENTITLEMENTS) if identity else None,
    }


def make_dmg(app: Path, version: str, out: Path) -> Path:
    """Make the disk image: the app beside a link to the folder that it is to be drawn into.

    Args:
        app: ``Digitpad.app``, signed by PyInstaller.
        version: of Digitpad.
        out: a folder for the image.

    Returns:
        The ``.dmg``; signed and notarised if the environment says by whom.

    Raises:
        BuildError: a program of macOS refuses, or Apple does.
    """
    identity, profile = os.environ.get(IDENTITY), os.environ.get(NOTARY_PROFILE)
    if profile and not identity:
        raise BuildError(f"Apple notarises nothing without a signature: set {IDENTITY}, too.")
    _run(["codesign", "--verify", "--deep", "--strict", str(app)])
    path = out / f"digitpad-{version}-macos-{platform.machine()}.dmg"
    with tempfile.TemporaryDirectory() as name:
        stage = Path(name) / "Digitpad"
        stage.mkdir()
        # Unlike Python's own, this copy keeps everything that is signed.
        _run(["ditto", str(app), str(stage / app.name)])
        (stage / "Applications").symlink_to("/Applications")
        _create(
            [
                *("hdiutil", "create", "-ov", "-volname", "Digitpad", "-srcfolder", str(stage)),
                *("-fs", "HFS+", "-format", "ULMO", str(path)),
            ]
        )
    if identity:
        _run(["codesign", "--sign", identity, "--timestamp", str(path)])
    if profile:
        _notarise(path, profile)
    return path


def _create(command: list[str]) -> None:
    # The system's virus scanner may hold on to a file for a moment; hdiutil then gives up.
    for attempt in range(1, _ATTEMPTS):
        if subprocess.run(command, check=False).returncode == 0:
            return
        time.sleep(5 * attempt)
    _run(command)


def _notarise(path: Path, profile: str) -> None:
    credentials = ["--keychain-profile", profile]
    told = _run(
        [
            *("xcrun", "notarytool", "submit", str(path), *credentials),
            *("--wait", "--output-format", "json"),
        ]
    )
    answer = json.loads(told)
    # Its exit code is 0, too, where Apple has found something.
    if answer.get("status") != "Accepted":
        if "id" in answer:
            print(_run(["xcrun", "notarytool", "log", answer["id"], *credentials]))
        raise BuildError(f"Apple has not accepted {path.name}: {answer.get('status')}; see above.")
    _run(["xcrun", "stapler", "staple", str(path)])
    _run(["xcrun", "stapler", "validate", str(path)])


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError as error:
        raise BuildError(f"{command[0]} is missing: macOS and Xcode's tools have it.") from error
    if done.returncode != 0:
        raise BuildError(f"{command[0]} ended with code {done.returncode}; see above.")
    return done.stdout
