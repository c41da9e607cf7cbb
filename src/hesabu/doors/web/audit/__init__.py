"""The audit: everything that was done at a business, by whom, from where and when, to search and to take along."""
