#!/usr/bin/env bash
# Puts a real Kubernetes API server and helm within reach of the tests. See usage below.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=hack/lib.sh
. "$here/lib.sh"

version=1.35.4
helm_version=3.22.0
dir=$cache/test-env/$version

usage() {
    cat << EOF
usage: hack/test-env.sh [--check]

Puts kube-apiserver, kube-proxy and kubectl $version, etcd and helm $helm_version into a folder outside the checkout and
prints that folder:

    dir=\$(hack/test-env.sh)

What is there already is used. Otherwise Kubernetes and helm are downloaded, or, where that is not possible, built from
their Go modules (6 and 4 minutes on 2 cores, once). etcd is taken from PATH, from Debian's package, or built.

  --check   do nothing; exit 0 if everything is there and 1 if not
  --help    show this text

BELLMAN_CACHE (default \$XDG_CACHE_HOME/bellman or ~/.cache/bellman) holds the folder, now:
$dir
EOF
}

# A file that is there may be of another version, for another machine or cut short: only one that runs counts.
works() {
    local name=$1 file=$2 answer
    [[ -x $file ]] || return 1
    case $name in
        etcd) answer=$("$file" --version 2> /dev/null) && [[ $answer == "etcd Version: 3."* ]] ;;
        kubectl) answer=$("$file" version --client 2> /dev/null) && [[ $answer == *": v$version"$'\n'* ]] ;;
        helm) answer=$("$file" version --template '{{.Version}}' 2> /dev/null) && [[ $answer == "v$helm_version" ]] ;;
        *) answer=$("$file" --version 2> /dev/null) && [[ $answer == "Kubernetes v$version" ]] ;;
    esac
}

# Sets $missing to the names that are not there yet. All are asked at once: one alone takes 100 ms.
look() {
    local name pid pids=()
    missing=()
    for name in etcd kube-apiserver kube-proxy kubectl helm; do
        works "$name" "$dir/$name" &
        pids+=("$name:$!")
    done
    for pid in "${pids[@]}"; do
        wait "${pid#*:}" || missing+=("${pid%:*}")
    done
}

missing_any_of() {
    local name
    for name in "${missing[@]}"; do
        [[ " $* " == *" $name "* ]] && return 0
    done
    return 1
}

put_in_place() {
    local name=$1 file=$2
    chmod +x "$file"
    works "$name" "$file" || return 1
    mv -f "$file" "$dir/$name"
}

# is_as_published NAME FILE: whether a download has the sum that was fetched into FILE.sha256
is_as_published() {
    if [[ $(digest 256 "$2") != "$(cut -d ' ' -f 1 "$2.sha256")" ]]; then
        say "$1: the download does not match its published sha256"
        return 1
    fi
}

download_kubernetes() {
    local url name
    if ! has curl; then
        say "no curl: Kubernetes is built instead of downloaded"
        return 1
    fi
    for name in "${missing[@]}"; do
        [[ $name != etcd && $name != helm ]] || continue
        url=https://dl.k8s.io/release/v$version/bin/linux/$arch/$name
        if ! fetch "$url.sha256" "$work/$name.sha256" 2> /dev/null; then
            say "dl.k8s.io does not answer: Kubernetes is built instead of downloaded"
            return 1
        fi
        long "download $name" fetch "$url" "$work/$name" || return 1
        is_as_published "$name" "$work/$name" || return 1
        put_in_place "$name" "$work/$name" || return 1
    done
}

download_helm() {
    local archive=helm-v$helm_version-linux-$arch.tar.gz
    has curl && has tar || return 1
    if ! fetch "https://get.helm.sh/$archive.sha256sum" "$work/$archive.sha256" 2> /dev/null; then
        say "get.helm.sh does not answer: helm is built instead of downloaded"
        return 1
    fi
    long "download helm" fetch "https://get.helm.sh/$archive" "$work/$archive" || return 1
    is_as_published helm "$work/$archive" || return 1
    tar -xzf "$work/$archive" -C "$work" "linux-$arch/helm" && put_in_place helm "$work/linux-$arch/helm"
}

# Whether there is a Go that can build the module in a folder here; else $no_go says why, for the message at the end.
find_go() {
    local module=$here/$1 needed have
    needed=$(awk '$1 == "go" {print $2}' "$module/go.mod")
    go=$(command -v go || true)
    [[ -n $go || ! -x /usr/local/go/bin/go ]] || go=/usr/local/go/bin/go
    if [[ -z $go ]]; then
        no_go="there is no go (needed: go $needed or newer)"
        return 1
    fi
    # In the module's folder a go that may fetch newer toolchains answers with the one that it would use.
    have=$(cd "$module" && "$go" env GOVERSION 2> /dev/null) || have=$("$go" version | cut -d ' ' -f 3)
    have=${have#go}
    if [[ $(printf '%s\n' "$needed" "${have%%[!0-9.]*}" | sort -V | head -n 1) != "$needed" ]]; then
        no_go="$go is go $have, and hack/$1/go.mod needs go $needed or newer"
        return 1
    fi
    no_go=
}

go_in_module() {
    cd "$here/$1"
    shift
    GOFLAGS='' GOWORK=off CGO_ENABLED=0 "$go" "$@"
}

build() {
    local name package ldflags
    find_go kubernetes || return 1
    # Without a version of its own the server takes itself for 0.0.0 and refuses most of its API.
    ldflags="-s -w -X k8s.io/component-base/version.gitVersion=v$version"
    ldflags+=" -X k8s.io/component-base/version.gitMajor=${version%%.*}"
    ldflags+=" -X k8s.io/component-base/version.gitMinor=$(cut -d . -f 2 <<< "$version")"
    say "building with $("$go" version); all of Kubernetes takes 6 minutes on 2 cores, once"
    long "fetch the Go modules" go_in_module kubernetes mod download || return 1
    for name in "$@"; do
        missing_any_of "$name" || continue
        package=k8s.io/kubernetes/cmd/$name
        [[ $name != etcd ]] || package=go.etcd.io/etcd/server/v3
        long "build $name" \
            go_in_module kubernetes build -p 2 -mod=readonly -trimpath -ldflags "$ldflags" -o "$work/$name" "$package" || return 1
        put_in_place "$name" "$work/$name" || return 1
    done
}

build_helm() {
    local ldflags="-s -w -X helm.sh/helm/v3/internal/version.version=v$helm_version" minor package
    find_go helm || return 1
    # Without a cluster helm takes the one of its client's version for granted, or 1.20 where nothing is said.
    minor=$(awk '$1 == "k8s.io/client-go" {split($2, part, "."); print part[2]}' "$here/helm/go.mod")
    for package in pkg/lint/rules pkg/chartutil; do
        ldflags+=" -X helm.sh/helm/v3/$package.k8sVersionMajor=1 -X helm.sh/helm/v3/$package.k8sVersionMinor=$minor"
    done
    say "building with $("$go" version); helm takes 4 minutes on 2 cores, once"
    long "fetch helm's Go modules" go_in_module helm mod download || return 1
    long "build helm" go_in_module helm build -p 2 -mod=readonly -trimpath -ldflags "$ldflags" -o "$work/helm" \
        helm.sh/helm/v3/cmd/helm || return 1
    put_in_place helm "$work/helm"
}

# The package is unpacked rather than installed: installing it starts an etcd service on the machine.
unpack_debian_etcd() {
    has apt-get && has dpkg || return 1
    cd "$work"
    apt-get download -q -o APT::Sandbox::User=root etcd-server || {
        # An image without package lists is the usual reason; only root can fetch them.
        [[ $(id -u) == 0 ]] && apt-get update -q && apt-get download -q -o APT::Sandbox::User=root etcd-server
    } || return 1
    dpkg -x etcd-server_*.deb "$work/etcd-server"
    mv "$work/etcd-server/usr/bin/etcd" "$work/etcd"
}

etcd_from_path() {
    local found
    found=$(command -v etcd) && works etcd "$found" || return 1
    ln -s "$found" "$work/etcd"
    mv -f "$work/etcd" "$dir/etcd"
    say "etcd: $found"
}

etcd_from_debian() {
    has apt-get && has dpkg || return 1
    long "fetch Debian's etcd" unpack_debian_etcd && put_in_place etcd "$work/etcd"
}

give_up() {
    die "still missing: ${missing[*]}
  Download: https://dl.k8s.io was not reached or did not serve v$version for linux/$arch; for helm, https://get.helm.sh.
  Build: ${no_go:-it failed, see above; it needs the Go module proxy (go env GOPROXY)}.
  Do one of these and run hack/test-env.sh again:
    - give this machine access to https://dl.k8s.io and https://get.helm.sh,
    - install a Go that hack/*/go.mod accept, and let it fetch modules,
    - put the missing programs (Kubernetes $version, helm $helm_version, any etcd 3) into $dir yourself.
  For etcd alone the package etcd-server of Debian and Ubuntu does too."
}

case ${1:-} in
    '') ;;
    --check)
        look
        ((${#missing[@]} == 0)) || die "missing in $dir: ${missing[*]}; run hack/test-env.sh"
        printf '%s\n' "$dir"
        exit
        ;;
    -h | --help)
        usage
        exit
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

look
if ((${#missing[@]})); then
    [[ $(uname -s) == Linux ]] || die "kube-apiserver and kube-proxy need Linux: use a Linux machine or container"
    case $(uname -m) in
        x86_64) arch=amd64 ;;
        aarch64 | arm64) arch=arm64 ;;
        *) arch=$(uname -m) ;;
    esac
    no_go=
    begin_work "$dir"
    look
    if missing_any_of etcd; then
        etcd_from_path || etcd_from_debian || build etcd || true
    fi
    if missing_any_of kube-apiserver kube-proxy kubectl; then
        download_kubernetes || { look && build kube-apiserver kube-proxy kubectl; } || true
    fi
    if missing_any_of helm; then
        download_helm || build_helm || true
    fi
    look
    ((${#missing[@]} == 0)) || give_up
    say "all there: $dir"
fi
printf '%s\n' "$dir"
