"""The doors: where people and programs come in. A door reads, asks and shows; it decides nothing.

Each door turns what it hears into one of the rooms' actions, in a binding that it opens, and turns the answer into what
its visitors understand. The doors do not import each other.
"""
