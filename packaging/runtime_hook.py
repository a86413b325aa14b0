"""Runs in the bundle before the program does.

`scipy.ndimage` imports `scipy.special` for its `rotate`, which nothing in Digitpad calls; with it
would come a second linear algebra library and 30 MB. An empty module stands in for it.
"""

import sys
import types

sys.modules["scipy.special"] = types.ModuleType("scipy.special")
