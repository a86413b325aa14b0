"""What the view says about methods, answers without a stroke, and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from digitpad.app.widgets.numbers import fixed, probability
from digitpad.recognition.inside.attribution import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.recognition.inside.attribution import Attribution, Method
    from digitpad.recognition.inside.smallest_change import Change
    from digitpad.recognition.prediction import Prediction

translate = QCoreApplication.translate


def method_titles() -> Mapping[Method, str]:
    """The names of the methods, in their order."""
    titles = (
        translate("WhatMatters", "Occlusion"),
        translate("WhatMatters", "Gradient times input"),
        translate("WhatMatters", "Integrated gradients"),
    )
    return dict(zip(METHODS, titles, strict=True))


def method_sentence(method: Method) -> str:
    """How a method works."""
    if method == "occlusion":
        return translate(
            "WhatMatters",
            "A window of empty paper, 5 by 5 pixels, is laid over each pixel of the ink in turn."
            " Where that makes {name} less likely, the ink beneath speaks for it.",
        )
    if method == "gradient":
        return translate(
            "WhatMatters",
            "How much more likely would {name} become if this pixel were a trace darker? That,"
            " times how dark it is. Quick, but it only knows about small changes.",
        )
    return translate(
        "WhatMatters",
        "The ink is faded in, from empty paper to what you drew. How much more likely each pixel"
        " makes {name} on this way is added up, and nothing is counted twice.",
    )


def odds_sentence(found: Attribution, name: str) -> str:
    """What the values mean, and what they add up to where they do."""
    if found.method != "integrated":
        return translate(
            "WhatMatters", "The numbers are log-odds: each 0.7 more doubles the odds of {name}."
        ).format(name=name)
    return translate(
        "WhatMatters",
        "The numbers are log-odds: each 0.7 more doubles the odds of {name}. All pixels together"
        " give about {sum}: the way from {none} for empty paper to {whole} for your drawing.",
    ).format(
        name=name,
        sum=signed(float(found.values.sum())),
        none=signed(found.log_odds_of_none),
        whole=signed(found.log_odds),
    )


def answer_text(prediction: Prediction) -> str:
    """An answer with its confidence: "3 (62 %)", and with a question mark where it is rejected."""
    form = translate("WhatMatters", "{answer} ({confidence})")
    if prediction.rejected:
        form = translate("WhatMatters", "{answer}? ({confidence})")
    return form.format(answer=prediction.text, confidence=probability(prediction.confidence))


def without_text(prediction: Prediction) -> str:
    """What would be read without a stroke, for a tag."""
    form = translate("WhatMatters", "without this stroke: {answer}")
    return form.format(answer=answer_text(prediction))


def without_tip(prediction: Prediction) -> str:
    """What would be read without a stroke, in full."""
    if prediction.rejected:
        form = translate(
            "WhatMatters",
            "Without this stroke the pad would give no answer: {answer} would be the best.",
        )
    else:
        form = translate("WhatMatters", "Without this stroke the pad would read {answer}.")
    return form.format(answer=prediction.text)


def change_text(change: Change) -> str:
    """What is changed, and what is read then."""
    if change.kind == "erase":
        form = translate("WhatMatters", "Erase {share} of the ink: {answer}")
    elif change.length == 0:
        form = translate("WhatMatters", "Add a dot: {answer}")
    else:
        form = translate("WhatMatters", "Add a stroke of {length} pixels: {answer}")
    return form.format(
        share=probability(change.share),
        length=fixed(change.length, 1),
        answer=answer_text(change.prediction),
    )


def signed(value: float) -> str:
    """A number with two decimals and its sign: "+0.42"."""
    text = fixed(value, 2)
    return text if text.startswith("-") else f"+{text}"
