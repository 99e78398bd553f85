"""The self-check: red flags, five signs, what the camera adds, and what to practise."""
