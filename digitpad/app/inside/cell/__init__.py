"""One cell of a layer, exactly: all the numbers that it is computed from, to look at and follow."""
