"""The model card: metrics, tables and text."""
