"""What the user has drawn and labelled: every lesson is a sample."""
