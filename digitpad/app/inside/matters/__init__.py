"""The view "What matters": which ink speaks for an answer, and what would change it."""
