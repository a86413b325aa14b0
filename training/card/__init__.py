"""The model card: figures, tables and text."""
