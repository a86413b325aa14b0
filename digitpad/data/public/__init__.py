"""Public datasets: those that torchvision knows, whether they are here, and the MNIST excerpt."""
