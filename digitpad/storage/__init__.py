"""Files on disk that survive crashes and several processes."""
