# PostgreSQL, with a password. Started by root it runs as the user postgres, since it refuses root.
# debian: pg_ctlcluster=postgresql

service_summary() { say "PostgreSQL database; needs postgresql"; }

service_address() { say "postgresql://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

# postgres_tool NAME: a tool of the newest version that is installed
postgres_tool() {
  local tool
  tool=$(ls -d /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -1)
  [ -n "$tool" ] || tool=$(command -v "$1") || fail "$1 is not there: postgres needs PostgreSQL (Debian: apt-get install postgresql)"
  say "$tool"
}

postgres_run() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid postgres --regid postgres --init-groups -- "$@"
  else
    "$@"
  fi
}

service_start() {
  local port password data=$STATE/data server initdb
  server=$(postgres_tool postgres)
  initdb=$(postgres_tool initdb)
  port=$(choose_port)
  [ -s "$STATE/password" ] || random_hex 24 >"$STATE/password"
  password=$(cat "$STATE/password")
  if [ "$(id -u)" -eq 0 ]; then
    chmod 711 "$STATE"
    mkdir -p "$data"
    chown postgres: "$data"
  fi
  install -m 600 "$STATE/password" "$STATE/pwfile"
  [ "$(id -u)" -ne 0 ] || chown postgres: "$STATE/pwfile"
  if [ ! -e "$data/PG_VERSION" ]; then
    (cd / && postgres_run "$initdb" -D "$data" -U sheave --pwfile="$STATE/pwfile" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync >"$STATE/initdb.log" 2>&1) \
      || fail "initdb failed, see $STATE/initdb.log"
  fi
  rm -f "$STATE/pwfile"
  {
    assign POSTGRES_URL "jdbc:postgresql://sheave@127.0.0.1:$port/postgres"
    assign POSTGRES_PASSWORD "$password"
  } >"$STATE/env"
  if [ "$(id -u)" -eq 0 ]; then
    spawn setpriv --reuid postgres --regid postgres --init-groups -- "$server" -D "$data" -p "$port" \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c "fsync=${POSTGRES_FSYNC:-off}" -c max_connections=300
  else
    spawn "$server" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c "fsync=${POSTGRES_FSYNC:-off}" -c max_connections=300
  fi
}

service_answers() {
  local end=$((SECONDS + 30))
  [ -s "$STATE/env" ] || return 1
  until PGPASSWORD=$(cat "$STATE/password") psql -h 127.0.0.1 -p "$(cat "$STATE/port")" -U sheave -d postgres -qAtc 'select 1' >"$STATE/probe.log" 2>&1; do
    pid >/dev/null && [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -f "$STATE/env"; }
