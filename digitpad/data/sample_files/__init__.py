"""The user's samples as files that other programs read, and files as samples."""
