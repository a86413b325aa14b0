import json
from dataclasses import replace
from pathlib import Path

import pytest
from study_kit import TINY, tiny_data, write_people

from digitpad.recognition.model_file import load_model
from training.recipe.recipes import Recipe
from training.study import sites
from training.study.folds import RESULTS
from training.study.site_report import site_figures, site_report
from training.study.sites import main

DASH = {"word": "4", "writer": "ibm/2", "key_id": "dash", "drawing": [[[0, 20, 40], [0, 1, 0]]]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Digits of two people at one site and of one at each of two others, and a fragment."""
    path = tmp_path / "data" / "pen" / "unipen-digits.ndjson.gz"
    write_people(path, ["aga/1", "aga/2", "ibm/1", "cef/1"], [DASH])
    return tmp_path / "data"


@pytest.fixture
def trained(monkeypatch) -> list[str]:
    """Makes trainings tiny, and two of the sites large; the recipes that were trained."""
    names: list[str] = []

    def recipe(name: str, title: str, first: Recipe | None = None) -> Recipe:
        def made(_folder, seed):
            names.append(name)
            return tiny_data(seed)

        return Recipe(name, title, TINY, made, first=first)

    def second_cycle() -> Recipe:
        return recipe("second-cycle", "Second cycle")

    def without_site(site: str) -> Recipe:
        return recipe(f"without-site-{site}", f"Without site {site}", second_cycle())

    # The watch over slow progress bars is a thread that stays.
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    monkeypatch.setattr(sites, "LARGE_SITES", ("aga", "ibm"))
    monkeypatch.setattr(sites, "second_cycle", second_cycle)
    monkeypatch.setattr(sites, "without_site", without_site)
    return names


def arguments(folder: Path, *more: str) -> list[str]:
    places = {"--data": folder, "--work": folder.parent / "work", "--results": folder.parent / "r"}
    return [*(str(part) for pair in places.items() for part in pair), *more]


def test_a_study_from_training_to_the_page(folder, trained):
    assert main(arguments(folder)) == 0
    assert trained == ["second-cycle", "without-site-aga", "without-site-ibm"]
    place, work = folder.parent / "r", folder.parent / "work"
    assert load_model(work / "without-site-ibm-0.safetensors").info.name == "Without site ibm"
    results = json.loads((place / "sites.json").read_text(encoding="utf-8"))
    aga, ibm = results["sites"]["aga"], results["sites"]["ibm"]
    assert (aga["count"], aga["writers"], aga["fragments"]) == (40, 2, 0)
    assert (ibm["count"], ibm["writers"], ibm["fragments"]) == (21, 2, 1)
    assert aga["accuracy"] == aga["raw"]
    # The fragment counts for the uncleaned figure alone.
    assert results["count"] == 60
    assert round(ibm["raw"] * 21) - round(ibm["accuracy"] * 20) in (0, 1)
    assert {"before", "before_raw", "rejected", "ece"} <= ibm.keys()
    wall = (place / "sites-wall.svg").read_text(encoding="utf-8")
    assert wall.count('<rect class="cell') == len(results["mistakes"]) > 0
    page = (place / "sites.md").read_text(encoding="utf-8")
    assert "| Worst site but ibm (aga) |" in page
    assert "1 of\n61 drawings" in page
    assert "{" not in page


def test_a_site_that_is_trained_is_not_trained_again(folder, trained):
    assert main(arguments(folder, "--only-train")) == 0
    assert len(trained) == 3
    assert main(arguments(folder, "--only-train")) == 0
    assert len(trained) == 3
    assert not (folder.parent / "r").exists()


def test_what_a_person_says_goes_into_the_page(folder, trained):
    main(arguments(folder))
    place = folder.parent / "r"
    (place / "sites-note.txt").write_text("Zeros have slashes.\n", encoding="utf-8")
    assert main(["--results", str(place), "--only-report"]) == 0
    assert "\n\nZeros have slashes.\n\n" in (place / "sites.md").read_text(encoding="utf-8")


def test_models_that_were_trained_otherwise_are_refused(folder, trained, monkeypatch, capsys):
    main(arguments(folder, "--only-train"))
    work = folder.parent / "work"
    (work / "without-site-ibm-0.safetensors").unlink()
    known = sites.without_site
    monkeypatch.setattr(
        sites, "without_site", lambda site: replace(known(site), config=replace(TINY, epochs=2))
    )
    assert main(arguments(folder)) == 2
    assert "were not trained alike" in capsys.readouterr().err


def test_a_report_needs_figures(tmp_path, capsys):
    assert main(["--results", str(tmp_path), "--only-report"]) == 2
    assert "run the study first" in capsys.readouterr().err


def test_the_hardest_site_has_a_target_of_its_own():
    found = {name: {"accuracy": share} for name, share in (("a", 0.98), ("b", 0.99), ("ibm", 0.94))}
    figures = site_figures(found, "accuracy")
    assert figures == {"mean": pytest.approx(0.97), "worst": 0.98, "hardest": 0.94}
    assert "hardest" not in site_figures({"a": found["a"]}, "accuracy")


def test_the_page_is_the_one_of_the_figures():
    figures_path, note = RESULTS / "sites.json", RESULTS / "sites-note.txt"
    if not figures_path.exists():
        pytest.skip("the study has not been run")
    text = site_report(
        json.loads(figures_path.read_text(encoding="utf-8")),
        note.read_text(encoding="utf-8") if note.exists() else "",
    )
    assert (RESULTS / "sites.md").read_text(encoding="utf-8") == text
