"""Pictures: the paper, the ink on it, and the glyph that it makes."""
