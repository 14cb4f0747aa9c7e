# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# The namespaces of the lab and what runs in them.

namespaces() {
    ip netns list | while read -r name _; do
        case $name in
            "$lab-bastion" | "$lab-client" | "$lab-control1" | "$lab-worker1" | "$lab-worker2" | "$lab-api" | "$lab-pod-"*) printf '%s\n' "$name" ;;
        esac
    done
}

# The namespace of the bastion, the client, a node or a pod.
namespace() {
    if [[ $1 == bastion || $1 == client ]] || is_node "$1"; then
        printf '%s' "$lab-$1"
    else
        printf '%s' "$lab-pod-${1#pod/}"
    fi
}

is_there() {
    [[ -e /run/netns/$(namespace "$1") ]]
}

is_node() {
    local node
    for node in "${nodes[@]}"; do
        [[ $1 != "$node" ]] || return 0
    done
    return 1
}

need_node() {
    is_node "$1" || misuse "there is no node '$1': it is ${nodes[*]}"
}

# A file outlives a restart of the machine, namespaces do not.
is_up() {
    [[ -e $dir/up ]] && is_there bastion
}

need_up() {
    is_up || misuse "the lab is not up: run hack/lab.sh up"
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

# Ends all that runs in the namespaces given. Asked again and again, since an agent that still runs starts a BIRD for one
# that has ended.
empty() {
    (($#)) || return 0
    await 3 stop_all "$@" || await 5 kill_all "$@" || die "these processes do not end: $(pids "$@" | tr '\n' ' ')"
}

stop_all() {
    end TERM "$@"
    is_empty "$@"
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
    close_door
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
