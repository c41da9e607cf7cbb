"""Keeping a handful of processes up: start, wait until ready, restart what crashes, stop in order.

    STARTING ──ready──▶ UP ──exits──▶ RESTING ──(0.5 s, 1, 2 … 30 s)──▶ STARTING
        └──exits──▶ the whole start fails, with the end of that process's log

A process writes its log file itself, so that it neither blocks nor dies when the supervisor does; the supervisor follows
the file. Each process leads a group of its own: Ctrl-C reaches the supervisor only, and what a process forked is stopped
with it. Ids are written to a file together with their start times, so that a later run finds what a killed one left.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hesabu.app.terminal import Terminal

REST_SECONDS_FIRST, REST_SECONDS_MOST = 0.5, 30.0
SOUND_AFTER_SECONDS = 60.0
LOG_BYTES_MOST = 50 * 1024 * 1024
TICK_SECONDS = 0.05


class StartFailed(Exception):
    """A process ended, or was not ready in time; the text holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. Ready when `ready_url` answers below 500, or `ready_words` stand in its log; a start with
    `doomed_words` in its log is not waited for."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    """Where people find it."""
    ready_url: str = ""
    ready_words: str = ""
    doomed_words: str = ""
    ready_seconds: float = 60.0
    stop_seconds: float = 15.0


class Child:
    """A program that runs, or rests before its next start."""

    def __init__(self, program: Program, log_file: Path) -> None:
        self.program = program
        self.log_file = log_file
        self.process: subprocess.Popen[bytes] | None = None
        self.log_offset = 0
        self.started_at = 0.0
        self.rest_seconds = REST_SECONDS_FIRST
        self.rests_until: float | None = None

    def start(self) -> None:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log_file, "ab") as log:
            self.log_offset = log.tell()
            self.process = subprocess.Popen(
                self.program.command,
                env={**os.environ, **self.program.environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started_at = time.monotonic()
        self.rests_until = None

    def new_lines(self) -> list[str]:
        """What was logged since the last call, whole lines only."""
        with open(self.log_file, "rb") as log:
            if log.seek(0, os.SEEK_END) < self.log_offset:
                self.log_offset = 0
            log.seek(self.log_offset)
            text = log.read(1 << 20)
        end = text.rfind(b"\n") + 1
        self.log_offset += end
        return text[:end].decode(errors="replace").splitlines()

    def is_ready(self, lines: Sequence[str]) -> bool:
        if self.program.ready_url:
            return answers(self.program.ready_url)
        words = self.program.ready_words
        return not words or any(words in line for line in lines)

    def end_of_log(self) -> str:
        lines = self.log_file.read_text(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-15:])


class Supervisor:
    """Children in the order they were started; the later ones lean on the earlier."""

    def __init__(self, log_dir: Path, record_file: Path, terminal: Terminal) -> None:
        self._log_dir = log_dir
        self._record_file = record_file
        self._terminal = terminal
        self.children: list[Child] = []
        self.passing: list[subprocess.Popen[str]] = []
        """Short-lived processes that a stop ends too."""
        self.stopping = threading.Event()

    def start(self, programs: Sequence[Program]) -> None:
        """Start these together and wait until every one is ready. Raises StartFailed."""
        self.begin(programs)
        self.await_ready()

    def begin(self, programs: Sequence[Program]) -> None:
        """Start these together and wait for nothing."""
        for program in programs:
            child = Child(program, self._log_dir / f"{program.name}.log")
            child.start()
            self.children.append(child)
        self._record()

    def await_ready(self) -> None:
        """Until every child is ready. Raises StartFailed."""
        waiting = {child: self._waits(child) for child in self.children}
        while waiting and not self.stopping.is_set():
            for child in list(waiting):
                if next(waiting[child], True):
                    del waiting[child]
            time.sleep(TICK_SECONDS)

    def _waits(self, child: Child) -> Iterator[bool]:
        """Yields False until the child is ready."""
        program = child.program
        while True:
            lines = child.new_lines()
            for line in lines:
                self._terminal.log(program.name, line, is_starting=True)
            if child.process is not None and (code := child.process.poll()) is not None:
                raise StartFailed(
                    f"{program.name} ended while starting ({said(code)}). The end of {child.log_file}:\n"
                    f"{child.end_of_log()}"
                )
            if program.doomed_words and any(program.doomed_words in line for line in lines):
                raise StartFailed(
                    f"{program.name} does not start. The end of {child.log_file}:\n{child.end_of_log()}"
                )
            if child.is_ready(lines):
                self._terminal.done(program.name, time.monotonic() - child.started_at, program.url)
                return
            if time.monotonic() - child.started_at > program.ready_seconds:
                raise StartFailed(
                    f"{program.name} was not ready within {program.ready_seconds:.0f} s. "
                    f"The end of {child.log_file}:\n{child.end_of_log()}"
                )
            yield False

    def watch(self) -> None:
        """Until `stopping` is set: follow the logs, start again what crashed."""
        while not self.stopping.wait(0.2):
            for child in self.children:
                for line in child.new_lines():
                    self._terminal.log(child.program.name, line)
                self._mend(child)
                cut(child.log_file)

    def _mend(self, child: Child) -> None:
        now = time.monotonic()
        name = child.program.name
        if child.rests_until is not None:
            if now >= child.rests_until:
                child.start()
                self._record()
                self._terminal.say(f"  {name} was started again")
            return
        if child.process is None or (code := child.process.poll()) is None:
            return
        kill_group(child.process.pid)  # what it forked must not keep its port
        if now - child.started_at > SOUND_AFTER_SECONDS:
            child.rest_seconds = REST_SECONDS_FIRST
        child.rests_until = now + child.rest_seconds
        self._terminal.say(
            f"  {name} ended by itself ({said(code)}); starting it again in {child.rest_seconds:g} s. "
            f"Its log: {child.log_file}"
        )
        child.rest_seconds = min(REST_SECONDS_MOST, child.rest_seconds * 2)

    def stop(self, *, order: Sequence[Sequence[str]] = ()) -> None:
        """Stop all: the groups of names in `order` one after the other, then the rest together."""
        named = {name for names in order for name in names}
        rest = [child.program.name for child in self.children if child.program.name not in named]
        for names in [*order, rest]:
            ending = [child for child in self.children if child.program.name in names]
            for child in ending:
                if child.process is not None and child.process.poll() is None:
                    child.process.terminate()
            for child in ending:
                self._end(child)
        self.children = []
        self._record_file.unlink(missing_ok=True)

    def _end(self, child: Child) -> None:
        if child.process is None:
            return
        try:
            child.process.wait(child.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self._terminal.say(
                f"  {child.program.name} did not stop within {child.program.stop_seconds:g} s and was killed"
            )
        kill_group(child.process.pid)
        child.process.wait(10)

    def _record(self) -> None:
        running = {
            child.program.name: identity(child.process.pid)
            for child in self.children
            if child.process is not None
        }
        running["up"] = identity(os.getpid())
        write_record(self._record_file, running)


def answers(url: str) -> bool:
    """Whether something answers there, and not that it is unwell."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - our own addresses
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def said(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def cut(log_file: Path) -> None:
    """Move a log that grew too long aside; its writer appends, so it goes on at the start."""
    if log_file.stat().st_size > LOG_BYTES_MOST:
        aside = log_file.with_name(log_file.name + ".1")
        aside.write_bytes(log_file.read_bytes())
        os.truncate(log_file, 0)


def kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def identity(pid: int) -> list[str]:
    """A process id with the instant it was started, which together are nobody else's."""
    return [str(pid), born(pid)]


def born(pid: int) -> str:
    """When the process was started, as the system words it; empty if there is none, or only its corpse."""
    if sys.platform == "linux":
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if after_name[0] in "ZX" else after_name[19]
    ran = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return ran.stdout.strip()


def write_record(path: Path, running: Mapping[str, list[str]], **more: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"running": running, **more}))
    draft.replace(path)


def recorded(path: Path) -> dict[str, int]:
    """Name → process id of what the record names and still lives."""
    try:
        running = json.loads(path.read_text())["running"]
    except (FileNotFoundError, ValueError, KeyError):
        return {}
    return {
        name: int(pid)
        for name, (pid, instant) in running.items()
        if instant and born(int(pid)) == instant
    }


def stop_recorded(path: Path, *, seconds: float = 40.0) -> list[str]:
    """Stop what a record names: the supervisor first, which stops its own, then what is left. Returns names."""
    alive = recorded(path)
    stopped = sorted(alive)
    if "up" in alive:
        os.kill(alive["up"], signal.SIGTERM)
        _await_end(path, {"up"}, seconds)
    for name, pid in recorded(path).items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM) if name == "up" else os.killpg(pid, signal.SIGTERM)
    _await_end(path, None, 15)
    for pid in recorded(path).values():
        kill_group(pid)
    path.unlink(missing_ok=True)
    return stopped


def _await_end(path: Path, names: set[str] | None, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        alive = recorded(path)
        if not (alive if names is None else names & alive.keys()):
            return
        time.sleep(TICK_SECONDS)
