"""Text messages, by Africa's Talking.

intake    whose letters are theirs: nothing is signed, so the address they were given is the secret
parse     delivery reports, what people write, and who wants no more
codes     their status codes and failure reasons, as short words and what helps
client    the request
"""
