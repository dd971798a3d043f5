#!/bin/sh
# A private PostgreSQL server for one test run: nobody else's cluster is touched, nothing outlives it.
#   postgres.sh start DIRECTORY PORT   makes a cluster in DIRECTORY and starts it on 127.0.0.1:PORT
#   postgres.sh stop DIRECTORY         stops it and removes DIRECTORY
# Exit status 77: there is no PostgreSQL on this machine, or nobody to run it as.
set -eu

action=$1 directory=$2

absent() {
  echo "$1"
  exit 77
}

# The newest server: in the path, or where Debian keeps its versions.
find_binaries() {
  for candidate in "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) /usr/pgsql-*/bin; do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
      echo "$candidate"
      return
    fi
  done
}

binaries=$(find_binaries)
[ -n "$binaries" ] || absent "PostgreSQL is not installed (no initdb; Debian's package is postgresql)"

# The server refuses to run as root.
if [ "$(id -u)" -eq 0 ]; then
  command -v setpriv >/dev/null || absent "root needs setpriv to run PostgreSQL as another user"
  user=nobody
  if id postgres >/dev/null 2>&1; then user=postgres; fi
  run() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME="$directory" "$@"; }
else
  user=$(id -un)
  run() { "$@"; }
fi

case $action in
start)
  port=$3
  mkdir -p "$directory"
  [ "$(id -u)" -ne 0 ] || chown "$user" "$directory"
  cd "$directory"
  run "$binaries/initdb" --pgdata="$directory/data" --username=lsmtree --auth=trust --locale=C --encoding=UTF8 --no-sync >"$directory/initdb.log" 2>&1 || {
    cat "$directory/initdb.log"
    exit 1
  }
  run "$binaries/pg_ctl" --pgdata="$directory/data" --log="$directory/server.log" --wait --timeout=120 \
    --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c timezone=UTC" start >/dev/null || {
    cat "$directory/server.log"
    exit 1
  }
  ;;
stop)
  cd /
  run "$binaries/pg_ctl" --pgdata="$directory/data" --mode=immediate --wait stop >/dev/null 2>&1 || true
  rm -rf "$directory"
  ;;
esac
