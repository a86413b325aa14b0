"""A look into the dataset before training."""
