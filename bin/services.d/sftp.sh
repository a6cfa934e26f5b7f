# SFTP: OpenSSH's server. Started by root it has a user of its own, who may log in with a key or a password, until it is
# stopped; started by somebody else it knows that person alone, and no password.
# debian: sshd=openssh-server sftp=openssh-client

# each checkout has its own
SFTP_OWN_USER=sheave-sftp-$(say "$ROOT" | cksum | cut -d ' ' -f 1)

service_summary() { say "SFTP server (OpenSSH); needs openssh-server and openssh-client; logins with a password only if root starts it"; }

service_address() { say "sftp://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local sshd port user password= tool
  sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || fail "sshd is not there: sftp needs OpenSSH (Debian: apt-get install openssh-server)"
  for tool in ssh-keygen sftp; do
    command -v $tool >/dev/null || fail "$tool is not on the PATH: sftp needs it (Debian: apt-get install openssh-client)"
  done
  for tool in host-key user-key; do
    [ -s "$STATE/$tool" ] || ssh-keygen -q -t ed25519 -N '' -C sheave-test -f "$STATE/$tool"
  done
  mkdir -p "$STATE/data"
  if [ "$(id -u)" -eq 0 ]; then
    user=$SFTP_OWN_USER
    password=$(random_hex 24)
    mkdir -p /run/sshd # where it must be is compiled in
    sftp_make_user "$user" "$password"
    # the user has to get to the data and the list of keys
    chmod 711 "$STATE"
    chown -R "$user" "$STATE/data"
  else
    user=$(id -un)
  fi
  install -m 644 "$STATE/user-key.pub" "$STATE/authorized_keys"
  port=$(choose_port)
  sed "s/^/[127.0.0.1]:$port /" "$STATE/host-key.pub" >"$STATE/known_hosts"
  cat >"$STATE/sshd_config" <<EOF
ListenAddress 127.0.0.1
Port $port
HostKey $STATE/host-key
PidFile none
AuthorizedKeysFile $STATE/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication $([ -n "$password" ] && say yes || say no)
KbdInteractiveAuthentication no
PubkeyAuthentication yes
AllowUsers $user
AllowTcpForwarding no
Subsystem sftp internal-sftp
ForceCommand internal-sftp
EOF
  {
    assign SFTP_HOST 127.0.0.1
    assign SFTP_PORT "$port"
    assign SFTP_USER "$user"
    assign SFTP_PASSWORD "${password:-none}"
    assign SFTP_KEY_FILE "$STATE/user-key"
    assign SFTP_KNOWN_HOSTS_FILE "$STATE/known_hosts"
    assign SFTP_DIRECTORY "$STATE/data"
  } >"$STATE/env"
  spawn "$sshd" -D -e -f "$STATE/sshd_config"
}

service_answers() {
  local end=$((SECONDS + 30))
  [ -s "$STATE/env" ] || return 1
  (
    . "$STATE/env"
    until sftp -q -b /dev/null -P "$SFTP_PORT" -i "$SFTP_KEY_FILE" -o BatchMode=yes -o IdentitiesOnly=yes -o ConnectTimeout=10 \
      -o UserKnownHostsFile="$SFTP_KNOWN_HOSTS_FILE" "$SFTP_USER@127.0.0.1" >"$STATE/probe.log" 2>&1 9>&-; do
      pid >/dev/null && [ $SECONDS -lt $end ] || return 1
      sleep 0.1
    done
  )
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() {
  rm -f "$STATE/env"
  if [ -e "$STATE/made-user" ]; then
    userdel "$SFTP_OWN_USER" >/dev/null 2>&1 || true
    rm -f "$STATE/made-user"
  fi
}

# sftp_make_user NAME PASSWORD: a system user without a shell; the password over standard input
sftp_make_user() {
  if ! id -u "$1" >/dev/null 2>&1; then
    useradd --system --no-create-home --home-dir "$STATE/data" --shell /usr/sbin/nologin "$1"
    : >"$STATE/made-user"
  fi
  printf '%s:%s\n' "$1" "$2" | chpasswd
}
