"""What crosses the borders between the rooms of the clinic: clients, visits, plans, numbers.

Frozen values, checked once when they are made. They know nothing of databases, pictures or pages.
Times are aware datetimes in UTC; days are dates. Identifiers (``id``) are 32 hex digits without
meaning, and the only thing that ever stands in a path or an address.
"""
