"""What is drawn and shown: the annotated picture."""
