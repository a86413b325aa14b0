"""Data to learn from: downloaded datasets, digits that are drawn, and what the user has."""
