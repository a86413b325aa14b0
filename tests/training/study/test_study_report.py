import numpy as np
import pytest

from digitpad.ink.drawing import Drawing
from training.study.report import ReadDrawing, by_confusion, common, report, study_metrics

LINE = Drawing.of([np.array([[0.0, 0.0], [1.0, 10.0]])])
CROSS = Drawing.of([np.array([[0.0, 0.0], [9.0, 9.0]]), np.array([[0.0, 9.0], [9.0, 0.0]])])


def entry(writer, true, read, confidence=0.95, second=None, rejected=False, drawing=LINE):
    sure = confidence >= 0.9
    key_id = f"{writer}-{true}"
    return ReadDrawing(drawing, key_id, writer, true, read, confidence, sure, second, rejected)


def some_entries() -> list[ReadDrawing]:
    """Anna is always read right; Ben's 1 is a 7 three times of four; Cleo's 4 is once a 9."""
    return [
        *(entry("anna", "1", "1") for _ in range(4)),
        entry("anna", "4", "4", drawing=CROSS),
        entry("ben", "1", "1"),
        entry("ben", "1", "7", confidence=0.6, second="1"),
        entry("ben", "1", "7", confidence=0.3, rejected=True),
        entry("ben", "1", "7"),
        entry("cleo", "4", "4", confidence=0.4, rejected=True, drawing=CROSS),
        entry("cleo", "4", "9"),
    ]


def test_figures_over_drawings_and_over_writers():
    found = study_metrics(some_entries())
    assert (found["count"], found["accuracy"]) == (11, pytest.approx(7 / 11))
    assert found["rejected"] == pytest.approx(2 / 11)
    assert found["mean_over_writers"] == pytest.approx((1 + 0.25 + 0.5) / 3)
    assert found["spread_over_writers"] == pytest.approx(np.std([1, 0.25, 0.5], ddof=1))
    assert found["worst_writer"] == "ben"
    assert found["writers"]["cleo"] == {"count": 2, "mistakes": 1, "accuracy": 0.5, "rejected": 0.5}
    assert len(found["mistakes"]) == 4


def test_one_writer_has_no_spread():
    assert study_metrics([entry("anna", "1", "1")])["spread_over_writers"] is None


def test_confusions_tell_their_writers_and_how_many_strokes_are_usual():
    ones, fours = study_metrics(some_entries())["confusions"]
    assert (ones["true"], ones["read"], ones["count"], ones["writers"]) == ("1", "7", 3, ["ben"])
    # Every 1 is drawn in one stroke; of three fours only the misread one.
    assert (ones["strokes"], ones["strokes_count"], ones["strokes_usual"]) == (1, 3, 1.0)
    assert (fours["strokes"], fours["strokes_usual"]) == (1, pytest.approx(1 / 3))


def test_the_largest_group_of_mistakes_comes_first_and_in_it_the_surest():
    groups = by_confusion(some_entries())
    assert [len(group) for group in groups] == [3, 1]
    assert [one.confidence for one in groups[0]] == [0.95, 0.6, 0.3]


def test_what_the_mistakes_have_in_common_is_counted():
    assert common(study_metrics(some_entries())) == (
        "4 of 11 drawings are misread. 1 of the 3 writers (ben) made 3 of them."
        " The most frequent confusion is 1 read as 7 (3 times, 1 writer)."
        " 3 mistakes belong to 1 habit: a digit of one writer misread the same way 3 times or more."
        " The most frequent is ben's 1 read as 7, 3 times."
        " Of these, rejected: 1; accepted with the right digit as the second guess: 1; accepted as"
        " sure answers: 2."
    )


def test_no_mistake_is_a_sentence_too():
    assert common(study_metrics([entry("anna", "1", "1")])) == "None of 1 drawings is misread."


def test_the_report_holds_the_figures_and_what_a_person_says():
    folds = [
        {"writers": ["anna", "ben"], "accuracy": 0.5, "seconds": 600},
        {"writers": ["cleo"], "accuracy": 0.5, "seconds": 60},
    ]
    results = {**study_metrics(some_entries()), "folds": folds, "ece": 0.01, "nll": 0.02}
    text = report(results, "Ben's 1 has a long flag.\n")
    assert "| Drawings read correctly, of 11 | 63.64% |" in text
    assert "| Worst writer, ben | 25.00% |" in text
    assert "| Writers without a mistake | 1 of 3 |" in text
    assert "| Mistakes that were not rejected | 3 of 4 |" in text
    assert "sure answers: 2.\n\nBen's 1 has a long flag.\n\n![" in text
    assert "| 4 | 9 | 1 | 1 | 1 stroke: 1 of 1, and 33% of all 4 |" in text
    assert "| 1 | 7 | 3 | 1 |  |" in text
    assert "| ben | 1 | 4 | 3 | 25.00% | 25.00% | 1 as 7 (3) |" in text
    assert "| 2 | cleo | 50.00% | 1.0 minutes |" in text
    assert "{" not in text
