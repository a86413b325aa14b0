"""Datasets to learn from: downloaded ones, synthetic digits, and the user's own."""
