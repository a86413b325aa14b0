"""The command line as a process: its imports, streams, signals and memory."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from digitpad.recognition.model_file import Model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import build_network

LINE = '{"word": "1", "drawing": [[[50, 50], [0, 90]]]}\n'


@pytest.fixture
def environment(tmp_path):
    return {**os.environ, "HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "home")}


@pytest.fixture
def command(tmp_path, environment):
    """Arguments of subprocess.run for the command line in a profile of its own."""

    def build(*arguments, **environ):
        return {
            "args": [
                *(sys.executable, "-m", "digitpad", "--profile", str(tmp_path / "profile")),
                *map(str, arguments),
            ],
            "env": environment | environ,
        }

    return build


@pytest.fixture
def strokes(tmp_path):
    path = tmp_path / "strokes.ndjson"
    path.write_text(LINE)
    return path


@pytest.fixture
def tiny(tmp_path):
    """A model file whose network takes next to no time."""
    options = {"widths": [1, 1, 1, 1]}
    network = build_network("padnet", 10, options).eval()
    path = tmp_path / "tiny.safetensors"
    save_model(Model(ModelInfo("Tiny", "padnet", tuple("0123456789"), options), network), path)
    return path


def python(program, environment, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_only_what_is_needed_is_imported(environment, tmp_path):
    # One process for all: what a command has imported is still there for those after it.
    commands = [
        (["--version"], 0, []),
        (["--licences"], 0, []),
        (["--help"], 0, []),
        (["classify", "--help"], 0, []),
        (["nonsense"], 2, []),
        (["train", "--help"], 0, []),
        (["model", "list"], 0, ["numpy"]),
        (["classify", "nothing.png"], 2, ["numpy"]),
        (["train", "--list"], 0, ["numpy"]),
        (["train", "--data", "nothing"], 2, ["numpy"]),
        (["model", "info"], 0, ["numpy", "torch"]),
    ]
    program = (
        "import json, sys; from digitpad.cli import run\n"
        "for arguments in json.loads(sys.argv[2]):\n"
        "    code = run(['--profile', sys.argv[1], *arguments])\n"
        "    names = ('numpy', 'torch', 'PIL', 'scipy', 'PySide6')\n"
        "    print('\\n== imported', json.dumps([code, [n for n in names if n in sys.modules]]))"
    )
    out = python(
        program, environment, tmp_path / "profile", json.dumps([words for words, *_ in commands])
    )
    found = [json.loads(line[11:]) for line in out.splitlines() if line.startswith("== imported")]
    assert found == [[code, heavy] for _, code, heavy in commands]


def test_the_program_is_a_module_with_an_exit_code(command, strokes):
    done = subprocess.run(**command("classify", strokes, "nothing"), capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.startswith(f"{strokes}:1: 1 ")
    assert done.stderr == "digitpad: There is no file or folder 'nothing'.\n"


@pytest.fixture
def started(command):
    """Starts the command line, and leaves no process and no pipe behind."""
    processes = []

    def start(*arguments):
        process = subprocess.Popen(
            **command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def test_a_reader_that_has_seen_enough_licences_ends_it_quietly(started):
    process = started("--licences")
    assert process.stdout.readline().partition(": ")[2]
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 0


def test_a_reader_that_has_seen_enough_ends_it_quietly(started, tmp_path, tiny):
    path = tmp_path / "many.ndjson"
    path.write_text(LINE * 600)
    process = started("classify", "--json", path, "--model", tiny)
    assert json.loads(process.stdout.readline())["source"] == str(path)
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_gives_a_sentence(command, strokes):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            **command("classify", strokes), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr == "digitpad: The results cannot be written: No space left on device.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupt_ends_it_quietly(started, tmp_path, tiny):
    # The pipe is soon full, so the command cannot come to its end before the interrupt.
    path = tmp_path / "many.ndjson"
    path.write_text(LINE * 20_000)
    process = started("classify", "--json", path, "--model", tiny)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rows = process.stdout.read().split("\n")
    assert process.stderr.read() == ""
    assert process.wait() == 130
    assert len(rows) < 20_000
    # The interrupt may have cut the last line short.
    assert all(json.loads(row)["text"] for row in rows[:-1])


def test_an_encoding_without_the_letters_of_a_name(environment, tmp_path):
    path = tmp_path / "sieben-模型.ndjson"
    path.write_text(LINE)
    program = (
        "import sys; from digitpad.cli import run\n"
        "for extra in ([], ['--json']):\n"
        "    words = ['classify', sys.argv[2], 'missing-模型', *extra]\n"
        "    print('code', run(['--profile', sys.argv[1], *words]))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, str(tmp_path / "profile"), str(path)],
        env=environment | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
    )
    assert done.stdout.count(b"code 2\n") == 2
    assert done.stdout.count(b"sieben-\\u6a21\\u578b") >= 2
    assert done.stderr.count(b"missing-\\u6a21\\u578b") == 2
    assert done.stderr.count(b"\n") == 2


def test_without_streams_it_still_has_an_exit_code(environment, strokes, tmp_path):
    program = (
        "import os, sys; from digitpad.cli import run;"
        "sys.stdout = sys.stderr = None;"
        "codes = [run(['--profile', sys.argv[1], *arguments]) for arguments in"
        " (['classify', sys.argv[2]], ['classify', 'nothing'], ['--version'], ['nonsense'])];"
        "os.write(1, str(codes).encode())"
    )
    assert python(program, environment, tmp_path / "profile", strokes) == "[0, 2, 0, 2]"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("watched", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_progress_is_shown_to_a_person_alone(command, tmp_path, tiny, watched):
    import pty
    import termios

    path = tmp_path / "strokes.ndjson"
    path.write_text(LINE * 600)
    reader, writer = pty.openpty() if watched else os.pipe()
    if watched:
        termios.tcsetwinsize(writer, (24, 100))
    done = subprocess.run(
        **command("evaluate", "--json", path, "--model", tiny),
        stdout=subprocess.PIPE,
        stderr=writer,
    )
    os.close(writer)
    shown = b""
    try:
        while part := os.read(reader, 4096):
            shown += part
    except OSError:
        # Linux ends a pseudo-terminal so.
        assert watched
    os.close(reader)
    assert done.returncode == 0
    assert json.loads(done.stdout)["count"] == 600
    assert (b"drawings" in shown) == watched
    assert watched or shown == b""


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]) * 2**20,) * 2)
sys.argv[1:] = sys.argv[2:]
from digitpad.__main__ import main
main()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its limit")
@pytest.mark.parametrize("mebibytes", [60, 100, 127, 160, 500, 700, 750, 900])
def test_too_little_memory_gives_a_sentence(environment, strokes, tmp_path, mebibytes):
    small = ["train", "--data", "synthetic", "--count", "60", "--epochs", "1"]
    for command in (["model", "list"], ["train", "--list"], ["classify", str(strokes)], small):
        done = subprocess.run(
            [
                *(sys.executable, "-c", LIMITED, str(mebibytes)),
                *("--profile", str(tmp_path / "profile"), *command),
            ],
            # The limit is what chooses the number of threads, not these tests.
            env={name: value for name, value in environment.items() if "NUM_THREADS" not in name},
            capture_output=True,
            text=True,
        )
        assert done.returncode in {0, 2}, (command, done.stderr)
        assert done.stderr.count("\n") == (done.returncode == 2), (command, done.stderr)
        if "list" in command[1] and mebibytes > 128:
            assert done.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix's limits")
def test_lists_are_printed_where_nothing_can_be_written(environment, tmp_path):
    program = (
        "import resource, sys; from digitpad.cli import run\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "commands = (['model', 'list'], ['train', '--list'], ['model', 'info'])\n"
        "codes = [run(['--profile', sys.argv[1], *words]) for words in commands]\n"
        "print(codes)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "profile")],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.stdout.splitlines()[-1], done.stderr) == ("[0, 0, 0]", "")


@pytest.mark.slow
def test_a_large_file_needs_no_more_memory_than_a_small_one(environment, tmp_path, tiny):
    pytest.importorskip("resource", reason="peak memory is asked of Unix")
    small, large = tmp_path / "small.ndjson", tmp_path / "large.ndjson"
    small.write_text(LINE * 1000)
    large.write_text(LINE * 20_000)
    program = (
        "import io, resource, sys; from digitpad.cli import run\n"
        "class Nowhere(io.StringIO):\n"
        "    def write(self, text): return len(text)\n"
        "peaks, out, sys.stdout = [], sys.stdout, Nowhere()\n"
        "for file in sys.argv[3:]:\n"
        "    for command in ('classify', 'evaluate'):\n"
        "        assert run(['--profile', sys.argv[1], command, '--json', file,"
        " '--model', sys.argv[2]]) == 0\n"
        "    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
        "print(*peaks, file=out)"
    )
    before, after = python(
        program, environment | {"OMP_NUM_THREADS": "1"}, tmp_path / "profile", tiny, small, large
    ).split()
    # In KiB: the allocator takes steps of some MB, whatever the file; the drawings alone of the
    # large file, kept, would take more than 30 000.
    assert int(after) - int(before) < 15_000
