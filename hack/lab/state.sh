# shellcheck shell=bash disable=SC2154,SC2034 # sourced by lab.sh, shares variables with its other parts
# The folder that the agents watch.

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
    # As Argo CD would.
    ! has_api || kube apply --filename "$dir/state/policies" > /dev/null
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
    ! has_api || publish endpointslices
}
