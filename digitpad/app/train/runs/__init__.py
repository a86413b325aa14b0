"""The list of training runs, the buttons that drive a training, and its progress."""
