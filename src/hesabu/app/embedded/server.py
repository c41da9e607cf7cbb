"""Starting, probing and stopping one embedded server.

A server is alive when it answers a query, never because a process id exists: after a SIGKILL the id can linger as a
zombie, or belong to somebody else after a reboot. A lock file whose process does not work in our data directory is
stale, and is removed only once no other process works there either.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import locale
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from hesabu.app.embedded import binaries as binaries_
from hesabu.app.embedded.binaries import Binaries, PostgresError
from hesabu.app.embedded.place import ROLES, Place

START_SECONDS = 60
STOP_SECONDS = 60
LEFTOVER_SECONDS = 10


class MajorDiffers(PostgresError):
    """The data were written by another major version than the binaries at hand."""


class Locked(PostgresError):
    """Another user's files, or passwords that do not fit the data."""


def ensure(place: Place, choice: str = "") -> None:
    """Have the server answer: create, start or just find it. Does nothing when it is up."""
    if is_alive(place):
        if choice and (record := place.record()) is not None:
            _refuse_other_major(record["major"], binaries_.find(choice))
        return
    with held(place, "start.lock"):
        if is_alive(place):
            return
        adopt(place)
        binaries = chosen(place, choice)
        user = server_user(place, binaries.major)
        binaries = within_reach(place, binaries, user)
        if place.record() is None:
            create(place, binaries, user)
        start(place, binaries, user)
        prepare(place)


def chosen(place: Place, choice: str) -> Binaries:
    """The binaries for these data. Those that wrote them are kept to while they are there."""
    record = place.record()
    if record is None:
        return binaries_.find(choice)
    if not choice:
        before = binaries_.look_in(Path(record["bin"]), record["source"])
        if before is not None and before.major == record["major"]:
            return before
        same = [binaries_.from_wheel(), binaries_.from_host()]
        for found in same:
            if found is not None and found.major == record["major"]:
                return found
    found = binaries_.find(choice)
    _refuse_other_major(record["major"], found)
    return found


def _refuse_other_major(major: int, found: Binaries) -> None:
    if found.major != major:
        raise MajorDiffers(
            f"The data were written by PostgreSQL {major}, but {found} was found. Nothing was touched.\n"
            f"To move the data to PostgreSQL {found.major}, run: hesabu postgres upgrade\n"
            f"To keep PostgreSQL {major}, set HESABU_POSTGRES to the path of its bin directory."
        )


def is_alive(place: Place) -> bool:
    """Whether the server answers a query on our database as its superuser."""
    if place.record() is None:
        return False
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(place.url("admin"), connect_timeout=5) as connection:
                connection.execute("SELECT 1")
                return True
        except psycopg.OperationalError as error:
            words = str(error)
            if "password authentication failed" in words:
                raise Locked(
                    f"The passwords in {place.passwords_file} do not fit the data in {place.home}.\n"
                    "Put back the file that was made with them, or move both away to start empty."
                ) from error
            is_between = "is starting up" in words or "is shutting down" in words
            if not is_between or time.monotonic() > deadline:
                return False
            time.sleep(0.05)


def adopt(place: Place) -> None:
    """Data whose record was lost are taken up again, never made anew."""
    if place.record() is not None:
        return
    majors = [int(path.parent.name) for path in place.home.glob("[0-9][0-9]/PG_VERSION")]
    if majors:
        record = {"major": max(majors), "version": str(max(majors)), "bin": "", "source": "host"}
        place.record_file.write_text(json.dumps(record))


def create(place: Place, binaries: Binaries, server_user: pwd.struct_passwd | None) -> None:
    """initdb: UTF-8, byte order collation, checksums, scram."""
    data = place.data_dir(binaries.major)
    making = data.with_name(f"{data.name}.making")
    shutil.rmtree(making, ignore_errors=True)  # an initdb that was cut off
    if data.exists():
        data.rename(data.with_name(f"{data.name}.before-{time.time():.0f}"))
    secret = place.home / "initdb.password"
    secret.write_text(place.passwords()["admin"])
    secret.chmod(0o600)
    if server_user is not None:
        os.chown(secret, server_user.pw_uid, server_user.pw_gid)
    ctype = _utf8_locale()
    command = ["initdb", f"--pgdata={making}", "--username=hesabu_admin", f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--no-instructions"]
    command += [f"--locale={ctype}"]
    if binaries.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not place.durable:
        command.append("--no-sync")
    try:
        run(binaries, command, server_user)
    finally:
        secret.unlink()
    making.rename(data)
    remember(place, binaries)


def _utf8_locale() -> str:
    """C.UTF-8 where the C library has it (all but macOS), else C."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def remember(place: Place, binaries: Binaries) -> None:
    record = {
        "major": binaries.major,
        "version": binaries.version,
        "bin": str(binaries.directory),
        "source": binaries.source,
    }
    draft = place.record_file.with_suffix(".new")
    draft.write_text(json.dumps(record, indent=2) + "\n")
    draft.replace(place.record_file)


def start(place: Place, binaries: Binaries, server_user: pwd.struct_passwd | None) -> None:
    """pg_ctl start, and wait until it takes connections."""
    data = place.data_dir(binaries.major)
    _open_socket_dir(place, server_user)
    _write_conf(place, data, server_user)
    _drop_stale_locks(data, place)
    log = place.log_file(binaries.major)
    command = ["pg_ctl", "start", "-D", str(data), "-l", str(log), "-w", "-t", str(START_SECONDS)]
    try:
        run(binaries, [*command, "-s"], server_user)
    except PostgresError as error:
        tail = "\n".join(_last_lines(log))
        raise PostgresError(f"PostgreSQL did not start. The end of {log}:\n{tail}") from error
    remember(place, binaries)


def _last_lines(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-12:] if log.is_file() else ["(empty)"]


def _open_socket_dir(place: Place, server_user: pwd.struct_passwd | None) -> None:
    """A directory only the server's user enters; somebody else's, planted under /tmp, is refused."""
    directory = place.socket_dir
    uid = server_user.pw_uid if server_user else os.geteuid()
    try:
        directory.mkdir(mode=0o700)
        if server_user is not None:
            os.chown(directory, server_user.pw_uid, server_user.pw_gid)
    except FileExistsError:
        found = os.lstat(directory)
        if found.st_uid != uid or not directory.is_dir() or directory.is_symlink():
            raise Locked(f"{directory} belongs to somebody else; remove it.") from None
        directory.chmod(0o700)


def _write_conf(place: Place, data: Path, server_user: pwd.struct_passwd | None) -> None:
    """Our lines, written at every start; an operator's own go to local.conf beside, which wins."""
    settings = {
        "listen_addresses": "127.0.0.1" if place.tcp else "",
        "port": str(place.port),
        "unix_socket_directories": str(place.socket_dir),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "200",
        "shared_buffers": "128MB",
        "dynamic_shared_memory_type": "posix" if sys.platform == "linux" else "mmap",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %q%u ",
        "max_wal_size": "1GB",
    }
    if not place.durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
        }
    lines = [
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()
    ]
    access = "local all,replication all scram-sha-256\n"
    if place.tcp:
        access += "host all all 127.0.0.1/32 scram-sha-256\n"
    files = {
        "postgresql.conf": "\n".join(lines) + "\ninclude_if_exists 'local.conf'\n",
        "pg_hba.conf": access,
    }
    for name, text in files.items():
        path = data / name
        path.write_text(text)
        if server_user is not None:
            os.chown(path, server_user.pw_uid, server_user.pw_gid)


def _drop_stale_locks(data: Path, place: Place) -> None:
    """Remove the locks of data and socket if no server works in this directory."""
    lock = data / "postmaster.pid"
    socket_lock = place.socket_dir / f".s.PGSQL.{place.port}.lock"
    if sys.platform != "linux" or not (lock.is_file() or socket_lock.is_file()):
        return
    owner = int(lock.read_text().split("\n", 1)[0] or 0) if lock.is_file() else 0
    if owner in _working_in(data):
        return
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while left := _working_in(data):
        if time.monotonic() > deadline:
            raise PostgresError(f"Processes of a dead server still work in {data}: {sorted(left)}")
        time.sleep(0.05)
    lock.unlink(missing_ok=True)
    socket_lock.unlink(missing_ok=True)


def _working_in(data: Path) -> set[int]:
    """Ids of living processes whose working directory is this one."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone, a zombie, or another user's
            if os.readlink(process / "cwd") == str(data):
                found.add(int(process.name))
    return found


def prepare(place: Place) -> None:
    """The database and its roles; a second time changes nothing."""
    passwords = place.passwords()
    create_databases = "CREATEDB" if place.may_create_databases else "NOCREATEDB"
    with psycopg.connect(place.url("admin", "postgres"), autocommit=True) as admin:
        there = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
        for role in ROLES[1:]:
            name = f"hesabu_{role}"
            able = create_databases if role == "owner" else "NOCREATEDB"
            attributes = f"LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION {able}"
            if name in there:
                admin.execute(f"ALTER ROLE {name} {attributes}".encode())
                continue
            hashed = admin.pgconn.encrypt_password(
                passwords[role].encode(), name.encode(), b"scram-sha-256"
            ).decode()
            admin.execute(
                sql.SQL("CREATE ROLE {} " + attributes + " PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(hashed)
                )
            )
        admin.execute("ALTER ROLE hesabu_staff SET default_transaction_read_only = on")
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = 'hesabu'").fetchone():
            admin.execute("CREATE DATABASE hesabu OWNER hesabu_owner")
            admin.execute("REVOKE ALL ON DATABASE hesabu FROM PUBLIC")
            admin.execute("GRANT CONNECT ON DATABASE hesabu TO hesabu_app, hesabu_staff")


def stop(place: Place) -> bool:
    """Stop it cleanly; False when it was not running. Open transactions are rolled back."""
    record = place.record()
    if record is None:
        return False
    with held(place, "start.lock"):
        data = place.data_dir(record["major"])
        lock = data / "postmaster.pid"
        _drop_stale_locks(data, place)
        if not lock.is_file():
            return False
        owner = int(lock.read_text().split("\n", 1)[0])
        os.kill(owner, signal.SIGINT)  # "fast": disconnect everybody, checkpoint, end
        deadline = time.monotonic() + STOP_SECONDS
        while lock.is_file():
            if time.monotonic() > deadline:
                raise PostgresError(f"The server (process {owner}) did not stop.")
            time.sleep(0.02)
        return True


def run(
    binaries: Binaries, command: list[str], server_user: pwd.struct_passwd | None = None
) -> str:
    """One of the programs, as the server's user, without anything of our environment."""
    program = [binaries.program(command[0]), *command[1:]]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
    who = {}
    if server_user is not None:
        who = {"user": server_user.pw_uid, "group": server_user.pw_gid, "extra_groups": []}
    ran = subprocess.run(  # type: ignore[call-overload]
        program, cwd="/", env=environment, capture_output=True, text=True, **who
    )
    if ran.returncode:
        raise PostgresError(f"{command[0]} failed: {ran.stderr.strip() or ran.stdout.strip()}")
    return str(ran.stdout)


@contextlib.contextmanager
def held(place: Place, name: str) -> Iterator[None]:
    """One process at a time, across processes."""
    _open_home(place)
    with open(place.home / name, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _open_home(place: Place) -> None:
    place.home.parent.mkdir(parents=True, exist_ok=True)
    place.home.mkdir(exist_ok=True, mode=0o700)
    owner = place.home.stat().st_uid
    if os.geteuid() not in (0, owner):
        name = pwd.getpwuid(owner).pw_name
        raise Locked(f"{place.home} belongs to {name}: run this as {name} or as root.")


def server_user(place: Place, major: int) -> pwd.struct_passwd | None:
    """None: ourselves. Root runs the server as the data's owner, or for new data as a system user."""
    if os.geteuid() != 0:
        return None
    data = place.data_dir(major)
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    user = _system_user()
    os.chown(place.home, user.pw_uid, user.pw_gid)
    return user


def _system_user() -> pwd.struct_passwd:
    """hesabu, made if the host can; else postgres; else nobody."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("hesabu")
    if (useradd := shutil.which("useradd")) is not None:
        made = subprocess.run(
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "hesabu"],
            capture_output=True,
        )
        if made.returncode == 0:
            return pwd.getpwnam("hesabu")
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("Run this as another user than root: PostgreSQL refuses root.")


def within_reach(
    place: Place, binaries: Binaries, server_user: pwd.struct_passwd | None
) -> Binaries:
    """The binaries, copied beside the data where the server's user could not run them."""
    if server_user is None:
        return binaries
    try:
        run(binaries, ["postgres", "--version"], server_user)
    except (PostgresError, PermissionError):
        tree = binaries.directory.parent
        copy = place.home / f"binaries-{binaries.version}" / tree.parent.name
        shutil.copytree(tree, copy / tree.name, symlinks=True, dirs_exist_ok=True)
        libraries = tree.parent.parent / f"{tree.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copy.parent / libraries.name, dirs_exist_ok=True)
        for path in [copy.parent, *copy.parent.rglob("*")]:
            os.chown(path, server_user.pw_uid, server_user.pw_gid, follow_symlinks=False)
        return Binaries(copy / tree.name / "bin", binaries.version, binaries.source)
    return binaries
