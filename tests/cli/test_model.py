import json
import shutil

import pytest
from cli_files import DIGITS, objects, write_model

from digitpad.recognition import model_store
from digitpad.recognition.model_info import Calibration
from digitpad.recognition.model_store import bundled_model_path


def test_import_use_and_back(digitpad_, profile, tiny, strokes):
    assert digitpad_("model", "import", tiny, "--name", "mine")[0] == 0
    assert digitpad_("model", "use", "mine")[0] == 0
    assert json.loads((profile / "settings.json").read_text())["active_model"] == "mine"
    _, out, _ = digitpad_("model", "list")
    assert [row.split()[:2] for row in out.splitlines()][-1] == ["*", "mine"]
    _, out, _ = digitpad_("model", "list", "--json")
    assert [(entry["name"], entry["in_use"]) for entry in objects(out)] == [
        ("bundled", False),
        ("ensemble", False),
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
    assert "The bundled model is used instead of 'tiny'." in err
    assert [drawing["text"] for drawing in objects(out)] == ["1", "7", "0"]
    code, out, err = digitpad_("model", "list")
    assert code == 0
    assert [row.removeprefix("*").split()[0] for row in out.splitlines()] == ["bundled", "ensemble"]
    assert "tiny" in err


def test_damaged_settings_are_kept_aside_with_a_sentence(digitpad_, profile, strokes):
    profile.mkdir()
    (profile / "settings.json").write_text("{")
    code, _, err = digitpad_("classify", strokes)
    assert (code, err.count("\n")) == (0, 1)
    assert "settings.json.corrupt-1" in err


def test_the_bundled_name_is_taken(refused, tiny):
    assert "cannot be called" in refused("model", "import", tiny, "--name", "bundled")


def test_info_says_what_an_answer_costs(digitpad_, tiny):
    cost = json.loads(digitpad_("model", "info", "--json")[1])["cost"]
    assert (cost["networks"], cost["relative"]) == (1, 1.0)
    assert cost["milliseconds"] > 0
    small = json.loads(digitpad_("model", "info", tiny, "--json")[1])["cost"]
    assert small["relative"] == small["multiply_adds"] / cost["multiply_adds"] < 0.1
    assert small["parameters"] < cost["parameters"]
    _, out, _ = digitpad_("model", "info", tiny)
    last = out.splitlines()[-1]
    assert last.startswith("time of a prediction")
    assert last.endswith(" ms on one thread here, less than the time of the bundled model")
    assert digitpad_("model", "info")[1].splitlines()[-1].endswith(" ms on one thread here")


def test_a_model_with_damaged_weights_has_no_cost(refused, tiny):
    tiny.write_bytes(tiny.read_bytes()[:-4])
    assert str(tiny) in refused("model", "info", tiny)


def test_models_are_joined_to_an_ensemble(digitpad_, tmp_path, strokes):
    for number, temperature in (("1", 0.5), ("2", 2.0)):
        path = write_model(
            tmp_path / f"{number}.safetensors",
            calibration=Calibration(temperature, 0.2 * int(number)),
        )
        digitpad_("model", "import", path)
    assert digitpad_("model", "ensemble", "both", "1", tmp_path / "2.safetensors")[0] == 0
    data = json.loads(digitpad_("model", "info", "both", "--json")[1])
    assert (data["title"], data["cost"]["networks"]) == ("both", 2)
    assert data["options"]["temperatures"] == [0.5, 2.0]
    assert data["calibration"] == {"temperature": 1.0, "reject_below": pytest.approx(0.3)}
    assert "2 networks" in digitpad_("model", "list")[1]
    assert digitpad_("model", "use", "both")[0] == 0
    assert digitpad_("evaluate", strokes)[1].startswith("both on ")


def test_the_time_of_an_ensemble_is_said_in_words(digitpad_, tmp_path):
    shutil.copy(bundled_model_path(), tmp_path / "again.safetensors")
    digitpad_("model", "ensemble", "twice", "bundled", tmp_path / "again.safetensors")
    _, out, _ = digitpad_("model", "info", "twice")
    assert out.splitlines()[-1].endswith(", about 2 times the time of the bundled model")


def test_models_that_make_no_ensemble(digitpad_, refused, tmp_path, tiny, profile):
    other = write_model(tmp_path / "letters.safetensors", classes=tuple("abcdefghij"))
    assert "2 to 16" in refused("model", "ensemble", "both", tiny)
    assert "classes differ" in refused("model", "ensemble", "both", tiny, other)
    assert "named twice" in refused("model", "ensemble", "both", tiny, tiny)
    assert "cannot be called" in refused("model", "ensemble", "bundled", tiny, other)
    assert "neither a model nor a file" in refused("model", "ensemble", "both", tiny, "nobody")
    assert not (profile / "models").exists()


@pytest.fixture
def shipped_ensemble(tmp_path, monkeypatch):
    """An installation that ships a second model."""
    folder = tmp_path / "installed" / "models"
    folder.mkdir(parents=True)
    shutil.copy(bundled_model_path(), folder)
    write_model(folder / "ensemble.safetensors", "Bundled ensemble")
    monkeypatch.setattr(model_store, "resources_dir", lambda: folder.parent)
    return folder / "ensemble.safetensors"


def test_a_second_shipped_model_is_listed_used_and_left_alone(
    digitpad_, refused, profile, tiny, strokes, shipped_ensemble
):
    content = shipped_ensemble.read_bytes()
    _, out, _ = digitpad_("model", "list")
    assert [row[:30].split()[:3] for row in out.splitlines()] == [
        ["*", "bundled", "Bundled"],
        ["ensemble", "Bundled", "ensemble,"],
    ]
    assert digitpad_("model", "use", "ensemble")[0] == 0
    assert json.loads((profile / "settings.json").read_text())["active_model"] == "ensemble"
    assert digitpad_("evaluate", strokes)[1].startswith("ensemble on ")
    data = json.loads(digitpad_("model", "info", "--json")[1])
    assert (data["title"], data["bundled"], data["in_use"]) == ("Bundled ensemble", True, True)
    assert "cannot be called" in refused("model", "import", tiny, "--name", "ensemble", "--force")
    assert shipped_ensemble.read_bytes() == content
    assert digitpad_("model", "use", "bundled")[0] == 0
    assert "active_model" not in json.loads((profile / "settings.json").read_text())
