"""The division of a drawing into the ink of its symbols: pieces, candidates, order of reading."""
