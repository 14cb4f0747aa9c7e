# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# The bastion's BIRD, and how those of the nodes are stopped.

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

birds_of() {
    local pid
    for pid in $(pids "$lab-$1"); do
        [[ $(cat "/proc/$pid/comm" 2> /dev/null) != bird ]] || echo "$pid"
    done
}

has_no_bird() {
    [[ -z $(birds_of "$1") ]]
}

lab_bird() {
    local what=${1-} name=${2-bastion} signal=TERM
    (($# == 1 || $# == 2)) || misuse "usage: hack/lab.sh bird start|stop|kill [NODE]"
    need_up
    [[ $name == bastion ]] || need_node "$name"
    lock
    case $what in
        start)
            [[ $name == bastion ]] || misuse "the BIRD of a node is started by its agent"
            bird_of_bastion_answers || start_bird
            ;;
        stop | kill)
            [[ $what == stop ]] || signal=KILL
            # shellcheck disable=SC2046 # one word each
            has_no_bird "$name" || kill "-$signal" $(birds_of "$name")
            # An agent starts the next one at once.
            [[ $name != bastion ]] || await 5 has_no_bird bastion || die "the bastion's BIRD does not end"
            ;;
        *) misuse "bird start, stop or kill, not '$what'" ;;
    esac
}
