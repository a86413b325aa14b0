"""The command line, in this process; what needs a process of its own is in test_cli_process.py."""

import gzip
import json
import os
import struct
import sys
import types

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save

import digitpad
from digitpad.cli import run
from digitpad.commands import evaluate
from digitpad.paths import Profile
from digitpad.recognition.modelfile import Model, load_model, save_model
from digitpad.recognition.modelinfo import METADATA_KEY, Calibration, ModelInfo
from digitpad.recognition.models import bundled_model_path
from digitpad.recognition.networks import build_network

DIGITS = tuple("0123456789")
OPTIONS = {"widths": [2, 2, 2, 2]}
ONE = [[[50, 50], [0, 90]]]
SEVEN = [[[10, 30, 60, 50, 40, 30], [10, 10, 10, 40, 70, 100]]]
ZERO = [[[50, 20, 10, 20, 50, 80, 90, 80, 50], [0, 15, 60, 105, 120, 105, 60, 15, 0]]]


@pytest.fixture
def profile(tmp_path):
    return tmp_path / "profile"


@pytest.fixture(autouse=True)
def _no_profile_of_the_user(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    yield
    assert not (tmp_path / "home").exists()


@pytest.fixture
def digitpad_(profile, capsys):
    """Runs a command in a profile of its own: exit code, standard output, standard error."""

    def call(*arguments):
        code = run(["--profile", str(profile), *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def refused(digitpad_):
    """Runs a command that must end with code 2 and one line on standard error alone."""

    def call(*arguments):
        code, out, err = digitpad_(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("digitpad: ")
        assert err.endswith(".\n")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err

    return call


def line(drawing, **values):
    return json.dumps({**values, "drawing": drawing}) + "\n"


@pytest.fixture
def strokes(tmp_path):
    path = tmp_path / "strokes.ndjson"
    path.write_text(line(ONE, word="1", key_id="a") + line(SEVEN, word="7") + line(ZERO, word="0"))
    return path


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "one.png"
    pixels = np.full((60, 60), 255, dtype=np.uint8)
    pixels[10:50, 28:33] = 20
    Image.fromarray(pixels).save(path)
    return path


def write_model(path, title="Tiny", classes=DIGITS, **values):
    info = ModelInfo(title, "padnet", classes, OPTIONS, **values)
    save_model(Model(info, build_network("padnet", len(classes), OPTIONS).eval()), path)
    return path


@pytest.fixture
def tiny(tmp_path):
    return write_model(tmp_path / "tiny.safetensors")


def objects(out):
    return [json.loads(text) for text in out.splitlines()]


class TestArguments:
    def test_version(self, digitpad_):
        assert digitpad_("--version") == (0, f"digitpad {digitpad.__version__}\n", "")

    @pytest.mark.parametrize(
        "command", [[], ["classify"], ["evaluate"], ["model"], ["model", "import"]]
    )
    def test_help(self, digitpad_, command):
        code, out, err = digitpad_(*command, "--help")
        assert (code, err) == (0, "")
        assert out.startswith(" ".join(["usage: digitpad", *command]))
        assert "--profile DIR" in out
        assert command[1:] or "examples:" in out
        assert max(map(len, out.splitlines())) <= 100

    def test_help_of_evaluate_explains_every_key(self, digitpad_, strokes):
        _, text, _ = digitpad_("evaluate", "--help")
        _, out, _ = digitpad_("evaluate", strokes, "--json")
        explained = {row.split()[0] for row in text.splitlines() if row.startswith("  ")}
        assert set(json.loads(out)) <= explained

    @pytest.mark.parametrize(
        ("arguments", "hint"),
        [
            (["nonsense"], "digitpad --help"),
            (["--nonsense"], "digitpad --help"),
            (["classify"], "digitpad classify --help"),
            (["classify", "--js", "a.png"], "see digitpad"),
            (["evaluate"], "digitpad evaluate --help"),
            (["evaluate", "a", "b"], "see digitpad"),
            (["evaluate", "a", "--split", "validation"], "digitpad evaluate --help"),
            (["evaluate", "a", "--model"], "digitpad evaluate --help"),
            (["model"], "digitpad model --help"),
            (["model", "paint"], "digitpad model --help"),
            (["model", "export", "a"], "digitpad model export --help"),
        ],
    )
    def test_wrong_arguments_give_a_sentence_with_a_hint(self, refused, arguments, hint):
        assert hint in refused(*arguments)

    @pytest.mark.parametrize("before", [True, False])
    def test_the_profile_may_stand_before_or_after_the_command(
        self, tmp_path, tiny, capsys, before
    ):
        option = ["--profile", str(tmp_path / "here")]
        command = ["model", "import", str(tiny)]
        assert run([*option, *command] if before else [*command, *option]) == 0
        assert (tmp_path / "here" / "models" / "tiny.safetensors").is_file()

    def test_a_profile_that_is_a_file_gives_a_sentence(self, capsys, tiny):
        assert run(["--profile", str(tiny), "model", "list"]) == 2
        assert "is not a folder" in capsys.readouterr().err

    def test_an_empty_name_is_not_the_present_folder(self, capsys, refused):
        assert run(["--profile", "", "model", "list"]) == 2
        assert "is not a folder" in capsys.readouterr().err
        for command in ("classify", "evaluate"):
            assert "There is no file or folder ''" in refused(command, "")

    def test_a_closed_folder_gives_a_sentence(self, refused, monkeypatch, strokes):
        def closed(args, context):
            raise PermissionError(13, "Permission denied", "/some/folder")

        monkeypatch.setattr(evaluate, "run", closed)
        assert "/some/folder cannot be used: Permission denied" in refused("evaluate", strokes)

    def test_without_a_command_the_window_opens_in_the_profile(
        self, digitpad_, profile, monkeypatch
    ):
        opened = []
        window = types.ModuleType("digitpad.app.application")
        window.run_app = lambda where: opened.append(where) or 3
        monkeypatch.setitem(sys.modules, "digitpad.app.application", window)
        assert digitpad_() == (3, "", "")
        assert opened == [Profile(profile)]

    def test_a_missing_library_of_the_window_gives_a_sentence(self, refused, monkeypatch):
        monkeypatch.setitem(sys.modules, "digitpad.app.application", None)
        assert "The window cannot be opened" in refused()

    def test_reading_leaves_no_trace_in_the_profile(self, digitpad_, profile, strokes):
        digitpad_("classify", strokes)
        digitpad_("model", "list")
        assert not profile.exists()

    def test_a_bug_is_logged_and_gives_a_sentence(self, digitpad_, profile, monkeypatch, strokes):
        def broken(args, context):
            raise ZeroDivisionError("deliberately\nso")

        monkeypatch.setattr(evaluate, "run", broken)
        code, out, err = digitpad_("evaluate", strokes)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "ZeroDivisionError" in err
        assert str(profile / "digitpad.log") in err
        assert "Traceback" in (profile / "digitpad.log").read_text()

    def test_an_interrupt_ends_quietly(self, digitpad_, monkeypatch, strokes):
        def interrupted(args, context):
            raise KeyboardInterrupt

        monkeypatch.setattr(evaluate, "run", interrupted)
        assert digitpad_("evaluate", strokes) == (130, "", "")


class TestClassify:
    def test_one_line_a_drawing(self, digitpad_, strokes, picture):
        code, out, err = digitpad_("classify", picture, strokes)
        assert (code, err) == (0, "")
        rows = out.splitlines()
        assert [row.split(": ")[0] for row in rows] == [
            str(picture),
            f"{strokes}:1 (a)",
            f"{strokes}:2",
            f"{strokes}:3",
        ]
        assert [row.split(": ")[1][0] for row in rows] == ["1", "1", "7", "0"]
        assert all(row.endswith(" %") for row in rows)

    def test_json_has_the_documented_keys(self, digitpad_, strokes, picture):
        code, out, _ = digitpad_("classify", "--json", picture, strokes)
        drawings = objects(out)
        assert code == 0
        assert [drawing["text"] for drawing in drawings] == ["1", "1", "7", "0"]
        assert [drawing["key_id"] for drawing in drawings] == [None, "a", None, None]
        assert [drawing["source"] for drawing in drawings] == [str(picture)] + [str(strokes)] * 3
        for drawing in drawings:
            assert set(drawing) == {
                "source",
                "key_id",
                "text",
                "confidence",
                "rejected",
                "probabilities",
            }
            assert tuple(drawing["probabilities"]) == DIGITS
            assert sum(drawing["probabilities"].values()) == pytest.approx(1, abs=1e-5)
            assert drawing["confidence"] == drawing["probabilities"][drawing["text"]]
            assert drawing["rejected"] is False

    def test_a_refusal_is_told(self, digitpad_, tmp_path, strokes):
        model = write_model(tmp_path / "strict.safetensors", calibration=Calibration(1.0, 1.0))
        _, out, _ = digitpad_("classify", "--model", model, "--json", strokes)
        assert [drawing["rejected"] for drawing in objects(out)] == [True] * 3
        _, out, _ = digitpad_("classify", "--model", model, strokes)
        assert out.count("not a digit (") == 3

    def test_a_folder_is_read_with_those_below_it(self, digitpad_, tmp_path, picture, strokes):
        folder = tmp_path / "folder"
        (folder / "b").mkdir(parents=True)
        picture.rename(folder / "b" / "one.png")
        strokes.rename(folder / "a.ndjson")
        _, out, _ = digitpad_("classify", "--json", folder)
        sources = [drawing["source"] for drawing in objects(out)]
        assert sources == [str(folder / "a.ndjson")] * 3 + [str(folder / "b" / "one.png")]

    def test_an_empty_folder_gives_a_sentence(self, refused, tmp_path):
        (tmp_path / "empty").mkdir()
        assert "holds no pictures" in refused("classify", tmp_path / "empty")

    def test_a_bad_file_does_not_keep_the_others_from_being_read(
        self, digitpad_, tmp_path, picture, strokes
    ):
        bad = tmp_path / "bad.png"
        bad.write_bytes(b"no picture")
        code, out, err = digitpad_("classify", "--json", picture, bad, "nothing", strokes)
        assert code == 2
        assert [drawing["text"] for drawing in objects(out)] == ["1", "1", "7", "0"]
        assert [str(bad) in err.splitlines()[0], "nothing" in err.splitlines()[1]] == [True, True]
        assert err.count("\n") == 2

    def test_what_stands_before_a_damaged_line_is_read(self, digitpad_, strokes, picture):
        strokes.write_text(line(ONE) + "{\n" + line(SEVEN))
        code, out, err = digitpad_("classify", "--json", strokes, picture)
        assert (code, len(objects(out)), err.count("\n")) == (2, 2, 1)
        assert "Line 2" in err

    @pytest.mark.parametrize(
        "name", [b"\xe4.png", "ä 模型.png".encode(), b"new\nline.png", b"\x1b[31m.png"]
    )
    def test_any_file_name_can_be_told(self, digitpad_, tmp_path, picture, name):
        path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
        picture.rename(path)
        code, out, err = digitpad_("classify", path)
        assert (code, out.count("\n"), err) == (0, 1, "")
        assert "\x1b" not in out
        code, out, err = digitpad_("classify", "--json", path)
        assert code == 0
        assert objects(out)[0]["source"] == path

    def test_more_drawings_than_a_batch_keep_their_order(self, digitpad_, tmp_path):
        path = tmp_path / "many.ndjson.gz"
        rows = [line(ONE if i % 3 else SEVEN, key_id=str(i)) for i in range(600)]
        path.write_bytes(gzip.compress("".join(rows).encode()))
        _, out, _ = digitpad_("classify", "--json", path)
        drawings = objects(out)
        assert [drawing["key_id"] for drawing in drawings] == [str(i) for i in range(600)]
        assert [drawing["text"] for drawing in drawings] == [
            "1" if i % 3 else "7" for i in range(600)
        ]


class TestEvaluate:
    def test_strokes(self, digitpad_, strokes):
        strokes.write_text(
            line(ONE, word="1")
            + line(SEVEN, word="9")
            + line(ZERO, word="00")
            + line(ONE, word="l")
        )
        code, out, err = digitpad_("evaluate", strokes, "--json")
        assert (code, err, out.count("\n")) == (0, "", 1)
        data = json.loads(out)
        assert data["count"] == 3
        assert data["accuracy"] == pytest.approx(1 / 3)
        assert data["confusion"]["9"]["7"] == data["confusion"]["1"]["1"] == 1
        assert data["per_class"]["9"]["recall"] == 0.0
        assert data["others"]["count"] == data["others"]["accepted"] == 1
        assert data["others"]["auroc"] is not None

    def test_a_report_for_people(self, digitpad_, strokes):
        code, out, _ = digitpad_("evaluate", strokes)
        rows = out.splitlines()
        assert code == 0
        assert rows[0] == f"bundled on {strokes} (strokes)"
        assert "accuracy                    100.00 %" in rows
        matrix = rows[rows.index(next(row for row in rows if row.startswith("confusion"))) + 1 :]
        assert len(matrix) == 11
        assert len({len(row) for row in matrix}) == 1

    def test_a_report_with_nothing_to_say(self, digitpad_, strokes):
        strokes.write_text(line(ONE, word="l"))
        code, out, _ = digitpad_("evaluate", strokes)
        assert code == 0
        assert "other drawings" in out
        assert "nan" not in out

    def test_a_report_with_many_classes(self, digitpad_, tmp_path, strokes):
        classes = tuple(f"class {i}" for i in range(60))
        model = write_model(tmp_path / "many.safetensors", classes=classes)
        strokes.write_text("".join(line(ONE, word=name) for name in classes))
        code, out, _ = digitpad_("evaluate", strokes, "--model", model)
        assert code == 0
        assert "most frequent mistakes" in out
        assert max(map(len, out.splitlines()[1:])) < 100

    def test_folders_of_pictures(self, digitpad_, tmp_path, picture):
        for name in ("1", "7"):
            (tmp_path / "set" / name).mkdir(parents=True)
            (tmp_path / "set" / name / "a.png").write_bytes(picture.read_bytes())
        _, out, _ = digitpad_("evaluate", tmp_path / "set", "--json")
        data = json.loads(out)
        assert (data["count"], data["accuracy"]) == (2, 0.5)

    def test_mnist_files(self, digitpad_, tmp_path):
        glyph = np.zeros((28, 28), dtype=np.uint8)
        glyph[4:24, 13:16] = 255
        images = struct.pack(">4i", 2051, 2, 28, 28) + 2 * glyph.tobytes()
        (tmp_path / "t10k-images-idx3-ubyte").write_bytes(images)
        (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">2i2b", 2049, 2, 1, 7))
        code, out, _ = digitpad_("evaluate", tmp_path, "--json", "--split", "test")
        data = json.loads(out)
        assert (code, data["count"], data["accuracy"]) == (0, 2, 0.5)

    def test_a_model_of_other_classes_finds_only_others(self, digitpad_, tmp_path, strokes):
        model = write_model(tmp_path / "letters.safetensors", classes=("a", "b"))
        _, out, _ = digitpad_("evaluate", strokes, "--model", model, "--json")
        data = json.loads(out)
        assert (data["count"], data["accuracy"], data["others"]["count"]) == (0, None, 3)

    @pytest.mark.parametrize("json_option", [[], ["--json"]])
    def test_a_damaged_line_leaves_no_figures(self, refused, strokes, json_option):
        with strokes.open("a") as file:
            file.write("{\n")
        assert "Line 4" in refused("evaluate", strokes, *json_option)

    def test_what_is_no_data(self, refused, tmp_path, picture):
        (tmp_path / "empty").mkdir()
        (tmp_path / "empty.ndjson").write_bytes(b"")
        for data in (tmp_path / "nothing", tmp_path / "empty", tmp_path / "empty.ndjson", picture):
            assert str(data) in refused("evaluate", data)

    def test_only_mnist_has_splits(self, refused, strokes):
        assert "only MNIST" in refused("evaluate", strokes, "--split", "train")


class TestModel:
    def test_import_use_and_back(self, digitpad_, profile, tiny, strokes):
        assert digitpad_("model", "import", tiny, "--name", "mine")[0] == 0
        assert digitpad_("model", "use", "mine")[0] == 0
        assert json.loads((profile / "settings.json").read_text())["active_model"] == "mine"
        _, out, _ = digitpad_("model", "list")
        assert [row.split()[:2] for row in out.splitlines()][1] == ["*", "mine"]
        _, out, _ = digitpad_("model", "list", "--json")
        assert [(entry["name"], entry["in_use"]) for entry in objects(out)] == [
            ("bundled", False),
            ("mine", True),
        ]
        _, out, _ = digitpad_("evaluate", strokes)
        assert out.startswith("mine on ")
        assert digitpad_("model", "use", "bundled")[0] == 0
        _, out, _ = digitpad_("evaluate", strokes)
        assert out.startswith("bundled on ")

    def test_info(self, digitpad_, tiny):
        _, out, _ = digitpad_("model", "info", "--json")
        data = json.loads(out)
        assert (data["name"], data["bundled"], data["in_use"]) == ("bundled", True, True)
        assert tuple(data["classes"]) == DIGITS
        _, out, _ = digitpad_("model", "info", tiny, "--json")
        data = json.loads(out)
        assert (data["title"], data["path"], data["bundled"]) == ("Tiny", str(tiny), False)
        code, out, _ = digitpad_("model", "info", tiny)
        assert code == 0
        assert ["title", "Tiny"] in [row.split() for row in out.splitlines()]

    def test_export_and_import_keep_the_model(self, digitpad_, tmp_path):
        target = tmp_path / "out.safetensors"
        assert digitpad_("model", "export", "bundled", target)[0] == 0
        assert target.read_bytes() == bundled_model_path().read_bytes()
        assert digitpad_("model", "import", target)[0] == 0
        assert digitpad_("model", "info", "out")[0] == 0

    def test_nothing_is_replaced_without_force(self, digitpad_, refused, tiny):
        digitpad_("model", "import", tiny)
        refused("model", "import", tiny)
        assert digitpad_("model", "import", tiny, "--force")[0] == 0
        before = tiny.read_bytes()
        refused("model", "export", "bundled", tiny)
        assert tiny.read_bytes() == before
        assert digitpad_("model", "export", "bundled", tiny, "--force")[0] == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ["use", "nobody"],
            ["info", "nobody"],
            ["export", "nobody", "x"],
            ["import", "nothing.safetensors"],
        ],
    )
    def test_what_is_not_there(self, refused, arguments):
        refused("model", *arguments)

    def test_only_a_whole_model_can_be_used(self, digitpad_, refused, profile, tiny):
        digitpad_("model", "import", tiny)
        stored = profile / "models" / "tiny.safetensors"
        stored.write_bytes(stored.read_bytes()[:-4])
        refused("model", "use", "tiny")
        assert not (profile / "settings.json").exists()

    @pytest.mark.parametrize("content", [None, b"foreign"])
    def test_a_lost_active_model_gives_way_with_a_sentence(
        self, digitpad_, profile, tiny, strokes, content
    ):
        digitpad_("model", "import", tiny)
        digitpad_("model", "use", "tiny")
        stored = profile / "models" / "tiny.safetensors"
        if content is None:
            stored.unlink()
        else:
            stored.write_bytes(content)
        code, out, err = digitpad_("classify", "--json", strokes)
        assert (code, err.count("\n")) == (0, 1)
        assert "The bundled model reads instead of 'tiny'" in err
        assert [drawing["text"] for drawing in objects(out)] == ["1", "7", "0"]
        code, out, err = digitpad_("model", "list")
        assert (code, out.count("\n")) == (0, 1)
        assert "tiny" in err

    def test_damaged_settings_are_kept_aside_with_a_sentence(self, digitpad_, profile, strokes):
        profile.mkdir()
        (profile / "settings.json").write_text("{")
        code, _, err = digitpad_("classify", strokes)
        assert (code, err.count("\n")) == (0, 1)
        assert "settings.json.corrupt-1" in err

    def test_the_bundled_name_is_taken(self, refused, tiny):
        assert "cannot be called" in refused("model", "import", tiny, "--name", "bundled")


def damaged_models(good):
    """Names and contents of files that are no usable models."""
    length = int.from_bytes(good[:8], "little")
    network = build_network("padnet", 10, OPTIONS)
    info = ModelInfo("x", "padnet", DIGITS, OPTIONS)

    def changed(metadata, tensors=None):
        return save(network.state_dict() if tensors is None else tensors, {METADATA_KEY: metadata})

    def described(**values):
        return changed(json.dumps(json.loads(info.to_json()) | values))

    infinite = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    next(iter(infinite.values())).view(-1)[0] = float("nan")
    fewer = dict(list(network.state_dict().items())[1:])
    yield "empty", b""
    yield "text", b"This is no model.\n" * 50
    yield "png", b"\x89PNG\r\n\x1a\n" + bytes(200)
    yield "zip", b"PK\x03\x04" + bytes(200)
    yield "foreign", save(network.state_dict())
    yield "header of nothing", struct.pack("<Q", 2) + b"{}"
    yield "huge header", struct.pack("<Q", 2**62) + b"{}"
    yield "not finite", changed(info.to_json(), infinite)
    yield "fewer weights", changed(info.to_json(), fewer)
    yield "no description", changed("{}")
    yield "list", changed("[]")
    yield "deep", changed("[" * 100_000)
    yield "other schema", described(schema="other")
    yield "newer", described(version=99)
    yield "other glyphs", described(glyph_rule=99)
    yield "unknown network", described(architecture="perceptron")
    yield "huge network", described(options={"widths": [512] * 4})
    yield "wrong options", described(options={"widths": "wide"})
    yield "no classes", described(classes=[])
    yield "same classes", described(classes=["1"] * 10)
    yield "wrong temperature", described(calibration={"temperature": 0, "reject_below": 0})
    yield "classes are numbers", described(classes=list(range(10)))
    for cut in (1, 7, 8, 9, 8 + length // 2, 8 + length, len(good) // 2, len(good) - 1):
        yield f"cut at {cut}", good[:cut]
    yield "longer", good + b"\0"


@pytest.fixture
def good(tiny):
    return tiny.read_bytes()


class TestFuzz:
    def test_damaged_models(self, refused, tmp_path, strokes, good):
        path = tmp_path / "damaged.safetensors"
        tried = 0
        for name, content in damaged_models(good):
            path.write_bytes(content)
            for command in (
                ["classify", "--json", strokes, "--model", path],
                ["evaluate", strokes, "--json", "--model", path],
                ["model", "import", path],
            ):
                assert refused(*command), name
            tried += 1
        assert tried > 25

    def test_damaged_pictures(self, refused, tmp_path, picture):
        good = picture.read_bytes()
        contents = [b"", b"GIF89a", b"\xff\xd8\xff", good[:8], good[:40], good[: len(good) // 2]]
        contents += [bytes(1000), b"BM" + bytes(60), b"P5 0 0 255\n", b"P5 99999 99999 255\n"]
        # A decompression bomb: 100 000 by 100 000 pixels by its header.
        contents += [good[:16] + struct.pack(">2I", 100_000, 100_000) + good[24:]]
        bad = tmp_path / "bad.png"
        for content in contents:
            bad.write_bytes(content)
            assert str(bad) in refused("classify", "--json", bad)
        (tmp_path / "set" / "1").mkdir(parents=True)
        bad.rename(tmp_path / "set" / "1" / "bad.png")
        assert "bad.png" in refused("evaluate", "--json", tmp_path / "set")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\n\n",
            b"{",
            b"[]\n",
            b"7\n",
            b"\xff\xfe\n",
            b"{}\n",
            b'{"drawing": []}\n',
            b'{"drawing": [[]]}\n',
            b'{"drawing": [[[], []]]}\n',
            b'{"drawing": [[[1, 2], [1]]]}\n',
            b'{"drawing": [[[1], [NaN]]]}\n',
            b'{"drawing": [[[1], [1e999]]]}\n',
            b'{"drawing": [[["1"], [1]]]}\n',
            b'{"drawing": [[[true], [1]]]}\n',
            b'{"drawing": 7}\n',
            b"[" * 100_000,
            b'{"word": "1", "drawing": [[[1' + b"0" * 5000 + b"], [1]]]}\n",
            gzip.compress(b'{"word": "1", "drawing": [[[1], [1]]]}\n', mtime=0)[:20],
            b"\x1f\x8b",
            gzip.compress(b" " * 20_000_000, mtime=0),
        ],
    )
    def test_damaged_strokes(self, refused, tmp_path, content):
        path = tmp_path / "bad.ndjson"
        path.write_bytes(content)
        assert str(path) in refused("classify", "--json", path)
        assert str(path) in refused("evaluate", "--json", path)

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=st.data())
    def test_a_model_with_some_bytes_changed_is_used_or_refused(
        self, digitpad_, tmp_path, strokes, good, data
    ):
        content = bytearray(good)
        header = 8 + int.from_bytes(good[:8], "little")
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, header + 20))] = data.draw(st.integers(0, 255))
        path = tmp_path / "changed.safetensors"
        path.write_bytes(content)
        code, out, err = digitpad_("classify", "--json", strokes, "--model", path)
        if code == 0:
            load_model(path)
            assert len(objects(out)) == 3
        else:
            assert (code, out, err.count("\n")) == (2, "", 1)

    @settings(
        max_examples=100,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=st.data())
    def test_strokes_with_some_bytes_changed_are_read_or_refused(self, digitpad_, tmp_path, data):
        content = bytearray((line(ONE, word="1") + line(SEVEN, word="7", key_id="k")).encode())
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path = tmp_path / "changed.ndjson"
        path.write_bytes(content)
        code, out, err = digitpad_("classify", "--json", path)
        assert (code, err.count("\n")) in [(0, 0), (2, 1)]
        assert len(objects(out)) <= 3
