"""Installers for Linux: a Debian package, and an archive with one folder that runs anywhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bundling import icons, licences
from bundling.failure import BuildError
from bundling.stripping import is_elf

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = "org.digitpad.Digitpad"
MAINTAINER = "The Digitpad developers <digitpad@localhost>"
_XZ = (
    *("xz", "--threads=2", "--block-size=150MiB"),
    # Jumps of machine code written so that they repeat, and the largest dictionary.
    *(("--x86",) if platform.machine() == "x86_64" else ()),
    "--lzma2=preset=9",
)
"""Two threads, however many there are, so that the result is always the same."""


def make_archive(tree: Path, version: str, out: Path, *, seconds: int) -> Path:
    """Pack the program as one folder.

    Args:
        tree: the program's folder.
        version: of Digitpad.
        out: a folder for the archive.
        seconds: since 1970; every file gets this time.

    Returns:
        The ``.tar.xz``.
    """
    name = f"digitpad-{version}"
    path = out / f"{name}-linux-{os.uname().machine}.tar.xz"
    # Not the targets of links.
    _pack(tree.parent, tree.name, path, seconds, f"--transform=flags=rS;s,^{tree.name},{name},")
    return path


def make_package(
    tree: Path, version: str, checkout: Path, work: Path, out: Path, *, seconds: int
) -> Path:
    """Make the Debian package.

    Args:
        tree: the program's folder.
        version: of Digitpad.
        checkout: with the menu entry and the other files of ``packaging/linux``.
        work: an empty folder on the same disk as `tree`, whose files are linked, not copied.
        out: a folder for the package.
        seconds: since 1970; every file gets this time.

    Returns:
        The ``.deb``.

    Raises:
        BuildError: one of Debian's tools is missing or refuses.
    """
    root = work / "root"
    program = root / "usr" / "lib" / "digitpad"
    _fill(root, program, tree, checkout)
    for folder, names, files in os.walk(root):
        for name in [*names, *files]:
            path = Path(folder, name)
            if not path.is_symlink():
                executable = path.is_dir() or bool(path.stat().st_mode & 0o100)
                path.chmod(0o755 if executable else 0o644)
    architecture = _output(["dpkg", "--print-architecture"])
    control = root / "DEBIAN"
    control.mkdir()
    (control / "md5sums").write_text("".join(_md5sums(root)), encoding="utf-8")
    (control / "control").write_text(
        _control(version, architecture, _depends(program, work), _kibibytes(root)),
        encoding="utf-8",
    )
    return _assemble(root, work, out / f"digitpad_{version}_{architecture}.deb", seconds)


def _assemble(root: Path, work: Path, path: Path, seconds: int) -> Path:
    """Put a package together as deb(5) describes it.

    `dpkg-deb --build` would do the same, but cannot be told how to compress well enough.
    """
    control = root / "DEBIAN"
    members = [work / "debian-binary", work / "control.tar.xz", work / "data.tar.xz"]
    members[0].write_text("2.0\n", encoding="ascii")
    _pack(control, ".", members[1], seconds)
    shutil.rmtree(control)
    _pack(root, ".", members[2], seconds)
    path.unlink(missing_ok=True)
    _run(["ar", "rcD", str(path), *map(str, members)])
    # Refused unless it is well formed.
    _run(["dpkg-deb", "--info", str(path)])
    return path


def _pack(folder: Path, name: str, path: Path, seconds: int, *options: str) -> None:
    """Make a ``.tar.xz`` of one name in a folder, whose bytes depend on its files alone."""
    _run(
        [
            *("tar", "--create", f"--file={path}", f"--use-compress-program={' '.join(_XZ)}"),
            *("--format=gnu", "--sort=name", "--owner=root:0", "--group=root:0"),
            *("--mode=u=rwX,go=rX", f"--mtime=@{seconds}", f"--directory={folder}"),
            *(*options, name),
        ]
    )


def _fill(root: Path, program: Path, tree: Path, checkout: Path) -> None:
    shutil.copytree(tree, program, symlinks=True, copy_function=os.link)
    share = root / "usr" / "share"
    linux = checkout / "packaging" / "linux"
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "digitpad").symlink_to("../lib/digitpad/digitpad")
    for source, folder in (
        (linux / f"{APPLICATION_ID}.desktop", share / "applications"),
        (linux / f"{APPLICATION_ID}.metainfo.xml", share / "metainfo"),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / source.name)
    drawing = checkout / "resources" / "icons" / "digitpad.svg"
    hicolor = share / "icons" / "hicolor"
    for icon in icons.png_icons(drawing, root.parent / "icons"):
        side = icon.stem.rpartition("-")[2]
        folder = hicolor / f"{side}x{side}" / "apps"
        folder.mkdir(parents=True)
        shutil.copyfile(icon, folder / f"{APPLICATION_ID}.png")
    scalable = hicolor / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(drawing, scalable / f"{APPLICATION_ID}.svg")
    doc = share / "doc" / "digitpad"
    doc.mkdir(parents=True)
    index = program / "_internal" / "digitpad" / "resources" / "licences" / "index.json"
    components = json.loads(index.read_text(encoding="utf-8"))
    (doc / "copyright").write_text(licences.debian_copyright(components), encoding="utf-8")
    _compress(checkout / "CHANGELOG.md", doc / "changelog.gz")
    manual = share / "man" / "man1"
    manual.mkdir(parents=True)
    _compress(linux / "digitpad.1", manual / "digitpad.1.gz")


def _compress(source: Path, target: Path) -> None:
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))


def _md5sums(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "md5").hexdigest()
            yield f"{digest}  {path.relative_to(root).as_posix()}\n"


def _kibibytes(root: Path) -> int:
    """Size on disk, as dpkg counts it: each file in whole kibibytes, each folder one."""
    return sum(
        -(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1
        for path in root.rglob("*")
    )


def _depends(program: Path, work: Path) -> str:
    """What Debian's own tool finds that the program is linked to outside its folder."""
    (work / "debian").mkdir()
    # The tool wants to see some source package here.
    (work / "debian" / "control").write_text(
        "Source: digitpad\n\nPackage: digitpad\nArchitecture: any\n", encoding="utf-8"
    )
    binaries = [
        str(path) for path in sorted(program.rglob("*")) if not path.is_symlink() and is_elf(path)
    ]
    folders = sorted({str(Path(binary).parent) for binary in binaries})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
    printed = _output([*command, *(f"-l{folder}" for folder in folders), *binaries], cwd=work)
    brought = _packages_of({path.name for path in program.rglob("lib*.so*")})
    required = printed.partition("shlibs:Depends=")[2].strip().split(", ")
    return ", ".join(one for one in required if one.split()[0] not in brought)


def _packages_of(libraries: set[str]) -> set[str]:
    """Debian's packages of libraries that the program brings along."""
    done = subprocess.run(
        ["dpkg-query", "--search", *(f"*/{name}" for name in sorted(libraries))],
        check=False,  # most are in no package
        capture_output=True,
        text=True,
    )
    return {line.partition(":")[0] for line in done.stdout.splitlines()}


def _control(version: str, architecture: str, depends: str, kibibytes: int) -> str:
    return f"""\
Package: digitpad
Version: {version}
Architecture: {architecture}
Maintainer: {MAINTAINER}
Installed-Size: {kibibytes}
Depends: {depends}, xkb-data
Recommends: fonts-dejavu-core | fonts-liberation
Section: education
Priority: optional
Description: draw digits and watch a convolutional network read them
 Draw a digit with the mouse, a finger or a pen, and a convolutional network
 reads it while you draw. Train networks of your own on MNIST, on your own
 strokes or on built-in digits, watch them learn, and put them to work on the
 pad with one click. Everything happens on this computer.
"""


def _output(command: list[str], cwd: Path | None = None) -> str:
    return _run(command, cwd=cwd).strip()


def _run(command: list[str], cwd: Path | None = None, **environment: str) -> str:
    try:
        done = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env=os.environ | environment,
        )
    except FileNotFoundError as error:
        raise BuildError(f"{command[0]} is missing; see packaging/README.md for tools.") from error
    if done.returncode != 0:
        raise BuildError(f"{command[0]} ended with code {done.returncode}; see above.")
    return done.stdout
