"""Apps that act for people: registered by a business, agreed to by each person, taken back."""
