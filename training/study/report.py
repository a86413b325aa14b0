"""What was read of many writers' drawings: its metrics, and the report about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digitpad.ink.drawing import Drawing

HABIT = 3
"""So many drawings of one digit, by one writer, that are misread alike are called a habit."""

_SHOWN_CONFUSIONS = 12


@dataclass(frozen=True, slots=True)
class ReadDrawing:
    """One drawing, and what a network that never met its writer took it for.

    Attributes:
        drawing: has strokes.
        key_id: the data's own name for the drawing.
        writer: who drew it.
        true: name of the class that it shows.
        read: name of the class that it was read as.
        confidence: of that answer, in [0, 1].
        sure: whether the pad would have given a sure answer, unless it rejected the drawing.
        second: name of the runner-up, where the pad would have named one.
        rejected: whether it was taken for no class at all.
    """

    drawing: Drawing
    key_id: str
    writer: str
    true: str
    read: str
    confidence: float
    sure: bool
    second: str | None
    rejected: bool

    @property
    def wrong(self) -> bool:
        """Whether another class was read, rejected or not."""
        return self.read != self.true


def study_metrics(entries: Sequence[ReadDrawing]) -> dict[str, Any]:
    """The metrics of some entries, as plain values for JSON.

    Args:
        entries: at least one, of any number of writers.

    Returns:
        ``count``, ``accuracy`` and ``rejected`` over all drawings; ``mean_over_writers``,
        ``spread_over_writers`` (sample standard deviation, None for one writer), ``worst_writer``;
        ``writers``, by name; ``confusions``, the most frequent first; ``mistakes``, one by one.
        Shares are in [0, 1]; a rejected drawing counts as right or wrong like any other.
    """
    writers = {
        name: _writer_metrics([entry for entry in entries if entry.writer == name])
        for name in sorted({entry.writer for entry in entries})
    }
    accuracies = [writer["accuracy"] for writer in writers.values()]
    mistakes = [entry for entry in entries if entry.wrong]
    return {
        "count": len(entries),
        "accuracy": 1 - len(mistakes) / len(entries),
        "rejected": mean(entry.rejected for entry in entries),
        "mean_over_writers": mean(accuracies),
        "spread_over_writers": stdev(accuracies) if len(accuracies) > 1 else None,
        "worst_writer": min(writers, key=lambda name: writers[name]["accuracy"]),
        "writers": writers,
        "confusions": _confusions(entries),
        "mistakes": [
            {
                "key_id": entry.key_id,
                "writer": entry.writer,
                "true": entry.true,
                "read": entry.read,
                "confidence": round(entry.confidence, 4),
                "sure": entry.sure,
                "second": entry.second,
                "rejected": entry.rejected,
                "strokes": len(entry.drawing.strokes),
            }
            for entry in sorted(mistakes, key=lambda entry: entry.key_id)
        ],
    }


def by_confusion(entries: Iterable[ReadDrawing]) -> list[list[ReadDrawing]]:
    """The mistakes among some entries, those of one true and one read class together.

    Returns:
        The largest group first; each is sorted by writer, and then the surest mistake first.
    """
    groups: dict[tuple[str, str], list[ReadDrawing]] = {}
    for entry in entries:
        if entry.wrong:
            groups.setdefault((entry.true, entry.read), []).append(entry)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [sorted(group, key=lambda r: (r.writer, -r.confidence)) for _, group in ordered]


def _writer_metrics(entries: Sequence[ReadDrawing]) -> dict[str, Any]:
    mistakes = sum(entry.wrong for entry in entries)
    return {
        "count": len(entries),
        "mistakes": mistakes,
        "accuracy": 1 - mistakes / len(entries),
        "rejected": mean(entry.rejected for entry in entries),
    }


def _confusions(entries: Sequence[ReadDrawing]) -> list[dict[str, Any]]:
    """Counts of each confusion, of how many writers, and how its drawings were drawn.

    A habit often shows in the number of strokes, so the commonest one of the misread drawings is
    set against its share of all drawings of that class.
    """
    found = []
    for group in by_confusion(entries):
        true = group[0].true
        strokes, times = Counter(len(r.drawing.strokes) for r in group).most_common(1)[0]
        found.append(
            {
                "true": true,
                "read": group[0].read,
                "count": len(group),
                "writers": sorted({entry.writer for entry in group}),
                "strokes": strokes,
                "strokes_count": times,
                "strokes_usual": mean(
                    len(r.drawing.strokes) == strokes for r in entries if r.true == true
                ),
            }
        )
    return found


_REPORT = """# Leave-writers-out study

Each of the {writers} pen writers is read by a network that never saw a stroke of theirs. The
writers are divided into {folds} folds, and for each fold a network is trained without its writers.
Its recipe is the first cycle of the bundled model's, with a shorter schedule. So the metrics tell
how well a model reads people whom it has never met, not how well the bundled model itself reads.
Nothing was chosen by them. How networks read people of other sites, with other tablets and other
schools, tells the [study of sites](sites.md).
This page is written by `python -m training.study.writers` from the results in
`training/results/writers.json`.

| metric | value |
|---|---|
| Drawings read correctly, of {count} | {accuracy} |
| Mean over writers | {mean} |
| Spread over writers (sample standard deviation) | {spread} |
| Worst writer, {worst} | {worst_accuracy} |
| Writers without a mistake | {faultless} of {writers} |
| Digits rejected | {rejected} |
| Mistakes that were not rejected | {accepted} |
| Expected calibration error (15 bins) | {ece} |
| Negative log-likelihood | {nll} |

## What the mistakes have in common

{common}

![Every misread drawing](writers-wall.svg)

## Confusions

The last column gives a number of strokes that is at least twice as common among the misread
drawings as among all drawings of the digit.{confusions_note}

| drawn | read as | times | writers | unusual strokes |
|---|---|---|---|---|
{confusions}

## Writers

| writer | fold | drawings | mistakes | accuracy | rejected | misread |
|---|---|---|---|---|---|---|
{writer_rows}

## Folds

| fold | left out | accuracy | trained in |
|---|---|---|---|
{fold_rows}
"""


def report(results: dict[str, Any], note: str = "") -> str:
    """The study as Markdown.

    Args:
        results: the `study_metrics` of all folds with ``ece``, ``nll`` and ``folds``, as
            `training.study.writers` writes them.
        note: what a person who looked at the mistakes has to say; it follows what was counted.
    """
    writers = results["writers"]
    mistakes = results["mistakes"]
    fold_of = {
        name: number
        for number, fold in enumerate(results["folds"], start=1)
        for name in fold["writers"]
    }
    spread = results["spread_over_writers"]
    confusions = results["confusions"]
    left = len(confusions) - _SHOWN_CONFUSIONS
    accepted = sum(not mistake["rejected"] for mistake in mistakes)
    return _REPORT.format(
        writers=len(writers),
        folds=len(results["folds"]),
        count=f"{results['count']:,}",
        accuracy=f"{results['accuracy']:.2%}",
        mean=f"{results['mean_over_writers']:.2%}",
        spread="" if spread is None else f"{spread:.2%}",
        worst=results["worst_writer"],
        worst_accuracy=f"{writers[results['worst_writer']]['accuracy']:.2%}",
        faultless=sum(not writer["mistakes"] for writer in writers.values()),
        rejected=f"{results['rejected']:.2%}",
        accepted=f"{accepted} of {len(mistakes)}",
        ece=f"{results['ece']:.2%}",
        nll=f"{results['nll']:.4f}",
        common="\n\n".join(filter(None, (common(results), note.strip()))),
        confusions_note=f" The {left} rarest are left out." if left > 0 else "",
        confusions="\n".join(_confusion_row(row) for row in confusions[:_SHOWN_CONFUSIONS]),
        writer_rows="\n".join(
            f"| {name} | {fold_of[name]} | {writer['count']} | {writer['mistakes']}"
            f" | {writer['accuracy']:.2%} | {writer['rejected']:.2%}"
            f" | {misread([m for m in mistakes if m['writer'] == name])} |"
            for name, writer in writers.items()
        ),
        fold_rows="\n".join(
            f"| {number} | {', '.join(fold['writers'])} | {fold['accuracy']:.2%}"
            f" | {fold['seconds'] / 60:.1f} minutes |"
            for number, fold in enumerate(results["folds"], start=1)
        ),
    )


def common(results: dict[str, Any]) -> str:
    """What can be counted about the mistakes, in a few sentences.

    Args:
        results: `study_metrics`.
    """
    mistakes = results["mistakes"]
    if not mistakes:
        return f"None of {results['count']:,} drawings is misread."
    total = len(mistakes)
    sentences = [f"{total} of {results['count']:,} drawings are misread."]
    few, theirs = _half_of_them(Counter(mistake["writer"] for mistake in mistakes))
    names = f" ({_list(few)})" if len(few) <= 6 else ""
    sentences.append(
        f"{len(few)} of the {len(results['writers'])} writers{names} made {theirs} of them."
    )
    large = [
        f"{row['true']} read as {row['read']} ({row['count']} times,"
        f" {_number(len(row['writers']), 'writer')})"
        for row in results["confusions"]
        if row["count"] >= HABIT
    ][:3]
    if large:
        verb = "confusions are" if len(large) > 1 else "confusion is"
        sentences.append(f"The most frequent {verb} {_list(large)}.")
    habits = [
        (count, *key)
        for key, count in Counter((m["writer"], m["true"], m["read"]) for m in mistakes).items()
        if count >= HABIT
    ]
    if habits:
        count, writer, true, read = min(habits, key=lambda habit: (-habit[0], habit[1:]))
        sentences.append(
            f"{sum(habit[0] for habit in habits)} mistakes belong to"
            f" {_number(len(habits), 'habit')}: a digit of one writer misread the same way"
            f" {HABIT} times or more. The most frequent is {writer}'s {true} read as {read},"
            f" {count} times."
        )
    sentences.append(_doubted(mistakes))
    return " ".join(sentences)


def _half_of_them(counts: Counter[str]) -> tuple[list[str], int]:
    """The fewest writers who have at least half of the mistakes, and how many they have."""
    few: list[str] = []
    theirs = 0
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        few.append(name)
        theirs += count
        if 2 * theirs >= counts.total():
            break
    return few, theirs


def _doubted(mistakes: list[dict[str, Any]]) -> str:
    rejected = sum(mistake["rejected"] for mistake in mistakes)
    named = sum(not m["rejected"] and m["second"] == m["true"] for m in mistakes)
    sure = sum(not m["rejected"] and m["sure"] for m in mistakes)
    return (
        f"Of these, rejected: {rejected}; accepted with the right digit as the second guess:"
        f" {named}; accepted as sure answers: {sure}."
    )


def _confusion_row(row: dict[str, Any]) -> str:
    share = row["strokes_count"] / row["count"]
    unusual = share >= 2 * row["strokes_usual"]
    strokes = (
        f"{_number(row['strokes'], 'stroke')}: {row['strokes_count']} of {row['count']},"
        f" and {row['strokes_usual']:.0%} of all {row['true']}"
    )
    return (
        f"| {row['true']} | {row['read']} | {row['count']} | {len(row['writers'])}"
        f" | {strokes if unusual else ''} |"
    )


def misread(mistakes: Sequence[dict[str, Any]], most: int | None = None) -> str:
    """What was read as what, and how often: "1 as 7 (3), 4 as 9".

    Args:
        mistakes: of `study_metrics`.
        most: confusions that are named at most, the most frequent first; None names all.
    """
    counts = Counter((mistake["true"], mistake["read"]) for mistake in mistakes)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return ", ".join(
        f"{true} as {read}" + (f" ({count})" if count > 1 else "")
        for (true, read), count in ordered
    )


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _list(parts: Sequence[str]) -> str:
    """Joined as in a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
