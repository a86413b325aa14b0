"""The Train page: the form, the runs with their curves, the dataset, and the epochs."""
