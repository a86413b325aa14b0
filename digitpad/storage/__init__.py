"""Files and databases that lose nothing: atomic writes, numbered migrations."""
