# Kubernetes: a cluster of one node on this machine, with an image of a shell for tests. Its programs are built once, from the
# Go module, which takes minutes; all checkouts of this user share them.
# It needs root. Pods reach this machine and each other, and nothing outside; service addresses and names aren't served.
# debian: etcd=etcd-server containerd=containerd runc=runc ctr=containerd ip=iproute2 openssl=openssl busybox=busybox-static
# debian: /usr/lib/cni/bridge=containernetworking-plugins python3=python3

KUBERNETES_VERSION=v1.34.4
KUBERNETES_SHELL_IMAGE=sheave-test/shell:1
KUBERNETES_INOTIFY_INSTANCES=1024

service_summary() { say "Kubernetes; needs root, containerd, etcd, and Go (or Python with pip) for its build"; }

service_address() { say "https://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local programs port command
  PATH=$PATH:/usr/sbin:/sbin
  [ "$(id -u)" -eq 0 ] || fail "kubernetes: the kubelet needs root; with a cluster of your own set KUBECONFIG and KUBERNETES_TEST_IMAGE, and run the tests with 'mvn verify'"
  for command in etcd:etcd-server containerd:containerd runc:runc ip:iproute2 openssl:openssl busybox:busybox-static; do
    command -v "${command%:*}" >/dev/null || fail "${command%:*} is not on the PATH: kubernetes needs it (Debian: apt-get install ${command#*:})"
  done
  [ -x /usr/lib/cni/bridge ] || fail "/usr/lib/cni/bridge isn't there: kubernetes needs it (Debian: apt-get install containernetworking-plugins)"
  # a kubelet takes one for each log that is followed
  if [ "$(cat /proc/sys/fs/inotify/max_user_instances)" -lt $KUBERNETES_INOTIFY_INSTANCES ]; then
    (echo $KUBERNETES_INOTIFY_INSTANCES >/proc/sys/fs/inotify/max_user_instances) 2>/dev/null \
      || say "kubernetes: fs.inotify.max_user_instances is less than $KUBERNETES_INOTIFY_INSTANCES and can't be raised: no more logs than that can be followed at once"
  fi
  programs=$("$SERVICES/kubernetes/build.sh" "$KUBERNETES_VERSION" 9>&-)
  service_clean
  rm -rf "$STATE/cluster"
  mkdir -p "$STATE/cluster"
  until port=$(choose_port) && kubernetes_ports_are_free "$port"; do forget_port; done
  shell_root "$STATE/cluster/shell"
  {
    assign KUBECONFIG "$STATE/kubeconfig"
    assign KUBERNETES_TEST_IMAGE "$KUBERNETES_SHELL_IMAGE"
    assign KUBERNETES_CONTAINERD "$STATE/cluster/containerd.sock"
  } >"$STATE/env"
  spawn bash "$SERVICES/kubernetes/cluster.sh" "$programs" "$STATE/cluster" "$port" "$STATE/kubeconfig" "$KUBERNETES_SHELL_IMAGE"
}

# the API server's, and the next five
kubernetes_ports_are_free() {
  local i
  for i in 1 2 3 4 5; do port_is_free $(($1 + i)) || return 1; done
}

service_answers() {
  local i
  for ((i = 0; i < 1200; i++)); do
    if [ -e "$STATE/cluster/ready" ]; then
      timeout 20 "$("$SERVICES/kubernetes/build.sh" "$KUBERNETES_VERSION")/kubectl" --kubeconfig "$STATE/kubeconfig" \
        get --raw /readyz >/dev/null 2>&1 && return
    fi
    pid >/dev/null || return 1
    sleep 0.1
  done
  return 1
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -rf "$STATE/cluster/keys" "$STATE/kubeconfig"; }

# what a killed cluster leaves: its processes, mounts and network
service_clean() { bash "$SERVICES/kubernetes/clean.sh" "$STATE/cluster"; }
