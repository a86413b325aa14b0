"""Training runs on disk: settings, metrics, checkpoints and models."""
