"""Ink: strokes as drawn, pictures, and the 28x28 glyph that a network reads.

Needs numpy, and Pillow and scipy for pictures; knows neither Qt nor torch.
"""
