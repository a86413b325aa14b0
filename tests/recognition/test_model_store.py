import subprocess
import sys

import pytest
import torch
from sentences import raises_error

from digitpad.errors import DigitpadError
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import (
    BUNDLED,
    ModelStore,
    bundled_model_path,
    is_model_name,
    load_active_model,
)
from digitpad.recognition.networks import build_network

OPTIONS = {"widths": [2, 2, 2, 2]}


def write_model(path, title="A test"):
    network = build_network("padnet", 10, OPTIONS).eval()
    save_model(Model(ModelInfo(title, "padnet", tuple("0123456789"), OPTIONS), network), path)
    return path


@pytest.fixture
def bundled(tmp_path):
    return write_model(tmp_path / "shipped" / "bundled.safetensors", "Shipped")


@pytest.fixture
def store(tmp_path, bundled):
    return ModelStore(tmp_path / "models", bundled)


@pytest.fixture
def file(tmp_path):
    return write_model(tmp_path / "mine.safetensors", "Mine")


def names(store):
    return [model.name for model in store.list()]


def test_a_new_store_has_the_bundled_model_and_makes_no_folder(store, bundled):
    (model,) = store.list()
    assert (model.name, model.path, model.is_bundled) == (BUNDLED, bundled, True)
    assert model.info.name == "Shipped"
    assert store.find(BUNDLED) == store.bundled_path == bundled
    assert not store.folder.exists()


def test_an_imported_model_is_the_same_and_found_by_name(store, file):
    stored = store.import_file(file)
    assert (stored.name, stored.is_bundled, stored.info.name) == ("mine", False, "Mine")
    assert stored.path.read_bytes() == file.read_bytes()
    assert names(store) == [BUNDLED, "mine"]
    assert store.find("mine") == stored.path
    assert store.get("mine") == stored


def test_models_are_listed_by_name_after_the_bundled_one(store, file):
    for name in ("zeta", "alpha", "Straße 7"):
        store.import_file(file, name)
    assert names(store) == [BUNDLED, "Straße 7", "alpha", "zeta"]


def test_a_path_is_found_where_there_is_no_such_name(store, file):
    assert store.find(str(file)) == file


def test_a_name_goes_before_a_file_of_the_same_name(store, file, tmp_path, monkeypatch):
    stored = store.import_file(file, "same")
    (tmp_path / "same").write_text("")
    monkeypatch.chdir(tmp_path)
    assert store.find("same") == stored.path


@pytest.mark.parametrize("name", ["nobody", "../shipped/bundled", "", ".", "/", "a\0b"])
def test_an_unknown_name_gives_a_sentence_with_the_known_ones(store, file, name):
    store.import_file(file)
    with raises_error("There is neither a model nor a file called ") as caught:
        store.find(name)
    assert "the models are bundled, mine" in str(caught.value)
    with raises_error("There is no model called {name!r}", name=name):
        store.get(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".hidden", "-f", "a/b", "a\\b", "a:b", "a\nb", "a\x00", "nul", "CON.x"),
        *("a.", "a ", " a", "\udcff", "x" * 101, "模" * 90, "bundled", "Bundled"),
    ],
)
def test_a_name_that_some_system_cannot_have_is_refused(store, file, name):
    with raises_error("A model cannot be called {name!r}: ", name=name):
        store.import_file(file, name)
    assert not store.folder.exists()


@pytest.mark.parametrize("name", ["a", "My model 2.1", "ünïcode", "模型", "x" * 100, "a-b_c"])
def test_usual_names_are_names(name):
    assert is_model_name(name)


def test_no_model_is_replaced_without_saying_so(store, file, tmp_path):
    before = store.import_file(file).path.read_bytes()
    other = write_model(tmp_path / "other.safetensors", "Other")
    for name in ("mine", "MINE"):
        with raises_error("There is a model called ") as caught:
            store.import_file(other, name)
        assert "'mine' already" in str(caught.value)
    assert store.find("mine").read_bytes() == before
    stored = store.import_file(other, "MINE", replace=True)
    assert (stored.name, store.get("mine").info.name) == ("mine", "Other")
    assert names(store) == [BUNDLED, "mine"]


def test_a_damaged_file_is_not_imported(store, file):
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(DigitpadError):
        store.import_file(file)
    assert not store.folder.exists()


def test_a_damaged_file_in_the_folder_is_left_out_and_named(store, file):
    store.import_file(file)
    (store.folder / "broken.safetensors").write_bytes(b"nothing")
    (store.folder / "notes.txt").write_text("no model")
    (store.folder / ".mine.safetensors-abc").write_text("left by a crash")
    assert names(store) == [BUNDLED, "mine"]
    (problem,) = store.scan().problems
    assert problem.fields["path"] == store.folder / "broken.safetensors"


def test_a_folder_that_is_none_gives_a_sentence(tmp_path, bundled):
    (tmp_path / "file").write_text("")
    store = ModelStore(tmp_path / "file", bundled)
    with raises_error("The folder of models {folder} cannot be read: ", folder=tmp_path / "file"):
        store.list()


def test_an_exported_model_can_be_loaded(store, tmp_path):
    target = tmp_path / "out" / "copy.safetensors"
    assert store.export(BUNDLED, target) == target
    assert load_model(target).info.name == "Shipped"


def test_in_a_folder_an_exported_model_gets_its_own_name(store, file, tmp_path):
    store.import_file(file)
    folder = tmp_path / "out"
    folder.mkdir()
    assert store.export("mine", folder) == folder / "mine.safetensors"


def test_no_file_is_replaced_without_saying_so(store, tmp_path):
    target = tmp_path / "precious"
    target.write_text("precious")
    with raises_error() as caught:
        store.export(BUNDLED, target)
    assert target in caught.value.fields.values()
    assert target.read_text() == "precious"
    store.export(BUNDLED, target, replace=True)
    assert target.read_bytes() == store.bundled_path.read_bytes()


def test_the_active_model_is_loaded_without_a_notice(store, file):
    stored = store.import_file(file)
    loaded = load_active_model(store, "mine")
    assert (loaded.name, loaded.notice) == ("mine", None)
    expected = load_model(stored.path).network.state_dict()
    assert all(
        torch.equal(tensor, expected[name])
        for name, tensor in loaded.model.network.state_dict().items()
    )


def test_the_bundled_model_is_active_by_its_name(store):
    loaded = load_active_model(store, BUNDLED)
    assert (loaded.name, loaded.notice, loaded.model.info.name) == (BUNDLED, None, "Shipped")


@pytest.mark.parametrize("content", [None, b"", b"foreign" * 100])
def test_a_lost_or_damaged_active_model_gives_way_to_the_bundled_one(store, file, content, caplog):
    path = store.import_file(file).path
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    loaded = load_active_model(store, "mine")
    assert (loaded.name, loaded.model.info.name) == (BUNDLED, "Shipped")
    assert loaded.notice is not None
    assert loaded.notice.fields["name"] == "mine"
    with pytest.raises(DigitpadError) as caught:
        load_model(store.get("mine").path)
    reason = loaded.notice.fields["reason"]
    assert (reason.template, reason.fields) == (caught.value.template, caught.value.fields)
    assert str(loaded.notice).endswith(f"'mine'. {reason}")
    assert caplog.messages == [str(loaded.notice)]


def test_a_damaged_bundled_model_gives_a_sentence(store, bundled):
    bundled.write_bytes(b"")
    with raises_error(path=bundled):
        load_active_model(store, BUNDLED)


def test_the_shipped_model_can_be_loaded():
    assert load_model(bundled_model_path()).info.classes == tuple("0123456789")


@pytest.fixture
def with_ensemble(store, bundled):
    write_model(bundled.with_name("ensemble.safetensors"), "Bundled ensemble")
    return store


def test_what_lies_beside_the_bundled_model_is_shipped_too(with_ensemble, file):
    with_ensemble.import_file(file, "another")
    models, problems = with_ensemble.scan()
    assert [(m.name, m.is_bundled) for m in models] == [
        (BUNDLED, True),
        ("ensemble", True),
        ("another", False),
    ]
    assert problems == ()
    assert with_ensemble.get("ensemble") == models[1]
    assert with_ensemble.find("ensemble") == models[1].path
    assert [name for name in ("ensemble", BUNDLED, "another") if with_ensemble.ships(name)] == [
        "ensemble",
        BUNDLED,
    ]
    with raises_error() as caught:
        with_ensemble.get("nobody")
    assert "the models are bundled, ensemble, another" in str(caught.value)


@pytest.mark.parametrize("name", ["ensemble", "Ensemble"])
def test_what_is_shipped_is_not_replaced(with_ensemble, file, name):
    for replace in (False, True):
        with raises_error("A model cannot be called {name!r}: ", name=name):
            with_ensemble.import_file(file, name, replace=replace)
        with raises_error("A model cannot be called {name!r}: ", name=name):
            with_ensemble.add(load_model(file), name, replace=replace)
    assert with_ensemble.get("ensemble").info.name == "Bundled ensemble"


def test_a_model_of_ones_own_gives_way_to_one_that_is_shipped(store, file, bundled):
    store.import_file(file, "ensemble")
    write_model(bundled.with_name("ensemble.safetensors"), "Bundled ensemble")
    models, (problem,) = store.scan()
    assert [m.info.name for m in models] == ["Shipped", "Bundled ensemble"]
    assert problem.fields == {"name": "ensemble", "path": store.folder / "ensemble.safetensors"}


def test_an_own_file_called_as_the_bundled_model_is_left_out_and_named(store, bundled):
    write_model(store.folder / "bundled.safetensors", "Mine")
    models, (problem,) = store.scan()
    assert [m.path for m in models] == [bundled]
    assert problem.fields["path"] == store.folder / "bundled.safetensors"


def test_a_damaged_shipped_model_is_left_out_and_named(with_ensemble, bundled):
    bundled.with_name("ensemble.safetensors").write_bytes(b"nothing")
    models, (problem,) = with_ensemble.scan()
    assert [m.name for m in models] == [BUNDLED]
    assert problem.fields["path"] == bundled.with_name("ensemble.safetensors")
    loaded = load_active_model(with_ensemble, "ensemble")
    assert (loaded.name, loaded.model.info.name) == (BUNDLED, "Shipped")


def test_a_shipped_model_can_be_active(with_ensemble):
    loaded = load_active_model(with_ensemble, "ensemble")
    assert (loaded.name, loaded.notice, loaded.model.info.name) == (
        "ensemble",
        None,
        "Bundled ensemble",
    )


def test_an_added_model_is_there(store, file):
    stored = store.add(load_model(file), "new")
    assert store.get("new") == stored
    assert load_model(stored.path).info.name == "Mine"
    with raises_error("There is a model called ") as caught:
        store.add(load_model(file), "NEW")
    assert "'new' already" in str(caught.value)
    assert store.add(load_model(file), "NEW", replace=True).name == "new"


def test_a_list_of_models_needs_no_torch(store, file):
    store.import_file(file)
    program = (
        "import sys; from pathlib import Path;"
        "from digitpad.recognition.model_store import ModelStore;"
        "store = ModelStore(Path(sys.argv[1]), Path(sys.argv[2]));"
        "print(len(store.list()), 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(store.folder), str(store.bundled_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["2", "False"]
