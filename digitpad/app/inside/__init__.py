"""The Inside page: the network that the pad asks, at work on what was drawn."""
