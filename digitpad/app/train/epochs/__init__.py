"""The pad's drawing as the network read it after each epoch."""
