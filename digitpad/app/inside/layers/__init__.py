"""The view of all layers: their maps side by side, and one cell beside them."""
