"""Data to learn from: sets that are downloaded, digits that are made, and what the user has."""
