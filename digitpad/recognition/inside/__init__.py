"""What happens inside a network: the outputs of its layers, and each of their cells as a sum.

It works on the network as it was trained, not on the recognizer's copy, whose layers are fused.
Numbers come out as NumPy arrays, so that those who draw them need no torch.
"""
