"""Digits that the program draws itself: `digits` is for others, its styles are not."""
