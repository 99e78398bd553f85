"""What is done in the clinic: measuring, reviewing, comparing, handing over."""
