"""The curves of a training."""
