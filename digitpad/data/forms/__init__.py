"""What the user's own files and folders look like: which form they have, and how it is laid out."""
