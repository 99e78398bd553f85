"""The page of a self-check."""
