import json

import pytest
from cli_files import DIGITS, objects

from digitpad.recognition.models import bundled_model_path


def test_import_use_and_back(digitpad_, profile, tiny, strokes):
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


def test_info(digitpad_, tiny):
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


def test_export_and_import_keep_the_model(digitpad_, tmp_path):
    target = tmp_path / "out.safetensors"
    assert digitpad_("model", "export", "bundled", target)[0] == 0
    assert target.read_bytes() == bundled_model_path().read_bytes()
    assert digitpad_("model", "import", target)[0] == 0
    assert digitpad_("model", "info", "out")[0] == 0


def test_nothing_is_replaced_without_force(digitpad_, refused, tiny):
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
def test_what_is_not_there(refused, arguments):
    refused("model", *arguments)


def test_only_a_whole_model_can_be_used(digitpad_, refused, profile, tiny):
    digitpad_("model", "import", tiny)
    stored = profile / "models" / "tiny.safetensors"
    stored.write_bytes(stored.read_bytes()[:-4])
    refused("model", "use", "tiny")
    assert not (profile / "settings.json").exists()


@pytest.mark.parametrize("content", [None, b"foreign"])
def test_a_lost_active_model_gives_way_with_a_sentence(digitpad_, profile, tiny, strokes, content):
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


def test_damaged_settings_are_kept_aside_with_a_sentence(digitpad_, profile, strokes):
    profile.mkdir()
    (profile / "settings.json").write_text("{")
    code, _, err = digitpad_("classify", strokes)
    assert (code, err.count("\n")) == (0, 1)
    assert "settings.json.corrupt-1" in err


def test_the_bundled_name_is_taken(refused, tiny):
    assert "cannot be called" in refused("model", "import", tiny, "--name", "bundled")
