"""Drawings opened, saved, copied, pasted and dropped, and the drawing kept for the next start."""
