"""Poses of one person from pictures: the model, whom to follow, and repair of what it gets wrong.

Importing this room does not load the model's library; :mod:`kneetrack.pose.blazepose` does.
"""
