"""The sheet to draw on: pens and fingers, the stroke eraser, and the painting of ink."""
