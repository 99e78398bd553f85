"""Cameras and clips: frames with true times, upright."""
