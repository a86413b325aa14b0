"""Data to learn from: datasets that are downloaded, digits that are drawn, and what the user has."""
