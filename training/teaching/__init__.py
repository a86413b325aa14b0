"""How much a model learns from single lessons, by simulation, one writer at a time."""
