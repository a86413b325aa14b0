"""Typesets the formulas of the guided tour: `python packaging/formulas.py`.

It writes `resources/formulas/*.svg`, which are committed: the program draws them without any
library for formulas. Their letters are outlines, in the colour ``currentColor``.

It needs ziamath and latex2mathml (``pip install ziamath latex2mathml``), which nothing else does.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import ziamath

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "formulas"
SIZE = 16.0
"""Of the letters, in the unit of the pictures; the program scales them to its own."""

FORMULAS = {
    "normalisation": r"x = \frac{\mathrm{level}/255 - \mu}{\sigma}",
    "convolution": r"(I * K)(i, j) = \sum_{m} \sum_{n} I(i + m,\, j + n)\; K(m, n)",
    "relu": r"f(x) = \max(0,\, x)",
    "max-pooling": r"y = \max_{(m,\, n)\, \in\, W}\, x_{m,\, n}",
    "batch-normalisation": r"y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta",
    "fully-connected": r"z_c = \sum_i w_{c,\, i}\, x_i + b_c",
    "softmax": r"p_c = \frac{e^{z_c / T}}{\sum_k e^{z_k / T}}",
    "cross-entropy": r"L = -\log p_{\mathrm{label}}",
    "step": r"w \leftarrow w - \eta\, \frac{\partial L}{\partial w}",
    "momentum": (
        r"v \leftarrow \alpha\, v + \frac{\partial L}{\partial w}, \quad w \leftarrow w - \eta\, v"
    ),
    "xavier": r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{in}} + n_{\mathrm{out}}}",
    "he": r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{in}}}",
    "accuracy": r"\mathrm{accuracy} = \frac{\mathrm{right}}{\mathrm{all}}",
}


def typeset(formula: str) -> str:
    """A formula as SVG 1.1: paths alone, without symbols or styles."""
    ziamath.config.svg2 = False
    ziamath.config.precision = 2
    svg = ziamath.Latex(formula, size=SIZE, color="currentColor").svg()
    return re.sub(r"\s+", " ", svg).strip() + "\n"


def main() -> int:
    """Write all of them; returns the exit code."""
    TARGET.mkdir(exist_ok=True)
    for name, formula in FORMULAS.items():
        (TARGET / f"{name}.svg").write_text(typeset(formula), encoding="utf-8")
    print(f"{len(FORMULAS)} formulas in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
