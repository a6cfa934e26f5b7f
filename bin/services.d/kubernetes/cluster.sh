#!/usr/bin/env bash
# cluster.sh PROGRAMS FOLDER PORT KUBECONFIG IMAGE: runs a cluster of one node until it is told to end, or a part of it ends.
# FOLDER/shell is the root of IMAGE. FOLDER/ready appears when the node is ready.
set -euo pipefail

programs=$1 folder=$2 port=$3 kubeconfig=$4 image=$5
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
etcd_port=$((port + 1)) peer_port=$((port + 2)) kubelet_port=$((port + 3)) health_port=$((port + 4)) stream_port=$((port + 5))
node=localhost
bridge=sheave-k$port
pods=10.244.$((port % 200))
services=10.96.$((port % 200)).0/24
cd "$folder"
umask 022 # containers run as other users; the folder itself is its owner's alone

trap 'exit 143' TERM INT
trap 'trap "" TERM INT; bash "$here/clean.sh" "$folder"' EXIT

start() {
  local name=$1
  shift
  "$@" >"$name.log" 2>&1 </dev/null &
  echo "$!" >>pids
}

# keep NAME COMMAND...: starts it again when it ends, as an operator's machine does; NAME.pid has its number
keep() {
  # shellcheck disable=SC2016 # for the inner shell
  start "$1" bash -c 'while :; do setpriv --pdeathsig KILL "$@" & echo "$!" >"$0.pid"; wait; sleep 0.2; done' "$@"
}

# await SECONDS COMMAND...: until it succeeds
await() {
  local end=$((SECONDS + $1))
  shift
  until timeout 5 "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "'$*' fails still" >&2; tail -n 5 ./*.log >&2; exit 1; }
    sleep 0.2
  done
}

# --- keys of one authority
mkdir keys
new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "keys/$1.key"; }
# certificate NAME SUBJECT EXTENSIONS
certificate() {
  new_key "$1"
  openssl req -new -key "keys/$1.key" -subj "$2" 2>/dev/null |
    openssl x509 -req -CA keys/ca.crt -CAkey keys/ca.key -CAcreateserial -days 30 -extfile <(printf '%s' "$3") -out "keys/$1.crt" 2>/dev/null
}
new_key ca
openssl req -x509 -new -key keys/ca.key -subj /CN=sheave-test -days 30 -out keys/ca.crt 2>/dev/null
certificate apiserver /CN=kube-apiserver "subjectAltName=IP:127.0.0.1,IP:$pods.1,DNS:localhost,DNS:kubernetes.default.svc"
certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
certificate kubelet "/O=system:nodes/CN=system:node:$node" extendedKeyUsage=clientAuth
openssl genrsa -out keys/accounts.key 2048 2>/dev/null
openssl rsa -in keys/accounts.key -pubout -out keys/accounts.pub 2>/dev/null
# kubeconfig_of NAME
kubeconfig_of() {
  cat <<C
apiVersion: v1
kind: Config
clusters: [{name: sheave-test, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(base64 -w0 keys/ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "keys/$1.crt"), client-key-data: $(base64 -w0 "keys/$1.key")}}]
contexts: [{name: sheave-test, context: {cluster: sheave-test, user: $1}}]
current-context: sheave-test
C
}
kubeconfig_of kubelet >kubelet.kubeconfig
kubeconfig_of admin >admin.kubeconfig

# --- the records
start etcd etcd --data-dir etcd --unsafe-no-fsync \
  --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
  --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
  --initial-cluster "default=http://127.0.0.1:$peer_port"
keep apiserver "$programs/kube-apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" \
  --bind-address 127.0.0.1 --secure-port "$port" --endpoint-reconciler-type none --allow-privileged \
  --service-cluster-ip-range "$services" --authorization-mode Node,RBAC \
  --client-ca-file keys/ca.crt --tls-cert-file keys/apiserver.crt --tls-private-key-file keys/apiserver.key --cert-dir keys \
  --service-account-issuer https://kubernetes.default.svc \
  --service-account-key-file keys/accounts.pub --service-account-signing-key-file keys/accounts.key \
  --kubelet-client-certificate keys/admin.crt --kubelet-client-key keys/admin.key --kubelet-preferred-address-types Hostname

# --- the network: a bridge that has no way outside
# 'ip netns' mounts its folder onto itself when it is first used, which would cover the mounts of pods: they could never end
ip netns add "$bridge"
ip netns delete "$bridge"
echo "$bridge $services" >network
ip link add "$bridge" type bridge
ip addr add "$pods.1/24" dev "$bridge"
ip link set "$bridge" up
ip route replace unreachable "$services"
mkdir cni
cat >cni/bridge.conflist <<C
{"cniVersion": "0.4.0", "name": "sheave-test", "plugins": [{"type": "bridge", "bridge": "$bridge", "isGateway": false, "ipMasq": false,
 "ipam": {"type": "host-local", "dataDir": "$folder/addresses",
  "ranges": [[{"subnet": "$pods.0/24", "gateway": "$pods.1"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
C

# --- containers
cat >containerd.toml <<C
version = 2
root = "$folder/containerd"
state = "$folder/containers"
[grpc]
  address = "$folder/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "sheave-test/pause:1"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "$stream_port"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$folder/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
C
start containerd containerd -c containerd.toml
engine() { ctr -a containerd.sock -n k8s.io "$@"; }
await 30 ctr -a containerd.sock version

# import ROOT IMAGE COMMAND: an image of one layer, made without a registry
import() {
  local layer config
  rm -rf archive
  mkdir archive
  tar -C "$1" --owner 0 --group 0 -cf archive/layer.tar .
  layer=$(sha256sum <archive/layer.tar)
  printf '{"architecture": "%s", "os": "linux", "config": {"Cmd": %s, "Env": ["PATH=/bin"]}, "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}' \
    "$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" "$3" "${layer%% *}" >archive/config
  config=$(sha256sum <archive/config)
  mv archive/config "archive/${config%% *}.json"
  printf '[{"Config": "%s.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]' "${config%% *}" "$2" >archive/manifest.json
  tar -C archive -cf - . | engine images import - >>images.log
  rm -rf archive
}
import shell "$image" '["/bin/sh"]'
import shell sheave-test/pause:1 '["/bin/sleep", "2147483647"]'

# --- the node and the controllers
: >resolv.conf
cat >kubelet.yaml <<C
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $kubelet_port
readOnlyPort: 0
healthzBindAddress: 127.0.0.1
healthzPort: $health_port
containerRuntimeEndpoint: unix://$folder/containerd.sock
cgroupDriver: cgroupfs
failSwapOn: false
failCgroupV1: false
resolvConf: $folder/resolv.conf
podLogsDir: $folder/pod-logs
makeIPTablesUtilChains: false
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%}
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $folder/keys/ca.crt}}
authorization: {mode: Webhook}
enforceNodeAllocatable: [pods]
nodeStatusUpdateFrequency: 4s
maxPods: 250
C
await 90 "$programs/kubectl" --kubeconfig admin.kubeconfig get --raw /readyz
start controllers "$programs/kube-controller-manager" --kubeconfig admin.kubeconfig --leader-elect=false --secure-port 0 \
  --service-account-private-key-file keys/accounts.key --root-ca-file keys/ca.crt
start scheduler "$programs/kube-scheduler" --kubeconfig admin.kubeconfig --leader-elect=false --secure-port 0
start kubelet "$programs/kubelet" --config kubelet.yaml --kubeconfig kubelet.kubeconfig --hostname-override "$node" \
  --node-ip "$pods.1" --root-dir "$folder/kubelet" --cert-dir "$folder/keys"
await 120 "$programs/kubectl" --kubeconfig admin.kubeconfig wait --for=condition=Ready "node/$node" --timeout=3s
await 60 "$programs/kubectl" --kubeconfig admin.kubeconfig get serviceaccount default
cp admin.kubeconfig "$kubeconfig"
touch ready

wait -n || true
echo "a part of the cluster ended:" >&2
tail -n 5 ./*.log >&2
exit 1
