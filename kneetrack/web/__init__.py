"""The pages in the browser: a local web app for the front desk and the room where one measures.

Server-rendered pages; nothing is fetched from an outside address. Addresses hold ids without
meaning, never a code, a name or a path.
"""
