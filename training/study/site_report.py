"""The page about sites that were left out."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING, Any

from training.card.tables import Bar, figure
from training.recipe.splits import site_of
from training.study.report import common, misread

if TYPE_CHECKING:
    from collections.abc import Mapping

HARDEST = "ibm"
"""The site with a target of its own: its labels are the least clean."""

_BARS = {"mean": Bar(0.988), "worst": Bar(0.975), "hardest": Bar(0.95)}

_NAMED = 4
"""Confusions of a site that are named."""

_REPORT = """# Leave-one-site-out study

The people of a site of UNIPEN (Guyon and others 1994) share a tablet and a school of writing. Each
site with at least 250 digits is read by a network that saw neither a digit nor a letter of it. Each
network begins with the weights of the bundled model's second cycle, which learned from no UNIPEN at
all, and goes through a short third cycle without the site. So the metrics tell how well a model
reads a school that it has never met. Nothing was chosen by them. How networks read people of the
pen strokes, tells the [study of writers](writers.md).
This page is written by `python -m training.study.sites` from the results in
`training/results/sites.json`.

{bars}

Accuracies are of whole digits. UNIPEN was cut into characters by machine, and some pieces are
labelled as the digit that they were a part of. What is left out follows from the geometry of the
ink alone (a dot, a dash, an angle open to the upper right), at most 3 % of a site: {fragments} of
{count} drawings. "With fragments" counts them as well. "Before" is the second cycle.

## Sites

| site | drawings | writers | fragments | accuracy | with fragments | before \
| before, with fragments | rejected | calibration error | misread most |
|---|---|---|---|---|---|---|---|---|---|---|
{rows}

A digit that is rejected counts as right or wrong like any other. {trained}

## What the mistakes have in common

{common}

![Every misread drawing](sites-wall.svg)
"""


def site_report(results: dict[str, Any], note: str = "") -> str:
    """The study as Markdown.

    Args:
        results: as `training.study.sites` writes them.
        note: what a person who looked at the mistakes has to say; it follows what was counted.
    """
    sites = results["sites"]
    minutes = [site["seconds"] / 60 for site in sites.values()]
    return _REPORT.format(
        bars=_bars(sites),
        fragments=sum(site["fragments"] for site in sites.values()),
        count=f"{sum(site['count'] for site in sites.values()):,}",
        rows="\n".join(_row(name, sites[name], results["mistakes"]) for name in sites),
        trained=f"The third cycle of a network took {mean(minutes):.1f} minutes in the mean.",
        common="\n\n".join(filter(None, (common(results), note.strip()))),
    )


def site_figures(sites: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, float]:
    """What the targets are set for.

    Args:
        sites: figures of each.
        key: which: "accuracy", "raw", "before" or "before_raw".

    Returns:
        "mean" over the sites, whatever their size; "worst" of all but HARDEST; and "hardest".
        Without some sites what cannot be told is left out.
    """
    found = {"mean": mean(site[key] for site in sites.values())}
    if others := [site[key] for name, site in sites.items() if name != HARDEST]:
        found["worst"] = min(others)
    if HARDEST in sites:
        found["hardest"] = sites[HARDEST][key]
    return found


def _bars(sites: Mapping[str, Mapping[str, Any]]) -> str:
    keys = ("accuracy", "raw", "before", "before_raw")
    columns = {key: site_figures(sites, key) for key in keys}
    others = {name: site["accuracy"] for name, site in sites.items() if name != HARDEST}
    worst = min(others, key=others.__getitem__) if others else ""
    titles = {
        "mean": f"Mean over the {len(sites)} sites",
        "worst": f"Worst site but {HARDEST} ({worst})",
        "hardest": f"Site {HARDEST}",
    }
    lines = [
        "| accuracy | target | found | met | with fragments | before | before, with fragments |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, bar in _BARS.items():
        if key not in columns["accuracy"]:
            continue
        found, *others_found = (figure(key, column[key]) for column in columns.values())
        met = "yes" if bar.met(key, columns["accuracy"]) else "**no**"
        cells = [titles[key], bar.shown(key), found, met, *others_found]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _row(name: str, site: Mapping[str, Any], mistakes: list[dict[str, Any]]) -> str:
    theirs = [mistake for mistake in mistakes if site_of(mistake["writer"]) == name]
    cells = [
        name,
        f"{site['count']:,}",
        str(site["writers"]),
        str(site["fragments"]),
        *(f"{site[key]:.2%}" for key in ("accuracy", "raw", "before", "before_raw")),
        f"{site['rejected']:.2%}",
        f"{site['ece']:.2%}",
        misread(theirs, _NAMED),
    ]
    return f"| {' | '.join(cells)} |"
