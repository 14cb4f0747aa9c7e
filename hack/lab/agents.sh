# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# The agents, and what happens to a node.

program() {
    printf '%s' "${BELLMAN_LAB_PROGRAM:-bin/bellman}"
}

check_program() {
    [[ -n ${BELLMAN_LAB_PROGRAM-} || -r target/quarkus-app/quarkus-run.jar ]] || misuse "bin/bellman is not built: run make build"
}

# start_agent NODE [OPTION...]: the options are the agent's, for as long as it is supervised
start_agent() {
    local node=$1
    shift
    alive "$dir/$node/supervisor.pid" "$lab-$node" && return
    mkdir -p "$dir/$node"
    local source=(--from "$dir/state")
    ! has_api || source=()
    KUBECONFIG=$dir/api/kubeconfig spawn "$lab-$node" "$dir/$node/agent.log" bash hack/lab/supervise.sh \
        "$dir/$node/agent.pid" "$(program)" agent --node "$node" "${source[@]}" --run-dir "$dir/$node" "$@"
    echo "$spawned" > "$dir/$node/supervisor.pid"
}

agent_is_ready() {
    ip netns exec "$lab-$1" curl --silent --fail --output /dev/null --max-time 2 http://127.0.0.1:9479/q/health/ready
}

await_agents() {
    local node
    for node in "$@"; do
        await 90 agent_is_ready "$node" || die "the agent on $node does not get ready, its last lines:
$(tail -n 10 "$dir/$node/agent.log")"
    done
}

supervisor_is_gone() {
    ! alive "$dir/$1/supervisor.pid" "$lab-$1"
}

# signal_agent SIGNAL NODE: sets $old to the pid that it had
signal_agent() {
    alive "$dir/$2/agent.pid" "$lab-$2" || die "there is no agent on $2"
    old=$(< "$dir/$2/agent.pid")
    kill "-$1" "$old"
}

agent_is_another() {
    alive "$dir/$1/agent.pid" "$lab-$1" && [[ $(< "$dir/$1/agent.pid") != "$2" ]]
}

lab_agent() {
    local what=${1-} node=${2-} old
    (($# == 2)) || [[ $what == start && $# -gt 2 ]] || misuse "usage: hack/lab.sh agent start|stop|restart|kill NODE"
    need_up
    need_node "$node"
    case $what in
        start)
            check_program
            lock
            start_agent "$node" "${@:3}"
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
        restart)
            signal_agent TERM "$node"
            await 20 agent_is_another "$node" "$old" || die "the agent on $node does not end"
            await_agents "$node"
            ;;
        kill) signal_agent KILL "$node" ;;
        *) misuse "agent start, stop, restart or kill, not '$what'" ;;
    esac
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
    (($# == 2)) || misuse "usage: hack/lab.sh node lose|return NODE"
    [[ $what == lose || $what == return ]] || misuse "node lose or return, not '$what'"
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
            ip netns exec "$lab-$which" nft flush ruleset
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
    esac
}
