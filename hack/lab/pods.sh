# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# Pods. What is known of one is in pods/NAME, a line: NODE IP KIND SERVICE PORT STATE.

# The backends are compiled once; all labs share them, and `make clean` removes them.
compile_backend() {
    classes=target/lab-classes
    find_jdk || die "there is no JDK 25 or newer: run hack/find-jdk.sh"
    [[ $classes/Yaobank.class -nt hack/lab/Yaobank.java ]] && return
    mkdir -p "$classes"
    local fresh
    fresh=$(mktemp -d "$classes/.new.XXXXXX")
    "$jdk/bin/javac" -d "$fresh" hack/lab/Yaobank.java
    mv "$fresh"/*.class "$classes"
    rmdir "$fresh"
}

read_pod() {
    [[ $1 =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ && -r $dir/pods/$1 ]] || misuse "there is no pod '$1'"
    # shellcheck disable=SC2034 # used by those who call
    read -r node ip kind service port state < "$dir/pods/$1"
}

write_pod() {
    echo "$node $ip $kind $service $port $state" > "$dir/pods/$1"
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

pod_add() {
    local name=${1-} node=${2-} ip=${3-} kind=echo service='' port='' other
    (($# >= 3)) || misuse "usage: hack/lab.sh pod add NAME NODE IP [--kind KIND] [--service NAMESPACE/NAME] [--port PORT]"
    shift 3
    while (($#)); do
        (($# > 1)) || misuse "$1 needs a value"
        case $1 in
            --kind) kind=$2 ;;
            --service) service=$2 ;;
            --port) port=$2 ;;
            *) misuse "no option of pod add: $1" ;;
        esac
        shift 2
    done
    [[ $name =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ ]] || misuse "not the name of a pod: '$name'"
    need_node "$node"
    [[ $ip =~ ^10\.48\.[0-9]{1,3}\.[0-9]{1,3}$ ]] || misuse "not an address of pods, 10.48.0.0/16: '$ip'"
    case $kind in
        customer | summary) : "${port:=80}" "${service:=yaobank/$kind}" ;;
        database) : "${port:=2379}" "${service:=yaobank/$kind}" ;;
        echo) : "${port:=80}" "${service:=-}" ;;
        *) misuse "not a kind of pod: '$kind'" ;;
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
    (($# == 1)) || misuse "usage: hack/lab.sh pod delete NAME"
    read_pod "$name"
    # As in a cluster: out of the endpoints first, then it ends.
    mv "$dir/pods/$name.pid" "$dir/pods/$name.leaving"
    write_endpoints
    mv "$dir/pods/$name.leaving" "$dir/pods/$name.pid"
    remove_pod "$name"
}

pod_move() {
    local name=${1-} to=${2-} node ip kind service port state
    (($# == 2)) || misuse "usage: hack/lab.sh pod move NAME NODE"
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
    (($# == 2)) || misuse "usage: hack/lab.sh pod ready NAME true|false|terminating"
    read_pod "$name"
    [[ $to =~ ^(true|false|terminating)$ ]] || misuse "ready is true, false or terminating, not '$to'"
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
        list)
            (($# == 0)) || misuse "usage: hack/lab.sh pod list"
            need_up
            pod_list
            ;;
        *) misuse "pod add, move, ready, delete or list, not '$what'" ;;
    esac
}
