"""Many clips: found, worked through on every core or a cluster, and brought into tables."""
