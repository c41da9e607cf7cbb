"""Backups: one file that was restored before anybody relied on it.

    create   a snapshot: pg_dump and the census (rows of every table, head of every book) see the same instant
    verify   really restores the file on a throw-away server of its own, counts again, proves every book, throws it away
    restore  into an empty database; into a full one only with --replace and a typed word, and what was there comes back
             if the restore fails

The file is a tar of `manifest.json` and `database.dump` (pg_dump's custom format), readable by its owner only. The keys
that open sealed values are *not* in it: whoever finds a backup finds no telephone number. The manifest says which key ids
it needs, with a fingerprint of each, so that the right ones can be told from others of the same id.
"""
