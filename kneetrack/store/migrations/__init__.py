"""The tables as they were, step by step."""
