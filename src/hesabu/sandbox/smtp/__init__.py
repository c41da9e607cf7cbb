"""A mail server on a port of its own: any mail program in the world can speak to it.

It takes mail for every address, as a relay does, except where a domain has a fate
(`mail.fates`). It has no TLS, for it listens on this machine alone; who must log in does so by
AUTH PLAIN or LOGIN. A relay tells nothing later: there are no events, only what it answers.

Its dials are those of requests: turned away with 421, failed with 451 before or after the mail
was kept, answered too late, or by something that does not speak SMTP.
"""
