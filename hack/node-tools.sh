#!/usr/bin/env bash
# Puts the Debian packages in place that a node and its tests need. Costs nothing where they are. See usage below.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# shellcheck source=hack/lib.sh
. "$here/lib.sh"

usage() {
    cat << EOF
usage: hack/node-tools.sh [--tests] [--check]

Sees to it that BIRD 2, iptables, nftables, conntrack, iproute2, curl, jq, socat and openssl are there: real nodes have them, and the lab
runs them. What is missing is installed with apt-get, which takes root.

  --tests   also what only tests run: git, pre-commit, and the Lua of Argo CD's health checks
  --check   install nothing; exit 0 if everything is there and 1 if not
  --help    show this text
EOF
}

# program:package
wanted=(bird:bird2 birdc:bird2 iptables-restore:iptables ip6tables-restore:iptables nft:nftables conntrack:conntrack
    ip:iproute2 curl:curl jq:jq socat:socat
    openssl:openssl)
wanted_by_tests=(git:git lua5.1:lua5.1 pre-commit:pre-commit)

look() {
    local one
    packages=()
    for one in "${wanted[@]}"; do
        has "${one%:*}" || [[ " ${packages[*]-} " == *" ${one#*:} "* ]] || packages+=("${one#*:}")
    done
}

check=
for option in "$@"; do
    case $option in
        --tests) wanted+=("${wanted_by_tests[@]}") ;;
        --check) check=1 ;;
        --help | -h)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done

look
((${#packages[@]})) || exit 0
[[ -z $check ]] || die "not there: ${packages[*]}"
has apt-get || die "install these by hand, there is no apt-get here: ${packages[*]}"
((EUID == 0)) || die "installing these takes root (sudo hack/node-tools.sh): ${packages[*]}"
begin_work "$cache/node-tools"
# A package's service must not start: the tests run their own.
printf '#!/bin/sh\nexit 101\n' > "$work/policy"
chmod +x "$work/policy"
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    cp "$work/policy" "$policy"
    trap 'rm -f "$policy"; end_work' EXIT
fi
install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
}
long "install ${packages[*]}" install || {
    long "read the lists of packages" apt-get update
    long "install ${packages[*]}" install
}
look
((${#packages[@]} == 0)) || die "still not there: ${packages[*]}"
