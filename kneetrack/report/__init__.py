"""Result -> files: CSV, JSON, TRC, stored landmarks, the HTML report, the annotated video."""
