"""The user's own sets of symbols: made, changed and deleted in dialogs."""
