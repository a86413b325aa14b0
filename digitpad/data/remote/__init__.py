"""Files from the network: checked, and continued where they broke off."""
