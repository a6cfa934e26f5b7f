# Docker: an engine of its own on a socket in .services, with a small image of a shell for tests.
# It needs root. Containers reach nothing outside this machine; with host networking they reach its loopback device.
# debian: dockerd=docker.io iptables=iptables busybox=busybox-static tini-static=tini

DOCKER_SHELL_IMAGE=sheave-test/shell:1

service_summary() { say "Docker engine; needs root and docker.io"; }

service_address() { say "unix://$STATE/docker.sock"; }

service_start() {
  PATH=$PATH:/usr/sbin:/sbin
  [ "$(id -u)" -eq 0 ] || fail "docker: the engine needs root; with an engine of your own set DOCKER_HOST and run the tests with 'mvn verify'"
  command -v dockerd >/dev/null || fail "dockerd is not on the PATH: docker needs it (Debian: apt-get install docker.io iptables)"
  docker_unmount
  rm -f "$STATE/docker.sock" "$STATE/docker.pid"
  {
    assign DOCKER_HOST "$(service_address)"
    assign DOCKER_TEST_IMAGE "$DOCKER_SHELL_IMAGE"
  } >"$STATE/env"
  spawn dockerd --data-root "$STATE/data" --exec-root "$STATE/exec" --pidfile "$STATE/docker.pid" \
    --host "$(service_address)" --group root --ip 127.0.0.1 --ip-forward=false --ip-masq=false --shutdown-timeout 5
}

service_answers() {
  local i
  for ((i = 0; i < 300; i++)); do
    if docker_command info >/dev/null 2>&1; then docker_shell_image; return; fi
    pid >/dev/null || return 1
    sleep 0.1
  done
  return 1
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { :; }

# containers and their network name spaces are mounted in the state folder
service_clean() { docker_unmount; }

docker_command() { timeout 60 docker --host "$(service_address)" "$@"; }

docker_unmount() {
  local mounted
  for mounted in $(awk -v root="$STATE/" 'index($2, root) == 1 {print $2}' /proc/self/mounts | sort -r); do
    umount -l "$mounted" || true
  done
}

# docker_shell_image: an image with a static busybox, made without a registry
docker_shell_image() {
  local root=$STATE/shell
  if docker_command image inspect "$DOCKER_SHELL_IMAGE" >/dev/null 2>&1; then return; fi
  rm -rf "$root"
  shell_root "$root"
  tar -C "$root" --owner 0 --group 0 -cf - . | docker_command import --change 'ENV PATH=/bin' - "$DOCKER_SHELL_IMAGE" >/dev/null
  rm -rf "$root"
}
