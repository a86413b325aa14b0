"""The Debian package and the archive, of a program that is a script."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 1_700_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="makes packages for Linux")

linux = pytest.importorskip("bundling.linux")


def needs(*programs):
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree" / "digitpad"
    licences = folder / "_internal" / "digitpad" / "resources" / "licences"
    licences.mkdir(parents=True)
    entry = {"name": "Digitpad", "version": "1.2", "licence": "MIT", "texts": ["digitpad.txt"]}
    (licences / "index.json").write_text(json.dumps([entry]))
    (licences / "digitpad.txt").write_text("Do what you like.\n")
    program = folder / "digitpad"
    program.write_text("#!/bin/sh\necho read\n")
    program.chmod(0o755)
    (folder / "_internal" / "libc10.so").symlink_to("digitpad")
    return folder


@pytest.fixture
def package(tree, tmp_path, monkeypatch):
    # There is no binary to look into.
    monkeypatch.setattr(linux, "_depends", lambda program, work: "libc6 (>= 2.36)")
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    out.mkdir()
    return linux.make_package(tree, "1.2", CHECKOUT, work, out, seconds=SECONDS)


@needs("tar", "xz")
def test_the_archive_has_one_folder_with_a_program_that_runs(tree, tmp_path):
    path = linux.make_archive(tree, "1.2", tmp_path, seconds=SECONDS)
    subprocess.run(["tar", "-xf", path, "-C", tmp_path], check=True)
    program = tmp_path / "digitpad-1.2" / "digitpad"
    assert subprocess.run([program], check=True, capture_output=True, text=True).stdout == "read\n"
    assert (tmp_path / "digitpad-1.2" / "_internal" / "libc10.so").readlink() == Path("digitpad")


@needs("tar", "xz")
def test_the_archive_depends_on_its_files_alone(tree, tmp_path):
    folders = tmp_path / "one", tmp_path / "two"
    archives = []
    for folder in folders:
        folder.mkdir()
        archives.append(linux.make_archive(tree, "1.2", folder, seconds=SECONDS).read_bytes())
        (tree / "digitpad").touch()
    assert archives[0] == archives[1]


@needs("dpkg", "dpkg-deb", "ar", "tar", "xz")
def test_the_package_is_one_that_dpkg_unpacks(package, tmp_path):
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True)
    control = (root / "DEBIAN" / "control").read_text()
    assert "Package: digitpad\nVersion: 1.2\n" in control
    assert "Depends: libc6 (>= 2.36), " in control
    command = root / "usr" / "bin" / "digitpad"
    assert command.readlink() == Path("../lib/digitpad/digitpad")
    assert subprocess.run([command], check=True, capture_output=True, text=True).stdout == "read\n"
    share = root / "usr" / "share"
    for path in (
        "applications/org.digitpad.Digitpad.desktop",
        "metainfo/org.digitpad.Digitpad.metainfo.xml",
        "icons/hicolor/scalable/apps/org.digitpad.Digitpad.svg",
        "icons/hicolor/48x48/apps/org.digitpad.Digitpad.png",
        "doc/digitpad/copyright",
        "doc/digitpad/changelog.gz",
        "man/man1/digitpad.1.gz",
    ):
        assert (share / path).is_file(), path


@needs("dpkg", "dpkg-deb", "ar", "tar", "xz")
def test_the_package_lists_the_sums_of_its_files(package, tmp_path):
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True)
    lines = (root / "DEBIAN" / "md5sums").read_text().splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    files = {
        path.relative_to(root).as_posix(): hashlib.md5(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts
    }
    assert sums == files


@needs("dpkg", "dpkg-deb", "ar", "tar", "xz")
def test_files_of_the_package_belong_to_root_and_nobody_else_writes(package):
    listing = subprocess.run(
        ["dpkg-deb", "--contents", package], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for line in listing:
        mode, owner = line.split()[:2]
        assert owner == "root/root", line
        assert mode[0] == "l" or (mode[5], mode[8]) == ("-", "-"), line


def test_a_missing_tool_is_told_by_its_name(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(linux.BuildError, match="dpkg-shlibdeps is missing"):
        linux._run(["dpkg-shlibdeps", "-O"])
