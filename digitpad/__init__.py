"""Draw a digit, get it read, and train the network that reads it."""

__version__ = "0.1.0"
