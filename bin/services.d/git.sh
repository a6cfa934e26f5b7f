# Git: git's own http-backend behind HTTPS, with a token, and giftless for LFS; and, where OpenSSH's server is there, SSH.
# debian: git=git git-lfs=git-lfs openssl=openssl python3=python3 sshd=openssh-server

service_summary() { say "Git over HTTPS with LFS, and SSH; needs git, git-lfs, openssl and Python 3 with pip; openssh-server for SSH"; }

service_address() { say "https://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local tool port ssh_port= sshd= python_path
  for tool in git git-lfs openssl python3; do
    command -v $tool >/dev/null || fail "$tool is not on the PATH: git needs it (Debian: apt-get install git git-lfs openssl python3 python3-pip)"
  done
  python_path=$(giftless)
  mkdir -p "$STATE/repositories" "$STATE/lfs"
  git_certificate
  random_hex 20 >"$STATE/token"
  port=$(choose_port)
  if sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd); then
    ssh_port=$port
    while [ "$ssh_port" = "$port" ] || ! port_is_free "$ssh_port"; do ssh_port=$((20000 + RANDOM % 12000)); done
    git_sshd "$ssh_port" "https://127.0.0.1:$port"
  fi
  {
    assign GIT_URL "https://127.0.0.1:$port"
    assign GIT_TOKEN "$(cat "$STATE/token")"
    assign GIT_CA_FILE "$STATE/ca.crt"
    assign GIT_REPOSITORIES "$STATE/repositories"
    assign GIT_LFS_OBJECTS "$STATE/lfs"
    if [ -n "$sshd" ]; then
      assign GIT_SSH_URL "ssh://$(id -un)@127.0.0.1:$ssh_port"
      assign GIT_SSH_KEY_FILE "$STATE/user-key"
      assign GIT_SSH_KNOWN_HOSTS_FILE "$STATE/known_hosts"
    fi
  } >"$STATE/env"
  PYTHONPATH=$python_path spawn python3 "$SERVICES/git/server.py" "$STATE" "$port" ${ssh_port:+"$ssh_port" "$sshd"}
}

# With git and git-lfs themselves: a repository with a submodule and an LFS object is pushed.
service_answers() {
  [ -s "$STATE/env" ] || return 1
  local end=$((SECONDS + 60))
  (
    . "$STATE/env"
    export HOME=$STATE/home GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_SSL_CAINFO=$GIT_CA_FILE
    mkdir -p "$HOME"
    # the credential over a file: a command line can be read by everybody
    printf 'https://test:%s@%s\n' "$GIT_TOKEN" "${GIT_URL#https://}" >"$HOME/.git-credentials"
    git config --global credential.helper store
    git config --global user.name test
    git config --global user.email test@example.com
    git config --global init.defaultBranch main
    git lfs install --skip-repo >/dev/null
    for name in main sub; do
      if [ ! -e "$GIT_REPOSITORIES/org/$name.git" ]; then
        git init -q --bare "$GIT_REPOSITORIES/org/$name.git"
        git -C "$GIT_REPOSITORIES/org/$name.git" config http.receivepack true
      fi
    done
    until git ls-remote "$GIT_URL/org/sub.git" >"$STATE/probe.log" 2>&1 9>&-; do
      pid >/dev/null && [ $SECONDS -lt $end ] || return 1
      sleep 0.1
    done
    [ -e "$STATE/filled" ] || git_fill >"$STATE/fill.log" 2>&1 9>&- || { cat "$STATE/fill.log" >&2; return 1; }
  )
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -rf "$STATE/env" "$STATE/token" "$STATE/home"; }

# git_fill: org/main.git with org/sub.git as the submodule 'library', and 'data/large.bin' in LFS
git_fill() {
  rm -rf "$STATE/work"
  mkdir "$STATE/work"
  cd "$STATE/work"
  git init -q sub
  say 'from the submodule' >sub/library.txt
  git -C sub add .
  git -C sub commit -q -m 'A library'
  git -C sub push -q --force "$GIT_URL/org/sub.git" HEAD:main
  git init -q main
  cd main
  git remote add origin "$GIT_URL/org/main.git"
  say 'from the repository' >readme.txt
  git lfs track '*.bin'
  mkdir data
  head -c 200000 /dev/urandom | base64 >data/large.bin
  git submodule add -q "$GIT_URL/org/sub.git" library
  git submodule set-url library ../sub.git
  git add .
  git commit -q -m 'All there is'
  git push -q --force origin HEAD:main
  cd "$STATE"
  rm -rf "$STATE/work"
  : >"$STATE/filled"
}

# git_certificate: an authority of its own, which nobody trusts who isn't told to, and what it signs for this machine
git_certificate() {
  [ ! -s "$STATE/tls.crt" ] || openssl x509 -checkend 86400 -noout -in "$STATE/tls.crt" >/dev/null && [ -s "$STATE/tls.crt" ] && return 0
  (
    cd "$STATE"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=Sheave's tests" \
      -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.crt
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -keyout tls.key -out tls.csr
    printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n' >tls.ext
    openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 90 -extfile tls.ext -out tls.crt
    rm -f ca.key tls.csr tls.ext ca.srl
  ) >"$STATE/openssl.log" 2>&1 || { cat "$STATE/openssl.log" >&2; fail "openssl could not make a certificate"; }
}

# git_sshd PORT ADDRESS: its settings; who logs in with the key gets what ssh_command.py allows
git_sshd() {
  local key
  for key in host-key user-key; do
    [ -s "$STATE/$key" ] || ssh-keygen -q -t ed25519 -N '' -C sheave-test -f "$STATE/$key"
  done
  [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd # where it must be is compiled in
  sed "s/^/[127.0.0.1]:$1 /" "$STATE/host-key.pub" >"$STATE/known_hosts"
  printf 'restrict,command="python3 %s %s %s" %s\n' "'$SERVICES/git/ssh_command.py'" "'$STATE'" "$2" "$(cat "$STATE/user-key.pub")" \
    >"$STATE/authorized_keys"
  cat >"$STATE/sshd_config" <<END
HostKey $STATE/host-key
PidFile none
AuthorizedKeysFile $STATE/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin forced-commands-only
AllowUsers $(id -un)
END
}

# giftless: the folder with it, installed once for all checkouts of this user
giftless() {
  local requirements=$SERVICES/git/requirements.txt folder
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/sheave-services/giftless-$(cat "$requirements" <(python3 -V) | cksum | cut -d ' ' -f 1)
  if [ ! -d "$folder" ]; then
    python3 -m pip --version >/dev/null 2>&1 || fail "python3 has no pip: git needs it (Debian: apt-get install python3-pip)"
    say "git: installing giftless with pip" >&2
    mkdir -p "$(dirname "$folder")"
    python3 -m pip install --disable-pip-version-check --no-deps -r "$requirements" --target "$folder.$$" >"$STATE/pip.log" 2>&1 9>&- ||
      { cat "$STATE/pip.log" >&2; rm -rf "$folder.$$"; fail "pip could not install giftless"; }
    # renamed when it is whole: another checkout may do the same
    mv -T "$folder.$$" "$folder" 2>/dev/null || rm -rf "$folder.$$"
  fi
  say "$folder"
}
