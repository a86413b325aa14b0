"""The training run that is shown, and what can be done with it."""
