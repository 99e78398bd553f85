"""The page about one practice: what was done, what the camera saw, what next time brings."""
