"""Files of pictures, of strokes, and the program's own SVG, known by their content."""
