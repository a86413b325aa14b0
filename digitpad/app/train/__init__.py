"""The Train tab: configuration, data, curves."""
