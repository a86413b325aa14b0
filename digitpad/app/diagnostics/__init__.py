"""Bugs and earlier problems, shown with a report to copy."""
