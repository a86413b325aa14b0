"""Glyphs and drawings varied at random, as other hands and other pens would have made them."""
