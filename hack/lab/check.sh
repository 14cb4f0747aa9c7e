# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# What this machine must have.

# The JDK that the build used, which sudo may hide from a search.
find_jdk() {
    [[ -r target/java-home ]] && read -r jdk < target/java-home && [[ -x $jdk/bin/javac ]] \
        || jdk=$(hack/find-jdk.sh --check 2> /dev/null)
}

# One line for each thing that is missing, and no more where one thing hides the others.
missing() {
    local tool
    for tool in ip:iproute2 bird:bird2 birdc:bird2 iptables-restore:iptables ip6tables-restore:iptables \
        iptables-save:iptables nft:nftables curl:curl git:git jq:jq flock:util-linux setsid:util-linux unshare:util-linux \
        sha1sum:coreutils; do
        has "${tool%:*}" || echo "there is no program ${tool%:*}: install the package ${tool#*:}"
    done
    if has bird && [[ $(bird --version 2>&1) != "BIRD version 2."* ]]; then
        echo "the lab needs BIRD 2, this is: $(bird --version 2>&1)"
    fi
    find_jdk || echo "there is no JDK 25 or newer: run hack/find-jdk.sh"
    ((EUID == 0)) || { echo "the lab makes network namespaces, which takes root: run it with sudo"; return; }
    has ip && has unshare || return 0
    # Namespaces that nobody else sees and that are gone when the command ends.
    unshare --net --mount sh -c 'mount -t sysfs lab /sys' 2> /dev/null \
        || { echo "this machine does not let root make network namespaces (a container without CAP_SYS_ADMIN?)"; return; }
    [[ -d /proc/sys/net/ipv6 ]] || echo "the kernel has no IPv6"
    unshare --net ip link add lab type bridge 2> /dev/null || echo "the kernel has no bridges (CONFIG_BRIDGE)"
    unshare --net ip link add lab type veth 2> /dev/null || echo "the kernel has no veth pairs (CONFIG_VETH)"
    unshare --net ip route add 192.0.2.0/24 nexthop dev lo nexthop dev lo 2>&1 | grep -q 'not supported' \
        && echo "the kernel has no routes with several next hops (CONFIG_IP_ROUTE_MULTIPATH)"
    for tool in iptables ip6tables; do
        has "$tool-restore" || continue
        unshare --net "$tool-restore" 2> /dev/null << 'END' || echo "$tool-restore cannot load rules such as kube-proxy's: the kernel lacks NAT or a match"
*nat
:L - [0:0]
-A L -m mark ! --mark 0x4000/0x4000 -j RETURN
-A L -m comment --comment "lab" -m statistic --mode random --probability 0.5 -j RETURN
-A L -m addrtype --dst-type LOCAL -j MARK --set-xmark 0x4000/0x4000
-A L -p tcp -m tcp --dport 80 -j DNAT --to-destination :80
-A POSTROUTING -j MASQUERADE --random-fully
COMMIT
*filter
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j REJECT
COMMIT
END
    done
}

lab_check() {
    local line lines
    (($# == 0)) || misuse "usage: hack/lab.sh check"
    lines=$(missing)
    [[ -n $lines ]] || return 0
    while read -r line; do
        printf '%s: %s\n' "$script" "$line" >&2
    done <<< "$lines"
    exit 2
}
