"""The stage: processes to play on. Of its own, with an empty database, or what is up already."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from hesabu.app import config as configuration
from hesabu.app import processes, scratch, supervisor
from hesabu.app.config import Config
from hesabu.app.terminal import Terminal

OWN = ("web_port", "live_port", "sandbox_port")
FROM_SANDBOX = (
    "PUBLIC_URL",
    "WHATSAPP_BASE_URL",
    "MPESA_BASE_URL",
    "MPESA_CALLBACK_ADDRESSES",
    "ALLOWED_PRIVATE_HOSTS",
)
"""Settings that follow from the ports; what the surroundings say of them would lead elsewhere, perhaps to real money."""


class CannotPlay(Exception):
    """There is no stage; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the processes are reached."""

    sandbox_url: str
    web_url: str
    phone_number_id: str
    is_empty: bool
    """Nobody was here before."""


@contextmanager
def here() -> Iterator[Stage]:
    """What `hesabu up` runs."""
    config = configuration.load()
    _refuse_production(config)
    if not supervisor.answers(f"{config.sandbox_url}/control/phones"):
        raise CannotPlay(f"Nothing answers at {config.sandbox_url}. Start it first: hesabu up")
    _set_up_django()
    yield _stage(config, is_empty=False)


@contextmanager
def own() -> Iterator[Stage]:
    """Sandbox, web and worker on free ports, on a database that is dropped afterwards."""
    os.environ["HESABU_ENV"] = "development"
    _refuse_production(configuration.load())
    for name, port in zip(OWN, _free_ports(len(OWN)), strict=True):
        os.environ[f"HESABU_{name.upper()}"] = str(port)
    os.environ["HESABU_WEB_WORKERS"] = "1"
    for name in FROM_SANDBOX:
        os.environ[f"HESABU_{name}"] = ""
    with scratch.databases([f"hesabu_story_{os.getpid()}"], log_level="INFO"):
        with redirect_stdout(sys.stderr):  # what is logged in here is no part of the story
            _set_up_django()
        with _running(configuration.load()) as config:
            yield _stage(config, is_empty=True)


def _refuse_production(config: Config) -> None:
    if config.is_production:
        raise CannotPlay("Stories are played with the sandbox, never in production.")


def _stage(config: Config, *, is_empty: bool) -> Stage:
    return Stage(config.sandbox_url, config.web_url, config.whatsapp_phone_number_id, is_empty)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")
    import django

    django.setup()


@contextmanager
def _running(config: Config) -> Iterator[Config]:
    from hesabu.app import prepare

    webhook_paths = prepare.webhook_paths()
    with (
        tempfile.TemporaryDirectory(prefix="hesabu-story-") as place,
        open(os.devnull, "w") as quiet,
    ):
        log_dir = config.log_dir / "story"
        for log in log_dir.glob("*.log"):
            log.unlink()
        running = supervisor.Supervisor(log_dir, Path(place) / "run.json", Terminal(quiet))
        try:
            programs = [*processes.sandbox(config, webhook_paths), *processes.product(config)]
            running.start([program for program in programs if program.name != "live"])
            yield config
        except supervisor.StartFailed as error:
            raise CannotPlay(str(error)) from error
        finally:
            running.stop(order=processes.STOP_ORDER)
