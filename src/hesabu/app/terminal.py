"""What `hesabu up` shows: a line for each step with its time, and what is worth reading of the logs."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

COLOURS = ("cyan", "magenta", "blue", "yellow", "green", "bright_black")
LOUD_LEVELS = {"warning": "yellow", "error": "red", "critical": "red"}
LOUD_WORDS = re.compile(r"\b(error|exception|traceback|critical|panic|fatal|warning)\b", re.I)


class Terminal:
    """Lines from several threads, never torn."""

    def __init__(self, out: TextIO | None = None, *, verbose: bool = False) -> None:
        self._out = out or sys.stdout
        self._verbose = verbose
        self._lock = threading.Lock()
        self._colours: dict[str, str] = {}
        self._in_trace: set[str] = set()

    def say(self, text: str = "") -> None:
        with self._lock:
            click.echo(text, file=self._out)
            self._out.flush()

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time a step; what the block adds to the list is printed behind its name."""
        began = time.monotonic()
        remarks: list[str] = []
        try:
            yield remarks
        except BaseException:
            self.say(f"  {click.style('✗', fg='red')} {name}")
            raise
        self.done(name, time.monotonic() - began, ", ".join(remarks))

    def done(self, name: str, took_seconds: float, remark: str = "") -> None:
        tick, remark = click.style("✓", fg="green"), click.style(remark, dim=True)
        self.say(f"  {tick} {name:<12} {took_seconds:5.1f} s  {remark}".rstrip())

    def log(self, source: str, line: str, *, is_starting: bool = False) -> None:
        """Show a log line of a process if it matters, else leave it to the file. While a process starts, nothing
        matters but that it fails, and then the end of its log is shown as a whole."""
        if is_starting and not self._verbose:
            return
        level, text = read_line(line)
        if source in self._in_trace:
            level = "error"
            if not line.startswith((" ", "\t")) and text:  # its last line names the exception
                self._in_trace.discard(source)
        elif text.startswith("Traceback"):
            self._in_trace.add(source)
        if not text or not (self._verbose or level in LOUD_LEVELS):
            return
        colour = self._colours.setdefault(source, COLOURS[len(self._colours) % len(COLOURS)])
        shown = click.style(text, fg=LOUD_LEVELS[level]) if level in LOUD_LEVELS else text
        self.say(f"{click.style(f'{source:>8} │', fg=colour)} {shown}")


def read_line(line: str) -> tuple[str, str]:
    """(level, what to show) of a log line, structured or not."""
    line = line.rstrip()
    if line.startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError:
            return "info", line
        level = str(entry.pop("level", "info")).lower()
        event = str(entry.pop("event", ""))
        entry.pop("timestamp", None)
        trace = entry.pop("exception", "")
        rest = " ".join(f"{name}={value}" for name, value in entry.items())
        return level, "\n".join(part for part in (f"{event} {rest}".strip(), trace) if part)
    return ("error" if LOUD_WORDS.search(line) else "info"), line
