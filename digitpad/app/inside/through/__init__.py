"""The view "Through training": a network as it was after each epoch."""
