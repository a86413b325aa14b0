"""Files that people bring, told by their content: pictures, strokes, the program's own SVG."""
