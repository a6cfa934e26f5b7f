# FTP: pyftpdlib, without TLS and, at another port, with it.
# debian: openssl=openssl curl=curl python3=python3

service_summary() { say "FTP and FTPS server (pyftpdlib); needs openssl, curl and Python 3 with pip"; }

service_address() { say "ftp://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local tool port tls_port python_path
  for tool in openssl python3 curl; do
    command -v $tool >/dev/null || fail "$tool is not on the PATH: ftp needs it (Debian: apt-get install openssl curl python3 python3-pip)"
  done
  python_path=$(pyftpdlib)
  mkdir -p "$STATE/data"
  ftp_certificate
  say "sheave-ftp-test $(random_hex 24)" >"$STATE/login"
  port=$(choose_port)
  tls_port=$port
  while [ "$tls_port" = "$port" ] || ! port_is_free "$tls_port"; do tls_port=$((20000 + RANDOM % 12000)); done
  {
    assign FTP_PORT "$port"
    assign FTP_TLS_PORT "$tls_port"
    assign FTP_USER "$(cut -d ' ' -f 1 "$STATE/login")"
    assign FTP_PASSWORD "$(cut -d ' ' -f 2 "$STATE/login")"
    assign FTP_CA_FILE "$STATE/ca.crt"
    assign FTP_DIRECTORY "$STATE/data"
  } >"$STATE/env"
  PYTHONPATH=$python_path spawn python3 "$SERVICES/ftp/server.py" "$STATE" "$port" "$tls_port"
}

# A file is stored and listed, with TLS.
service_answers() {
  [ -s "$STATE/env" ] || return 1
  local end=$((SECONDS + 30))
  (
    . "$STATE/env"
    # the login over a file: a command line can be read by everybody
    printf 'user = "%s:%s"\ncacert = "%s"\nssl-reqd\n' "$FTP_USER" "$FTP_PASSWORD" "$FTP_CA_FILE" >"$STATE/curl"
    say probe >"$STATE/probe.txt"
    until curl -sS --config "$STATE/curl" -T "$STATE/probe.txt" "ftp://127.0.0.1:$FTP_TLS_PORT/probe.txt" >"$STATE/probe.log" 2>&1 9>&-; do
      pid >/dev/null && [ $SECONDS -lt $end ] || { cat "$STATE/probe.log" >&2; return 1; }
      sleep 0.1
    done
  )
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -f "$STATE/env" "$STATE/login" "$STATE/curl"; }

# ftp_certificate: an authority of its own, which nobody trusts who isn't told to, and what it signs for this machine
ftp_certificate() {
  [ ! -s "$STATE/tls.pem" ] || ! openssl x509 -checkend 86400 -noout -in "$STATE/tls.pem" >/dev/null || return 0
  (
    cd "$STATE"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=Sheave's tests" \
      -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.crt
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -keyout tls.key -out tls.csr
    printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >tls.ext
    openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 90 -extfile tls.ext -out tls.crt
    cat tls.crt tls.key >tls.pem
    rm -f ca.key tls.csr tls.ext tls.crt tls.key ca.srl
  ) >"$STATE/openssl.log" 2>&1 || { cat "$STATE/openssl.log" >&2; fail "openssl could not make a certificate"; }
}

# pyftpdlib: the folder with it, installed once for all checkouts of this user
pyftpdlib() {
  local requirements=$SERVICES/ftp/requirements.txt folder
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/sheave-services/pyftpdlib-$(cat "$requirements" <(python3 -V) | cksum | cut -d ' ' -f 1)
  if [ ! -d "$folder" ]; then
    python3 -m pip --version >/dev/null 2>&1 || fail "python3 has no pip: ftp needs it (Debian: apt-get install python3-pip)"
    say "ftp: installing pyftpdlib with pip" >&2
    mkdir -p "$(dirname "$folder")"
    python3 -m pip install --disable-pip-version-check --no-deps -r "$requirements" --target "$folder.$$" >"$STATE/pip.log" 2>&1 9>&- ||
      { cat "$STATE/pip.log" >&2; rm -rf "$folder.$$"; fail "pip could not install pyftpdlib"; }
    # renamed when it is whole: another checkout may do the same
    mv -T "$folder.$$" "$folder" 2>/dev/null || rm -rf "$folder.$$"
  fi
  say "$folder"
}
