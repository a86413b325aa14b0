"""Smoke tests of the finished bundle: it is installed and used as by a person, and removed."""
