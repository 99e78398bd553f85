"""The hip programme: what is done in what order and how much, judged by camera or timed."""
