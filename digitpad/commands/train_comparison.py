"""Before and after a training with the user's samples, as ``digitpad train`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.text import percent

if TYPE_CHECKING:
    from digitpad.learning.retraining.comparison import Comparison, Tally


def comparison_lines(comparison: Comparison) -> list[str]:
    """A line for the user's samples, and one for everybody's drawings."""
    own, everybody = comparison.own, comparison.everybody
    if own is None:
        first = (
            "your samples: all were learned from, since no class has more than three; how well"
            " others of your drawings are read is not known"
        )
    else:
        first = f"your samples, held out: {_counts(own)}"
    return [first, f"everybody's, {everybody.title}: {_shares(everybody)}"]


def _counts(tally: Tally) -> str:
    low, high = (percent(share) for share in tally.ranges()[1])
    return (
        f"{tally.before} of {tally.count} right before, {tally.after} after (of others like them,"
        f" likely {low} to {high})"
    )


def _shares(tally: Tally) -> str:
    after = tally.before if tally.after is None else tally.after
    before, now = (percent(right / tally.count, 2) for right in (tally.before, after))
    return f"{before} of {tally.count} right before, {now} after"
