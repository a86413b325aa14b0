"""What the window asks for and cannot do itself: the only part of the app that reaches torch."""
