"""Pictures of numbers: the pieces that their symbols are made of."""
