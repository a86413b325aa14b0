"""The pad's drawing as the network recognizes it after each epoch."""
