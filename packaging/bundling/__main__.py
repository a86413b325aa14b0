"""Build the bundle and its installers, inside the environment that ``build.py`` has made."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

from bundling import buildinfo, linux, macos, manifest, windows
from bundling.failure import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGING = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGING.parent
WORK = CHECKOUT / "build" / "bundle"
OUT = CHECKOUT / "dist"

MOST_INSTALLED_MB = 600
MOST_PACKED_MB = 145
"""A bundle that has grown larger is not built: look at what came along (Linux)."""

FORMATS = {"linux": ("deb", "tar"), "win32": ("exe",), "darwin": ("dmg",)}
"""Installers by platform."""


def main() -> int:
    """Do what the arguments say; the exit code is 2 after a sentence of what is wrong."""
    formats = FORMATS.get(sys.platform, ())
    parser = argparse.ArgumentParser(prog="packaging/build.py", description=__doc__)
    parser.add_argument(
        "--formats",
        nargs="*",
        choices=formats,
        default=formats,
        help=f"installers to make (all: {' '.join(formats)}); none builds the folder alone",
    )
    parser.add_argument(
        "--check-reproducible",
        action="store_true",
        help="build the folder twice and compare all files",
    )
    parser.add_argument(
        "--smoke-test",
        action="store_true",
        help="install what has been built, use it, and remove it (Linux: as root)",
    )
    arguments = parser.parse_args()
    try:
        if not formats:
            raise BuildError(f"Bundles are built on Linux, Windows and macOS, not {sys.platform}.")
        _build(arguments.formats, twice=arguments.check_reproducible)
        if arguments.smoke_test:
            with _step("smoke test"):
                _smoke_test()
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    return 0


def _build(formats: list[str], *, twice: bool) -> None:
    version = version_of("digitpad")
    with _step("program"):
        tree = _program(WORK / "program")
    files = manifest.manifest(tree)
    OUT.mkdir(exist_ok=True)
    listing = OUT / f"digitpad-{version}-{sys.platform}.sha256"
    listing.write_text(manifest.as_text(files), encoding="utf-8")
    megabytes = sum(path.stat().st_size for path in _regular_files(tree)) / 1e6
    print(f"{len(files)} files, {megabytes:.0f} MB")
    _bound("The program", megabytes, MOST_INSTALLED_MB)
    if twice:
        with _step("program, once more"):
            again = manifest.manifest(_program(WORK / "again"))
        different = manifest.differences(files, again)
        if different:
            raise BuildError(f"Two builds differ in {len(different)} files: {different[:20]}.")
        print(f"Two builds agree in all {len(files)} files.")
    for kind in formats:
        with _step(kind):
            path = _installer(kind, tree, version)
        packed = path.stat().st_size / 1e6
        print(f"{path.relative_to(CHECKOUT)}: {packed:.1f} MB")
        _bound(path.name, packed, MOST_PACKED_MB)


def _bound(name: str, megabytes: float, most: int) -> None:
    if sys.platform == "linux" and megabytes > most:
        raise BuildError(f"{name} has grown to {megabytes:.1f} MB; {most} MB are allowed.")


def _program(folder: Path) -> Path:
    """Run PyInstaller; returns the program's folder (macOS: the app)."""
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
            *("--distpath", str(folder / "dist"), "--workpath", str(folder / "work")),
            str(PACKAGING / "digitpad.spec"),
        ],
        check=False,
        # Not the checkout, whose packages would come before the installed ones.
        cwd=PACKAGING,
        env=os.environ
        | {
            "DIGITPAD_BUILD": str(folder),
            # Sets in bytecode have the order of their hashes.
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": str(buildinfo.commit(CHECKOUT).seconds),
            "PYINSTALLER_CONFIG_DIR": str(WORK / "cache"),
        },
    )
    if done.returncode != 0:
        raise BuildError("PyInstaller could not build the program; see above.")
    return folder / "dist" / ("Digitpad.app" if sys.platform == "darwin" else "digitpad")


def _installer(kind: str, tree: Path, version: str) -> Path:
    seconds = buildinfo.commit(CHECKOUT).seconds
    if kind == "tar":
        return linux.make_archive(tree, version, OUT, seconds=seconds)
    if kind == "deb":
        work = WORK / "deb"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        return linux.make_package(tree, version, CHECKOUT, work, OUT, seconds=seconds)
    if kind == "exe":
        return windows.make_installer(tree, version, OUT)
    return macos.make_dmg(tree, version, OUT)


def _smoke_test() -> None:
    smoke = PACKAGING / "smoke"
    if sys.platform == "linux":
        version = version_of("digitpad")
        package = next(OUT.glob(f"digitpad_{version}_*.deb"), None)
        archive = next(OUT.glob(f"digitpad-{version}-linux-*.tar.xz"), None)
        if package is None or archive is None:
            raise BuildError("The smoke test needs both installers: build them, too.")
        command = [
            *(str(smoke / "linux.py"), "--deb", str(package), "--tar", str(archive)),
            *("--artifacts", str(OUT / "smoke")),
        ]
    else:
        tree = WORK / "program" / "dist"
        program = (
            tree / "Digitpad.app" / "Contents" / "MacOS" / "digitpad"
            if sys.platform == "darwin"
            else tree / "digitpad" / "digitpad.exe"
        )
        command = [str(smoke / "portable.py"), "--program", str(program)]
    if subprocess.run([sys.executable, *command], check=False).returncode != 0:
        raise BuildError("The smoke test failed; see above.")


def _regular_files(tree: Path) -> Iterator[Path]:
    return (path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"-- {name}", flush=True)
    start = time.monotonic()
    yield
    print(f"-- {name}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
