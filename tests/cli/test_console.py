"""What commands write is JSON where it says so, whatever the numbers are."""

import io
import json
import math

from digitpad.commands.console import Console


def test_json_has_null_for_what_is_no_number():
    out = io.StringIO()
    value = {
        "a": math.nan,
        "b": [math.inf, 1.5, (-math.inf,)],
        "c": {"d": {"e": math.nan}, 3: True},
        "f": "NaN\udcff",
        "g": None,
        "h": 10**400,
    }
    Console(out, io.StringIO()).json(value)
    text = out.getvalue()

    def refuse(name):
        raise AssertionError(name)

    assert text.count("\n") == 1
    assert text.isascii()
    assert json.loads(text, parse_constant=refuse) == {
        "a": None,
        "b": [None, 1.5, [None]],
        "c": {"d": {"e": None}, "3": True},
        "f": "NaN\udcff",
        "g": None,
        "h": 10**400,
    }
