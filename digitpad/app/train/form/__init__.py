"""The form that shows and edits the configuration of a training."""
