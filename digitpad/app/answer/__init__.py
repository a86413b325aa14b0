"""What the model makes of the pad's drawing, and the choice of the model."""
