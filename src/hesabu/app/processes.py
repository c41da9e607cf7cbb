"""`hesabu up`: the database, the tables, then web, worker, live and (in development) the sandbox, in one terminal."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from hesabu.app import demo, migrated, postgres, supervisor
from hesabu.app.config import Config, home
from hesabu.app.dev_secrets import inside_token
from hesabu.app.supervisor import Program, StartFailed, Supervisor
from hesabu.app.terminal import Terminal

BLOCKING_THREADS = 8
HEAD_BYTES_MAX = 64 * 1024
"""Address and headers of a request; whoever sends more is refused before anything of ours is asked."""
STOP_ORDER = (("web", "live"), ("worker",), ("sandbox",))
"""First what takes new work, then what finishes it, last what it leans on."""


class PortTaken(Exception):
    """Somebody else listens where one of our processes should."""


def record_file(config: Config) -> Path:
    return config.var_dir / "run" / "up.json"


def web_command(config: Config) -> list[str]:
    per_core = (os.cpu_count() or 1) if config.is_production else 1
    workers = config.web_workers or per_core
    return [
        *_granian("wsgi", "hesabu.app.wsgi:application", config.web_host, config.web_port),
        f"--workers={workers}",
        f"--blocking-threads={BLOCKING_THREADS}",
        "--respawn-failed-workers",
    ]


def live_command() -> list[str]:
    return [sys.executable, "-m", "hesabu.app.live"]


def _granian(interface: str, application: str, host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", interface, application),
        f"--host={host}",
        f"--port={port}",
        "--no-ws",
        f"--http1-buffer-size={HEAD_BYTES_MAX}",
        "--log-level=warning",
        "--workers-kill-timeout=10",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "hesabu.app.worker"]


def sandbox_environment(config: Config, webhook_paths: Mapping[str, str]) -> dict[str, str]:
    """What the sandbox is told: the product's own keys, and where to send webhooks."""
    told = {
        "PORT": str(config.sandbox_port),
        "RUN": "now",
        "PRODUCT_URL": config.web_url,
        "WHATSAPP_APP_SECRET": config.whatsapp_app_secret,
        "WHATSAPP_VERIFY_TOKEN": config.whatsapp_verify_token,
        "WHATSAPP_PHONE_NUMBER_ID": config.whatsapp_phone_number_id,
        "WHATSAPP_TOKEN": config.whatsapp_token,
        "360DIALOG_KEY": config.dialog360_api_key,
        "AFRICASTALKING_USERNAME": config.africastalking_username,
        "AFRICASTALKING_KEY": config.africastalking_api_key,
        "MAILGUN_DOMAIN": config.mailgun_domain,
        "MAILGUN_KEY": config.mailgun_api_key,
        "MAILGUN_SIGNING_KEY": config.mailgun_signing_key,
        **{name: config.web_url + path for name, path in webhook_paths.items()},
        "INSIDE_URL": f"{config.web_url}/inside",
        "INSIDE_TOKEN": inside_token(config.secret_key),
    }
    if config.mail_provider == "smtp":
        told["SMTP_PORT"] = str(config.sandbox_smtp_port)
    return {f"HESABU_SANDBOX_{name}": value for name, value in told.items()}


def is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def has_sandbox(config: Config) -> bool:
    return not config.is_production and is_there("hesabu.sandbox.__main__")


def sandbox(config: Config, webhook_paths: Mapping[str, str]) -> list[Program]:
    """The sandbox, where there is one; it must be told where webhooks go."""
    if not has_sandbox(config):
        return []
    return [
        Program(
            "sandbox",
            [sys.executable, "-m", "hesabu.sandbox"],
            sandbox_environment(config, webhook_paths),
            url=config.sandbox_url,
            ready_url=config.sandbox_url,
        )
    ]


def product(config: Config) -> list[Program]:
    found = [
        Program(
            "web",
            web_command(config),
            url=config.web_url,
            ready_url=f"{config.web_url}/readyz",
            doomed_words="Unexpected exit from worker",
        ),
        Program("worker", worker_command(), ready_words="worker.started", stop_seconds=30),
    ]
    if is_there("hesabu.app.live"):
        found.append(
            Program(
                "live",
                live_command(),
                url=config.live_url,
                ready_url=f"{config.live_url}/readyz",
            )
        )
    return found


def up(config: Config, terminal: Terminal) -> int:
    """Run everything until Ctrl-C or SIGTERM. Returns the exit code."""
    record = record_file(config)
    if "up" in supervisor.recorded(record):
        terminal.say(f"Hesabu is up already: {config.web_url}. To stop it: hesabu down")
        return 1
    if left := supervisor.stop_recorded(record):
        terminal.say(f"  stopped what an earlier run left: {', '.join(left)}")
    running = Supervisor(config.log_dir, record, terminal)
    _stop_on_signals(running, terminal)
    began = time.monotonic()
    try:
        _refuse_taken_ports(config)
        with terminal.step("PostgreSQL") as remarks:
            postgres.ensure_running(config)
            remarks.append(postgres.described(config))
        unchanged = migrated.is_unchanged(config)
        if unchanged:  # as after most starts: load the processes while the rest is prepared
            running.begin(product(config))
        webhook_paths = _prepare(config, terminal, running)
        if not running.stopping.is_set():
            running.begin(sandbox(config, webhook_paths) + ([] if unchanged else product(config)))
            running.await_ready()
            migrated.remember(config)
        if not running.stopping.is_set():
            terminal.say(_where_to_click(config, time.monotonic() - began))
            record.with_name("up.ready").write_text(str(os.getpid()))
            running.watch()
        return 0
    except (StartFailed, PortTaken, postgres.PostgresError) as error:
        terminal.say(click.style(str(error), fg="red"))
        return 1
    finally:
        record.with_name("up.ready").unlink(missing_ok=True)
        terminal.say("\nStopping.")
        running.stop(order=STOP_ORDER)
        if postgres.stop(config):
            terminal.say("  PostgreSQL stopped")
        terminal.say("Stopped.")


def _stop_on_signals(running: Supervisor, terminal: Terminal) -> None:
    """Once: stop in order. Twice: at once."""

    def on_signal(number: int, frame: object) -> None:
        if running.stopping.is_set():
            terminal.say("Killing.")
            for child in running.children:
                if child.process is not None:
                    supervisor.kill_group(child.process.pid)
        running.stopping.set()
        for process in running.passing:
            process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)


def _refuse_taken_ports(config: Config) -> None:
    needed = [(config.web_host, config.web_port, "HESABU_WEB_PORT", "web")]
    if is_there("hesabu.app.live"):
        needed.append((config.web_host, config.live_port, "HESABU_LIVE_PORT", "live"))
    if has_sandbox(config):
        needed.append(("127.0.0.1", config.sandbox_port, "HESABU_SANDBOX_PORT", "sandbox"))
    if has_sandbox(config) and config.mail_provider == "smtp":
        mail_port = config.sandbox_smtp_port
        needed.append(("127.0.0.1", mail_port, "HESABU_SANDBOX_PORT", "the sandbox's mail server"))
    taken = []
    for host, port, setting, name in needed:
        if not is_free(host, port):
            taken.append(
                f"Port {port} on {host}, where {name} should listen, is taken by another program.\n"
                f"  Stop that program (to see it: ss -ltnp 'sport = :{port}'), or choose another: {setting}={port + 10}"
            )
    if taken:
        raise PortTaken("\n".join(taken))


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise PortTaken(f"Cannot listen on {host}:{port}: {error.strerror}") from error
    return True


def _prepare(config: Config, terminal: Terminal, running: Supervisor) -> Mapping[str, str]:
    """The tables and what must stand in them; returns the paths that webhooks come to."""
    seeds = [] if config.is_production else ["--seed"]
    log_file = config.log_dir / "prepare.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    webhook_paths: Mapping[str, str] = {}
    with open(log_file, "w") as log:
        began = subprocess.Popen(
            [sys.executable, "-m", "hesabu.app.prepare", *seeds],
            env={**os.environ, **sandbox_environment(config, {})},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        assert began.stdout is not None
        running.passing.append(began)
        for line in began.stdout:
            done = json.loads(line)
            terminal.done(done["step"], done["took_seconds"], done["remark"])
            webhook_paths = done.get("paths", webhook_paths)
        if began.wait() and not running.stopping.is_set():
            end = "\n".join(log_file.read_text().splitlines()[-15:])
            raise StartFailed(f"Preparing the database failed. The end of {log_file}:\n{end}")
    return webhook_paths


def _where_to_click(config: Config, took_seconds: float) -> str:
    lines = ["", click.style(f"Hesabu is up ({took_seconds:.1f} s).", bold=True), ""]
    if has_sandbox(config):
        lines.append(f"  The phones     {click.style(config.sandbox_url, underline=True)}")
    lines.append(f"  The product    {click.style(config.public_url, underline=True)}")
    if has_sandbox(config):
        lines.append(
            f"  Sign in        with WhatsApp, as {demo.OWNER_NAME}: {demo.OWNER_PHONE}; the link comes to her phone"
        )
    lines += [f"  Logs           {config.log_dir}", "", "Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def up_detached(config: Config, terminal: Terminal) -> int:
    """Start `hesabu up` in the background and return when it is ready, or has failed."""
    record = record_file(config)
    if "up" in supervisor.recorded(record):
        terminal.say(f"Hesabu is up already: {config.web_url}. To stop it: hesabu down")
        return 1
    config.log_dir.mkdir(parents=True, exist_ok=True)
    log_file = config.log_dir / "up.log"
    with open(log_file, "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hesabu.app.cli", "up"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home(),
            start_new_session=True,
        )
    ready = record.with_name("up.ready")
    while process.poll() is None:
        if ready.is_file() and ready.read_text() == str(process.pid):
            terminal.say(log_file.read_text().rstrip().replace("Ctrl-C stops everything.", ""))
            terminal.say("To stop it: hesabu down")
            return 0
        time.sleep(0.05)
    terminal.say(log_file.read_text().rstrip())
    return process.returncode or 1


def down(config: Config, terminal: Terminal) -> int:
    """Stop what `hesabu up` started, and the embedded database. Nothing running is no failure."""
    stopped = supervisor.stop_recorded(record_file(config))
    if postgres.stop(config):
        stopped.append("PostgreSQL")
    terminal.say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0
