"""``digitpad train``; see tests/learning/runs for what a training run does."""

import io
import json
import os
import re
import signal
import subprocess
import sys

import pytest
from cli_files import objects, write_model
from sample_kit import sample
from training_run_kit import suspended_run

from digitpad.commands import train, train_choice, train_options
from digitpad.commands.console import Console
from digitpad.commands.context import Context
from digitpad.learning.adaptation.teacher import Teacher
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.configuration.fields import FIELDS
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.runs.store import RunStore
from digitpad.paths import Profile
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import load_model, save_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.samples.store import SampleStore
from digitpad.settings import Settings, load_settings, save_settings

BRIEF = ("--epoch-steps", "0", "--outlier-share", "0", "--least-validation", "1")
TINY = ("--data", "synthetic", "--count", "200", "--epochs", "2", "--batch-size", "64", *BRIEF)
SMALL = (*TINY, "--architecture", "mlp", "--threads", "1")


@pytest.fixture
def store(profile):
    return RunStore(profile / "runs")


def test_a_training_is_a_run_with_a_model(digitpad_, store):
    code, out, err = digitpad_("train", *SMALL, "--name", "My first")
    assert (code, err) == (0, "")
    (run,) = store.list()
    assert (run.name, run.status, run.steps_done) == ("My first", "completed", 6)
    lines = out.splitlines()
    assert lines[0] == f"My first ({run.id})"
    assert [line.split(":")[0] for line in lines[2:4]] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert all("validation" in line for line in lines[2:4])
    assert str(store.model_path(run.id)) in lines[4]
    assert lines[5].startswith("digitpad classify --model ")
    assert load_model(store.model_path(run.id)).info.classes == tuple("0123456789")


def test_the_result_as_json(digitpad_, store):
    code, out, err = digitpad_("train", *SMALL, "--json")
    assert (code, err) == (0, "")
    (result,) = objects(out)
    (run,) = store.list()
    assert result["run"] == run.id
    assert result["name"] == "Synthetic digits, mlp 1"
    assert (result["status"], result["notice"]) == ("completed", None)
    assert (result["steps"], result["steps_done"], len(result["classes"])) == (6, 6, 10)
    assert result["accuracy"] == run.best_accuracy
    assert result["model"] == str(store.model_path(run.id))
    assert TrainingConfig.from_json(json.dumps(result["config"])) == run.config
    _, listed, _ = digitpad_("train", "--list", "--json")
    assert objects(listed) == [result]


def test_help_explains_every_key(digitpad_, store):
    code, text, _ = digitpad_("train", "--help")
    assert code == 0
    suspended_run(store, TrainingConfig())
    _, out, _ = digitpad_("train", "--list", "--json")
    explained = {row.split()[0] for row in text.splitlines() if row.startswith("  ")}
    assert set(json.loads(out)) <= explained


def test_every_field_has_an_option_with_its_help(digitpad_):
    _, text, _ = digitpad_("train", "--help")
    words = " ".join(text.split())
    for name, info in FIELDS.items():
        assert f" {train_options.option_of(name)} " in words
        assert " ".join(info.title.split()[:2]) in words


def test_runs_are_listed_with_the_newest_first(digitpad_, store):
    assert digitpad_("train", "--list") == (0, "", "")
    suspended_run(store, TrainingConfig(), "One")
    suspended_run(store, TrainingConfig(), "The second")
    code, out, err = digitpad_("train", "--list")
    assert (code, err) == (0, "")
    assert [line.split("  ")[0] for line in out.splitlines()] == ["The second", "One"]
    assert "suspended" in out


def test_a_person_is_told_that_there_is_no_run_yet(digitpad_, monkeypatch):
    monkeypatch.setattr(Console, "is_on_terminal", property(lambda _: True))
    code, out, err = digitpad_("train", "--list")
    assert (code, out) == (0, "")
    assert "no training run yet" in err


def test_the_model_is_used_where_that_is_asked_for(digitpad_, profile, store):
    code, out, _ = digitpad_("train", *SMALL, "--name", "Of mine", "--use")
    assert code == 0
    assert out.splitlines()[-1] == "It is kept as the model Of mine: in use now."
    assert load_settings(profile / "settings.json").settings.active_model == "Of mine"
    kept = profile / "models" / "Of mine.safetensors"
    (run,) = store.list()
    assert kept.read_bytes() == store.model_path(run.id).read_bytes()


def test_the_model_is_kept_under_a_name(digitpad_, profile):
    code, out, _ = digitpad_("train", *SMALL, "--save-as", "other")
    assert code == 0
    assert "digitpad model use other" in out
    assert (profile / "models" / "other.safetensors").is_file()
    assert load_settings(profile / "settings.json").settings.active_model == "bundled"


def parsed(*arguments):
    from digitpad.cli import _parser

    return train_options.configuration(_parser().parse_args(["train", *arguments]))


@pytest.mark.parametrize("preset", train_options.PRESET_NAMES)
def test_presets(preset):
    assert parsed("--preset", preset) == PRESETS[preset].config


def test_the_names_of_the_presets_are_all():
    assert tuple(PRESETS) == train_options.PRESET_NAMES
    assert parsed() == next(iter(PRESETS.values())).config


def test_single_settings_win(tmp_path):
    file = tmp_path / "settings.json"
    file.write_text(TrainingConfig(seed=7, epochs=3, options={"dropout": 0.1}).to_json())
    config = parsed(
        *("--config", str(file), "--epochs", "9", "--learning-rate", "1e-3"),
        *("--rotation-degrees", "5", "--dropout", "0.25", "--optimizer", "sgd"),
        *("--data", "kmnist", "--count", "500", "--start-from", "mine", "--watch", "accuracy"),
    )
    assert (config.seed, config.epochs, config.learning_rate) == (7, 9, 1e-3)
    assert config.augmentation.rotation_degrees == 5
    assert config.options == {"dropout": 0.25}
    assert (config.data.kind, config.data.count, config.data.path) == ("kmnist", 500, None)
    assert (config.optimizer, config.warm_start, config.monitor) == ("sgd", "mine", "accuracy")


def test_another_network_does_not_take_the_options_of_the_presets_network():
    assert parsed("--preset", "balanced", "--architecture", "mlp").options == {}
    kept = parsed("--preset", "balanced", "--architecture", "padnet", "--dropout", "0.5").options
    assert kept == {**PRESETS["balanced"].config.options, "dropout": 0.5}


def test_data_is_told_by_its_path(tmp_path):
    pictures, mnist = tmp_path / "letters", tmp_path / "numbers"
    pictures.mkdir()
    mnist.mkdir()
    for name in ("images-idx3", "labels-idx1"):
        (mnist / f"train-{name}-ubyte").write_bytes(b"")
    strokes = tmp_path / "strokes.ndjson"
    strokes.write_text("")
    for path, kind in ((pictures, "pictures"), (mnist, "mnist"), (strokes, "strokes")):
        choice = parsed("--data", str(path)).data
        assert (choice.kind, choice.path) == (kind, str(path))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--epochs", "x"], "must be a whole number, not 'x'"),
        (["--epochs", "1.5"], "must be a whole number, not 1.5"),
        (["--epochs", "0"], "from 1 to 10000, not 0"),
        (["--learning-rate", "nan"], "not nan"),
        (["--learning-rate", "1e999"], "not inf"),
        (["--dropout", "1"], "from 0 to 0.95"),
        (["--optimizer", "magic"], "must be one of sgd, adam, adamw, muon"),
        (["--architecture", "magic"], "no network called 'magic'"),
        (["--device", "magic"], "must be one of auto"),
        (
            ["--data", "nothing"],
            "There is no file or folder 'nothing'. Datasets with a name are mnist",
        ),
        (["--data", ""], "There is no file or folder ''"),
        (["--data", "recipe"], "There is no file or folder 'recipe'"),
        (["--count", "3"], "Number of drawings: the value must be from 20"),
        (["--start-from", "nothing"], "neither a model nor a file called 'nothing'"),
        (["--config", "nothing"], "no file or folder 'nothing'"),
        (["--config", "."], "cannot be read"),
        (["--preset", "magic"], "invalid choice"),
        (["--preset", "quick", "--config", "a"], "not allowed with"),
        (["--name", " "], "A run cannot be called"),
        (["--threads", "0"], "from 1 to 1024, not '0'"),
        (["--threads", "many"], "not 'many'"),
        (["--save-as", "a/b"], "A model cannot be called 'a/b'"),
        (["--save-as", "bundled"], "A model cannot be called 'bundled'"),
        (["--resume", "nothing"], "no run called 'nothing'"),
        (["--resume", "a", "--preset", "best"], "--resume cannot be combined with --preset"),
        (["--resume", "a", "--list"], "not allowed with"),
        (["--list", "--data", "mnist"], "--list cannot be combined with --data"),
        (["--learn", "1"], "see digitpad"),
        (["mnist"], "see digitpad"),
    ],
)
def test_bad_arguments_give_a_sentence_and_no_run(refused, profile, arguments, sentence):
    assert sentence in refused("train", *arguments)
    assert not (profile / "runs").exists()


@pytest.mark.parametrize("content", ["[]", "{", '{"warp": 1}', '{"epochs": "many"}', "\udcff"])
def test_bad_files_of_settings_give_a_sentence(refused, tmp_path, content):
    file = tmp_path / "settings.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    refused("train", "--config", file)


def test_names_that_are_taken_are_told_before_the_training(refused, profile, store):
    write_model(profile / "models" / "mine.safetensors")
    assert "'mine' already" in refused("train", *SMALL, "--save-as", "mine")
    assert store.list() == ()
    suspended_run(store, TrainingConfig(), "One")
    assert "'One' already" in refused("train", *SMALL, "--name", "One")


def test_a_folder_without_drawings_gives_a_sentence_and_a_failed_run(refused, tmp_path, store):
    (tmp_path / "empty").mkdir()
    sentence = refused("train", "--data", tmp_path / "empty")
    (run,) = store.list()
    assert run.status == "failed"
    assert run.notice in sentence


def test_a_run_that_is_over_is_not_resumed(digitpad_, refused, store):
    digitpad_("train", *SMALL)
    (run,) = store.list()
    assert "come to its end" in refused("train", "--resume", run.name)
    assert store.list() == (run,)


def test_a_run_is_resumed_and_its_model_is_used(digitpad_, store, profile):
    from digitpad.data.choice import DataChoice

    config = TrainingConfig(DataChoice("synthetic", count=200), "mlp", epochs=1)
    suspended_run(store, config, "Half way")
    code, _, err = digitpad_("train", "--resume", "Half way", "--use")
    assert (code, err) == (0, "")
    assert store.list()[0].status == "completed"
    assert load_settings(profile / "settings.json").settings.active_model == "Half way"


def test_a_name_that_is_no_text_is_that_of_no_run(refused):
    assert "no run called" in refused("train", "--resume", "\udcff")


def test_a_damaged_list_of_runs_is_told(digitpad_, store):
    run = suspended_run(store, TrainingConfig())
    (store.folder / "runs.sqlite").write_bytes(b"nonsense" * 1000)
    code, out, err = digitpad_("train", "--list")
    assert code == 0
    assert run.name in out
    assert "runs.sqlite.corrupt-1" in err


def test_the_threads_are_given_back(digitpad_):
    import torch

    before = torch.get_num_threads()
    digitpad_("train", *SMALL, "--threads", str(before + 1))
    assert torch.get_num_threads() == before


def test_the_second_interrupt_ends_it_at_once():
    before = signal.getsignal(signal.SIGINT)
    with train._interruption() as asked:
        signal.raise_signal(signal.SIGINT)
        assert asked.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def process(profile):
    """Starts the command as a process."""
    started = []

    def start(*arguments, **options):
        child = subprocess.Popen(
            [sys.executable, "-m", "digitpad", "--profile", str(profile), "train", *arguments],
            text=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("is_resumed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_an_interrupt_suspends_it_and_it_is_resumed(process, store, is_resumed):
    def interrupted(*arguments):
        child = process(*arguments)
        for line in child.stdout:
            if line.startswith("epoch "):
                break
        child.send_signal(signal.SIGINT)
        child.stdout.read()
        sentence = child.stderr.read()
        assert child.wait() == 130
        assert sentence.count("\n") == 1
        assert "is suspended after" in sentence
        assert "digitpad train --resume 'Long one' resumes it" in sentence
        (run,) = store.list()
        assert (run.status, run.is_resumable) == ("suspended", True)
        return run.steps_done

    first = interrupted(*SMALL, "--epochs", "10000", "--name", "Long one")
    assert 3 <= first < 30_000
    if is_resumed:
        assert first < interrupted("--resume", "Long one", "--threads", "1") < 30_000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_to_a_person(process):
    import pty
    import termios

    reader, writer = pty.openpty()
    termios.tcsetwinsize(writer, (24, 100))
    child = process(
        *SMALL, "--count", "1000", "--epochs", "1", "--batch-size", "16", "--json", stderr=writer
    )
    os.close(writer)
    shown = b""
    try:
        while part := os.read(reader, 4096):
            shown += part
    except OSError:
        # Linux ends a pseudo-terminal so.
        pass
    os.close(reader)
    assert json.loads(child.stdout.read())["status"] == "completed"
    assert child.wait() == 0
    assert b"drawings" in shown
    # Within an epoch, with the drawings and the seconds that are left.
    assert re.search(rb"epoch 1 of 1: .* \d+/900 \[\d\d:\d\d<\d\d:\d\d,.* drawings/s\]", shown)


def small_excerpt(*more):
    return ("train", "--architecture", "mlp", "--count", "300", "--epochs", "1", *BRIEF, *more)


def test_without_mnist_the_excerpt_is_learned_from_and_that_is_said(digitpad_, store):
    code, out, err = digitpad_(*small_excerpt("--threads", "1"))
    assert code == 0
    assert err.count("\n") == 1
    assert "the built-in MNIST excerpt" in err
    assert "--data mnist downloads" in err
    (run,) = store.list()
    assert (run.config.data.kind, run.name) == ("mnist-excerpt", "MNIST excerpt, mlp 1")
    model = load_model(store.model_path(run.id))
    assert model.info.origin["data"] == "MNIST excerpt"
    assert list(model.info.metrics["validation"]) == ["MNIST excerpt"]
    assert re.search(
        r"accuracy [\d.]+ % of 55 drawings \(on others like them, likely [\d.]+ % to [\d.]+ %\);",
        out,
    )


def test_the_excerpt_is_learned_from_without_a_word_where_it_is_named(digitpad_, store):
    code, _, err = digitpad_(*small_excerpt("--data", "mnist-excerpt"))
    assert (code, err) == (0, "")


def test_the_size_of_a_download_is_said_before_it_begins(digitpad_, store, monkeypatch):
    from digitpad.data.public import torchvision_datasets
    from digitpad.errors import DigitpadError

    said = []

    def refuses(kind, *arguments):
        said.append(kind)
        raise DigitpadError("There is no network here.")
        yield

    monkeypatch.setattr(torchvision_datasets, "read_torchvision_dataset", refuses)
    for kind, size in (("emnist-letters", "562 MB"), ("mnist", "10 MB")):
        code, out, err = digitpad_("train", "--data", kind)
        assert (code, out) == (2, "")
        first, second = err.splitlines()
        assert first.endswith(f"is downloaded first, once: {size}.")
        assert second == "digitpad: There is no network here."
    assert said == ["emnist-letters", "mnist"]


def test_a_run_that_has_ended_goes_on_as_a_new_one(digitpad_, store):
    digitpad_("train", *SMALL, "--name", "First")
    (first,) = store.list()
    code, _, err = digitpad_("train", "--resume", "First", "--epochs", "1", "--name", "Second")
    assert code == 0
    assert err == (
        "digitpad: The run First has come to its end: a new run begins with its network.\n"
    )
    second = store.find("Second")
    assert store.find("First") == first
    assert (second.config.epochs, second.config.architecture) == (1, "mlp")
    assert second.config.warm_start == str(store.model_path(first.id))
    assert second.config.data == first.config.data
    assert (second.status, second.steps_done) == ("completed", 3)


@pytest.mark.parametrize(
    "setting", [("--epochs", "3"), ("--name", "b"), ("--preset", "best"), ("--data", "kmnist")]
)
def test_a_run_that_goes_on_keeps_its_settings(refused, store, setting):
    suspended_run(store, TrainingConfig(), "a")
    said = refused("train", "--resume", "a", *setting)
    assert f"--resume cannot be combined with {setting[0]}" in said


def test_a_model_to_begin_with_brings_its_network(tmp_path):
    assert parsed("--warm-start", "bundled") == PRESETS["few"].config
    assert parsed("--warm-start", "x", "--preset", "quick").architecture == "quicknet"


def test_a_run_begins_with_the_network_of_its_model(digitpad_, store, profile):
    write_model(profile / "models" / "mine.safetensors")
    architecture = load_model(profile / "models" / "mine.safetensors").info.architecture
    arguments = ("--preset", "quick", "--warm-start", "mine", "--data", "synthetic")
    small = ("--count", "100", "--epochs", "1", *BRIEF, "--threads", "1")
    code, _, err = digitpad_("train", *arguments, *small)
    assert (code, err) == (0, "")
    assert store.list()[0].config.architecture == architecture != "quicknet"


def test_the_range_of_an_accuracy_is_in_the_result(digitpad_, store):
    _, out, _ = digitpad_("train", *SMALL, "--json")
    (result,) = objects(out)
    low, high = result["accuracy_range"]
    assert low < result["accuracy"] < high


@pytest.mark.parametrize("place", ["\\\\server\\share", "//server/share", "\\/server/share"])
@pytest.mark.parametrize("setting", ["data", "warm_start"])
def test_no_file_makes_it_call_another_computer(refused, tmp_path, place, setting):
    kept = {"data": {"kind": "pictures", "path": place}} if setting == "data" else {}
    file = tmp_path / "foreign.json"
    file.write_text(json.dumps(kept or {"warm_start": place}), encoding="utf-8-sig")
    assert "lies on another computer" in refused("train", "--config", file)
    option = "--data" if setting == "data" else "--warm-start"
    # A person may name it; here there is none such.
    assert "another computer" not in refused("train", "--config", file, option, place)


def test_what_is_left_out_is_said_again_at_the_end(digitpad_, tmp_path):
    path = tmp_path / "some.ndjson"
    line = '{{"word": "{}", "drawing": [[[0, {}], [0, 9]]]}}\n'
    path.write_text("".join(line.format(n % 2, n + 1) for n in range(40)) + "broken\n")
    code, _, err = digitpad_(
        *("train", "--data", path, "--architecture", "mlp", "--epochs", "1"),
        *("--epoch-steps", "1", "--outlier-share", "0"),
    )
    assert code == 0
    assert err.count("line 41") == 2
    assert "line 41" in err.splitlines()[-1]


@pytest.fixture
def with_samples(profile):
    """Five samples of a 7, one of a 3, and one that is no digit."""
    labels = "777773x"
    SampleStore(profile / "samples.sqlite").add(
        sample(label, number) for number, label in enumerate(labels)
    )


def test_samples_bring_the_preset_for_them_and_none_is_none():
    assert parsed("--samples", "0.1") == PRESETS["samples"].config
    assert parsed("--samples", "0.3").samples_share == 0.3
    assert parsed("--samples", "0") == PRESETS["quick"].config
    assert parsed("--samples", "0.2", "--architecture", "mlp").warm_start is None
    assert parsed("--samples", "0.3", "--preset", "quick").architecture == "quicknet"
    assert all(one.config.samples_share == 0 or name == "samples" for name, one in PRESETS.items())


def test_the_model_in_use_learns_from_the_samples_and_before_and_after_are_told(
    digitpad_, store, profile, with_samples
):
    write_model(profile / "models" / "mine.safetensors")
    save_settings(Settings(active_model="mine"), profile / "settings.json")
    arguments = ("--samples", "0.3", *TINY, "--threads", "1")
    code, out, err = digitpad_("train", *arguments)
    assert code == 0
    assert "1 of your samples is left out, because the data has no such class: x." in err
    (run,) = store.list()
    assert run.config.warm_start == "mine"
    info = load_model(profile / "models" / "mine.safetensors").info
    assert (run.config.architecture, dict(run.config.options)) == (info.architecture, info.options)
    found = store.comparison(run.id)
    assert (found.model, found.own.count) == ("mine", 1)
    assert re.search(r"^your samples, held out: [01] of 1 right before, [01] after", out, re.M)
    assert re.search(
        r"^everybody's, Synthetic digits: [\d.]+ % of \d+ right before, [\d.]+ % after$", out, re.M
    )
    _, out, _ = digitpad_("train", "--list", "--json")
    assert json.loads(out)["comparison"]["everybody"]["after"] == found.everybody.after


def test_samples_that_are_all_learned_from_are_told(digitpad_, profile):
    SampleStore(profile / "samples.sqlite").add([sample("7")])
    write_model(profile / "models" / "mine.safetensors")
    arguments = ("--samples", "0.3", "--warm-start", "mine", *TINY, "--threads", "1")
    code, out, _ = digitpad_("train", *arguments)
    assert code == 0
    assert "your samples: all were learned from" in out


def test_without_samples_there_is_a_sentence_and_no_run(refused, store):
    assert "You have no samples to learn from yet" in refused("train", "--samples", "0.2", *TINY)
    assert store.list() == ()


def test_samples_of_no_class_of_the_data_give_a_sentence(refused, profile):
    SampleStore(profile / "samples.sqlite").add([sample("x")])
    said = refused("train", "--samples", "0.2", *SMALL)
    assert "None of your samples is of a class of this data" in said


def test_a_warm_start_from_a_model_that_was_taught_takes_its_network(tmp_path):
    path = tmp_path / "mine.safetensors"
    save_model(Teacher(load_model(bundled_model_path())).teach([sample("7")]), path)
    config = train_choice._with_network(TrainingConfig(), path)
    assert (config.architecture, config.options, config.warm_start) == ("surenet", {}, str(path))


def test_an_ensemble_in_use_gives_way_to_the_bundled_model(profile):
    one, path = profile / "one.safetensors", profile / "models" / "two.safetensors"
    write_model(one)
    path.parent.mkdir(parents=True)
    save_model(make_ensemble([load_model(one)] * 2, "two"), path)
    save_settings(Settings(active_model="two"), profile / "settings.json")
    context = Context(Profile(profile), Console(io.StringIO(), io.StringIO()))
    notices: list[str] = []
    assert train_choice._active_model(context, notices) == "bundled"
    assert "ensemble" in notices[0]
