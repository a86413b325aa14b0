"""Learning: configuration, augmentation, and the training loop. Knows no user interface."""
