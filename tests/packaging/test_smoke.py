"""The parts of the smoke test that can be tried without a bundle."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from smoke import installing, libraries, window
from smoke.display import Frame
from smoke.isolation import Isolation, _outermost, parse_mounts
from smoke.tools import (
    SmokeError,
    ensure,
    let_programs_be_interrupted,
    missing_tools,
    run,
    wait_for,
)

CHECKOUT = Path(__file__).resolve().parents[2]


def test_a_program_that_ends_otherwise_is_told_with_what_it_said():
    said = "import sys; print('no disk', file=sys.stderr); sys.exit(3)"
    with pytest.raises(SmokeError, match=r"code 3(.|\n)*no disk"):
        run([sys.executable, "-c", said])
    assert run([sys.executable, "-c", said], codes=(3,)).stderr.strip() == "no disk"


def test_a_program_that_is_missing_or_takes_too_long_is_told():
    with pytest.raises(SmokeError, match="is missing"):
        run(["no-such-program"])
    with pytest.raises(SmokeError, match="more than 0 s"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_programs_can_be_interrupted_even_where_the_shell_has_forbidden_it():
    told = [sys.executable, "-c", "import signal as s; print(s.getsignal(s.SIGINT) != s.SIG_IGN)"]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert run(told).stdout == "False\n"
        let_programs_be_interrupted()
        assert run(told).stdout == "True\n"
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_is_waited_for_is_returned_and_what_does_not_come_is_told():
    numbers = iter([0, 0, 7])
    assert wait_for(lambda: next(numbers), 60, "It did not come.") == 7
    with pytest.raises(SmokeError, match=r"It did not come\."):
        wait_for(lambda: None, 0, "It did not come.")
    with pytest.raises(SmokeError, match=r"^No\.$"):
        ensure([], "No.")


def test_missing_tools_are_named_with_their_packages():
    assert missing_tools({sys.executable: "python3"}) is None
    sentence = missing_tools({"no-such-a": "one", "no-such-b": "one", "no-such-c": "two"})
    assert "no-such-a, no-such-b, no-such-c" in sentence
    assert sentence.endswith(" one two")


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
23 22 0:21 / /proc rw,nosuid - proc proc rw
24 22 0:22 / /home/a\\040b rw - tmpfs tmpfs rw,size=4k
25 22 0:23 / /media ro,relatime - ext4 /dev/sdb1 rw
26 22 0:24 / /mnt rw,relatime - iso9660 /dev/sr0 ro
27 22 0:25 / /opt/deep rw - tmpfs tmpfs rw
28 22 0:26 / /opt ro - tmpfs hidden rw
"""


def test_mounts_are_read_as_the_kernel_tells_them():
    assert parse_mounts(MOUNTS) == [
        ("/", "ext4", True),
        ("/proc", "proc", True),
        ("/home/a b", "tmpfs", True),
        ("/media", "ext4", False),
        ("/mnt", "iso9660", False),
        # What lay below this one is covered.
        ("/opt", "tmpfs", False),
    ]


def test_folders_in_others_of_them_need_not_be_hidden(tmp_path):
    for name in ("a/b/c", "ab", "d"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to("d")
    names = ("a/b/c", "a", "ab", "link", "missing")
    found = _outermost(tmp_path / name for name in names)
    assert found == [str(tmp_path / name) for name in ("a", "ab", "d")]


LISTING = """\
drwxr-xr-x root/root         0 2026-01-02 03:04 ./
drwxr-xr-x root/root         0 2026-01-02 03:04 ./usr/
-rw-r--r-- root/root        12 2026-01-02 03:04 ./usr/a file
lrwxrwxrwx root/root         0 2026-01-02 03:04 ./usr/link -> ../lib/a file
"""


def test_the_files_of_a_package_are_read():
    assert installing.contents(LISTING) == {"/usr", "/usr/a file", "/usr/link"}


def test_a_menu_entry_is_read():
    entry = installing.read_menu_entry(
        '[Desktop Entry]\nName=Digitpad\nExec="digit pad" --a %F "50%%"\n'
        "[Desktop Action new]\nExec=other\n"
    )
    assert entry["Name"] == "Digitpad"
    assert installing.command_of(entry["Exec"]) == ["digit pad", "--a", "50%"]


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_an_older_package_has_the_scripts_of_the_newer_one_and_a_file_more(tmp_path):
    control = tmp_path / "new" / "DEBIAN"
    control.mkdir(parents=True)
    (control / "control").write_text(
        "Package: digitpad\nVersion: 2.0\nArchitecture: all\nMaintainer: Somebody <a@localhost>\n"
        "Description: for a test\n"
    )
    (control / "prerm").write_text("#!/bin/sh\nexit 0\n")
    (control / "prerm").chmod(0o755)
    newer = tmp_path / "newer.deb"
    subprocess.run(["dpkg-deb", "--build", control.parent, newer], check=True, capture_output=True)
    older = installing.make_older(newer, tmp_path)
    assert installing.field(older, "Version") == "0.0.1"
    assert installing.field(older, "Package") == "digitpad"
    paths = installing.contents(run(["dpkg-deb", "--contents", older]).stdout)
    assert "/usr/lib/digitpad/_internal/of_an_older_version.pyc" in paths
    run(["dpkg-deb", "--control", older, tmp_path / "control"])
    assert (tmp_path / "control" / "prerm").is_file()


def test_what_ldd_prints_is_read():
    printed = (
        "/a/b.so:\n\tlinux-vdso.so.1 (0x00007fff)\n\tlibc.so.6 => /lib/libc.so.6 (0x00007f)\n"
        "\tlibz.so.1 => not found\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n"
        "/a/plain:\n\tnot a dynamic executable\n"
    )
    lost, found = libraries.resolved(printed)
    assert lost == {"libz.so.1"}
    assert found == {"libc.so.6": "/lib/libc.so.6"}


def test_packages_are_read_from_a_control_file():
    depends = "libc6 (>= 2.36), libgl1:any, a | b (<< 2)"
    assert libraries.named(depends) == {"libc6", "libgl1", "a", "b"}


def test_binaries_are_told_by_their_first_bytes(tmp_path):
    (tmp_path / "binary").write_bytes(b"\x7fELF\x02")
    (tmp_path / "script").write_bytes(b"#!/bin/sh\n")
    files = sorted(path.name for path in tmp_path.iterdir() if libraries.is_elf(path))
    assert files == ["binary"]
    assert not libraries.is_elf(tmp_path)


def test_strokes_are_drawn_densely_in_the_middle_of_the_pad():
    strokes = window.read_strokes(CHECKOUT / "tests" / "seven.ndjson")
    frame = Frame(x=100, y=50, width=1000, height=720)
    (places,) = window._on_pad(frame, strokes)
    xs, ys = zip(*places, strict=True)
    # The pad, as the window of this size has it.
    assert min(xs) > 100 + 14
    assert max(xs) < 100 + 610
    assert min(ys) > 50 + 60
    assert max(ys) < 50 + 670
    assert max(ys) - min(ys) == pytest.approx(0.4 * 720, abs=1)
    steps = [max(abs(x - u), abs(y - v)) for (x, y), (u, v) in itertools.pairwise(places)]
    assert max(steps) < 15


def _can_isolate() -> bool:
    tools = ("unshare", "nsenter", "setpriv")
    if os.name != "posix" or os.geteuid() != 0 or not all(map(shutil.which, tools)):
        return False
    return subprocess.run(["unshare", "--mount", "--net", "true"], check=False).returncode == 0


@pytest.fixture
def open_folder():
    """A folder that everybody may enter, as those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(not _can_isolate(), reason="needs root, and namespaces")
def test_the_walls_of_the_isolation_hold(open_folder):
    outside = open_folder / "outside"
    outside.mkdir(mode=0o777)
    outside.chmod(0o777)
    with Isolation(open_folder, CHECKOUT) as isolation:
        isolation.prove()
        run(isolation.command(["touch", outside / "file"]), codes=(1,))
        folder = isolation.make_folder("ä folder")
        run(isolation.command(["touch", folder / "file"]))
        assert (folder / "file").stat().st_uid == isolation.user
        told = run(isolation.command(["sh", "-c", "echo $LANG $PATH"], LANG="C")).stdout
        assert told.split() == ["C", str(open_folder / "bin")]
        sleeping = subprocess.Popen(isolation.command(["sh", "-c", "while true; do :; done"]))
        wait_for(isolation._processes, 60, "Nothing runs.")
        with pytest.raises(SmokeError, match="left behind"):
            isolation.ensure_nothing_runs()
    assert sleeping.wait(60) == -9
    assert str(isolation.home) not in Path("/proc/self/mountinfo").read_text().replace("\\040", " ")
