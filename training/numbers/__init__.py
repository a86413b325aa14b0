"""Composed numbers with known borders, and how well the program reads numbers."""
