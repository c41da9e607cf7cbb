"""A worker's settling loop alone, as a process: waits for a line on standard input, settles until nothing waits, says how
many it took and leaves."""

from __future__ import annotations

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

import django


def main() -> None:
    django.setup()
    from hesabu.payments.actions.settle import settle_waiting

    settle_waiting()  # connect, plan
    print("ready", flush=True)
    patience_seconds = float(sys.stdin.readline())
    taken, last = 0, time.monotonic()
    while time.monotonic() - last <= patience_seconds:
        some = settle_waiting()
        taken += some
        if some:
            last = time.monotonic()
        else:
            time.sleep(0.005)
    print(f"{taken} {last}", flush=True)


if __name__ == "__main__":
    main()
