import json
from pathlib import Path

import pytest
from sentences import raises_error
from shared_data import shared_folder
from study_kit import TINY, tiny_data, write_people

from digitpad.data.dataset import TrainingData
from digitpad.recognition.model_file import load_model
from training.recipe.data import NONE, Amount, Ingredients, fold_data
from training.recipe.recipes import Recipe
from training.recipe.splits import TEST_WRITERS
from training.study import writers
from training.study.folds import RESULTS
from training.study.report import report
from training.study.writers import deal, main

NAMES = [f"w{i}" for i in range(4)]


def test_every_writer_is_left_out_once():
    names = [f"tra{i:02}" for i in range(1, 31)]
    folds = deal(reversed(names), 6)
    assert sorted(name for fold in folds for name in fold.writers) == names
    assert [len(fold.writers) for fold in folds] == [5] * 6
    assert folds == deal(names, 6)
    assert len({fold.name for fold in folds + deal(names, 7)}) == 13


@pytest.mark.parametrize("folds", [1, 4])
def test_folds_that_cannot_be_dealt_are_refused(folds):
    with raises_error("{count} writers cannot be dealt", count=3, folds=folds):
        deal(["anna", "ben", "cleo"], folds)


@pytest.mark.data
def test_a_fold_learns_from_everybody_but_its_writers_and_three_to_choose_by():
    few = Ingredients(pen=Amount(1, 24_000), synthetic=NONE, characters=NONE, scribbles=NONE)
    data = fold_data(shared_folder(), 0, TEST_WRITERS, few)
    _, pen = (source.data for source in data.sources)
    assert len(data.validation["pen"]) in range(740, 751)
    assert len(pen) + len(data.validation["pen"]) == 7494 - 1248


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pen strokes of four writers, each of whom draws every digit twice."""
    write_people(tmp_path / "data" / "pen" / "digits.ndjson.gz", NAMES)
    return tmp_path / "data"


@pytest.fixture
def trained(monkeypatch) -> list[frozenset[str]]:
    """Makes trainings tiny; the writers that each was to do without."""
    without: list[frozenset[str]] = []

    def tiny(folder: Path, seed: int, held_out: frozenset[str], _: object) -> TrainingData:
        without.append(held_out)
        return tiny_data(seed)

    # The watch over slow progress bars is a thread that stays.
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    monkeypatch.setattr(writers, "fold_data", tiny)
    monkeypatch.setattr(
        writers, "study", lambda: Recipe("study", "Study", TINY, lambda folder, seed: None)
    )
    return without


def arguments(folder: Path, *more: str) -> list[str]:
    places = {"--data": folder, "--work": folder.parent / "work", "--results": folder.parent / "r"}
    return [*(str(part) for pair in places.items() for part in pair), "--folds", "2", *more]


def test_a_study_from_training_to_the_wall(folder, trained):
    assert main(arguments(folder)) == 0
    results = json.loads((folder.parent / "r" / "writers.json").read_text(encoding="utf-8"))
    assert [set(fold["writers"]) for fold in results["folds"]] == [set(part) for part in trained]
    assert frozenset.union(*trained) == frozenset(NAMES) == results["writers"].keys()
    assert results["count"] == 80
    assert [writer["count"] for writer in results["writers"].values()] == [20] * 4
    # Every drawing was read by the network that had to do without its writer.
    for number, fold in enumerate(deal(NAMES, 2), start=1):
        model = load_model(folder.parent / "work" / f"writers-{number}-of-2.safetensors")
        assert model.info.name == f"Without {', '.join(sorted(fold.writers))}"
    wall = (folder.parent / "r" / "writers-wall.svg").read_text(encoding="utf-8")
    assert wall.count('<rect class="cell') == len(results["mistakes"]) > 0


def test_a_fold_that_is_trained_is_not_trained_again(folder, trained):
    assert main(arguments(folder, "--only-fold", "2")) == 0
    assert trained == [deal(NAMES, 2)[1].writers]
    assert not (folder.parent / "r").exists()
    assert main(arguments(folder, "--only-train")) == 0
    assert trained == [deal(NAMES, 2)[1].writers, deal(NAMES, 2)[0].writers]
    assert not (folder.parent / "r").exists()


def test_what_a_person_says_goes_into_the_page(folder, trained):
    main(arguments(folder))
    place = folder.parent / "r"
    (place / "writers-note.txt").write_text("They are untidy.\n", encoding="utf-8")
    assert main(["--results", str(place), "--only-report"]) == 0
    assert "\n\nThey are untidy.\n\n" in (place / "writers.md").read_text(encoding="utf-8")


def test_strokes_of_nobody_are_refused(folder, trained, capsys):
    write_people(folder / "pen" / "digits.ndjson.gz", [*NAMES, ""])
    assert main(arguments(folder)) == 2
    assert "It is not known who drew" in capsys.readouterr().err
    assert not trained


def test_models_of_other_folds_are_refused(folder, trained, capsys):
    main(arguments(folder, "--only-train"))
    work = folder.parent / "work"
    (work / "writers-1-of-2.safetensors").replace(work / "writers-2-of-2.safetensors")
    assert main(arguments(folder)) == 2
    assert "without other people" in capsys.readouterr().err


def test_a_report_needs_figures(tmp_path, capsys):
    assert main(["--results", str(tmp_path), "--only-report"]) == 2
    assert "run the study first" in capsys.readouterr().err


def test_the_page_is_the_one_of_the_figures():
    figures_path, note = RESULTS / "writers.json", RESULTS / "writers-note.txt"
    if not figures_path.exists():
        pytest.skip("the study has not been run")
    text = report(
        json.loads(figures_path.read_text(encoding="utf-8")),
        note.read_text(encoding="utf-8") if note.exists() else "",
    )
    assert (RESULTS / "writers.md").read_text(encoding="utf-8") == text
