"""The commands of the clinic, one room a subject; cli.py puts them together."""
