"""Whose files are in a bundle, and whether their licences are with them."""

import json
import shutil
from importlib import metadata
from pathlib import Path

import filelock
import pytest

from bundling import licences
from bundling.failure import BuildError
from bundling.origins import Origin, Origins, debian_packages

NEEDED = ("digitpad", "filelock", "pyside6", "shiboken6")
DPKG = shutil.which("dpkg") is not None


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with packages of its own, beside those that are installed."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture(autouse=True)
def _without_pyinstaller(monkeypatch):
    monkeypatch.setattr(licences, "ALWAYS", ("digitpad",))


@pytest.fixture
def every_package():
    """Asks for all packages that are installed, not only for those with few files."""


@pytest.fixture(autouse=True)
def _few_packages(request, monkeypatch):
    """Some packages have ten thousands of files, and nearly no test needs them."""
    if "every_package" in request.fixturenames:
        return
    found = metadata.distributions

    def few(**arguments):
        ours = Path(metadata.distribution("filelock").locate_file(""))
        for one in found(**arguments):
            name = one.metadata["Name"].lower()
            if Path(one.locate_file("")) != ours or name.startswith(NEEDED):
                yield one

    monkeypatch.setattr(metadata, "distributions", few)


def install(site, name, files, licence="MIT", texts=("LICENSE",)):
    """Make a distribution; returns the paths of its files."""
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    content = {f"{info.name}/licenses/{text}": f"{text} of {name}\n" for text in texts}
    content |= dict.fromkeys(files, "") if not isinstance(files, dict) else files
    content[f"{info.name}/METADATA"] = (
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: {licence}\n"
    )
    for path, text in content.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in content))
    return [str(site / path) for path in files]


def collect(tmp_path, *sources):
    """The list of components by name, of a bundle of these files."""
    out = tmp_path / "out"
    modules = [(f"m{number}", str(source), "PYMODULE") for number, source in enumerate(sources)]
    paths = licences.collect(pure=modules, binaries=[], datas=[], out=out)
    assert paths == sorted(out.iterdir())
    index = json.loads((out / "index.json").read_text(encoding="utf-8"))
    assert [one["name"].lower() for one in index] == sorted(one["name"].lower() for one in index)
    texts = {text for one in index for text in one["texts"]}
    assert texts == {path.name for path in paths} - {"index.json"}
    return {one["name"]: one for one in index}


def test_the_program_itself_is_always_listed(tmp_path):
    found = collect(tmp_path)
    assert found["Digitpad"]["licence"] == "MIT"
    text = (tmp_path / "out" / "Digitpad.txt").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in text
    assert "Y. LeCun" in text
    assert "CC BY-SA 3.0" in text
    assert "creativecommons.org/licenses/by-sa/3.0/" in text


def test_files_belong_to_the_package_that_they_were_installed_with(tmp_path, every_package):
    found = collect(tmp_path, filelock.__file__, json.__file__)
    assert list(found) == ["Digitpad", "filelock", "Python"]
    assert found["filelock"]["version"] == metadata.version("filelock")
    assert found["Python"]["texts"] == ["Python.txt", "Python-incorporated.txt"]
    assert "PYTHON SOFTWARE FOUNDATION" in (tmp_path / "out" / "Python.txt").read_text()


def test_all_texts_of_a_package_are_kept(tmp_path, site):
    source = install(site, "some-thing", ["thing/a.py"], texts=["LICENSE", "third/NOTICE"])
    found = collect(tmp_path, *source)
    assert found["some-thing"]["texts"] == ["some-thing.txt"]
    text = (tmp_path / "out" / "some-thing.txt").read_text()
    assert "LICENSE of some-thing" in text
    assert "third/NOTICE\n------------\n" in text


def test_crates_of_rust_are_listed(tmp_path, site):
    bill = {"components": [{"name": "x", "version": "2", "purl": "pkg:cargo/x", "licenses": []}]}
    bill["components"][0]["licenses"] = [{"expression": "MIT OR Apache-2.0"}]
    path = "rusty-1.0.dist-info/sboms/rusty.cyclonedx.json"
    source = install(site, "rusty", {"rusty.so": "", path: json.dumps(bill)})
    found = collect(tmp_path, *source)
    assert found["rusty"]["texts"] == ["rusty.txt", "Apache-2.0.txt"]
    assert "x 2: MIT OR Apache-2.0" in (tmp_path / "out" / "rusty.txt").read_text()


def test_a_file_of_nobody_ends_the_build(tmp_path):
    stray = tmp_path / "libstray.so"
    stray.touch()
    with pytest.raises(BuildError, match=r"libstray\.so"):
        collect(tmp_path, stray)


def test_a_component_without_a_text_ends_the_build(tmp_path, site):
    source = install(site, "silent", ["silent.py"], texts=[])
    with pytest.raises(BuildError, match=r"silent is in the bundle, and there is no text"):
        collect(tmp_path, *source)


def test_links_and_packages_without_a_file_have_no_origin(tmp_path):
    found = licences.collect(
        pure=[("space", "-", "PYMODULE")],
        binaries=[("libx.so", "libx.so.1", "SYMLINK")],
        datas=[],
        out=tmp_path / "out",
    )
    assert [path.name for path in found] == ["Digitpad.txt", "Free-libraries.txt", "index.json"]


@pytest.mark.parametrize(
    ("package", "file", "component"),
    [
        ("PySide6-Essentials", "PySide6/Qt/lib/libQt6Core.so.6", "Qt"),
        ("PySide6-Essentials", "PySide6/Qt6Core.dll", "Qt"),
        ("torch", "torch/lib/libgomp.so.1", "GCC runtime libraries"),
        ("torch", "torch/lib/libiomp5md.dll", "Intel oneAPI libraries"),
        ("shiboken6", "shiboken6/msvcp140.dll", "Microsoft Visual C++ runtime"),
    ],
)
def test_parts_of_a_package_that_others_made(site, package, file, component):
    (source,) = install(site, package, [file])
    found = Origins([str(site)]).of_all([source])
    assert found == {Origin("known", component): [source]}


def test_qt_comes_with_the_texts_that_its_wheel_lacks(tmp_path):
    from PySide6 import QtCore

    library = next(Path(QtCore.__file__).parent.rglob("*Qt6Core*"))
    found = collect(tmp_path, library, QtCore.__file__)
    assert found["Qt"]["version"] == QtCore.qVersion()
    assert found["Qt"]["texts"][:3] == ["LGPL-3.0.txt", "GPL-3.0.txt", "Qt-third-party.txt"]
    assert found["PySide6_Essentials"]["licence"] == "LGPL-3.0-only"


def test_a_library_inside_torch_is_found_by_its_traces(tmp_path, site):
    library = "torch/lib/libtorch_cpu.so"
    (source,) = install(site, "torch", {library: "...Intel(R) oneAPI Math Kernel Library..."})
    assert "Intel oneAPI libraries" in collect(tmp_path, source)
    (source,) = install(site, "torch", {library: "another build"})
    assert "Intel oneAPI libraries" not in collect(tmp_path, source)


@pytest.mark.skipif(not DPKG, reason="needs dpkg")
def test_libraries_of_debian_come_with_their_copyright(tmp_path):
    library = next(
        Path(path)
        for path in ("/lib/x86_64-linux-gnu/libz.so.1", "/lib/aarch64-linux-gnu/libz.so.1")
        if Path(path).exists()
    )
    assert debian_packages([str(library), "/nowhere"]) == {str(library): "zlib1g"}
    found = collect(tmp_path, library)
    assert found["zlib"]["licence"] == "Zlib"
    assert "Jean-loup Gailly" in (tmp_path / "out" / "zlib.txt").read_text(encoding="utf-8")


def test_the_same_files_give_the_same_texts(tmp_path):
    sources = [filelock.__file__, json.__file__]
    first = collect(tmp_path, *sources)
    content = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "out" / "stale.txt").touch()
    assert collect(tmp_path, *reversed(sources)) == first
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == content


def test_every_text_that_is_named_is_there():
    named = {
        text for one in (*licences.KNOWN.values(), *licences.ADDED.values()) for text in one.texts
    }
    assert named | {"Apache-2.0"} == {path.stem for path in licences.TEXTS.iterdir()}


def test_what_is_left_out_is_not_required():
    names = {name.lower() for name in licences.distributions("digitpad")}
    assert {"digitpad", "torch", "pyside6_essentials", "numpy"} <= names
    assert not names & {"setuptools", "jinja2", "networkx", "fsspec"}


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("Files: *\nCopyright: A\nLicense: MIT\n text\n\nFiles: debian/*\nLicense: GPL", "MIT"),
        ("Files: debian/*\nLicense: GPL\n\nFiles:\n *\nLicense: X or Y\n", "X or Y"),
        ("This package was made by somebody.", "see its text"),
    ],
)
def test_licences_of_debians_packages(text, licence):
    assert licences.debian_licence(text) == licence


def test_the_debian_package_has_a_copyright_file_for_machines():
    index = [
        {"name": "a", "version": "1", "licence": "MIT", "texts": ["a.txt"]},
        {"name": "b", "version": "", "licence": "LGPL-3.0-only", "texts": ["b.txt"]},
    ]
    paragraphs = licences.debian_copyright(index).strip().split("\n\n")
    fields = [
        {line.partition(":")[0] for line in paragraph.splitlines() if line[0] != " "}
        for paragraph in paragraphs
    ]
    files = {"Files", "Copyright", "License"}
    assert fields == [
        {"Format", "Upstream-Name", "Comment"},
        files,
        files,
        files,
        {"License"},
        {"License"},
    ]
    assert " a 1: MIT" in paragraphs[-1].splitlines()
    assert " b: LGPL-3.0-only" in paragraphs[-1].splitlines()
    assert "WITHOUT WARRANTY OF ANY KIND" in paragraphs[-2]
