# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# The API server of the lab and the operator, in place of a folder.
#
# They have a namespace of their own. Sockets in the file system lead from every other one to it, so that nothing needs an
# address outside the namespaces: to each the API server is 127.0.0.1:6443, and to the machine itself a free port there.

has_api() {
    [[ -e $dir/api/kubeconfig ]]
}

api_check() {
    local tool
    for tool in socat openssl; do
        has "$tool" || misuse "there is no program $tool, which a lab with an API server needs: install the package $tool"
    done
}

kube() {
    "$(< "$dir/api/programs")/kubectl" --kubeconfig "$dir/kubeconfig" "$@"
}

# write_kubeconfig FILE PORT
write_kubeconfig() {
    # Whoever can read it may do everything.
    install -m 600 /dev/null "$1"
    cat > "$1" << END
apiVersion: v1
kind: Config
current-context: lab
contexts:
- name: lab
  context: {cluster: lab, user: lab}
clusters:
- name: lab
  cluster:
    server: https://127.0.0.1:$2
    certificate-authority-data: $(base64 -w0 "$dir/api/apiserver.crt")
users:
- name: lab
  user: {token: $token}
END
}

api_is_ready() {
    [[ -s $dir/api/apiserver.crt ]] \
        && ip netns exec "$lab-api" curl --silent --fail --output /dev/null --max-time 2 --cacert "$dir/api/apiserver.crt" \
            --header "Authorization: Bearer $token" https://127.0.0.1:6443/readyz
}

etcd_is_ready() {
    ip netns exec "$lab-api" curl --silent --fail --output /dev/null --max-time 2 http://127.0.0.1:2379/health
}

spawn_api() {
    spawn "$lab-api" "$dir/api/kube-apiserver.log" "$programs/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
        --bind-address=127.0.0.1 --secure-port=6443 --advertise-address=127.0.0.1 --endpoint-reconciler-type=none \
        --cert-dir="$dir/api" --token-auth-file="$dir/api/tokens" --authorization-mode=RBAC \
        --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file="$dir/api/service-accounts.key" \
        --service-account-signing-key-file="$dir/api/service-accounts.key" \
        --disable-admission-plugins=ServiceAccount --service-cluster-ip-range=10.49.0.0/16,fd00:10:49::/112
    echo "$spawned" > "$dir/api/kube-apiserver.pid"
}

# The API server away and back again; etcd stays.
lab_api() {
    local programs token
    (($# == 1)) || misuse "usage: hack/lab.sh api stop|start"
    need_up
    has_api || misuse "this lab has no API server: hack/lab.sh up --api"
    lock
    programs=$(< "$dir/api/programs")
    token=$(cut -d, -f1 "$dir/api/tokens")
    case ${1-} in
        stop)
            kill -TERM "$(< "$dir/api/kube-apiserver.pid")"
            await 30 api_is_gone || die "kube-apiserver does not end"
            ;;
        start)
            spawn_api
            await 60 api_is_ready || die "kube-apiserver does not get ready"
            ;;
        *) misuse "api stop or start, not '$1'" ;;
    esac
}

api_is_gone() {
    ! alive "$dir/api/kube-apiserver.pid" "$lab-api"
}

start_api() {
    local node programs
    programs=$(hack/test-env.sh)
    mkdir -p "$dir/api"
    echo "$programs" > "$dir/api/programs"
    ip netns add "$lab-api"
    ip -n "$lab-api" link set lo up
    token=$(openssl rand -hex 16)
    openssl genrsa -out "$dir/api/service-accounts.key" 2048 2> /dev/null
    install -m 600 /dev/null "$dir/api/tokens"
    echo "$token,lab,lab,system:masters" > "$dir/api/tokens"
    chmod 600 "$dir/api/service-accounts.key"
    spawn "$lab-api" "$dir/api/etcd.log" "$programs/etcd" --data-dir "$dir/api/etcd" --unsafe-no-fsync
    await 20 etcd_is_ready || die "etcd does not start, its last lines:
$(tail -n 5 "$dir/api/etcd.log")"
    spawn_api
    # Its path may not be longer than 107 bytes, so it is a relative one.
    spawn "$lab-api" "$dir/api/socat.log" socat "UNIX-LISTEN:$dir/api/socket,fork" TCP:127.0.0.1:6443
    await 60 api_is_ready || die "kube-apiserver does not get ready, its last lines:
$(tail -n 5 "$dir/api/kube-apiserver.log")"
    write_kubeconfig "$dir/api/kubeconfig" 6443
    for node in "${nodes[@]}"; do
        spawn "$lab-$node" "$dir/api/socat.log" socat TCP-LISTEN:6443,bind=127.0.0.1,fork,reuseaddr \
            "UNIX-CONNECT:$dir/api/socket"
    done
    open_door
    kube apply --filename crds > /dev/null
    kube wait --for=condition=Established --timeout=30s --filename crds > /dev/null
    kube create namespace yaobank > /dev/null
    publish_nodes
    publish services
    publish endpointslices
}

# From the machine itself, for a person's kubectl. The only process of the lab that is in no namespace of its own.
open_door() {
    local port
    for port in {26443..26499}; do
        setsid socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$dir/api/socket" < /dev/null \
            >> "$dir/api/socat.log" 2>&1 9>&- &
        echo $! > "$dir/api/door.pid"
        write_kubeconfig "$dir/kubeconfig" "$port"
        await 5 door_is_open_or_shut || true
        ! kube get --raw /readyz > /dev/null 2>&1 || return 0
        close_door
    done
    die "no port from 26443 to 26499 is free"
}

door_is_open_or_shut() {
    ! kill -0 "$(< "$dir/api/door.pid")" 2> /dev/null || kube get --raw /readyz > /dev/null 2>&1
}

# Those that hold a connection are children of the first, in its session.
close_door() {
    local pid
    [[ -r $dir/api/door.pid ]] && read -r pid < "$dir/api/door.pid" || return 0
    rm -f "$dir/api/door.pid"
    [[ $(cat "/proc/$pid/comm" 2> /dev/null) != socat ]] || kill -TERM -- "-$pid" 2> /dev/null || true
}

# publish FILE: what the control plane of a cluster would write, out of the inventory.
publish() {
    local wanted there
    # Identities are the cluster's own to give, and who creates a Service seldom states its traffic policy.
    kube create --dry-run=client --output json --filename "$dir/state/inventory/$1.yaml" \
        | jq --slurp '{apiVersion: "v1", kind: "List", items: [.[] | if .kind == "List" then .items[] else . end]}
            | del(.items[].metadata.uid, .items[].metadata.resourceVersion)
            | del(.items[].spec.externalTrafficPolicy | select(. == "Cluster"))' > "$dir/api/$1.json"
    [[ $(jq '.items | length' "$dir/api/$1.json") == 0 ]] || kube apply --filename "$dir/api/$1.json" > /dev/null
    for there in $(kube get "$1" --namespace yaobank --output name); do
        wanted=$(jq -r --arg name "${there#*/}" '.items[] | select(.metadata.name == $name) | .metadata.name' "$dir/api/$1.json")
        [[ -n $wanted ]] || kube delete --namespace yaobank "$there" > /dev/null
    done
}

# A node's addresses are part of its status, which an apply leaves alone.
publish_nodes() {
    local node
    kube apply --filename "$dir/state/inventory/nodes.yaml" > /dev/null
    for node in "${nodes[@]}"; do
        kube patch node "$node" --subresource=status --type=merge --patch "{\"status\":{\"addresses\":[
            {\"type\":\"InternalIP\",\"address\":\"10.0.1.${host[$node]}\"},
            {\"type\":\"InternalIP\",\"address\":\"fd00:10:0:1::${host[$node]}\"},
            {\"type\":\"Hostname\",\"address\":\"$node\"}]}}" > /dev/null
    done
}

operator_is_ready() {
    ip netns exec "$lab-api" curl --silent --fail --output /dev/null --max-time 2 http://127.0.0.1:9479/q/health/ready
}

start_operator() {
    KUBECONFIG=$dir/api/kubeconfig spawn "$lab-api" "$dir/api/operator.log" bash hack/lab/supervise.sh \
        "$dir/api/operator.pid" "$(program)" operator
    await 60 operator_is_ready || die "the operator does not get ready, its last lines:
$(tail -n 5 "$dir/api/operator.log")"
}

# apply_and_time FILE PREFIX: applies a file and tells how long the network took to hear of it.
apply_and_time() {
    local began=${EPOCHREALTIME/[.,]/}
    say "kubectl apply -f $1"
    kube apply --filename "$1" > /dev/null
    await 30 bastion_has "$2" || die "the bastion does not learn $2; the operator's last lines:
$(tail -n 5 "$dir/api/operator.log")"
    say "the bastion has $2 after $(((${EPOCHREALTIME/[.,]/} - began) / 1000)) ms, kubectl included"
}

bastion_has() {
    [[ -n $(ip -n "$lab-bastion" route show "$1" proto bird) ]]
}

# The seed's two steps, as a person would take them.
first_steps() {
    local file
    for file in "$dir"/state/policies/*.yaml; do
        [[ ${file##*/} == customer.yaml || ${file##*/} == datacenter.yaml ]] || kube apply --filename "$file" > /dev/null
    done
    apply_and_time "$dir/state/policies/datacenter.yaml" 10.49.0.0/16
    apply_and_time "$dir/state/policies/customer.yaml" 10.49.60.52
    say "kubectl --kubeconfig $dir/kubeconfig get sap,advertisementclasses,nodeplans --all-namespaces"
}
