# Prefect 2.10.13 from PyPI: its server over SQLite without analytics, with its pages, and its programs, in a virtual environment.
# debian: python3.11=python3.11 python3=python3

service_summary() { say "Prefect 2.10.13, server and programs; needs Python 3.11, and pip"; }

service_address() { say "http://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')/api"; }

service_start() {
  local folder port name
  folder=$("$SERVICES/prefect/install" 9>&-) || fail "Prefect could not be installed"
  port=$(choose_port)
  {
    assign PREFECT_SERVER_URL "http://127.0.0.1:$port/api"
    assign PREFECT_PROGRAMS "$folder/bin"
  } >"$STATE/env"
  # its services would hold the database while tests write; it is started as 'prefect server start' does, in one process
  for name in SCHEDULER LATE_RUNS FLOW_RUN_NOTIFICATIONS PAUSE_EXPIRATIONS CANCELLATION_CLEANUP; do
    export "PREFECT_API_SERVICES_${name}_ENABLED=false"
  done
  PREFECT_HOME=$STATE/home PREFECT_SERVER_ANALYTICS_ENABLED=false PREFECT_UI_API_URL="http://127.0.0.1:$port/api" \
    PREFECT_LOGGING_SERVER_LEVEL=WARNING \
    spawn "$folder/bin/python" -m uvicorn --factory prefect.server.api.server:create_app \
    --host 127.0.0.1 --port "$port" --log-level warning
}

# Its database answers too, since flows are counted.
service_answers() {
  local end=$((SECONDS + 60)) answer
  [ -s "$STATE/env" ] || return 1
  until answer=$(prefect_ask) && [[ $answer =~ ^[0-9]+ ]]; do
    pid >/dev/null && [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# prefect_ask: the last line of the answer to a count of flows
prefect_ask() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$(cat "$STATE/port")"
    printf 'POST /api/flows/count HTTP/1.0\r\nContent-Length: 0\r\n\r\n' >&3
    answer=$(timeout 10 cat <&3)
    say "${answer##*$'\n'}"
  ) 2>/dev/null
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -f "$STATE/env"; }
