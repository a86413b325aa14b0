"""The exit codes of the process. Imports nothing, so that the very first interrupt has one, too."""

SUCCESS = 0
BUG = 1
BAD_INPUT = 2
INTERRUPTED = 130
"""What shells make of a program that Ctrl-C ended."""
