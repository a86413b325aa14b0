"""Logs, reports of bugs, and what a process that ends badly leaves behind."""
