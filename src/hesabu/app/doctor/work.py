"""Does the work flow? Migrations, keys, letters, jobs, providers, disk, backups, switches."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
from psycopg import sql

from hesabu.app import outgoing
from hesabu.app.config import Config
from hesabu.app.doctor.findings import Finding, Grade
from hesabu.app.supervisor import answers
from hesabu.kit import http

WAITING_WATCH_SECONDS, WAITING_WRONG_SECONDS = 60, 600
SEALING_WATCH_SECONDS = 3600
DISK_WATCH_BYTES, DISK_WRONG_BYTES = 2 * 1024**3, 300 * 1024**2
BACKUP_WATCH_SECONDS = 26 * 3600
PROVIDER_SECONDS = 5
SAMPLE_ROWS = 50
LETTERS = """
SELECT count(*) FILTER (WHERE state = 'filed'), count(*) FILTER (WHERE state = 'aside'),
       coalesce(extract(epoch FROM now() - min(received_at) FILTER (WHERE state = 'filed')), 0)
FROM store_letter WHERE state <> 'read'
"""
JOBS = """
SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),
       count(*) FILTER (WHERE status = 'failed'),
       coalesce(extract(epoch FROM now() - min(coalesce(scheduled_at, now()))
                FILTER (WHERE status = 'todo' AND scheduled_at <= now())), 0)
FROM procrastinate_jobs WHERE status IN ('todo', 'failed')
"""
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"


def migrations(config: Config) -> Iterator[Finding]:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        said = f"{len(waiting)} are waiting, the first is {waiting[0][0]}"
        yield Finding("migrations", "wrong", said, "Run: hesabu migrate")
    else:
        yield Finding("migrations", "fine", "all are applied")


def keys(config: Config) -> Iterator[Finding]:
    """Newest sealed values of every sealed column open with the keys at hand."""
    from django.apps import apps

    from hesabu.kit import crypto
    from hesabu.store.fields import SealedJSON, SealedText

    opened, unreadable = 0, set()
    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if not isinstance(field, SealedText | SealedJSON):
                    continue
                table, column = (
                    sql.Identifier(model._meta.db_table),
                    sql.Identifier(str(field.column)),
                )
                question = "SELECT {c} FROM {t} WHERE {c} IS NOT NULL ORDER BY ctid DESC LIMIT %s"
                query = sql.SQL(question).format(c=column, t=table)
                for (value,) in connection.execute(query, (SAMPLE_ROWS,)):
                    try:
                        crypto.unseal(bytes(value))
                        opened += 1
                    except crypto.Unreadable as error:
                        unreadable.add(f"{model._meta.db_table}.{field.column}: {error}")
    for one in sorted(unreadable):
        remedy = "Put the missing key back into HESABU_FIELD_KEYS, behind the first."
        yield Finding("keys", "wrong", one, remedy)
    if not unreadable:
        said = f"{opened} sealed values opened with {', '.join(crypto.keyring().key_ids)}"
        yield Finding("keys", "fine", said)


def secrets(config: Config) -> Iterator[Finding]:
    """None is older than ninety days, and none that was replaced is still taken."""
    from hesabu.app import house_secrets

    found = house_secrets.aged(config)
    old = [one for one in found if one.is_old]
    for one in old:
        said = f"{one.name} has not been changed for {one.days} days"
        yield Finding("secrets", "watch", said, one.secret.rotating)
    if not old:
        yield Finding(
            "secrets", "fine", f"{len(found)} are younger than {house_secrets.OLD_DAYS} days"
        )
    yield _places_of_secrets(config, {one.name for one in found})


def _places_of_secrets(config: Config, names: set[str]) -> Finding:
    """From where they were read."""
    told = Counter(config.secret_places.get(name, "the environment or .env") for name in names)
    said = ", ".join(f"{count} from {place}" for place, count in sorted(told.items()))
    return Finding("secrets", "fine", said or "none is set")


def facts(config: Config) -> Iterator[Finding]:
    """The chain over the facts is not far behind."""
    from hesabu.store import seals

    seconds = seals.behind_seconds()
    grade: Grade = "watch" if seconds > SEALING_WATCH_SECONDS else "fine"
    said = f"they were last sealed {max(seconds, 0):.0f} s ago"
    remedy = (
        "" if grade == "fine" else "Is a worker running? Does a transaction stay open for ever?"
    )
    yield Finding("facts", grade, said, remedy)


def letters(config: Config) -> Iterator[Finding]:
    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        waiting, aside, oldest = connection.execute(LETTERS).fetchone() or (0, 0, 0)
    grade = _grade_of_age(float(oldest))
    said = f"{waiting} wait, the oldest for {float(oldest):.0f} s"
    yield Finding(
        "letters", grade, said, "" if grade == "fine" else "Is a worker running? hesabu worker"
    )
    if aside:
        remedy = "Look at them: their reason says what could not be read (store_letter.reason)."
        yield Finding("letters", "watch", f"{aside} were set aside", remedy)


def jobs(config: Config) -> Iterator[Finding]:
    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        due, failed, oldest = connection.execute(JOBS).fetchone() or (0, 0, 0)
        workers = (connection.execute(WORKERS).fetchone() or (0,))[0]
    grade = _grade_of_age(float(oldest))
    said = f"{due} are due, the oldest for {float(oldest):.0f} s; {workers} workers are alive"
    if not workers:
        grade = "watch" if grade == "fine" else grade
    yield Finding(
        "jobs",
        grade,
        said,
        "" if grade == "fine" else "Start a worker: hesabu up, or hesabu worker",
    )
    if failed:
        remedy = "Their errors are in the worker's log, by job id."
        yield Finding("jobs", "watch", f"{failed} have failed for good", remedy)


def _grade_of_age(seconds: float) -> Grade:
    if seconds > WAITING_WRONG_SECONDS:
        return "wrong"
    return "watch" if seconds > WAITING_WATCH_SECONDS else "fine"


def providers(config: Config) -> Iterator[Finding]:
    """Anything that speaks HTTP there is reached; whether it likes our keys is for the first message to show."""
    for name in _provider_urls(config):
        url = getattr(config, name)
        variable = f"HESABU_{name.upper()}"
        client = http.Client("doctor", timeout_seconds=PROVIDER_SECONDS, attempts_max=1)
        began = time.monotonic()
        try:
            client.request("GET", url)
        except http.HttpFailure as error:
            grade: Grade = "wrong" if config.is_production else "watch"
            remedy = f"Check the network, or {variable}."
            if not config.is_production:
                remedy = "The sandbox runs with: hesabu up"
            yield Finding("providers", grade, f"{url} is not reached: {error}", remedy)
            continue
        finally:
            client.close()
        took = (time.monotonic() - began) * 1000
        yield Finding("providers", "fine", f"{url} answers within {took:.0f} ms")


def calls(config: Config) -> Iterator[Finding]:
    """Who may be called at all; what a firewall in front may be told."""
    named = ", ".join(sorted(outgoing.hosts_of(config)))
    yield Finding("calls", "fine", f"nobody is called but {named}")


def _provider_urls(config: Config) -> list[str]:
    """Settings that say where the chosen providers are."""
    found = ["mpesa_base_url"]
    found.append(
        "whatsapp_base_url" if config.whatsapp_provider == "cloud" else "dialog360_base_url"
    )
    if config.sms_provider == "africastalking":
        found.append("africastalking_base_url")
    if config.mail_provider == "mailgun":
        found.append("mailgun_base_url")
    return found


MESSAGES = """
SELECT channel, error_code, count(*) FROM (
    SELECT channel, error_code FROM messaging_message
    WHERE direction = 'out' AND state IN ('failed', 'queued') AND settled_at > now() - interval '1 day'
    UNION ALL
    SELECT channel, error_code FROM messaging_leg WHERE settled_at > now() - interval '1 day'
) AS lately WHERE error_code = ANY(%s) GROUP BY 1, 2 ORDER BY 3 DESC
"""
GAPS = "SELECT name, language, code FROM messaging_template_gap WHERE NOT starts_with(language, 'en') ORDER BY 1, 2"
UNCERTAIN = "SELECT count(*) FROM messaging_message WHERE state = 'uncertain' AND settled_at > now() - interval '1 day'"


def messages(config: Config) -> Iterator[Finding]:
    """What providers refused lately for a reason that only a person can mend; and the mail server, if there is one."""
    from hesabu.messaging import queries
    from hesabu.messaging.types import Channel

    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        refused = connection.execute(MESSAGES, (queries.codes_about_us(),)).fetchall()
        (uncertain,) = connection.execute(UNCERTAIN).fetchone() or (0,)
        gaps = connection.execute(GAPS).fetchall()
    grade: Grade = "wrong" if config.is_production else "watch"
    for channel, code, count in refused:
        meaning, remedy = queries.reason_of(code, Channel(channel))
        said = f"{count} by {channel} were refused within a day: {code}. {meaning}"
        yield Finding("messages", grade, said, remedy)
    if uncertain:
        remedy = "hesabu message show <id> says what is known of each."
        said = f"of {uncertain} within a day nobody knows whether they arrived"
        yield Finding("messages", "watch", said, remedy)
    for name, language, code in gaps:
        said = (
            f"WhatsApp does not send the template {name} in {language} ({code}); it goes in English"
        )
        yield Finding("messages", "watch", said, f"Have {name} approved in {language} at Meta.")
    if not refused and not uncertain and not gaps:
        yield Finding("messages", "fine", "no provider refuses us")
    if config.mail_provider == "smtp":
        yield _mail_server(config)


def _mail_server(config: Config) -> Finding:
    grade: Grade = "wrong" if config.is_production else "watch"
    place = f"{config.smtp_host}:{config.smtp_port}"
    try:
        with socket.create_connection(
            (config.smtp_host, config.smtp_port), PROVIDER_SECONDS
        ) as one:
            one.settimeout(PROVIDER_SECONDS)
            is_greeted = config.smtp_security == "tls" or one.recv(3) == b"220"
    except OSError as error:
        said = f"the mail server {place} is not reached: {error}"
        return Finding("messages", grade, said, "Check HESABU_SMTP_HOST and HESABU_SMTP_PORT.")
    if not is_greeted:
        said = f"at {place} is no mail server"
        return Finding("messages", grade, said, "Check HESABU_SMTP_HOST and HESABU_SMTP_PORT.")
    return Finding("messages", "fine", f"the mail server {place} answers")


def live(config: Config) -> Iterator[Finding]:
    """Nothing depends on it: without it pages ask by themselves, or show what is new when they are loaded."""
    if answers(f"{config.live_url}/readyz"):
        yield Finding("live", "fine", f"pages are told of changes by {config.live_url}")
        return
    said = f"{config.live_url} does not answer: pages change only when they are loaded"
    remedy = "Start it: hesabu live. If it runs on another machine alone, ask its /readyz there."
    yield Finding("live", "watch", said, remedy)


def disk(config: Config) -> Iterator[Finding]:
    usage = shutil.disk_usage(config.var_dir)
    grade: Grade = "fine"
    if usage.free < DISK_WATCH_BYTES:
        grade = "wrong" if usage.free < DISK_WRONG_BYTES else "watch"
    said = f"{usage.free / 1e9:.1f} GB are free for {config.var_dir}"
    yield Finding(
        "disk", grade, said, "" if grade == "fine" else "Make room: old logs, old backups."
    )


def backups(config: Config) -> Iterator[Finding]:
    files = [*(config.var_dir / "backups").glob("*.backup")]
    newest = max((os.stat(path).st_mtime for path in files), default=0.0)
    age = time.time() - newest
    if newest and age < BACKUP_WATCH_SECONDS:
        yield Finding("backups", "fine", f"the newest is {age / 3600:.0f} h old")
        return
    said = f"the newest is {age / 86400:.0f} days old" if newest else "there is none in var/backups"
    remedy = "Run daily: hesabu backup create, and hesabu backup verify (docs/operations/backup.md)"
    yield Finding("backups", "watch" if config.is_production else "fine", said, remedy)


def switches(config: Config) -> Iterator[Finding]:
    from hesabu.store import flags

    off = [one for one in flags.switches() if not one.is_on]
    for one in off:
        yield Finding(
            "flags", "watch", f"{one.name} is off: {one.reason}", f"hesabu flags on {one.name}"
        )
    if not off:
        yield Finding("flags", "fine", "everything is switched on")
