"""Who and what is learned from, and who and what is only evaluated on.

Pen strokes are split by writer, those of UNIPEN by site as well: the people of a site share a
tablet and a school. Letters and signs are split by site, and some of them are held out whoever
wrote them; symbols are split by what they show. Which are held out was drawn by lot, before any of
them was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Part = Literal["validation", "test"]

PEN_WRITERS = 30
"""Writers of the pen strokes; those that are not held out are trained on."""

TEST_WRITERS = frozenset(f"tra{i}" for i in range(26, 31))
VALIDATION_WRITERS = frozenset(f"tra{i}" for i in range(22, 26))
TEST_ALPHABETS = frozenset({"Greek"})
VALIDATION_ALPHABETS = frozenset({"Latin"})

TEST_SITES = frozenset({"gmd", "app"})
VALIDATION_SITES = frozenset({"apa", "imp"})
LARGE_SITES = ("aga", "apa", "apb", "app", "gmd", "ibm", "imp", "syn")
"""Sites of UNIPEN with at least 250 digits: each is left out once."""

SIGNS = tuple("#%*+<=>?@AEFHKMNPRWX^acdefkmnpwx~")
"""Letters and signs of UNIPEN's writers, without those that many would write for a digit."""

_TEST_SIGNS, _VALIDATION_SIGNS = 7, 5
_TEST_SHARE = _VALIDATION_SHARE = 0.2
_LOT = 1

LOOKALIKES: Mapping[str, frozenset[int]] = {
    "Balinese": frozenset({5}),
    "Early_Aramaic": frozenset({2, 3, 4, 6, 12, 16, 17, 20}),
    "Korean": frozenset({21, 22, 27, 33, 37}),
    "Latin": frozenset({2, 7, 12, 15, 17, 19, 26}),
    "Greek": frozenset({9, 15}),
}
"""Characters that many people would write for a digit: a ring, a bar, a 7 with another name.

A 0 should not be rejected because it is a letter elsewhere, so none of them is trained on as an
outlier. Measured on they are, like all others, and a second time without them. Those of the
alphabet held out were named before it was looked at: iota and omicron.
"""

LOOKALIKE_SYMBOLS = frozenset(
    {
        "amssymb/diagup",
        "amssymb/downharpoonright",
        "amssymb/upharpoonright",
        "amssymb/urcorner",
        "latex2e/iota",
        "latex2e/textordmasculine",
        "stmaryrd/Rbag",
        "stmaryrd/lbag",
        "stmaryrd/rbag",
        "textcomp/textfractionsolidus",
        "textcomp/textrquill",
        "tipa/textbullseye",
        "tipa/textesh",
        "tipa/textg",
        "tipa/texthtb",
        "tipa/textiota",
        "tipa/textlhtlongy",
        "tipa/textpipe",
        "tipa/textprimstress",
        "tipa/textraisevibyi",
        "tipa/textreve",
        "tipa/textrevepsilon",
        "tipa/textrtails",
        "tipa/textscg",
        "tipa/textscj",
        "tipa/textscriptg",
        "tipa/textsecstress",
        "tipa/textturnh",
        "tipa/textturnt",
        "tipa/textvibyi",
        "upgreek/upiota",
        "wasysym/astrosun",
        "wasysym/diameter",
        "wasysym/invdiameter",
        "wasysym/jupiter",
    }
)
"""Symbols likewise: bars, rings and slashed or dotted rings, letters such as G, J, S and g, and
signs of phonetics that are a turned or reversed letter and with it a 3, 4, 6, 7 or 9."""

UNSEEN_SEED = 10_000
"""Seed of generated drawings that are measured on; no training has it."""


def _drawn(words: Iterable[str], test: int, validation: int) -> tuple[frozenset[str], ...]:
    """So many words for the test and for validation, drawn by lot, and the others."""
    order = np.array(sorted(words))
    np.random.default_rng(_LOT).shuffle(order)
    parts = np.split(order, [test, test + validation])
    return tuple(frozenset(part.tolist()) for part in parts)


TEST_SIGNS, VALIDATION_SIGNS, _ = _drawn(SIGNS, _TEST_SIGNS, _VALIDATION_SIGNS)


def split_symbols(words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The symbols for the test and for validation, a fifth of them each, always the same.

    Args:
        words: names of all symbols, in any order, with repeats.
    """
    every = set(words)
    count = len(every)
    test, validation, _ = _drawn(
        every, round(_TEST_SHARE * count), round(_VALIDATION_SHARE * count)
    )
    return test, validation


def site_of(writer: str | None) -> str:
    """The site of a writer of UNIPEN, "ibm" of "ibm/17"; empty where there is none."""
    return (writer or "").partition("/")[0]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a training does not learn from.

    Attributes:
        writers: of pen digits.
        sites: of UNIPEN; neither their digits nor their letters.
        alphabets: whose characters.
        signs: letters and signs of UNIPEN, whoever wrote them.
        symbols: the parts of the symbols.
    """

    writers: frozenset[str] = TEST_WRITERS | VALIDATION_WRITERS
    sites: frozenset[str] = TEST_SITES | VALIDATION_SITES
    alphabets: frozenset[str] = TEST_ALPHABETS
    signs: frozenset[str] = TEST_SIGNS | VALIDATION_SIGNS
    symbols: frozenset[Part] = frozenset({"validation", "test"})


VALIDATION_ONLY = HeldOut(
    VALIDATION_WRITERS, VALIDATION_SITES, frozenset(), frozenset(), frozenset({"validation"})
)
"""What is shipped may learn from the test data, too, once everything has been measured."""
