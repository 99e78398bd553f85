"""The diary as one HTML file that needs no network and prints on A4."""
