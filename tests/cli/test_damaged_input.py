"""Damaged models, pictures and strokes: a sentence and exit code 2, never a traceback."""

import gzip
import json
import struct

import pytest
from cli_files import DIGITS, ONE, OPTIONS, SEVEN, line, objects
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_info import METADATA_KEY, ModelInfo
from digitpad.recognition.networks import build_network


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


def test_damaged_models(refused, tmp_path, strokes, good):
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


def test_damaged_pictures(refused, tmp_path, picture):
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
def test_damaged_strokes(refused, tmp_path, content):
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
    digitpad_, tmp_path, strokes, good, data
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


@pytest.mark.slow
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_strokes_with_some_bytes_changed_are_read_or_refused(digitpad_, tmp_path, data):
    content = bytearray((line(ONE, word="1") + line(SEVEN, word="7", key_id="k")).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed.ndjson"
    path.write_bytes(content)
    code, out, err = digitpad_("classify", "--json", path)
    assert (code, err.count("\n")) in [(0, 0), (2, 1)]
    assert len(objects(out)) <= 3
