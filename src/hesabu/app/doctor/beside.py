"""What stands beside the house where it is set: a collector of logs, a scanner of files."""

from __future__ import annotations

from collections.abc import Iterator

from hesabu.app import log_sending
from hesabu.app.config import Config
from hesabu.app.doctor.findings import Finding, Grade
from hesabu.kit import scanning


def logs(config: Config) -> Iterator[Finding]:
    """Whether the log goes somewhere else as well, and is taken there."""
    if not config.log_to:
        yield Finding(
            "logs", "fine", "they go to standard error alone: whoever collects that keeps them"
        )
        return
    try:
        took = log_sending.reached(config.log_to, config.log_ca)
    except OSError as error:
        said = f"the collector of logs is not reached: {type(error).__name__}"
        grade: Grade = "wrong" if config.is_production else "watch"
        yield Finding("logs", grade, said, "Check HESABU_LOG_TO and HESABU_LOG_CA.")
        return
    yield Finding("logs", "fine", f"the collector of logs lets us in within {took:.0f} ms")


def scanner(config: Config) -> Iterator[Finding]:
    """Whether whoever looks at files sees what every scanner is to see."""
    if not config.clamd:
        yield Finding(
            "scanner", "fine", "no scanner is set; pictures alone are taken, and drawn anew"
        )
        return
    grade: Grade = "wrong" if config.is_production else "watch"
    try:
        found = scanning.found_in(scanning.TRIAL.encode(), config.clamd)
    except scanning.ScannerAway:
        remedy = "Is clamd up? Check HESABU_CLAMD. Until then no file is taken."
        yield Finding("scanner", grade, "clamd does not answer", remedy)
        return
    if found:
        yield Finding("scanner", "fine", f"clamd sees the trial file: {found}")
    else:
        said = "clamd does not see the file that every scanner is to see"
        yield Finding("scanner", grade, said, "Are its signatures there? Run: freshclam")
