"""A language is one file of data: every word the grammar knows, and nothing it does."""
