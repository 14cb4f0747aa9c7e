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

[[ $(uname -s) == Linux ]] || { echo "lab.sh: the lab needs network namespaces, which only Linux has" >&2; exit 2; }
nodes=(control1 worker1 worker2)
# shellcheck disable=SC2034 # for the parts
declare -A host=([bastion]=10 [control1]=20 [worker1]=30 [worker2]=31)

# For what cannot be done as it was asked, so that nothing has been done: 2, as Bellman's own commands end.
misuse() {
    printf '%s: %s\n' "$script" "$*" >&2
    exit 2
}

usage() {
    cat << END
usage: hack/lab.sh COMMAND

Builds a small cluster out of network namespaces: a bastion with BIRD (10.0.1.10, AS 64512), the nodes control1
(10.0.1.20), worker1 (10.0.1.30) and worker2 (10.0.1.31), each with an agent of Bellman's, and the pods of yaobank.
Needs root, and no address outside its namespaces. The agents watch $dir/state: edit a file there and the network follows.

  story                    tell the story of the lab from beginning to end, and remove it
  check                    say what this machine lacks, and touch nothing
  up [--no-agents] [--step 0|1|2] [--api]
                           build it and leave it running. At step 0 nothing is announced, at step 1 the range of
                           services is (the default), at step 2 customer has a route of its own. With --api the agents are fed by a
                           real kube-apiserver and the operator, both steps are taken with kubectl, and the
                           kubeconfig is $dir/kubeconfig
  down                     end all that runs in it, your own shells too, and remove it; only logs stay
  status                   what there is, input that agents cannot use, and what the bastion has learned

  exec NAME COMMAND...     run a command on bastion, on the client behind it (10.0.2.10), on a node, or in a pod
  commit MESSAGE           commit what was edited under $dir/state/policies
  agent start|stop|restart|kill NODE
                           restart waits for the next one; kill is kill -9, and the lab starts it again, too
  agent start NODE OPTION...
                           with more options, such as --on-shutdown withdraw
  bird start|stop|kill [NODE]
                           the bastion's own BIRD, or the one of a node, which its agent starts again
  link up|down NODE        the cable between a node and the bastion
  api stop|start           the API server of a lab that has one
  node lose|return NODE    cut the cable and kill all that runs there, as when the power fails

  pod add NAME NODE IP [--kind customer|summary|database|echo] [--service NAMESPACE/NAME] [--port PORT]
  pod move NAME NODE       the same address, on another node
  pod ready NAME true|false|terminating
  pod delete NAME
  pod list                 name, node, address, kind, service, port, state

The pod commands write $dir/state/inventory/endpointslices.yaml, as the control plane of a cluster would.
What the agent on NODE does is in $dir/NODE/agent.log, how it fares in $dir/NODE/status.json.

BELLMAN_LAB=NAME makes a lab of another name beside others: namespaces NAME-worker1 ..., files in target/lab-NAME.
BELLMAN_LAB_PROGRAM is started in place of bin/bellman.
END
}

for part in check processes network bird state pods agents api; do
    # shellcheck source=/dev/null
    . "hack/lab/$part.sh"
done

is_whole() {
    local node name
    [[ -e $dir/up ]] || return 1
    for node in bastion client "${nodes[@]}"; do
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
    local agents=1 step=1 api=0 node
    while (($#)); do
        case $1 in
            --no-agents) agents=0 ;;
            --api) api=1 ;;
            --step)
                [[ ${2-} =~ ^[012]$ ]] || misuse "the step is 0, 1 or 2"
                step=$2
                shift
                ;;
            *) misuse "no option of up: $1" ;;
        esac
        shift
    done
    lab_check
    ((api == 0)) || api_check
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
    ((api == 0)) || step=2
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
    ((api == 0)) || start_api
    ((agents == 0)) || start_agents
    if ((api)); then
        start_operator
        await_agents "${nodes[@]}"
        first_steps
    fi
    touch "$dir/up"
    trap - EXIT INT TERM HUP
    say "the lab is up, its state is in $dir/state"
}

start_agents() {
    local node
    for node in "${nodes[@]}"; do
        start_agent "$node"
    done
    # In a cluster they wait for the operator's plans.
    has_api || await_agents "${nodes[@]}"
}

lab_down() {
    (($# == 0)) || misuse "usage: hack/lab.sh down"
    ((EUID == 0)) || misuse "the lab belongs to root: run it with sudo"
    if [[ -z $(namespaces) && ! -d $dir ]]; then
        say "there is no lab"
        return
    fi
    lock
    teardown
    say "the lab is gone"
}

# Why the agent does not follow the state: input that it cannot use, and what does not work.
problems_of() {
    jq -r '(.inputProblems[] | "  input is held back: " + .), (.errors[] | "  error: " + .)' "$dir/$1/status.json" 2> /dev/null || true
}

lab_status() {
    local node
    (($# == 0)) || misuse "usage: hack/lab.sh status"
    if ! is_up; then
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
            problems_of "$node"
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
    (($# >= 2)) || misuse "usage: hack/lab.sh exec NAME COMMAND..."
    shift
    need_up
    is_there "$name" || misuse "there is no '$name' in this lab: it is bastion, client, ${nodes[*]} or a pod"
    exec ip netns exec "$(namespace "$name")" "$@"
}

[[ $lab =~ ^[a-z][a-z0-9]{0,19}$ ]] || misuse "BELLMAN_LAB is up to 20 letters and digits, not '$lab'"
command=${1-}
(($#)) && shift
case $command in
    check | up | down | status | agent | bird | link | node | pod | api) "lab_$command" "$@" ;;
    exec) run "$@" ;;
    commit)
        (($# == 1)) || misuse "usage: hack/lab.sh commit MESSAGE"
        need_up
        commit "$1"
        ;;
    story)
        # shellcheck source=hack/lab/story.sh
        . hack/lab/story.sh
        ;;
    -h | --help | help) usage ;;
    '')
        usage >&2
        exit 2
        ;;
    *) misuse "there is no command '$command': hack/lab.sh --help has them" ;;
esac
