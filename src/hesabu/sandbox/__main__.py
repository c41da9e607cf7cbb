"""Serve the box: `python -m hesabu.sandbox`, told what to do by `HESABU_SANDBOX_…`."""

from __future__ import annotations

import sys

from granian.constants import Interfaces
from granian.server import Server

from hesabu.sandbox.config import SandboxConfig


def main() -> None:
    try:
        config = SandboxConfig.from_env()
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.write(f"The phones are at http://{config.host}:{config.port}/\n")
    sys.stdout.flush()
    Server(
        "hesabu.sandbox.app:create_app",
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGI,
        workers=1,  # one world, in one process, owned by one event loop
        factory=True,
        log_access=False,
        workers_kill_timeout=2,
    ).serve()


if __name__ == "__main__":
    main()
