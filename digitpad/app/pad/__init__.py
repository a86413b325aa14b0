"""The pad: the canvas, the answer beside it, and the actions on both."""
