"""Whether anything changed since the tables were last brought up to date: the code's migrations, or the database's.

Only a short cut for a quick second start. `prepare` looks properly every time; a wrong "unchanged" can do no more than
let a process start beside it.
"""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from pathlib import Path

import psycopg

import hesabu
from hesabu.app.config import Config

APPLIED = (
    "SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations"
)


def is_unchanged(config: Config) -> bool:
    try:
        return bool(json.loads(_file(config).read_text()) == _now(config))
    except (FileNotFoundError, ValueError, psycopg.Error):
        return False


def remember(config: Config) -> None:
    _file(config).parent.mkdir(parents=True, exist_ok=True)
    _file(config).write_text(json.dumps(_now(config)))


def _file(config: Config) -> Path:
    return config.var_dir / "run" / "migrated.json"


def _now(config: Config) -> dict[str, str]:
    """What the code asks for, and what the database has."""
    code = hashlib.sha256()
    for package in ("django", "procrastinate"):
        code.update(f"{package} {metadata.version(package)}\n".encode())
    rooms = Path(hesabu.__path__[0])
    for path in sorted(rooms.glob("**/migrations/*.py")):
        code.update(str(path.relative_to(rooms)).encode() + path.read_bytes())
    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        row = connection.execute(APPLIED).fetchone()
    return {"code": code.hexdigest(), "database": str(row and row[0])}
