"""How days and times are written, by language: the day first and the month in letters, so that nobody takes one for the other."""
