"""The kit: the pure words that every room may use.

Money, ids, the clock, errors, tables of moves, sealing, the HTTP client, countries and telephone numbers. Nothing here
knows a table, a business or a provider; nothing here imports another room. A word belongs here when two rooms that may
not import each other need it and it would mean the same thing without a database.

This module imports nothing, so that `hesabu.kit` costs nothing and hides no cycle: import the word's own module.
"""
