"""The Inside page in the window: it follows the pad, the model and the page in front."""

from __future__ import annotations
