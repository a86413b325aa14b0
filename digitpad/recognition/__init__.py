"""Recognition: networks, model files, calibrated predictions, and the models on disk."""
