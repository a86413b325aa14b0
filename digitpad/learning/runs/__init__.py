"""Training runs on disk: configurations, metrics, checkpoints and models."""
