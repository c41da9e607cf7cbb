"""Keys of a business: what programs sign in with."""
