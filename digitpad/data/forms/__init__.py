"""What data files and folders look like, and how each form of them is read."""
