"""A live session: what is seen becomes moments, and moments become what is shown and said."""
