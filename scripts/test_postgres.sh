#!/bin/sh
# The tests of the store, once more with PostgreSQL: a cluster of its own, gone when they end.
#   sh scripts/test_postgres.sh [arguments for pytest]
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-.venv/bin/python}

find_bin() {
    for folder in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin; do
        if [ -x "$folder/initdb" ]; then bin=$folder; fi
    done
    if [ -z "${bin:-}" ] && command -v initdb > /dev/null; then bin=$(dirname "$(command -v initdb)"); fi
    [ -n "${bin:-}" ]
}

bin=
if ! find_bin; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
        echo "PostgreSQL is not installed: apt-get install postgresql" >&2
        exit 1
    fi
    echo "installing postgresql ..."
    # Debian would start a cluster of the system's own, which nobody asked for.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql > /dev/null
    find_bin
fi

as_server() { # PostgreSQL refuses to run as root
    if [ "$(id -u)" -eq 0 ]; then (cd / && setpriv --reuid postgres --regid postgres --init-groups "$@"); else "$@"; fi
}

folder=$(mktemp -d)
[ "$(id -u)" -ne 0 ] || chown postgres "$folder"
tests=
stop() {
    [ -z "$tests" ] || kill "$tests" 2> /dev/null || true
    as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w -t 20 stop > /dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

as_server "$bin/initdb" -D "$folder/data" -U kneetrack -A trust -E UTF8 --locale=C -N > /dev/null
as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start > /dev/null \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" ||
    { cat "$folder/log" >&2; exit 1; }
as_server "$bin/createdb" -h "$folder" -U kneetrack kneetrack_test

export KNEETRACK_TEST_POSTGRES="postgresql://kneetrack@/kneetrack_test?host=$folder"
echo "tests against $("$bin/postgres" --version)"
[ $# -gt 0 ] || set -- -n0 tests/store tests/clinic tests/commands
"$PYTHON" -m pytest "$@" & # behind, so that a signal is heeded at once
tests=$!
wait "$tests" && code=0 || code=$?
tests=
exit "$code"
