"""What a training is to do: its settings one by one, all of them together, and good beginnings."""
