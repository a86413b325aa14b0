"""The view of a dataset: its samples, its classes, and what augmentation does to it."""
