import json
from dataclasses import replace

import numpy as np
import pytest
from fakes import prediction, recognition
from hypothesis import given
from hypothesis import strategies as st

from digitpad.recognition.evaluation import Evaluator
from digitpad.recognition.prediction import Prediction

DIGITS = tuple("0123456789")


def predictions(rows, rejected=None, classes=DIGITS):
    refused = [False] * len(rows) if rejected is None else rejected
    return [
        Prediction(classes, tuple(row), rejected=bool(no))
        for row, no in zip(rows, refused, strict=True)
    ]


def evaluate(words, rows, rejected=None, classes=DIGITS):
    evaluator = Evaluator(classes)
    evaluator.add(words, predictions(rows, rejected, classes))
    return evaluator.result()


def random_case(count, seed=0, classes=10):
    random = np.random.default_rng(seed)
    rows = random.dirichlet(np.full(classes, 0.2), count)
    words = [str(random.integers(classes)) for _ in range(count)]
    return words, rows, random.random(count) < 0.3


def exact_auroc(positive, negative):
    """The definition: every pair compared, ties counted half."""
    difference = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return ((difference > 0).sum() + (difference == 0).sum() / 2) / difference.size


def test_the_figures_of_a_small_case_by_hand():
    rows = [[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]
    result = evaluate(["a", "b", "b", "b"], rows, [False, True, False, False], ("a", "b"))
    assert result.count == 4
    assert result.accuracy == 0.75
    assert result.rejected == 0.25
    assert result.nll == pytest.approx(-np.log([0.8, 0.4, 0.7, 0.9]).mean())
    # Each confidence is alone in its bin: the error is the mean distance from its own outcome.
    assert result.ece == pytest.approx((0.2 + 0.6 + 0.3 + 0.1) / 4)
    assert result.confusion.tolist() == [[1, 0], [1, 2]]
    a, b = result.per_class
    assert (a.count, a.recall, a.precision, a.f1, a.rejected) == (1, 1.0, 0.5, 2 / 3, 0.0)
    assert (b.count, b.recall, b.precision, b.f1, b.rejected) == (3, 2 / 3, 1.0, 0.8, 1 / 3)
    assert (result.others.count, result.others.auroc, result.others.accepted) == (0, None, None)


def test_nothing_gives_nulls_that_json_can_write():
    result = Evaluator(DIGITS).result()
    text = json.dumps(result.to_dict(), allow_nan=False)
    data = json.loads(text)
    assert data["count"] == 0
    assert [data[key] for key in ("accuracy", "nll", "ece", "rejected")] == [None] * 4
    assert data["others"] == {"count": 0, "auroc": None, "accepted": None}
    assert data["per_class"]["3"] == {
        "count": 0,
        "recall": None,
        "precision": None,
        "f1": None,
        "rejected": None,
    }
    assert data["confusion"]["3"]["5"] == 0


def test_the_keys_are_those_of_the_documented_form():
    words, rows, rejected = random_case(50)
    data = evaluate(words, rows, rejected).to_dict()
    assert list(data) == [
        "count",
        "accuracy",
        "nll",
        "ece",
        "rejected",
        "per_class",
        "confusion",
        "others",
        "divided",
        "numbers",
    ]
    assert (data["divided"], data["numbers"]) == (0, None)
    assert list(data["per_class"]) == list(data["confusion"]) == list(DIGITS)
    assert sum(sum(row.values()) for row in data["confusion"].values()) == 50
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_a_word_of_several_digits_counts_as_a_whole():
    sure = np.full((3, 10), 0.01)
    sure[:, 4] = 0.91
    result = evaluate(["4", "42", "44"], sure, [False, True, False])
    assert result.count == 3
    assert result.accuracy == pytest.approx(1 / 3)
    assert result.rejected == pytest.approx(1 / 3)
    assert result.confusion.sum() == 1
    assert result.nll == pytest.approx(-np.log(0.91))
    assert result.others.count == 0


def test_a_class_of_several_letters_is_a_class_and_no_number():
    classes = ("1", "2", "12")
    result = evaluate(["12"], [[0.1, 0.1, 0.8]], classes=classes)
    assert result.accuracy == 1.0
    assert result.per_class[2].count == 1


@pytest.mark.parametrize("word", ["x", "4x", "", " 4", "-4", "٤"])
def test_any_other_word_is_one_of_the_others(word):
    row = np.full((2, 10), 0.05)
    row[:, 4] = 0.55
    result = evaluate(["4", word], row, [False, True])
    assert result.count == 1
    assert (result.others.count, result.others.accepted) == (1, 0.0)
    assert result.others.auroc == 0.5


def test_only_others_leave_the_digits_without_figures():
    result = evaluate(["x", "y"], np.full((2, 10), 0.1), [True, False])
    assert (result.count, result.accuracy, result.others.auroc) == (0, None, None)
    assert result.others.accepted == 0.5
    assert sum(result.others.accepted_as) == 1


def test_a_probability_of_nought_leaves_the_likelihood_finite():
    rows = np.zeros((1, 10))
    rows[0, 3] = 1.0
    result = evaluate(["7"], rows)
    assert result.nll == pytest.approx(-np.log(1e-15))
    assert result.ece == 1.0


def test_calibration_error_as_guo_and_others_define_it():
    words, rows, _ = random_case(2000)
    confidence, read = rows.max(axis=1), rows.argmax(axis=1)
    right = np.array([int(word) for word in words]) == read
    expected = 0.0
    for i in range(15):
        inside = (confidence > i / 15) & (confidence <= (i + 1) / 15)
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            expected += inside.mean() * gap
    assert evaluate(words, rows).ece == pytest.approx(expected)


def test_a_calibrated_model_has_a_small_error_and_an_overconfident_one_has_not():
    random = np.random.default_rng(1)
    rows = random.dirichlet(np.full(10, 0.3), 20_000)
    truth = [str(random.choice(10, p=row)) for row in rows]
    assert evaluate(truth, rows).ece < 0.012
    sharper = rows**3 / (rows**3).sum(axis=1, keepdims=True)
    assert evaluate(truth, sharper).ece > 0.05


@pytest.mark.parametrize("seed", range(3))
def test_auroc_by_histogram_is_the_one_by_pairs(seed):
    random = np.random.default_rng(seed)
    # Crowded below 1, where a histogram on a linear scale would see nothing but ties.
    digits = 1 - 10 ** random.uniform(-12, -1, 700)
    others = 1 - 10 ** random.uniform(-9, -0.3, 400)
    words = ["3"] * 700 + ["x"] * 400
    confidence = np.concatenate((digits, others))
    rows = np.repeat((1 - confidence)[:, None] / 9, 10, axis=1)
    rows[:, 3] = confidence
    result = evaluate(words, rows)
    assert result.others.auroc == pytest.approx(exact_auroc(digits, others), abs=2e-4)


def test_auroc_of_equal_confidences_is_a_half():
    rows = np.zeros((30, 10))
    rows[:, 0] = 1.0
    assert evaluate(["0"] * 10 + ["x"] * 20, rows).others.auroc == 0.5


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 5))
def test_the_batches_do_not_matter(sizes, seed):
    words, rows, rejected = random_case(sum(sizes), seed)
    words = ["x" if i % 5 == 0 else word for i, word in enumerate(words)]
    whole = evaluate(words, rows, rejected).to_dict()
    evaluator, start = Evaluator(DIGITS), 0
    for size in sizes:
        part = slice(start, start + size)
        evaluator.add(words[part], predictions(rows[part], rejected[part]))
        start += size
    parts = evaluator.result().to_dict()
    for key in ("nll", "ece"):
        assert parts.pop(key) == (pytest.approx(value) if (value := whole.pop(key)) else value)
    assert parts == whole


def test_memory_does_not_grow_with_the_drawings():
    import tracemalloc

    words, rows, rejected = random_case(256)
    batch = predictions(rows, rejected)
    evaluator = Evaluator(DIGITS)
    evaluator.add(words, batch)
    tracemalloc.start()
    evaluator.add(words, batch)
    _, once = tracemalloc.get_traced_memory()
    for _ in range(100):
        evaluator.add(words, batch)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 20_000
    assert peak < 1.2 * once + 20_000


def test_a_prediction_is_missing():
    with pytest.raises(ValueError, match="one prediction"):
        Evaluator(DIGITS).add(["1"], [])


def read(*names, share=0.9, division=1.0, classes=DIGITS, rejected=(), before=None):
    """A drawing that was read as these classes, each with the same confidence."""
    one = recognition()
    predictions = [
        prediction(classes.index(name), share, classes, rejected=i in rejected)
        for i, name in enumerate(names)
    ]
    separators = before or [""] * len(names)
    parts = [
        replace(one.parts[0], prediction=each, before=separator)
        for each, separator in zip(predictions, separators, strict=True)
    ]
    return replace(one, parts=tuple(parts), division=division)


def evaluated(*pairs, classes=DIGITS):
    evaluator = Evaluator(classes)
    labels, drawings = zip(*pairs, strict=True)
    evaluator.add(labels, drawings)
    return evaluator.result()


def test_numbers_are_right_as_a_whole():
    result = evaluated(
        ("2026", read(*"2026")),
        ("47", read(*"471", rejected=[2])),
        ("100", read(*"10")),
        ("88", read(*"83")),
        ("5", read("5")),
        ("8", read("3")),
    )
    assert result.count == 6
    assert result.accuracy == pytest.approx(2 / 6)
    assert result.rejected == pytest.approx(1 / 6)
    numbers = result.to_dict()["numbers"]
    # Of the eleven digits of the labels, one was added, one is missing, one is another.
    digits_right, ece = numbers.pop("digits_right"), numbers.pop("ece")
    assert digits_right == pytest.approx(1 - 3 / 11)
    assert numbers == {
        "count": 4,
        "exact": 0.25,
        "rejected": 0.25,
        "split": 1,
        "merged": 1,
        "misread": 1,
    }
    # Each confidence is alone in its bin but those of 0.81.
    assert ece == pytest.approx(((1 - 0.9**4) + 0.9**3 + 2 * 0.9**2) / 4)
    # Single digits have the other metrics to themselves.
    assert result.confusion.sum() == 2
    assert result.nll == pytest.approx(-(np.log(0.9) + np.log(0.1 / 9)) / 2)
    assert result.per_class[8].count == 1


def test_groups_and_lines_are_spaces_of_a_label():
    groups = read(*"2647", before=["", "", " ", ""])
    lines = read(*"2647", before=["", "", "\n", ""])
    result = evaluated(("26 47", groups), ("26 47", lines), ("2647", groups))
    assert result.accuracy == pytest.approx(2 / 3)
    assert (result.numbers.misread, result.numbers.digits_right) == (1, 1.0)


def test_digits_right_is_a_share_whatever_is_read():
    assert evaluated(("12", read(*"333333"))).numbers.digits_right == 0.0


def test_a_single_digit_that_was_divided_is_wrong_for_its_class():
    result = evaluated(
        ("4", read("1", "4", division=0.7, rejected=[1])),
        ("4", read("4", division=0.8)),
        ("9", read("4")),
    )
    assert (result.count, result.divided, result.numbers.count) == (3, 1, 0)
    assert result.accuracy == pytest.approx(1 / 3)
    assert result.confusion.sum() == 2
    four = result.per_class[4]
    assert (four.count, four.recall, four.precision, four.rejected) == (2, 0.5, 0.5, 0.5)
    assert result.nll == pytest.approx(-(np.log(1 - 0.7) + np.log(0.8 * 0.9) + np.log(0.1 / 9)) / 3)
    # The confidence in its parts was misplaced.
    wrong = 0.7 * 0.9 * 0.9
    assert result.ece == pytest.approx((wrong + (1 - 0.8 * 0.9) + 0.9) / 3)


def test_others_that_are_read_as_numbers_are_accepted_unless_a_part_is_rejected():
    result = evaluated(("x", read(*"11")), ("x", read(*"11", rejected=[1])), ("x", read("7")))
    assert (result.count, result.divided) == (0, 0)
    assert result.others.accepted == pytest.approx(2 / 3)
    assert result.others.accepted_as == tuple(int(name == "7") for name in DIGITS)


def test_a_recognition_of_one_part_is_worth_its_prediction():
    words, rows, rejected = random_case(60)
    words = ["x" if i % 5 == 0 else word for i, word in enumerate(words)]
    made = predictions(rows, rejected)
    whole = Evaluator(DIGITS)
    whole.add(words, [recognition(one) for one in made])
    assert whole.result().to_dict() == evaluate(words, rows, rejected).to_dict()


def test_words_of_other_classes_are_numbers_of_theirs():
    letters = ("a", "b", "ab", "alpha")
    result = evaluated(
        ("ba", read("b", "a", classes=letters)),
        ("alphab", read("alpha", "b", classes=letters)),
        ("bab", read("b", "a", "b", classes=letters)),
        ("ab", read("a", "b", classes=letters)),
        ("abc", read("ab", classes=letters)),
        classes=letters,
    )
    # What is read as "b", "a" and "b" is written as "b" and "ab" are.
    assert (result.numbers.count, result.numbers.exact) == (3, 1.0)
    # A label that is a class is that class, however it was put together.
    assert (result.accuracy, result.divided, result.per_class[2].recall) == (1.0, 0, 1.0)
    assert result.others.count == 1
