# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# Cables, addresses and routes.

build_network() {
    local node
    {
        for node in bastion client "${nodes[@]}"; do
            echo "netns add $lab-$node"
        done
    } | ip -batch -

    # Duplicate address detection would take a second for each address. Redirects would teach the bastion shortcuts that
    # are not in its routing table.
    local quiet=(ipv6/conf/all/accept_dad=0 ipv6/conf/default/accept_dad=0 ipv6/conf/all/accept_ra=0 ipv6/conf/default/accept_ra=0
        ipv4/conf/all/accept_redirects=0 ipv4/conf/default/accept_redirects=0 ipv4/conf/all/send_redirects=0
        ipv4/conf/default/send_redirects=0 ipv6/conf/all/accept_redirects=0 ipv6/conf/default/accept_redirects=0
        ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0)
    # Forwarding first: it sets others back to their defaults.
    for node in bastion "${nodes[@]}"; do
        sysctls "$lab-$node" ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 "${quiet[@]}"
    done
    sysctls "$lab-client" "${quiet[@]}"
    # Policy 1 hashes ports too, so that connections from one client are spread over the next hops.
    sysctls "$lab-bastion" ipv4/fib_multipath_hash_policy=1 ipv6/fib_multipath_hash_policy=1

    {
        echo "link set lo up"
        echo "link add ens5 type bridge stp_state 0 mcast_snooping 0"
        for node in "${nodes[@]}"; do
            echo "link add $node type veth peer name ens5 netns $lab-$node"
            echo "link set $node master ens5 up"
        done
        echo "addr add 10.0.1.10/24 dev ens5"
        echo "addr add fd00:10:0:1::10/64 dev ens5 nodad"
        echo "link set ens5 up"
    } | ip -n "$lab-bastion" -batch -
    # For the bastion's own connections Linux does not go by the hash: since 6.16 it draws a next hop for each whose port is
    # not bound, and another one when any route changes. What it forwards keeps its next hop as with any other router.
    ip -n "$lab-bastion" -batch - << END
link add client type veth peer name ens5 netns $lab-client
addr add 10.0.2.1/24 dev client
addr add fd00:10:0:2::1/64 dev client nodad
link set client up
END
    ip -n "$lab-client" -batch - << END
link set lo up
addr add 10.0.2.10/24 dev ens5
addr add fd00:10:0:2::10/64 dev ens5 nodad
link set ens5 up
route add default via 10.0.2.1
route add ::/0 via fd00:10:0:2::1
END
    for node in "${nodes[@]}"; do
        ip -n "$lab-$node" -batch - << END
link set lo up
addr add 10.0.1.${host[$node]}/24 dev ens5
addr add fd00:10:0:1::${host[$node]}/64 dev ens5 nodad
link set ens5 up
route add default via 10.0.1.10
route add ::/0 via fd00:10:0:1::10
END
    done
}

# The IPv6 address that goes with a pod's IPv4 address: 10.48.128.1 has fd00:48::128:1.
ipv6_of() {
    local a b
    IFS=. read -r _ _ a b <<< "$1"
    printf 'fd00:48::%s:%s' "$a" "$b"
}

# The name that Calico would give to the node's end of the cable.
cable_of() {
    local hash
    hash=$(printf 'yaobank.%s' "$1" | sha1sum)
    printf 'cali%s' "${hash:0:11}"
}

# The cable from a pod to its node, as Calico lays it: a /32, a gateway that proxy ARP answers for, no bridge.
wire_pod() {
    local name=$1 cable ip6 other
    cable=$(cable_of "$name")
    ip6=$(ipv6_of "$ip")
    ip -n "$lab-pod-$name" -batch - << END
link add eth0 type veth peer name $cable address ee:ee:ee:ee:ee:ee netns $lab-$node
addr add $ip/32 dev eth0
addr add $ip6/128 dev eth0 nodad
link set eth0 up
END
    ip -n "$lab-$node" link set "$cable" up
    # Proxy ARP answers at once instead of after up to 0.8 s.
    sysctls "$lab-$node" "ipv4/conf/$cable/proxy_arp=1" "ipv4/neigh/$cable/proxy_delay=0" "ipv4/conf/$cable/rp_filter=1"
    ip -n "$lab-$node" -batch - << END
route replace $ip/32 dev $cable scope link
route replace $ip6/128 dev $cable
END
    ip -n "$lab-pod-$name" -batch - << END
route add 169.254.1.1 dev eth0 scope link
route add default via 169.254.1.1
route add ::/0 via fe80::ecee:eeff:feee:eeee dev eth0
END
    for other in "${nodes[@]}"; do
        [[ $other == "$node" ]] || ip -n "$lab-$other" -batch - << END
route replace $ip/32 via 10.0.1.${host[$node]} dev ens5 proto static
route replace $ip6/128 via fd00:10:0:1::${host[$node]} dev ens5 proto static
END
    done
}

lab_link() {
    local what=${1-} node=${2-}
    (($# == 2)) || misuse "usage: hack/lab.sh link up|down NODE"
    need_up
    need_node "$node"
    [[ $what == up || $what == down ]] || misuse "link up or down, not '$what'"
    # The bastion's end, so that the node's own addresses and routes stay.
    ip -n "$lab-bastion" link set "$node" "$what"
}
