"""Processes: kept up, started again, stopped in order and to the last grandchild."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hesabu.app import processes, supervisor
from hesabu.app.supervisor import Program, StartFailed, Supervisor
from hesabu.app.terminal import Terminal, read_line
from steady import eventually, free_port


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def running(tmp_path: Path, out: io.StringIO) -> Iterator[Supervisor]:
    one = Supervisor(tmp_path / "log", tmp_path / "run" / "up.json", Terminal(out))
    yield one
    one.stop()


def python(name: str, code: str, **more: object) -> Program:
    return Program(name, [sys.executable, "-c", code], **more)  # type: ignore[arg-type]


SLEEPS_SECONDS = 120
SLEEP = f"import time; print('ready now', flush=True); time.sleep({SLEEPS_SECONDS})"


def watch(one: Supervisor) -> threading.Thread:
    thread = threading.Thread(target=one.watch)
    thread.start()
    return thread


def test_a_start_waits_for_the_words_in_the_log(running: Supervisor, out: io.StringIO) -> None:
    slow = "import time; time.sleep(0.5); " + SLEEP
    began = time.monotonic()
    running.start([python("slow", slow, ready_words="ready now")])
    assert time.monotonic() - began > 0.5
    assert "slow" in out.getvalue()


def test_a_start_waits_for_an_answer_over_http(running: Supervisor) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    running.start([Program("files", command, ready_url=url)])
    assert supervisor.answers(url)


def test_a_process_that_ends_while_starting_fails_the_start_with_its_last_words(
    running: Supervisor,
) -> None:
    broken = python("broken", "raise SystemExit('no such table')", ready_words="never")
    with pytest.raises(
        StartFailed, match=r"broken ended while starting \(exit code 1\)(.|\n)*no such table"
    ):
        running.start([broken])


def test_a_start_that_takes_too_long_fails(running: Supervisor) -> None:
    with pytest.raises(StartFailed, match="was not ready within 0 s"):
        running.start([python("slow", SLEEP, ready_words="never", ready_seconds=0.3)])


def test_doomed_words_are_not_waited_for(running: Supervisor) -> None:
    code = f"import time; print('worker died', flush=True); time.sleep({SLEEPS_SECONDS})"
    began = time.monotonic()
    with pytest.raises(StartFailed, match="does not start"):
        running.start(
            [
                python(
                    "web",
                    code,
                    ready_words="never",
                    doomed_words="worker died",
                    ready_seconds=SLEEPS_SECONDS,
                )
            ]
        )
    assert time.monotonic() - began < SLEEPS_SECONDS / 2


def test_what_crashes_is_started_again_and_it_is_said(
    running: Supervisor, out: io.StringIO
) -> None:
    running.start([python("web", SLEEP, ready_words="ready now")])
    first = running.children[0].process
    assert first is not None
    watching = watch(running)
    try:
        first.kill()
        eventually(lambda: "web was started again" in out.getvalue())
        assert "web ended by itself (signal SIGKILL); starting it again in 0.5 s" in out.getvalue()
        second = running.children[0].process
        assert second is not None
        assert second.pid != first.pid
        assert second.poll() is None
    finally:
        running.stopping.set()
        watching.join()


def test_what_keeps_crashing_is_given_longer_rests(running: Supervisor, out: io.StringIO) -> None:
    code = "import time; print('ready now', flush=True); time.sleep(0.2)"
    running.start([python("weak", code, ready_words="ready now")])
    watching = watch(running)
    try:
        eventually(lambda: "again in 2 s" in out.getvalue())
        rests = [
            line.split(" again in ")[1][:3]
            for line in out.getvalue().splitlines()
            if " again in " in line
        ]
        assert rests[:3] == ["0.5", "1 s", "2 s"]
    finally:
        running.stopping.set()
        watching.join()


def test_what_a_process_forked_is_stopped_with_it(running: Supervisor, tmp_path: Path) -> None:
    pid_file = tmp_path / "grandchild"
    code = (
        "import subprocess, sys, time;"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid)); print('ready now', flush=True); time.sleep(60)"
    )
    running.start([python("parent", code, ready_words="ready now")])
    grandchild = int(pid_file.read_text())
    assert supervisor.born(grandchild)
    running.stop()
    eventually(lambda: not supervisor.born(grandchild))


def test_a_process_deaf_to_sigterm_is_killed_after_its_time(
    running: Supervisor, out: io.StringIO
) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
    running.start([python("deaf", deaf, ready_words="ready now", stop_seconds=0.5)])
    began = time.monotonic()
    running.stop()
    assert 0.5 <= time.monotonic() - began < SLEEPS_SECONDS / 2
    assert "deaf did not stop within 0.5 s and was killed" in out.getvalue()


def test_they_are_stopped_in_the_order_that_was_asked_for(
    running: Supervisor, tmp_path: Path
) -> None:
    log = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def bye(*_):\n"
        f"    open({str(log)!r}, 'a').write(sys.argv[1] + ' ')\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, bye)\n"
        "print('ready now', flush=True)\n"
        "time.sleep(60)\n"
    )
    names = ["sandbox", "web", "worker"]
    running.start(
        [
            Program(name, [sys.executable, "-c", code, name], ready_words="ready now")
            for name in names
        ]
    )
    running.stop(order=(("web",), ("worker",), ("sandbox",)))
    assert log.read_text().split() == ["web", "worker", "sandbox"]


def test_what_a_killed_supervisor_left_is_found_and_stopped(tmp_path: Path) -> None:
    record = tmp_path / "run" / "up.json"
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from hesabu.app.supervisor import Program, Supervisor; from hesabu.app.terminal import Terminal;"
        f"one = Supervisor(Path({str(tmp_path)!r}) / 'log', Path({str(record)!r}), Terminal());"
        f"one.start([Program('web', [sys.executable, '-c', {SLEEP!r}], ready_words='ready now')]);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    source = str(Path(supervisor.__file__).parents[2])
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": source}, check=False
    )
    left = supervisor.recorded(record)
    assert set(left) == {"web"}
    assert supervisor.stop_recorded(record) == ["web"]
    assert not supervisor.born(left["web"])
    assert not record.exists()


def test_a_process_id_that_somebody_else_has_now_is_left_alone(tmp_path: Path) -> None:
    record = tmp_path / "up.json"
    supervisor.write_record(record, {"web": [str(os.getpid()), "another birth"]})
    assert supervisor.recorded(record) == {}
    assert supervisor.stop_recorded(record) == []


def test_a_log_that_grew_too_long_is_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES_MOST", 10)
    log = tmp_path / "web.log"
    log.write_text("a line that is long\n")
    supervisor.cut(log)
    assert log.read_text() == ""
    assert (tmp_path / "web.log.1").read_text() == "a line that is long\n"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            '{"event": "letter.filed", "level": "info", "timestamp": "now"}',
            ("info", "letter.filed"),
        ),
        (
            '{"event": "drain.failed", "level": "error", "drain": "mpesa"}',
            ("error", "drain.failed drain=mpesa"),
        ),
        ("Traceback (most recent call last):", ("error", "Traceback (most recent call last):")),
        ("{not json", ("info", "{not json")),
    ],
)
def test_log_lines_are_read_for_what_matters(line: str, shown: tuple[str, str]) -> None:
    assert read_line(line) == shown


def test_the_terminal_shows_a_whole_traceback_and_no_chatter(out: io.StringIO) -> None:
    terminal = Terminal(out)
    for line in (
        "GET / 200",
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "ValueError: bad",
        "GET / 200",
    ):
        terminal.log("web", line)
    said = [line.split("│ ")[1] for line in out.getvalue().splitlines()]
    assert said == [
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "ValueError: bad",
    ]


def test_a_taken_port_is_seen_before_anything_starts() -> None:
    port = free_port()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert not processes.is_free("127.0.0.1", port)
    assert processes.is_free("127.0.0.1", port)
