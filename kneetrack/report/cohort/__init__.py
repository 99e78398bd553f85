"""cohort.html: what a batch of clips showed, on one page that needs no network."""
