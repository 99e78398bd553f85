"""Drawn people for the guide: a body from joints, solids, light, and marks on top."""
