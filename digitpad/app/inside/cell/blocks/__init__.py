"""What is shown of a cell, made of its explanation: text, grids of numbers, pictures of maps."""
