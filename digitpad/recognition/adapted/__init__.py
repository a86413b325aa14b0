"""Networks with lessons beside them, and what glyphs are compared by."""
