"""How the bundled model is made and proven. Not installed with the application."""
