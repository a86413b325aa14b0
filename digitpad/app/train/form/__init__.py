"""The configuration of a training as a form."""
