"""WhatsApp, by Meta's Cloud API (v23).

intake    whose letters are Meta's: the handshake, and HMAC-SHA256 over the raw bytes
parse     an envelope taken apart: messages, statuses, new numbers
compose   content to the JSON that is posted
codes     Meta's error numbers, as short words and what helps
client    the requests
"""
