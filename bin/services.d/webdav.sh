# WebDAV: Apache httpd with mod_dav, with and without TLS, for one user with a password. The certificate is its own.
# debian: apache2=apache2-bin openssl=openssl

service_summary() { say "WebDAV server (Apache httpd); needs apache2-bin and openssl"; }

service_address() { say "http://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local httpd modules port tls user=sheave-dav-test password module
  httpd=$(PATH=$PATH:/usr/sbin:/sbin command -v apache2 || PATH=$PATH:/usr/sbin:/sbin command -v httpd) ||
    fail "Apache httpd is not there: webdav needs it (Debian: apt-get install apache2-bin)"
  command -v openssl >/dev/null || fail "openssl is not on the PATH: webdav needs it (Debian: apt-get install openssl)"
  for modules in /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/libexec/apache2 ''; do
    [ ! -e "$modules/mod_dav_fs.so" ] || break
  done
  [ -n "$modules" ] || fail "mod_dav_fs.so is not in any folder where Apache httpd keeps its modules"
  mkdir -p "$STATE/data" "$STATE/run"
  port=$(choose_port)
  tls=$port
  while [ "$tls" = "$port" ] || ! port_is_free "$tls"; do tls=$((20000 + RANDOM % 12000)); done
  password=$(random_hex 24)
  [ -s "$STATE/certificate.pem" ] ||
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=sheave-test -addext subjectAltName=IP:127.0.0.1 \
      -keyout "$STATE/key.pem" -out "$STATE/certificate.pem" >"$STATE/openssl.log" 2>&1
  # over standard input: a command line can be read by everybody
  printf '%s:%s\n' "$user" "$(printf '%s\n' "$password" | openssl passwd -apr1 -stdin)" >"$STATE/users"
  {
    say "ServerName 127.0.0.1"
    say "Listen 127.0.0.1:$port"
    say "Listen 127.0.0.1:$tls"
    say "PidFile $STATE/run/pid"
    say "DefaultRuntimeDir $STATE/run"
    say "DocumentRoot $STATE/data"
    say "ErrorLog $STATE/error.log"
    for module in mpm_event auth_basic authn_core authn_file authz_core authz_user dav dav_fs ssl socache_shmcb; do
      # some are built in
      [ ! -e "$modules/mod_$module.so" ] || say "LoadModule ${module}_module $modules/mod_$module.so"
    done
    if [ "$(id -u)" -eq 0 ]; then
      # it doesn't serve as root
      chmod 711 "$STATE"
      chown -R nobody "$STATE/data" "$STATE/run"
      chown nobody "$STATE/users"
      say "User nobody"
      say "Group $(id -gn nobody)"
    fi
    cat <<EOF
Mutex file:$STATE/run
KeepAlive On
MaxKeepAliveRequests 0
DavLockDB $STATE/run/locks
<Directory />
  AllowOverride None
  Require all denied
</Directory>
<Directory $STATE/data>
  Dav On
  AuthType Basic
  AuthName sheave-test
  AuthUserFile $STATE/users
  Require valid-user
</Directory>
<VirtualHost 127.0.0.1:$tls>
  SSLEngine on
  SSLCertificateFile $STATE/certificate.pem
  SSLCertificateKeyFile $STATE/key.pem
</VirtualHost>
EOF
  } >"$STATE/httpd.conf"
  {
    assign WEBDAV_PORT "$port"
    assign WEBDAV_TLS_PORT "$tls"
    assign WEBDAV_USER "$user"
    assign WEBDAV_PASSWORD "$password"
    assign WEBDAV_CERTIFICATE_FILE "$STATE/certificate.pem"
    assign WEBDAV_DIRECTORY "$STATE/data"
  } >"$STATE/env"
  spawn "$httpd" -d "$STATE" -f "$STATE/httpd.conf" -D FOREGROUND
}

service_answers() {
  local end=$((SECONDS + 30)) answer request
  [ -s "$STATE/env" ] || return 1
  request=$(
    . "$STATE/env"
    printf 'PROPFIND / HTTP/1.0\r\nDepth: 0\r\nAuthorization: Basic %s\r\n\r\n.' \
      "$(printf '%s:%s' "$WEBDAV_USER" "$WEBDAV_PASSWORD" | base64 | tr -d '\n')"
  )
  until answer=$(webdav_ask "${request%.}") && [[ $answer = *' 207 '* ]]; do
    pid >/dev/null && [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# webdav_ask REQUEST: the first line of the answer
webdav_ask() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$(cat "$STATE/port")"
    printf '%s' "$1" >&3
    IFS= read -r -t 10 line <&3
    say "$line"
  ) 2>/dev/null
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -f "$STATE/env" "$STATE/users"; }
