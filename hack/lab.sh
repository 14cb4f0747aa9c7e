#!/usr/bin/env bash
# The lab: a bastion, three nodes and their pods on one machine, in network namespaces. See usage below.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# shellcheck source=hack/lib.sh
. hack/lib.sh

lab=${BELLMAN_LAB:-bellman}
dir=target/lab
[[ $lab == bellman ]] || dir=target/lab-$lab

nodes=(control1 worker1 worker2)
declare -A host=([bastion]=10 [control1]=20 [worker1]=30 [worker2]=31)

usage() {
    cat << END
usage: hack/lab.sh COMMAND

Builds a small cluster out of network namespaces: a bastion with BIRD (10.0.1.10, AS 64512), the nodes control1
(10.0.1.20), worker1 (10.0.1.30) and worker2 (10.0.1.31), each with an agent of Bellman's, and the pods of yaobank.
Needs root, and no address outside its namespaces. The agents watch $dir/state: edit a file there and the network follows.

  story                    tell the story of the lab from beginning to end, and remove it
  check                    say what this machine lacks, and touch nothing
  up [--no-agents] [--step 0|1|2]
                           build it and leave it running. At step 0 nothing is announced, at step 1 the range of
                           services is (the default), at step 2 customer has a route of its own
  down                     end all that runs in it, your own shells too, and remove it; only logs stay
  status                   what there is, and what the bastion has learned

  exec NAME COMMAND...     run a command on bastion, on a node, or in a pod
  commit MESSAGE           commit what was edited under $dir/state/policies
  agent start|stop|restart|kill NODE
                           stop ends the agent for good, restart ends it and kill kills it: the lab starts it again
  bird start|stop|kill     the bastion's own BIRD
  link up|down NODE        the cable between a node and the bastion
  node lose|return NODE    cut the cable and kill all that runs there, as when the power fails

  pod add NAME NODE IP [--kind customer|summary|database|echo] [--service NAMESPACE/NAME] [--port PORT]
  pod move NAME NODE       the same address, on another node
  pod ready NAME true|false|terminating
  pod delete NAME
  pod list                 name, node, address, kind, service, port, state

The pod commands write $dir/state/inventory/endpointslices.yaml, as the control plane of a cluster would.

BELLMAN_LAB=NAME makes a lab of another name beside others: namespaces NAME-worker1 ..., files in target/lab-NAME.
BELLMAN_LAB_PROGRAM is started in place of bin/bellman.
END
}

# ---------------------------------------------------------------------------------------------------------------------
# What this machine must have

# One line for each thing that is missing, and no more where one thing hides the others.
missing() {
    local tool
    [[ $(uname -s) == Linux ]] || { echo "the lab needs network namespaces, which only Linux has"; return; }
    for tool in ip:iproute2 bird:bird2 birdc:bird2 iptables-restore:iptables ip6tables-restore:iptables \
        iptables-save:iptables nft:nftables curl:curl git:git jq:jq flock:util-linux setsid:util-linux unshare:util-linux \
        sha1sum:coreutils; do
        has "${tool%:*}" || echo "there is no program ${tool%:*}: install the package ${tool#*:}"
    done
    if has bird && [[ $(bird --version 2>&1) != "BIRD version 2."* ]]; then
        echo "the lab needs BIRD 2, this is: $(bird --version 2>&1)"
    fi
    hack/find-jdk.sh --check > /dev/null 2>&1 || echo "there is no JDK 25 or newer: run hack/find-jdk.sh"
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
    lines=$(missing)
    [[ -n $lines ]] || return 0
    while read -r line; do
        printf '%s: %s\n' "$script" "$line" >&2
    done <<< "$lines"
    exit 2
}

program() {
    printf '%s' "${BELLMAN_LAB_PROGRAM:-bin/bellman}"
}

check_program() {
    [[ -n ${BELLMAN_LAB_PROGRAM-} || -r target/quarkus-app/quarkus-run.jar ]] || die "bin/bellman is not built: run make build"
}

# ---------------------------------------------------------------------------------------------------------------------
# Namespaces and what runs in them

namespaces() {
    ip netns list | while read -r name _; do
        case $name in
            "$lab-bastion" | "$lab-control1" | "$lab-worker1" | "$lab-worker2" | "$lab-pod-"*) printf '%s\n' "$name" ;;
        esac
    done
}

# The namespace of a bastion, node or pod.
namespace() {
    if [[ -n ${host[$1]-} ]]; then
        printf '%s' "$lab-$1"
    else
        printf '%s' "$lab-pod-${1#pod/}"
    fi
}

is_there() {
    [[ -e /run/netns/$(namespace "$1") ]]
}

is_node() {
    [[ $1 != bastion && -n ${host[$1]-} ]]
}

need_node() {
    is_node "$1" || die "there is no node '$1': it is ${nodes[*]}"
}

need_up() {
    [[ -e $dir/up ]] || die "the lab is not up: run hack/lab.sh up"
}

# sysctls NAMESPACE PATH=VALUE...: paths below /proc/sys/net
sysctls() {
    local namespace=$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    ip netns exec "$namespace" sh -c 'cd /proc/sys/net && for s; do echo "${s#*=}" >"${s%%=*}" || exit; done' - "$@"
}

# spawn NAMESPACE LOG COMMAND...: starts it in a session of its own, without our lock. Sets $spawned to its pid, since
# neither ip nor setsid stay between.
spawn() {
    local namespace=$1 log=$2
    shift 2
    ip netns exec "$namespace" setsid "$@" < /dev/null >> "$log" 2>&1 9>&- &
    spawned=$!
    # Until it is in its namespace it would be taken for a stranger; one that has ended already is found dead later.
    while kill -0 "$spawned" 2> /dev/null && [[ ! /proc/$spawned/ns/net -ef /run/netns/$namespace ]]; do
        sleep 0.002
    done
}

# alive PIDFILE NAMESPACE: whether the process that is written there still runs, rather than another one of its number.
alive() {
    local pid
    [[ -r $1 ]] && read -r pid < "$1" && [[ -n $pid && /proc/$pid/ns/net -ef /run/netns/$2 ]]
}

# listening PID PORT: asks the kernel, without a connection that would show in somebody's counters.
listening() {
    local port file
    printf -v port ':%04X' "$2"
    for file in /proc/"$1"/net/tcp6 /proc/"$1"/net/tcp; do
        grep -q "^ *[0-9]*: [0-9A-F]*$port [0-9A-F:]* 0A" "$file" 2> /dev/null && return
    done
    return 1
}

# await SECONDS COMMAND...: until the command succeeds; fails if it does not in that time.
await() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
        sleep 0.02
    done
}

pids() {
    local namespace
    for namespace in "$@"; do
        ip netns pids "$namespace" 2> /dev/null || true
    done
}

is_empty() {
    [[ -z $(pids "$@") ]]
}

# end SIGNAL NAMESPACE...: signals all that runs there.
end() {
    local signal=$1 all
    shift
    all=$(pids "$@")
    # shellcheck disable=SC2086 # one word each
    [[ -z $all ]] || kill "-$signal" $all 2> /dev/null || true
}

# Ends all that runs in the namespaces given. A supervisor goes first, so that it starts nothing again.
empty() {
    (($#)) || return 0
    end TERM "$@"
    await 3 is_empty "$@" || await 5 kill_all "$@" || die "these processes do not end: $(pids "$@" | tr '\n' ' ')"
}

kill_all() {
    end KILL "$@"
    is_empty "$@"
}

# One at a time for each lab. The lock is on its folder, so that no file is left over for it.
lock() {
    while true; do
        mkdir -p "$dir"
        exec 9< "$dir"
        flock -n 9 || { say "waiting for another command of this lab"; flock 9; }
        # The folder may have been removed, and made again, while we waited.
        if [[ $dir -ef /proc/self/fd/9 ]]; then
            break
        fi
    done
}

teardown() {
    local all name
    mapfile -t all < <(namespaces)
    empty "${all[@]}"
    for name in "${all[@]}"; do
        ip netns delete "$name" || true
    done
    [[ -z $(namespaces) ]] || die "these namespaces stay: $(namespaces | tr '\n' ' ')"
    if [[ -d $dir ]]; then
        find "$dir" -mindepth 1 ! -type d ! -name '*.log' -delete
        find "$dir" -mindepth 1 -depth -type d -empty -delete
        # Held by our lock, so nobody fills it meanwhile.
        rmdir "$dir" 2> /dev/null || true
    fi
}

# ---------------------------------------------------------------------------------------------------------------------
# Building it

build_network() {
    local node namespace
    {
        for node in bastion "${nodes[@]}"; do
            echo "netns add $lab-$node"
        done
    } | ip -batch -

    # Duplicate address detection would take a second for each address. Redirects would teach the bastion shortcuts that
    # are not in its routing table.
    local quiet=(ipv6/conf/all/accept_dad=0 ipv6/conf/default/accept_dad=0 ipv6/conf/all/accept_ra=0 ipv6/conf/default/accept_ra=0
        ipv4/conf/all/accept_redirects=0 ipv4/conf/default/accept_redirects=0 ipv4/conf/all/send_redirects=0
        ipv4/conf/default/send_redirects=0 ipv6/conf/all/accept_redirects=0 ipv6/conf/default/accept_redirects=0
        ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0)
    # Policy 1 hashes ports too, so that connections from one client are spread over the next hops.
    sysctls "$lab-bastion" "${quiet[@]}" ipv4/fib_multipath_hash_policy=1 ipv6/fib_multipath_hash_policy=1
    for node in "${nodes[@]}"; do
        # Forwarding first: it sets others back to their defaults.
        sysctls "$lab-$node" ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 "${quiet[@]}"
    done

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

bird_of_bastion_answers() {
    # In its folder, since the path of a socket may not be longer than 107 bytes.
    (cd "$dir/bastion" 2> /dev/null && birdc -s bird.ctl show status > /dev/null 2>&1)
}

start_bird() {
    local node
    mkdir -p "$dir/bastion"
    {
        cat hack/lab/bastion.conf
        for node in "${nodes[@]}"; do
            echo "protocol bgp $node from node { neighbor 10.0.1.${host[$node]} as 64512; ipv4 { import all; }; ipv6 { import all; }; }"
            echo "protocol bgp ${node}_ipv6 from node { neighbor fd00:10:0:1::${host[$node]} as 64512; ipv6 { import all; }; }"
        done
    } > "$dir/bastion/bird.conf"
    # In its folder for the same reason as above; relative paths in the configuration are relative to it.
    spawn "$lab-bastion" "$dir/bastion/bird.log" sh -c "cd '$dir/bastion' && exec bird -f -c bird.conf -s bird.ctl"
    echo "$spawned" > "$dir/bastion/bird.pid"
    await 5 bird_of_bastion_answers || die "BIRD on the bastion does not answer, its last lines:
$(tail -n 5 "$dir/bastion/bird.log")"
}

# The backends are compiled once; all labs share them, and `make clean` removes them.
compile_backend() {
    classes=target/lab-classes
    jdk=$(hack/find-jdk.sh)
    [[ $classes/Yaobank.class -nt hack/lab/Yaobank.java ]] && return
    mkdir -p "$classes"
    local fresh
    fresh=$(mktemp -d "$classes/.new.XXXXXX")
    "$jdk/bin/javac" -d "$fresh" hack/lab/Yaobank.java
    mv "$fresh"/*.class "$classes"
    rmdir "$fresh"
}

write_state() {
    local step=$1 state=$dir/state node
    mkdir -p "$state/policies" "$state/inventory"
    cat > "$state/.bellman.yaml" << 'END'
# What a command line would repeat. Paths are relative to this file.
inventory: inventory
clusterCIDR: 10.48.0.0/16
END
    cp gitops-examples/yaobank/inventory/services.yaml "$state/inventory/"
    {
        echo "# kubectl get nodes --output yaml"
        echo "apiVersion: v1"
        echo "kind: List"
        echo "items:"
        for node in "${nodes[@]}"; do
            cat << END
- apiVersion: v1
  kind: Node
  metadata:
    name: $node
    labels:
      kubernetes.io/hostname: $node
  status:
    addresses:
    - type: InternalIP
      address: 10.0.1.${host[$node]}
    - type: InternalIP
      address: fd00:10:0:1::${host[$node]}
    - type: Hostname
      address: $node
END
        done
    } > "$state/inventory/nodes.yaml"
    git_of_policies init --quiet --initial-branch=main --template=
    cp hack/lab/policies/*.yaml "$state/policies/"
    ((step > 0)) || sed -i 's/advertise: Always/advertise: OnDemand/' "$state/policies/datacenter.yaml"
    commit "Speak BGP with the bastion"
    ((step < 2)) || step2
}

git_of_policies() {
    # No settings, hooks or signatures of whoever runs this.
    env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 \
        git -C "$dir/state/policies" -c user.name=lab -c user.email=lab@example.com "$@"
}

commit() {
    git_of_policies add --all
    git_of_policies commit --quiet --message "$1"
}

# put FILE TARGET: in one step, so that no agent reads half of it. The new text is in the lab's folder, which no agent reads.
put() {
    cp "$1" "$dir/.new"
    mv "$dir/.new" "$dir/state/$2"
}

step1() {
    put hack/lab/policies/datacenter.yaml policies/datacenter.yaml
    commit "Announce the range of services from every node"
}

step2() {
    put gitops-examples/yaobank/step2-keep-one-service-local/customer.yaml policies/customer.yaml
    commit "Announce customer from where it runs"
}

# ---------------------------------------------------------------------------------------------------------------------
# Pods. What is known of one is in pods/NAME, a line: NODE IP KIND SERVICE PORT STATE

read_pod() {
    [[ $1 =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ && -r $dir/pods/$1 ]] || die "there is no pod '$1'"
    # shellcheck disable=SC2034 # used by those who call
    read -r node ip kind service port state < "$dir/pods/$1"
}

write_pod() {
    echo "$node $ip $kind $service $port $state" > "$dir/pods/$1"
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

start_pod() {
    local name=$1
    spawn "$lab-pod-$name" "$dir/pods/$name.log" "$jdk/bin/java" -Xms4m -Xmx24m -Xss256k -XX:+UseSerialGC \
        -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=8m -XX:-UsePerfData -cp "$classes" Yaobank "$kind" "$name" "$port"
    echo "$spawned" > "$dir/pods/$name.pid"
}

pod_answers() {
    alive "$dir/pods/$1.pid" "$lab-pod-$1" || die "pod $1 has died, its last lines:
$(tail -n 5 "$dir/pods/$1.log")"
    listening "$(< "$dir/pods/$1.pid")" "$2"
}

await_pod() {
    local node ip kind service port state
    read_pod "$1"
    await 20 pod_answers "$1" "$port" || die "pod $1 does not listen"
}

# make_pod NAME NODE IP KIND SERVICE PORT, and does not wait for it
make_pod() {
    local name=$1 node=$2 ip=$3 kind=$4 service=$5 port=$6 state=true
    mkdir -p "$dir/pods"
    write_pod "$name"
    ip netns add "$lab-pod-$name"
    sysctls "$lab-pod-$name" ipv6/conf/all/accept_dad=0 ipv6/conf/default/accept_dad=0
    ip -n "$lab-pod-$name" link set lo up
    wire_pod "$name"
    start_pod "$name"
}

# What the control plane of a cluster would write: an EndpointSlice for each service that has pods.
write_endpoints() {
    local file name node ip kind service port state ready serving terminating
    local -A slices=()
    for file in "$dir"/pods/*.pid; do
        [[ -e $file ]] || continue
        name=${file##*/}
        name=${name%.pid}
        read_pod "$name"
        [[ $service != - ]] || continue
        ready=$state serving=$state terminating=false
        # A pod that is going away still serves until it is gone.
        [[ $state != terminating ]] || ready=false serving=true terminating=true
        slices[$service:$port]+="
  - addresses:
    - $ip
    conditions:
      ready: $ready
      serving: $serving
      terminating: $terminating
    nodeName: $node
    targetRef:
      kind: Pod
      name: $name
      namespace: ${service%/*}"
    done
    {
        echo "# Written by the pod commands of hack/lab.sh: what you edit here stays until the next one."
        echo "apiVersion: v1"
        echo "kind: List"
        echo "items:${slices[*]:+}"
        for name in $(printf '%s\n' "${!slices[@]}" | sort); do
            service=${name%:*}
            cat << END
- apiVersion: discovery.k8s.io/v1
  kind: EndpointSlice
  metadata:
    name: ${service#*/}-${name##*:}
    namespace: ${service%/*}
    labels:
      kubernetes.io/service-name: ${service#*/}
  addressType: IPv4
  endpoints:${slices[$name]}
  ports:
  - name: http
    port: ${name##*:}
    protocol: TCP
END
        done
    } > "$dir/.endpoints"
    ((${#slices[@]})) || sed -i 's/^items:$/items: []/' "$dir/.endpoints"
    mv "$dir/.endpoints" "$dir/state/inventory/endpointslices.yaml"
}

pod_add() {
    local name=${1-} node=${2-} ip=${3-} kind=echo service='' port='' other
    (($# >= 3)) || die "usage: hack/lab.sh pod add NAME NODE IP [--kind KIND] [--service NAMESPACE/NAME] [--port PORT]"
    shift 3
    while (($#)); do
        (($# > 1)) || die "$1 needs a value"
        case $1 in
            --kind) kind=$2 ;;
            --service) service=$2 ;;
            --port) port=$2 ;;
            *) die "no option of pod add: $1" ;;
        esac
        shift 2
    done
    [[ $name =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ ]] || die "not the name of a pod: '$name'"
    need_node "$node"
    [[ $ip =~ ^10\.48\.[0-9]{1,3}\.[0-9]{1,3}$ ]] || die "not an address of pods, 10.48.0.0/16: '$ip'"
    case $kind in
        customer | summary) : "${port:=80}" "${service:=yaobank/$kind}" ;;
        database) : "${port:=2379}" "${service:=yaobank/$kind}" ;;
        echo) : "${port:=80}" "${service:=-}" ;;
        *) die "not a kind of pod: '$kind'" ;;
    esac
    [[ ! -e $dir/pods/$name ]] || die "there is a pod '$name' already"
    for other in "$dir"/pods/*.pid; do
        [[ ! -e $other ]] || [[ $(< "${other%.pid}") != *" $ip "* ]] || die "$ip is the address of another pod"
    done
    compile_backend
    # What fails half-way leaves nothing.
    trap 'remove_pod "$name"' EXIT
    make_pod "$name" "$node" "$ip" "$kind" "$service" "$port"
    await_pod "$name"
    trap - EXIT
    write_endpoints
}

remove_pod() {
    local name=$1 each ip6
    local node ip kind service port state
    read_pod "$name"
    ip6=$(ipv6_of "$ip")
    empty "$lab-pod-$name"
    # Deleting the namespace deletes the cable too, but some time later, and a new pod of that name may want one.
    ip -n "$lab-$node" link delete "$(cable_of "$name")" 2> /dev/null || true
    ip netns delete "$lab-pod-$name" 2> /dev/null || true
    for each in "${nodes[@]}"; do
        ip -n "$lab-$each" -force -batch - 2> /dev/null << END || true
route delete $ip/32
route delete $ip6/128
END
    done
    rm -f "$dir/pods/$name" "$dir/pods/$name.pid"
}

pod_delete() {
    local name=${1-} node ip kind service port state
    read_pod "$name"
    # As in a cluster: out of the endpoints first, then it ends.
    mv "$dir/pods/$name.pid" "$dir/pods/$name.leaving"
    write_endpoints
    mv "$dir/pods/$name.leaving" "$dir/pods/$name.pid"
    remove_pod "$name"
}

pod_move() {
    local name=${1-} to=${2-} node ip kind service port state
    read_pod "$name"
    need_node "$to"
    [[ $node != "$to" ]] || return 0
    ip -n "$lab-$node" link delete "$(cable_of "$name")"
    node=$to
    wire_pod "$name"
    write_pod "$name"
    write_endpoints
}

pod_ready() {
    local name=${1-} to=${2-} node ip kind service port state
    read_pod "$name"
    [[ $to =~ ^(true|false|terminating)$ ]] || die "ready is true, false or terminating, not '$to'"
    state=$to
    write_pod "$name"
    write_endpoints
}

pod_list() {
    local file name
    for file in "$dir"/pods/*.pid; do
        [[ -e $file ]] || continue
        name=${file##*/}
        name=${name%.pid}
        echo "$name $(< "$dir/pods/$name")"
    done | column_of
}

# Aligned where there is a program for it.
column_of() {
    if has column; then column -t; else cat; fi
}

lab_pod() {
    local what=${1-}
    (($#)) && shift
    case $what in
        add | move | ready | delete)
            need_up
            lock
            need_up
            "pod_$what" "$@"
            ;;
        list) pod_list ;;
        *) die "pod add, move, ready, delete or list, not '$what'" ;;
    esac
}

# ---------------------------------------------------------------------------------------------------------------------
# Agents

start_agent() {
    local node=$1
    alive "$dir/$node/supervisor.pid" "$lab-$node" && return
    mkdir -p "$dir/$node"
    spawn "$lab-$node" "$dir/$node/agent.log" bash hack/lab/supervise.sh "$dir/$node/agent.pid" \
        "$(program)" agent --node "$node" --from "$dir/state" --run-dir "$dir/$node"
    echo "$spawned" > "$dir/$node/supervisor.pid"
}

agent_is_ready() {
    ip netns exec "$lab-$1" curl --silent --fail --output /dev/null --max-time 2 http://127.0.0.1:9479/q/health/ready
}

await_agents() {
    local node
    for node in "$@"; do
        await 30 agent_is_ready "$node" || die "the agent on $node does not get ready, its last lines:
$(tail -n 10 "$dir/$node/agent.log")"
    done
}

supervisor_is_gone() {
    ! alive "$dir/$1/supervisor.pid" "$lab-$1"
}

# signal_agent SIGNAL NODE: prints the pid that it had
signal_agent() {
    alive "$dir/$2/agent.pid" "$lab-$2" || die "there is no agent on $2"
    kill "-$1" "$(< "$dir/$2/agent.pid")"
}

lab_agent() {
    local what=${1-} node=${2-}
    need_up
    need_node "$node"
    case $what in
        start)
            check_program
            lock
            start_agent "$node"
            await_agents "$node"
            ;;
        stop)
            lock
            if alive "$dir/$node/supervisor.pid" "$lab-$node"; then
                kill -TERM "$(< "$dir/$node/supervisor.pid")"
                await 15 supervisor_is_gone "$node" || die "the agent on $node does not end"
            fi
            rm -f "$dir/$node/supervisor.pid" "$dir/$node/agent.pid"
            ;;
        restart) signal_agent TERM "$node" ;;
        kill) signal_agent KILL "$node" ;;
        *) die "agent start, stop, restart or kill, not '$what'" ;;
    esac
}

# ---------------------------------------------------------------------------------------------------------------------
# Breaking things

bird_is_gone() {
    ! alive "$dir/bastion/bird.pid" "$lab-bastion"
}

lab_bird() {
    local what=${1-}
    need_up
    lock
    case $what in
        start) ! bird_is_gone || start_bird ;;
        stop | kill)
            bird_is_gone && return
            if [[ $what == stop ]]; then
                kill -TERM "$(< "$dir/bastion/bird.pid")"
            else
                kill -KILL "$(< "$dir/bastion/bird.pid")"
            fi
            await 5 bird_is_gone || die "the bastion's BIRD does not end"
            ;;
        *) die "bird start, stop or kill, not '$what'" ;;
    esac
}

lab_link() {
    local what=${1-} node=${2-}
    need_up
    need_node "$node"
    [[ $what == up || $what == down ]] || die "link up or down, not '$what'"
    # The bastion's end, so that the node's own addresses and routes stay.
    ip -n "$lab-bastion" link set "$node" "$what"
}

pods_on() {
    local file
    for file in "$dir"/pods/*.pid; do
        [[ -e $file ]] || continue
        file=${file%.pid}
        [[ $(< "$file") != "$1 "* ]] || printf '%s\n' "${file##*/}"
    done
}

lab_node() {
    local what=${1-} which=${2-} name all
    need_up
    need_node "$which"
    lock
    mapfile -t all < <(pods_on "$which")
    case $what in
        lose)
            # The cable first: a process that ends says goodbye to its peers, a node without power does not.
            lab_link down "$which"
            [[ ! -e $dir/$which/supervisor.pid ]] || touch "$dir/$which/had-agent"
            await 5 kill_all "$lab-$which" "${all[@]/#/$lab-pod-}" || die "not all that ran on $which ends"
            rm -f "$dir/$which/supervisor.pid" "$dir/$which/agent.pid"
            ;;
        return)
            lab_link up "$which"
            compile_backend
            for name in "${all[@]}"; do
                local node ip kind service port state
                read_pod "$name"
                alive "$dir/pods/$name.pid" "$lab-pod-$name" || start_pod "$name"
            done
            for name in "${all[@]}"; do
                await_pod "$name"
            done
            if [[ -e $dir/$which/had-agent ]]; then
                rm "$dir/$which/had-agent"
                start_agent "$which"
                await_agents "$which"
            fi
            ;;
        *) die "node lose or return, not '$what'" ;;
    esac
}

# ---------------------------------------------------------------------------------------------------------------------
# The commands

is_whole() {
    local node name
    [[ -e $dir/up ]] || return 1
    for node in bastion "${nodes[@]}"; do
        is_there "$node" || return 1
    done
    for name in "$dir"/pods/*.pid; do
        [[ -e $name ]] || continue
        name=${name##*/}
        name=${name%.pid}
        alive "$dir/pods/$name.pid" "$lab-pod-$name" || return 1
    done
    bird_of_bastion_answers
}

unfinished() {
    local code=$?
    trap - EXIT INT TERM HUP
    ((code)) || code=1
    printf '%s: the lab did not get up; what was built is removed, logs are in %s\n' "$script" "$dir" >&2
    teardown
    exit "$code"
}

lab_up() {
    local agents=1 step=1 node each
    while (($#)); do
        case $1 in
            --no-agents) agents=0 ;;
            --step)
                [[ ${2-} =~ ^[012]$ ]] || die "the step is 0, 1 or 2"
                step=$2
                shift
                ;;
            *) die "no option of up: $1" ;;
        esac
        shift
    done
    lab_check
    ((agents == 0)) || check_program
    lock
    if is_whole; then
        ((agents == 0)) || start_agents
        say "the lab is up already, its state is in $dir/state"
        return
    fi
    [[ -z $(namespaces) ]] || say "removing what is left of an earlier lab"
    trap unfinished EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    teardown
    find "$dir" -name '*.log' -delete 2> /dev/null || true
    # The folder that was locked may be gone.
    lock
    compile_backend
    build_network
    write_state "$step"
    make_pod customer worker2 10.48.0.43 customer yaobank/customer 80
    make_pod database worker2 10.48.128.0 database yaobank/database 2379
    make_pod summary-1 worker1 10.48.128.192 summary yaobank/summary 80
    make_pod summary-2 worker2 10.48.128.1 summary yaobank/summary 80
    write_endpoints
    start_bird
    for node in customer database summary-1 summary-2; do
        await_pod "$node"
    done
    ((agents == 0)) || start_agents
    touch "$dir/up"
    trap - EXIT INT TERM HUP
    say "the lab is up, its state is in $dir/state"
}

start_agents() {
    local node
    for node in "${nodes[@]}"; do
        start_agent "$node"
    done
    await_agents "${nodes[@]}"
}

lab_down() {
    ((EUID == 0)) || die "the lab belongs to root: run it with sudo"
    if [[ -z $(namespaces) && ! -d $dir ]]; then
        say "there is no lab"
        return
    fi
    lock
    teardown
    say "the lab is gone"
}

lab_status() {
    local node
    if [[ ! -e $dir/up ]]; then
        [[ -z $(namespaces) ]] || die "the lab is half up: run hack/lab.sh down"
        echo "there is no lab"
        return
    fi
    for node in "${nodes[@]}"; do
        if alive "$dir/$node/agent.pid" "$lab-$node"; then
            if agent_is_ready "$node"; then
                echo "$node: agent $(< "$dir/$node/agent.pid") is ready"
            else
                echo "$node: agent $(< "$dir/$node/agent.pid") is not ready"
            fi
        else
            echo "$node: no agent"
        fi
    done
    bird_of_bastion_answers && echo "bastion: BIRD $(< "$dir/bastion/bird.pid")" || echo "bastion: no BIRD"
    echo
    pod_list
    echo
    echo "The bastion's routes:"
    ip -n "$lab-bastion" route
    ip -n "$lab-bastion" -6 route | grep 'proto bird' || true
}

run() {
    local name=${1-}
    (($# >= 2)) || die "usage: hack/lab.sh exec NAME COMMAND..."
    shift
    is_there "$name" || die "there is no '$name' in this lab: it is bastion, ${nodes[*]} or a pod"
    exec ip netns exec "$(namespace "$name")" "$@"
}

[[ $lab =~ ^[a-z][a-z0-9]{0,19}$ ]] || die "BELLMAN_LAB is up to 20 letters and digits, not '$lab'"
command=${1-}
(($#)) && shift
case $command in
    check | up | down | status | agent | bird | link | node | pod) "lab_$command" "$@" ;;
    exec) run "$@" ;;
    commit)
        need_up
        (($# == 1)) || die "usage: hack/lab.sh commit MESSAGE"
        commit "$1"
        ;;
    story)
        # shellcheck source=hack/lab/story.sh
        . hack/lab/story.sh
        ;;
    -h | --help | help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
