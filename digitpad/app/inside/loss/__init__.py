"""The view of the loss: how wrong the answer is, its gradient, and steps of learning from it."""
