# SMB: Samba, with one share and one user, and users that it lets in no more. It changes to users of the machine, so root has to
# start it.
# debian: smbd=samba smbclient=smbclient

# each checkout has its own
SMB_OWN_USER=sheave-smb-$(say "$ROOT" | cksum | cut -d ' ' -f 1)
# what follows the user's name in the names of those that aren't let in
SMB_ENDED_USERS='disabled locked ended expired change'

service_summary() { say "SMB server (Samba); needs samba, and smbclient to see that it answers, and root"; }

service_address() { say "smb://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

smb_users() {
  local end
  say "$SMB_OWN_USER"
  for end in $SMB_ENDED_USERS; do say "$SMB_OWN_USER-$end"; done
}

# Each of those users for a reason of its own.
smb_end_users() {
  pdbedit() { command pdbedit -s "$STATE/smb.conf" "$@"; }
  pdbedit -u "$SMB_OWN_USER" -r -c '[X]' &&
    pdbedit -u "$SMB_OWN_USER-disabled" -r -c '[XD]' &&
    pdbedit -u "$SMB_OWN_USER-locked" -r -c '[XL]' &&
    pdbedit -u "$SMB_OWN_USER-ended" -r -c '[X]' -K 1 &&
    pdbedit -P 'maximum password age' -C 1 &&
    net -s "$STATE/smb.conf" sam set pwdmustchangenow "$SMB_OWN_USER-change" yes
}

service_start() {
  local port password tool folder name
  [ "$(id -u)" -eq 0 ] || fail "smb needs root: Samba changes to users of the machine"
  for tool in smbd smbpasswd smbclient; do
    command -v $tool >/dev/null || fail "$tool is not on the PATH: smb needs it (Debian: apt-get install samba samba-common-bin smbclient)"
  done
  for folder in data private lock state cache run ncalrpc; do mkdir -p "$STATE/$folder"; done
  password=$(random_hex 24)
  for name in $(smb_users); do
    if ! id -u "$name" >/dev/null 2>&1; then
      useradd --system --no-create-home --shell /usr/sbin/nologin "$name"
      say "$name" >>"$STATE/made-users"
    fi
  done
  chmod 711 "$STATE"
  chown -R "$SMB_OWN_USER" "$STATE/data"
  port=$(choose_port)
  cat >"$STATE/smb.conf" <<EOF
[global]
  workgroup = WORKGROUP
  server role = standalone server
  netbios name = SHEAVETEST
  disable netbios = yes
  smb ports = $port
  interfaces = 127.0.0.1
  bind interfaces only = yes
  server min protocol = SMB2
  server signing = mandatory
  private dir = $STATE/private
  lock directory = $STATE/lock
  state directory = $STATE/state
  cache directory = $STATE/cache
  pid directory = $STATE/run
  ncalrpc dir = $STATE/ncalrpc
  passdb backend = tdbsam:$STATE/private/passdb.tdb
  logging = file
  log file = $STATE/log.smbd
  load printers = no
  disable spoolss = yes
  map to guest = never
[data]
  path = $STATE/data
  read only = no
  valid users = $SMB_OWN_USER
[locked]
  path = $STATE/data
  read only = yes
  valid users = $SMB_OWN_USER
EOF
  # over standard input: a command line can be read by everybody
  for name in $(smb_users); do
    printf '%s\n%s\n' "$password" "$password" | smbpasswd -c "$STATE/smb.conf" -s -a "$name" >"$STATE/smbpasswd.log" 2>&1 9>&- ||
      { cat "$STATE/smbpasswd.log" >&2; fail "smbpasswd could not set the password of the test's user"; }
  done
  smb_end_users >"$STATE/pdbedit.log" 2>&1 9>&- || { cat "$STATE/pdbedit.log" >&2; fail "the test's users could not be changed"; }
  {
    assign SMB_HOST 127.0.0.1
    assign SMB_PORT "$port"
    assign SMB_USER "$SMB_OWN_USER"
    assign SMB_PASSWORD "$password"
    assign SMB_SHARE data
    assign SMB_READ_ONLY_SHARE locked
    assign SMB_DIRECTORY "$STATE/data"
  } >"$STATE/env"
  spawn smbd -s "$STATE/smb.conf" -F --no-process-group
}

service_answers() {
  local end=$((SECONDS + 30))
  [ -s "$STATE/env" ] || return 1
  (
    . "$STATE/env"
    printf 'username = %s\npassword = %s\n' "$SMB_USER" "$SMB_PASSWORD" >"$STATE/credentials"
    until smbclient -s "$STATE/smb.conf" -p "$SMB_PORT" -A "$STATE/credentials" "//127.0.0.1/$SMB_SHARE" -c ls >"$STATE/probe.log" 2>&1 9>&-; do
      pid >/dev/null && [ $SECONDS -lt $end ] || return 1
      sleep 0.1
    done
  )
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() {
  local name
  rm -f "$STATE/env" "$STATE/credentials"
  if [ -e "$STATE/made-users" ]; then
    while read -r name; do userdel "$name" >/dev/null 2>&1 || true; done <"$STATE/made-users"
    rm -f "$STATE/made-users"
  fi
}
