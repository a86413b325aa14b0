"""Draw a digit and see a convolutional network read it."""

__version__ = "0.1.0"
