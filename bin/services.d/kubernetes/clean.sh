#!/usr/bin/env bash
# clean.sh FOLDER: ends and removes what a cluster in that folder has in the system: processes, containers, mounts, network.
# The folder's files stay.
set -uo pipefail

folder=$1
PATH=$PATH:/usr/sbin:/sbin
[ -d "$folder" ] || exit 0

# is_ours PID: it was started in the folder; its number may have been given to another since
is_ours() { [ "$(readlink "/proc/$1/cwd")" = "$folder" ]; }

ours=()
if [ -e "$folder/pids" ]; then
  while read -r pid; do if is_ours "$pid"; then ours+=("$pid"); fi; done <"$folder/pids"
fi
# the node last to start is the first to end, so that nothing is started again meanwhile
for ((i = ${#ours[@]} - 1; i >= 0; i--)); do kill -9 "${ours[i]}" 2>/dev/null; done

# each container has a shim, which outlives containerd; what runs in it is in its name spaces
for shim in $(grep -lsaF -- "$folder/containerd.sock" /proc/[0-9]*/cmdline); do
  shim=${shim%/cmdline}
  [[ $(cat "$shim/comm" 2>/dev/null) == containerd-shim* ]] || continue
  for child in $(cat "$shim"/task/*/children 2>/dev/null); do kill -9 "$child" 2>/dev/null; done
  kill -9 "${shim#/proc/}" 2>/dev/null
done

# a network name space for each pod
for space in $(cat "$folder"/addresses/*/* 2>/dev/null | tr -c 'a-z0-9/-' '\n' | grep '^cni-' | sort -u); do
  ip netns delete "$space" 2>/dev/null
done
for try in 1 2 3; do
  for mounted in $(awk -v root="$folder/" 'index($2, root) == 1 {print $2}' /proc/self/mounts | sort -r); do
    umount -l "$mounted" 2>/dev/null
  done
done
if [ -e "$folder/network" ]; then
  read -r bridge services <"$folder/network"
  ip link delete "$bridge" 2>/dev/null
  ip route delete unreachable "$services" 2>/dev/null
fi
rm -f "$folder/pids" "$folder/network" "$folder/ready"
exit 0
