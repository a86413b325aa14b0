"""The answer beside the pad, and the models that give it."""
