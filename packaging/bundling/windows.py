"""What is special about the bundle on Windows: the version resource, and the installer."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bundling import icons
from bundling.failure import BuildError
from bundling.identity import copyright_line, publisher, version_numbers
from bundling.origins import CHECKOUT

SCRIPT = CHECKOUT / "packaging" / "windows" / "digitpad.iss"
MANIFEST = CHECKOUT / "packaging" / "windows" / "digitpad.manifest"

PROGRAMS = {"digitpad": "Digitpad (command line)", "digitpad-window": "Digitpad"}
"""What the task manager calls each program: the one with a console, and the one of the menu."""

SIGN_TOOL = "DIGITPAD_SIGN_TOOL"
"""Name of the environment variable with a command that signs a file: Inno Setup puts the file in
the place of ``$f`` and a quotation mark in that of ``$q``."""

_COMPILER = "ISCC.exe"

_VERSION_INFO = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers!r}, prodvers={numbers!r}, mask=0x3F, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
{strings}
    ])]),
    VarFileInfo([VarStruct('Translation', [0x0409, 1200])]),
  ]
)
"""


def version_info(version: str, program: str, path: Path) -> Path:
    """Write a version resource in the form that PyInstaller reads.

    Args:
        version: of Digitpad.
        program: one of `PROGRAMS`.
        path: of the text file.

    Returns:
        The path.
    """
    strings = {
        "CompanyName": publisher(),
        "FileDescription": PROGRAMS[program],
        "FileVersion": version,
        "InternalName": program,
        "LegalCopyright": copyright_line(),
        "OriginalFilename": f"{program}.exe",
        "ProductName": "Digitpad",
        "ProductVersion": version,
    }
    lines = ",\n".join(f"      StringStruct({name!r}, {text!r})" for name, text in strings.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        _VERSION_INFO.format(numbers=version_numbers(version), strings=lines), encoding="utf-8"
    )
    return path


def make_installer(tree: Path, version: str, out: Path) -> Path:
    """Make the installer with Inno Setup.

    Args:
        tree: the program's folder, with both programs.
        version: of Digitpad.
        out: a folder for the installer.

    Returns:
        The ``.exe``.

    Raises:
        BuildError: a program or Inno Setup is missing, or Inno Setup refuses.
    """
    missing = [name for name in PROGRAMS if not (tree / f"{name}.exe").is_file()]
    if missing:
        raise BuildError(f"{tree} lacks {' and '.join(f'{name}.exe' for name in missing)}.")
    compiler = _compiler()
    name = f"digitpad-{version}-windows-x86_64-setup"
    with tempfile.TemporaryDirectory() as work:
        icon = icons.windows_icon(
            CHECKOUT / "resources" / "icons" / "digitpad.svg", Path(work) / "digitpad.ico"
        )
        command = [
            str(compiler),
            "/Qp",
            f"/DVersion={version}",
            f"/DNumbers={'.'.join(map(str, version_numbers(version)))}",
            f"/DPublisher={publisher()}",
            f"/DSource={tree.resolve()}",
            f"/DIcon={icon}",
            f"/O{out.resolve()}",
            f"/F{name}",
        ]
        sign = os.environ.get(SIGN_TOOL)
        if sign:
            command += ["/DSigned", f"/Sdigitpad={sign}"]
        code = subprocess.run([*command, str(SCRIPT)], check=False).returncode
    if code != 0:
        raise BuildError(f"Inno Setup ended with code {code}; see above.")
    return out / f"{name}.exe"


def _compiler() -> Path:
    found = shutil.which(_COMPILER)
    if found is not None:
        return Path(found)
    # Its own installer does not put it on the PATH; the last one is where it goes for one user.
    for variable, between in (
        ("ProgramFiles(x86)", ""),
        ("ProgramFiles", ""),
        ("LOCALAPPDATA", "Programs"),
    ):
        root = os.environ.get(variable)
        if root:
            path = Path(root, between, "Inno Setup 6", _COMPILER)
            if path.is_file():
                return path
    raise BuildError(
        "Inno Setup is missing: install version 6.3 or later of it, or put its folder on the PATH."
    )
