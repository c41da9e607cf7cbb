"""The pure rules of reminders: promises and their moves, steps, the hours of a day, and habits as a table."""
