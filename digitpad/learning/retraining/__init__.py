"""The user's own samples in a training, and what it has changed for them and for everybody."""
