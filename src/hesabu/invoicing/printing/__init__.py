"""Printing: from the snapshot of an issued document to the inputs of its typesetter, and to a PDF.

`page` is what the paper says, string by string; `sums` its columns, lines and what they come to; `figures` how a language
writes amounts, days and rates; `typesetting` draws it, whatever letters it was given. `invoicing.document` is the way in.
"""
