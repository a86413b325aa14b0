"""How the bundled model is made: data, settings, trials."""
