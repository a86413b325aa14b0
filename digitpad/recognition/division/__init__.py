"""From what a drawing may be divided into to the best division: the candidates are predicted."""
