"""Mail: by Mailgun, which tells what became of it, or by any mail server, which tells nothing.

writing   a letter as a mail
mailgun   Mailgun's request, written by django-anymail, sent by our own client
smtp      the conversation with a mail server
events    what Mailgun tells
intake    whose letters are Mailgun's: HMAC-SHA256 over time and token
"""
