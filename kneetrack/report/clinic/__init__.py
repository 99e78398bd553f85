"""The report of a visit: a page for the client, one or two for the clinician, as HTML and PDF."""
