"""The commands of the command line, one module each; `digitpad.cli` puts them together."""
