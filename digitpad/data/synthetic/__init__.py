"""What the program draws itself: digits, and what is no digit.

Others use these names alone: `digits.synthetic_digits` (glyphs), `digits.synthetic_dataset` (all in
memory), `digits.synthetic_drawing` (one as strokes), and `not_digits.not_digits` (glyphs).
"""
