"""Training of networks: configuration, augmentation, the loop, results. No user interface."""
