"""Drawings that the program makes itself: digits, and what is no digit.

Other rooms use only these names: `digits.synthetic_digits` (glyphs), `digits.synthetic_dataset`
(all in memory), `digits.synthetic_drawing` (one as strokes), `not_digits.not_digits` (glyphs), and
`no_class.no_class_glyphs` (glyphs of none of a dataset's classes).
"""
