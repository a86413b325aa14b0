"""The page of the samples: what the user has drawn and labelled."""
