"""How a school of writing is read that a network has never met: `python -m training.study.sites`.

The people of a site of UNIPEN share a tablet and a school. For each of the large sites that has no
model in the work folder yet (so an interrupted run goes on where it stopped) a network is trained
without it, beginning with the bundled model's second cycle, which never saw UNIPEN; then each
drawing of the site is read by this network, and by the second cycle for comparison. Writes the
figures, a page about them and the wall of mistakes. What a person has to say about the mistakes
stands in ``sites-note.txt`` beside them; ``--only-report`` writes the page again.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.recognition.evaluation import Evaluator
from digitpad.recognition.model_file import load_model
from digitpad.storage.atomic import write_atomically
from training.recipe.drawings import read_drawings as read_pen
from training.recipe.recipes import second_cycle, without_site
from training.recipe.splits import LARGE_SITES, site_of
from training.recipe.trials import model_file
from training.study.folds import (
    SEED,
    own_models,
    parse_study,
    read_drawings,
    study_parser,
    train_all,
    write_page,
)
from training.study.mistakes import wall
from training.study.report import study_metrics
from training.study.site_report import site_report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digitpad.recognition.model_file import Model
    from training.recipe.drawings import Labelled
    from training.recipe.recipes import Recipe
    from training.study.report import ReadDrawing


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose people are left out together."""

    name: str

    def recipe(self) -> Recipe:
        """How its network is trained."""
        return without_site(self.name)

    def model_path(self, work: Path) -> Path:
        """Where its network lies."""
        return model_file(work, self.recipe(), SEED)


def main(arguments: list[str] | None = None) -> int:
    """Run the study; returns the exit code."""
    parser = study_parser("python -m training.study.sites", __doc__)
    chosen = parse_study(parser, parser.add_mutually_exclusive_group(), arguments)
    try:
        if chosen.only_report:
            write_page(chosen.results, "sites", site_report)
            return 0
        sites = [Site(name) for name in LARGE_SITES]
        train_all(sites, chosen.data, chosen.work, chosen.workers)
        if not chosen.only_train:
            _measure(read_pen(chosen.data, "unipen"), sites, chosen.work, chosen.results)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _measure(
    drawings: Sequence[Labelled], sites: Sequence[Site], work: Path, results: Path
) -> None:
    models, config = own_models(sites, work)
    before = load_model(model_file(work, second_cycle(), SEED))
    entries: list[ReadDrawing] = []
    told: dict[str, dict[str, Any]] = {}
    for site, model in zip(sites, models, strict=True):
        theirs = [one for one in drawings if site_of(one.writer) == site.name]
        found, figures = _read_site(model, theirs)
        _, earlier = _read_site(before, theirs)
        entries += found
        told[site.name] = figures | {
            "before": earlier["accuracy"],
            "before_raw": earlier["raw"],
            "validation": model.info.metrics["validation"],
            "seconds": model.info.origin["training_seconds"]
            - before.info.origin["training_seconds"],
        }
    content = {"seed": SEED, "config": config, "sites": told, **study_metrics(entries)}
    write_atomically(results / "sites.json", json.dumps(content, indent=1) + "\n")
    write_atomically(results / "sites-wall.svg", wall(entries))
    write_page(results, "sites", site_report)


def _read_site(
    model: Model, drawings: Sequence[Labelled]
) -> tuple[list[ReadDrawing], dict[str, Any]]:
    """What is read of a site's whole digits, and its metrics; "raw" counts fragments as well."""
    is_fragment = [one.is_fragment for one in drawings]
    groups = [
        [one for one, fragment in zip(drawings, is_fragment, strict=True) if fragment is wanted]
        for wanted in (False, True)
    ]
    evaluators = Evaluator(DIGITS), Evaluator(DIGITS)
    whole, fragments = (
        read_drawings(model, group, evaluator)
        for group, evaluator in zip(groups, evaluators, strict=True)
    )
    overall = evaluators[0].result()
    return whole, {
        "count": len(drawings),
        "writers": len({one.writer for one in drawings}),
        "fragments": len(fragments),
        "accuracy": overall.accuracy,
        "raw": sum(not one.wrong for one in (*whole, *fragments)) / len(drawings),
        "rejected": overall.rejected,
        "ece": overall.ece,
        "nll": overall.nll,
    }


if __name__ == "__main__":
    sys.exit(main())
