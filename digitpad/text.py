"""Sentences that the program says, as templates with named fields."""
