"""The wall of samples."""
