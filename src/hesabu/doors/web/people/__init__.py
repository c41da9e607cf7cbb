"""Where somebody lands after signing in: their businesses."""
