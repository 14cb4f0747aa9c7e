# shellcheck shell=bash disable=SC2154,SC2016 # sourced by lab.sh, shares variables with its other parts
# The story of the lab: each command and what it really prints. Fails if anything comes out other than it says here, and
# removes the lab in any case.

bold='' dim='' plain=''
if [[ -t 1 && -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then
    bold=$'\033[1;36m' dim=$'\033[2m' plain=$'\033[0m'
fi

chapter() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
tell() { printf '%s\n' "$@"; }

# on NAME CODE COMMAND: shows the command as typed on that machine, runs it there, shows what it prints, keeps that in
# $out, and insists on its exit code.
on() {
    local name=$1 want=$2 command=$3 code=0
    printf '\n%s%s$ %s%s\n' "$dim" "$name" "$command" "$plain"
    if [[ $name == here ]]; then
        out=$(bash -o pipefail -c "$command" 2>&1) || code=$?
    else
        out=$(ip netns exec "$(namespace "$name")" bash -o pipefail -c "$command" 2>&1) || code=$?
    fi
    [[ -z $out ]] || printf '%s\n' "$out"
    ((code == want)) || die "'$command' on $name ended with $code instead of $want"
}

# expect REGEX...: each is a line, or part of one, of what was just printed.
expect() {
    local regex
    for regex in "$@"; do
        grep -Eq -- "$regex" <<< "$out" || die "the output above has no line like: $regex"
    done
}

refuse() {
    ! grep -Eq -- "$1" <<< "$out" || die "the output above should not have a line like: $1"
}

chain() { printf 'iptables -v --numeric --table %s --list %s' "${2-nat}" "$1"; }

# lists NAME CHAIN [TABLE]: the rules of a chain on a node
lists() { on "$1" 0 "$(chain "$2" "${3-nat}")"; }

has_rule() { ip netns exec "$lab-$1" iptables-save -t "$2" | grep -q -- "$3"; }

# Each agent works for its own node, so that the route, which worker2 announces, may be there before the others are done.
await_rule() { await 10 has_rule "$@" || die "10 s after the commit $1 has no rule like: $3"; }

# The bastion's own view, as `prefix next-hop next-hop ...`, sorted.
bastion_routes() {
    ip -n "$lab-bastion" -j route show proto bird \
        | jq -r '.[] | [(.dst | if contains("/") then . else . + "/32" end), (.gateway // (.nexthops | map(.gateway) | sort[]))] | join(" ")' | sort
}

bastion_has() { [[ $(bastion_routes) == "$1" ]]; }

# The same as Bellman predicts it.
predicted_routes() {
    "$(program)" routes --format json "$dir/state" | jq -r '.upstream[] | [.prefix, (.nextHops | sort[])] | join(" ")' | sort
}

# The commit of a step, and how long it took until the bastion had these routes.
commit_and_await() {
    local step=$1 wanted=$2 began
    began=${EPOCHREALTIME/[.,]/}
    "$step"
    await 10 bastion_has "$wanted" || die "10 s after the commit the bastion has: $(bastion_routes)
  instead of: $wanted"
    took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
}

sessions_are_up() {
    [[ $(cd "$dir/bastion" && birdc -s bird.ctl show protocols | grep -cE '^(control1|worker1|worker2) .* Established') == 3 ]]
}

story_ends() {
    local code=$?
    trap - EXIT INT TERM HUP
    ((code == 0)) || printf '%s: the story did not come out as told; logs are in %s\n' "$script" "$dir" >&2
    (lab_down) || code=1
    exit "$code"
}

range='10.49.0.0/16 10.0.1.20 10.0.1.30 10.0.1.31'
customer=KUBE-SVC-PX5FENG4GZJTCELT
external=KUBE-EXT-PX5FENG4GZJTCELT
local_only=KUBE-SVL-PX5FENG4GZJTCELT
database=KUBE-SVC-AE2X4VPDA5SRYCA6
summary=KUBE-SVC-OIQIZJVJK6E34BR4

lab_check
check_program
((!$#)) || misuse "the story takes no options"
[[ ! -e $dir/up ]] || die "the lab is up already; remove it with hack/lab.sh down, the story builds its own"
trap story_ends EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
(lab_up --step 0)

chapter 'A bank on three nodes'
tell '
                     bastion 10.0.1.10          BIRD, AS 64512; behind it a client, 10.0.2.10
          ┌──────────────┼──────────────┐
   control1 10.0.1.20  worker1 10.0.1.30  worker2 10.0.1.31     an agent of Bellman and a BIRD on each
                         │              │
                     summary-1      summary-2, customer, database

Each box is a network namespace of this machine, with an address, routes and rules of its own. A prompt names the one in
which a command runs: "worker1$ ..." is what `hack/lab.sh exec worker1 ...` does. "here$" is outside of all.'
on here 0 "hack/lab.sh pod list"
expect '^customer +worker2 +10\.48\.0\.43 ' '^database +worker2 +10\.48\.128\.0 ' '^summary-1 +worker1 +10\.48\.128\.192 ' \
    '^summary-2 +worker2 +10\.48\.128\.1 '
on here 0 "grep -E '^    (name|type|clusterIP):|nodePort:' $dir/state/inventory/services.yaml"
expect 'clusterIP: 10\.49\.60\.52' 'nodePort: 30180' 'clusterIP: 10\.49\.164\.49' 'clusterIP: 10\.49\.80\.32'
tell '' 'Pods come and go; the addresses of a service stay. What turns one into the other is next.'

chapter 'From a ClusterIP to a pod'
tell 'The agent on worker1 has programmed what kube-proxy would. All begins in the chain KUBE-SERVICES.'
lists worker1 KUBE-SERVICES
expect "$summary .* 10\.49\.80\.32 .*yaobank/summary:http cluster IP.* dpt:80" \
    "$customer .* 10\.49\.60\.52 .*yaobank/customer:http cluster IP.* dpt:80" \
    "$database .* 10\.49\.164\.49 .*yaobank/database:http cluster IP.* dpt:2379"
tell '' 'Look at: the destination of each rule is a ClusterIP, its target the chain of that service. Follow summary:'
lists worker1 $summary
expect 'KUBE-MARK-MASQ .* !10\.48\.0\.0/16 +10\.49\.80\.32 ' 'KUBE-SEP-NCOI6JAXVX2D4BXJ .* statistic mode random probability 0\.50000000000' \
    'KUBE-SEP-TVZHKMXMBG2BIHXS '
tell '' 'Look at: the two KUBE-SEP. The first is taken with probability 0.5, the second by all that is left: half and half.' \
    'The rule above them marks what does not come from a pod (10.48.0.0/16), so that its source address will be replaced.'
lists worker1 KUBE-SEP-NCOI6JAXVX2D4BXJ
expect 'KUBE-MARK-MASQ .* 10\.48\.128\.192 ' 'DNAT .* to:10\.48\.128\.192:80$'
lists worker1 KUBE-SEP-TVZHKMXMBG2BIHXS
expect 'KUBE-MARK-MASQ .* 10\.48\.128\.1 ' 'DNAT .* to:10\.48\.128\.1:80$'
tell '' 'Look at: DNAT. Each gives the packet the address of one pod; from here on it is ordinary routing.' \
    'database has one pod, so there is nothing to choose:'
lists worker1 $database
expect 'KUBE-MARK-MASQ .* !10\.48\.0\.0/16 +10\.49\.164\.49 ' 'KUBE-SEP-'
refuse 'statistic'
lists worker1 "$(grep -o 'KUBE-SEP-[A-Z0-9]*' <<< "$out")"
expect 'DNAT .* to:10\.48\.128\.0:2379$'
tell '' 'Forty connections from worker1 to summary:'
on worker1 0 "curl -sS --max-time 5 -H 'Connection: close' 'http://10.49.80.32/whoami?[1-40]' | cut -d ' ' -f 1 | sort | uniq -c"
expect 'pod=summary-1' 'pod=summary-2'
tell '' 'Look at: both pods answered, about half each.'

chapter 'From a node port to a pod'
on worker1 0 "$(chain KUBE-SERVICES) | tail -n 1"
expect 'KUBE-NODEPORTS .*ADDRTYPE match dst-type LOCAL$'
tell '' 'Look at: the last rule of KUBE-SERVICES sends what is meant for the node itself to KUBE-NODEPORTS.'
lists worker1 KUBE-NODEPORTS
expect "$external .*yaobank/customer:http.* dpt:30180"
lists worker1 $external
expect 'KUBE-MARK-MASQ .*masquerade traffic for yaobank/customer:http external destinations' "$customer "
tell '' 'Look at: KUBE-EXT. Up to Kubernetes 1.23 the rule above led to KUBE-SVC at once, which marked the traffic itself; since' \
    '1.24 what comes from outside has a chain of its own, where the external traffic policy is carried out. Remember it.'
lists worker1 $customer
expect 'KUBE-MARK-MASQ .* !10\.48\.0\.0/16 +10\.49\.60\.52 ' 'KUBE-SEP-GNFCEQXJBZQ2TQAR '
lists worker1 KUBE-SEP-GNFCEQXJBZQ2TQAR
expect 'KUBE-MARK-MASQ .* 10\.48\.0\.43 ' 'DNAT .* to:10\.48\.0\.43:80$'
tell '' 'The bastion asks the node ports of all three nodes. The pod runs on worker2 and says whom it saw:'
for last in 20 30 31; do
    on bastion 0 "curl -sS --max-time 5 10.0.1.$last:30180/whoami"
    expect "^pod=customer client=10\.0\.1\.$last\$"
done
tell '' "Look at: any node will do, but the pod never sees the bastion's address, 10.0.1.10: it was masqueraded."

chapter 'The bastion knows no way to a service'
on bastion 0 'ip route'
refuse '^10\.49\.'
on bastion 7 'curl -sS --max-time 5 10.49.60.52'
tell '' 'Look at: no route to 10.49.0.0/16, so the bastion does not even try. It does speak BGP with all nodes:'
await 15 sessions_are_up || true
on here 0 "cd $dir/bastion && birdc -s bird.ctl show protocols | grep -E '^(Name|[a-z0-9]+ +BGP) '"
expect '^control1 .*Established' '^worker1 .*Established' '^worker2 .*Established'

chapter 'Commit: every node announces the range'
commit_and_await step1 "$range"
on here 0 "git -C $dir/state/policies show --format='commit by %an: %s' --unified=1"
expect '^\+.*advertise: Always'
tell '' "$took ms after the commit began the bastion had learned this:"
on bastion 0 'ip route'
expect '^10\.49\.0\.0/16 proto bird' 'nexthop via 10\.0\.1\.20 ' 'nexthop via 10\.0\.1\.30 ' 'nexthop via 10\.0\.1\.31 '
tell '' 'Look at: one route with three next hops. The bastion spreads connections over all nodes (ECMP), each of which then' \
    'chooses a pod.'
on bastion 0 'curl -sS --max-time 10 10.49.60.52'
expect 'Name: Spike Curtis' 'Balance: 2389\.45' 'made by pod customer with the help of summary-[12], for 10\.0\.1\.(20|30|31)\.'
tell '' 'Look at: the page went from customer to summary to database and back, all through ClusterIPs. And whom customer saw:'
on bastion 0 "curl -sS --max-time 5 -H 'Connection: close' 'http://10.49.60.52/whoami?[1-30]' | sort | uniq -c"
expect 'client=10\.0\.1\.20' 'client=10\.0\.1\.3[01]'
refuse 'client=10\.0\.1\.10$'
tell '' 'Look at: the node that the bastion happened to choose, never the bastion. And mostly a node where the pod is not:' \
    'an extra hop.'

chapter 'Commit: customer is announced from where it runs'
commit_and_await step2 "$range
10.49.60.52/32 10.0.1.31"
on here 0 "git -C $dir/state/policies show --format='commit by %an: %s'"
expect '^\+ +trafficPolicy: Local'
await_rule control1 filter 'yaobank/customer:http has no local endpoints'
await_rule worker1 filter 'yaobank/customer:http has no local endpoints'
tell '' "$took ms after the commit began:"
on bastion 0 'ip route'
expect '^10\.49\.0\.0/16 proto bird' '^10\.49\.60\.52 via 10\.0\.1\.31 dev ens5 proto bird'
tell '' 'Look at: 10.49.60.52, a route of its own. The longer prefix wins, so customer is reached on worker2 without a detour.' \
    'Bellman says the same from the files alone, so that a pull request shows it before anything is applied:'
on here 0 "$(program) routes $dir/state"
[[ $(predicted_routes) == "$(bastion_routes)" ]] || die "the bastion's routes are not the predicted ones"
tell '' 'Look at: line and file behind each route.'

chapter 'Only worker2 answers at its node port'
on bastion 28 'curl -sS --max-time 2 10.0.1.20:30180'
lists control1 KUBE-EXTERNAL-SERVICES filter
expect 'DROP .*yaobank/customer:http has no local endpoints.* dpt:30180'
tell '' 'Look at: control1 has no pod of customer, and Local says: then drop it. On worker2 there is one:'
on bastion 0 'curl -sS --max-time 5 10.0.1.31:30180'
expect 'Name: Spike Curtis' 'for 10\.0\.1\.10\.'
on bastion 0 'curl -sS --max-time 5 10.0.1.31:30180/whoami'
expect '^pod=customer client=10\.0\.1\.10$'
tell '' "Look at: the client is 10.0.1.10. The pod sees the bastion itself now, and could be told whom to let in. Because:"
lists worker2 $external
expect "$local_only " "$customer .*10\.48\.0\.0/16 .*pod traffic for yaobank/customer:http external destinations" \
    'KUBE-MARK-MASQ .*masquerade LOCAL traffic for .*src-type LOCAL'
lists worker2 $local_only
expect 'KUBE-SEP-GNFCEQXJBZQ2TQAR '
tell '' 'Look at: KUBE-SVL, which holds the pods of this node alone, and is reached without a mark. Only what pods and the node' \
    'itself send takes the old way through KUBE-SVC.'

chapter 'At the ClusterIP the client stays hidden'
on bastion 0 'curl -sS --max-time 5 10.49.60.52/whoami'
expect '^pod=customer client=10\.0\.1\.31$'
tell '' 'Look at: 10.0.1.31 is worker2, although the policy is Local. Because:'
on worker2 0 "$(chain KUBE-SERVICES) | grep customer"
expect "$customer .* 10\.49\.60\.52 "
lists worker2 $customer
expect '^ +[1-9][0-9]* +[0-9]+ KUBE-MARK-MASQ .* !10\.48\.0\.0/16 +10\.49\.60\.52 '
tell '' 'Look at: a ClusterIP leads to KUBE-SVC, not to KUBE-EXT, and its first rule, which has counted packets, masks whatever' \
    'does not come from a pod. The external traffic policy is about node ports, external and load balancer addresses.' \
    'Advertising a ClusterIP does not make it one of them: if the pod must see its clients, advertise an external or a load' \
    'balancer address.'

chapter 'Try it yourself'
tell '  make lab-up                               leave it running: edit target/lab/state and see the network follow' \
    '  hack/lab.sh pod move customer worker1     the route follows the pod' \
    '  hack/lab.sh agent kill worker2            nothing happens, which is the point' \
    '  hack/lab.sh --help                        all that can be done to it' ''
