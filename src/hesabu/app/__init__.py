"""The top floor: the only place that knows everyone.

Settings, the wiring of facts to their readers, the processes (web, worker, live), the embedded database, backups, the
doctor and the command line. Nothing imports the app; it imports all. It holds no rule of the trade: whoever looks for
what an invoice is will not find it here, only how the house is started, checked and kept.
"""
