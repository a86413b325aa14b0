"""What is said of several symbols: of a number, a word or a text, and of each of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from digitpad.app.answer.class_kind import kind_of, knows_all
from digitpad.app.i18n import translated
from digitpad.app.widgets.numbers import probability, whole
from digitpad.ink.drawing import Drawing
from digitpad.recognition.prediction import SURE
from digitpad.text import Marked, Plural, Sentence

if TYPE_CHECKING:
    from digitpad.app.answer.class_kind import ClassKind
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition, RecognizedPart

NO_ANSWER = "?"
"""Shown if the drawing is rejected."""

NO_CLASS = "\N{WHITE SQUARE}"
"""Shown in the place of a part that is rejected."""

UNFINISHED = "\N{HORIZONTAL ELLIPSIS}"
"""Shown in the place of a part that is being drawn."""

_LONGEST = 14
"""A text with more characters is not repeated in sentences: the large letters show it."""

_LONGEST_OTHER = 6
"""A text with more characters is not shown large together with another one."""


class Said(NamedTuple):
    """What the answer says.

    Attributes:
        headline: a sentence without a full stop.
        detail: one or more sentences; "" for none.
        big: for large letters. Line feeds are those of the text, or, with an `is_choice`, where it
            can be broken.
        is_answer: whether it is an answer.
        is_choice: whether it is one phrase with two texts.
    """

    headline: str
    detail: str
    big: str
    is_answer: bool = True
    is_choice: bool = False


def answer_text(recognition: Recognition) -> str:
    """The text, with a square for each part that is rejected; "" if all of them are."""
    if len(recognition.parts) < 2:
        return recognition.answer
    if all(one.rejected for one in recognition.predictions):
        return ""
    return recognition.text_of([_shown(part) for part in recognition.parts])


def telling_part(recognition: Recognition) -> int:
    """Number of the part that says most about the answer, from 0.

    It is one that is rejected, else the least sure one, else the last one.
    """
    predictions = recognition.predictions
    for i, one in enumerate(predictions):
        if one.rejected:
            return i
    doubtful = [i for i, one in enumerate(predictions) if not one.is_sure]
    if doubtful:
        return min(doubtful, key=lambda i: predictions[i].confidence)
    return max(len(recognition.parts) - 1, 0)


def one_part(recognition: Recognition, number: int | None) -> Recognition:
    """One part of several as a recognition of its own, for views that show one symbol.

    Args:
        recognition: of a drawing.
        number: of the part, from 0; None for the one that says most.
    """
    if len(recognition.parts) < 2:
        return recognition
    part = recognition.parts[telling_part(recognition) if number is None else number]
    drawing = Drawing(part.ink) if isinstance(part.ink, tuple) else recognition.drawing
    return replace(
        recognition, drawing=drawing, parts=(replace(part, before=""),), proposal=None, division=1.0
    )


def unfinished_part(recognition: Recognition) -> int | None:
    """Number of the part with the latest stroke, if it alone is rejected; else None.

    While that stroke is drawn, nothing is wrong with it.
    """
    rejected = [i for i, one in enumerate(recognition.predictions) if one.rejected]
    if len(recognition.parts) < 2 or len(rejected) != 1 or not recognition.drawing.strokes:
        return None
    latest, ink = recognition.drawing.strokes[-1], recognition.parts[rejected[0]].ink
    is_in_it = isinstance(ink, tuple) and any(stroke is latest for stroke in ink)
    return rejected[0] if is_in_it else None


def said_of(recognition: Recognition, unfinished: int | None = None) -> Said:
    """What is said of a recognition with several parts.

    Args:
        recognition: with predictions.
        unfinished: number of the part that is being drawn, from 0; see `unfinished_part`.
    """
    if unfinished is not None:
        text = recognition.text_of(
            [
                UNFINISHED if i == unfinished else _shown(part)
                for i, part in enumerate(recognition.parts)
            ]
        )
        so_far = Sentence("So far: {name}", name=text.replace("\n", " "))
        if len(text) > _LONGEST:
            so_far = Sentence("Read so far")
        return Said(translated(so_far), translated(Marked("It is read while you draw.")), text)
    kind = kind_of(recognition.classes)
    text = answer_text(recognition)
    rejected = [i for i, one in enumerate(recognition.predictions) if one.rejected]
    if not text:
        return Said(_no_text(recognition, kind), "", NO_ANSWER, is_answer=False)
    if rejected:
        return Said(*_rejected(recognition, rejected, kind), text, is_answer=False)
    sure = probability(recognition.confidence)
    if recognition.is_sure:
        detail = translated(Sentence("{percent} sure", percent=sure))
        return Said(_sure(text, kind, len(recognition.parts)), detail, text)
    headline = translated(Sentence("Most likely {name}", name=text))
    if len(text) > _LONGEST or "\n" in text:
        headline = translated(Sentence("{percent} sure", percent=sure))
    detail, other = _doubt(recognition, kind)
    if other and len(text) <= _LONGEST_OTHER and "\n" not in text:
        both = translated(Sentence("{name},\nor {other}?", name=text, other=other))
        return Said(headline, detail, both, is_choice=True)
    return Said(headline, detail, translated(Sentence("{name}?", name=text)))


def _shown(part: RecognizedPart) -> str:
    prediction = part.prediction
    return NO_CLASS if prediction is None or prediction.rejected else prediction.text


_NO_TEXT: dict[ClassKind, str] = {
    "digits": Marked("This does not look like a number"),
    "letters": Marked("This does not look like a word"),
    "characters": Marked("This does not look like digits or letters"),
    "others": Marked("This does not look like anything the model knows"),
}


def _no_text(recognition: Recognition, kind: ClassKind) -> str:
    known = knows_all(recognition.classes)
    return translated(_NO_TEXT[kind if known else "others"])


def _sure(text: str, kind: ClassKind, count: int) -> str:
    lines = text.count("\n") + 1
    if lines > 1:
        # With groups in them, lines are not simply numbers.
        forms = (
            {}
            if " " in text
            else {
                "digits": Plural("This is {count} number", "These are {count} numbers", lines),
                "letters": Plural("This is {count} word", "These are {count} words", lines),
            }
        )
        other = Plural("This is {count} line", "These are {count} lines", lines)
        template = forms.get(kind, other)
        return translated(Sentence(template, count=whole(lines)))
    if len(text) > _LONGEST:
        forms = {
            "digits": Plural(
                "This is a number of {count} digit", "This is a number of {count} digits", count
            ),
            "letters": Plural(
                "This is a text of {count} letter", "This is a text of {count} letters", count
            ),
        }
        other = Plural(
            "This is a text of {count} symbol", "This is a text of {count} symbols", count
        )
        template = forms.get(kind, other)
        return translated(Sentence(template, count=whole(count)))
    return translated(Sentence("This is {name}", name=text))


_ONE_REJECTED: dict[ClassKind, str] = {
    "digits": Marked("Part {place} of {count} does not look like a digit"),
    "letters": Marked("Part {place} of {count} does not look like a letter"),
    "characters": Marked("Part {place} of {count} does not look like a digit or a letter"),
    "others": Marked("Part {place} of {count} does not look like anything the model knows"),
}


def _rejected(recognition: Recognition, rejected: list[int], kind: ClassKind) -> tuple[str, str]:
    """Headline and detail where some parts are rejected."""
    predictions, count = recognition.predictions, len(rejected)
    known = kind if knows_all(recognition.classes) else "others"
    if count == 1:
        closest = predictions[rejected[0]]
        template = _ONE_REJECTED[known]
        return (
            translated(
                Sentence(
                    template,
                    place=whole(rejected[0] + 1),
                    count=whole(len(recognition.parts)),
                )
            ),
            translated(
                Sentence(
                    "The closest is {name}, with {percent}.",
                    name=quoted(closest.text),
                    percent=probability(closest.confidence),
                )
            ),
        )
    forms = {
        "digits": Plural(
            "{count} part does not look like a digit",
            "{count} parts do not look like digits",
            count,
        ),
        "letters": Plural(
            "{count} part does not look like a letter",
            "{count} parts do not look like letters",
            count,
        ),
    }
    other = Plural(
        "{count} part does not look like anything the model knows",
        "{count} parts do not look like anything the model knows",
        count,
    )
    template = forms.get(known, other)
    headline = translated(Sentence(template, count=whole(count)))
    return headline, translated(Sentence("Each is shown as {square}.", square=NO_CLASS))


_MAY_BE: dict[ClassKind, str] = {
    "digits": Marked("Digit {place} may be {name} or {other}."),
    "letters": Marked("Letter {place} may be {name} or {other}."),
    "characters": Marked("Symbol {place} may be {name} or {other}."),
    "others": Marked("Symbol {place} may be {name} or {other}."),
}
_NOT_SURE: dict[ClassKind, str] = {
    "digits": Marked("Digit {place} is {name} with {percent} only."),
    "letters": Marked("Letter {place} is {name} with {percent} only."),
    "characters": Marked("Symbol {place} is {name} with {percent} only."),
    "others": Marked("Symbol {place} is {name} with {percent} only."),
}


def _counted(template: Plural, count: int) -> Sentence:
    return Sentence(template, count=whole(count))


def _doubt(recognition: Recognition, kind: ClassKind) -> tuple[str, str]:
    """What is doubtful, and the other text where one part has a runner-up; else ""."""
    predictions = recognition.predictions
    doubtful = [i for i, one in enumerate(predictions) if not one.is_sure]
    if not doubtful and recognition.division < SURE:
        return translated(Marked("Some of the ink may belong together in another way.")), ""
    if not doubtful:
        sure = probability(recognition.confidence)
        return translated(Sentence("{percent} sure", percent=sure)), ""
    if len(doubtful) > 1:
        count = len(doubtful)
        forms = {
            "digits": Plural("{count} digit is doubtful.", "{count} digits are doubtful.", count),
            "letters": Plural(
                "{count} letter is doubtful.", "{count} letters are doubtful.", count
            ),
        }
        other = Plural("{count} symbol is doubtful.", "{count} symbols are doubtful.", count)
        return translated(_counted(forms.get(kind, other), count)), ""
    (place,) = doubtful
    one = predictions[place]
    second = one.runner_up
    if second is None:
        template = _NOT_SURE[kind]
        return (
            translated(
                Sentence(
                    template,
                    place=whole(place + 1),
                    name=quoted(one.text),
                    percent=probability(one.confidence),
                )
            ),
            "",
        )
    other_name = one.classes[second]
    template = _MAY_BE[kind]
    sentence = Sentence(
        template,
        place=whole(place + 1),
        name=quoted(one.text),
        other=quoted(other_name),
    )
    other_text = recognition.text_of(
        [other_name if i == place else _shown(part) for i, part in enumerate(recognition.parts)]
    )
    return translated(sentence), other_text


_PLACE: dict[ClassKind, str] = {
    "digits": Marked("Digit {place} of {count}"),
    "letters": Marked("Letter {place} of {count}"),
    "characters": Marked("Symbol {place} of {count}"),
    "others": Marked("Symbol {place} of {count}"),
}


def place_of(recognition: Recognition, number: int) -> str:
    """Which part it is, from 0: "Digit 2 of 4", or "Part 2 of 4" if it is rejected."""
    return _place_of(recognition.predictions[number], number, len(recognition.parts))


def _place_of(one: Prediction, number: int, count: int) -> str:
    template = _PLACE[kind_of(one.classes)]
    if one.rejected:
        template = Marked("Part {place} of {count}")
    return translated(Sentence(template, place=whole(number + 1), count=whole(count)))


_WHOLE: dict[ClassKind, str] = {
    "digits": Marked("{key} shows the whole number."),
    "letters": Marked("{key} shows the whole word."),
    "characters": Marked("{key} shows the whole text."),
    "others": Marked("{key} shows the whole text."),
}


def way_back(recognition: Recognition, key: str) -> str:
    """How to get from a part to the whole."""
    kind = kind_of(recognition.classes)
    template = _WHOLE[kind]
    return translated(Sentence(template, key=key))


def _part_in_words(prediction: Prediction, number: int, count: int) -> str:
    """A part and what it is, for screen readers."""
    template = Marked("{place}: {name}, {percent} sure.")
    if prediction.rejected:
        template = Marked("{place}: rejected. The closest is {name}, with {percent}.")
    return translated(
        Sentence(
            template,
            place=_place_of(prediction, number, count),
            name=quoted(prediction.text) if prediction.text in _SIGNS else prediction.text,
            percent=probability(prediction.confidence),
        )
    )


def parts_in_words(recognition: Recognition, chosen: int | None) -> list[str]:
    """Sentences for screen readers: what was read, each part, and which one is chosen."""
    said = [translated(Sentence("Read as {text}.", text=_spoken(recognition)))]
    predictions = recognition.predictions
    said += [_part_in_words(one, i, len(predictions)) for i, one in enumerate(predictions)]
    if chosen is not None:
        place = place_of(recognition, chosen)
        said.append(translated(Sentence("{place} is chosen.", place=place)))
    return said


def _spoken(recognition: Recognition) -> str:
    return (answer_text(recognition) or NO_ANSWER).replace("\n", ", ")


_SIGNS = {
    ".": Marked("a point"),
    ",": Marked("a comma"),
    "-": Marked("a minus sign"),
    ":": Marked("a colon"),
}


def quoted(name: str) -> str:
    """The name of a class for use in a sentence: in quotation marks if it is longer."""
    if name in _SIGNS:
        return translated(_SIGNS[name])
    return name if len(name) == 1 else translated(Sentence("“{name}”", name=name))
