"""Teaching a model at once, from single lessons."""
