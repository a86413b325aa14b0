"""What the program draws itself: digits, and what is no digit."""
