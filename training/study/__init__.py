"""How people are read whom a network has never met."""
