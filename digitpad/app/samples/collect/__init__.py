"""Drawing what the program asks for."""
