#!/bin/bash
# Measures bin/bellman and prints the figures; nothing is asserted, since a busy machine would fail. Each figure is the
# best of several runs, memory is the largest resident size. The peer, kubeconform, checks the same files against the same
# definitions in the same run. With --quick each is run once.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=5
[ "${1-}" = --quick ] && runs=1
read -r java_home <target/java-home
# Hidden, so that nobody who lints the whole checkout reads a gigabyte of generated manifests.
work=$PWD/target/.bench
mkdir -p "$work"

# best COMMAND...: seconds and MiB of the quickest run
best() {
  python3 - "$runs" "$@" <<'P'
import os, subprocess, sys, time
best = (1e9, 0)
for _ in range(int(sys.argv[1])):
    start = time.time()
    process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.time() - start
    # Whoever finds faults in good manifests does something else than what is measured.
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("bench: " + " ".join(sys.argv[2:]) + " failed: " + errors.decode())
    best = min(best, (seconds, usage.ru_maxrss / 1024))
print(f"{best[0]:.3f} {best[1]:.0f}")
P
}

say() { printf '  %-46s %8s s %6s MiB\n' "$1" "$2" "$3"; }
ratio() { python3 -c "print(f'{float($1) / float($2):.2f}')"; }

echo "Machine: $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
echo
echo 'Cold start, the cache of start-up included'
one=gitops-examples/yaobank/step1-advertise-the-range/datacenter.yaml
read -r s m < <(best bin/bellman --version)
say 'bellman --version' "$s" "$m"
read -r s m < <(best bin/bellman lint -q "$one")
say 'bellman lint of one file and its inventory' "$s" "$m"
cp gitops-examples/yaobank/inventory/services.yaml "$work/services.yaml"
read -r s m < <(best bin/bellman lint -q "$work/services.yaml")
say 'bellman lint of one file' "$s" "$m"

for size in 1000 10000; do
  tree=$work/tree-$size
  [ "$tree/.bellman.yaml" -nt hack/bench/Tree.java ] || "$java_home/bin/java" hack/bench/Tree.java "$tree" "$size" $((size / 10)) $((size / 20))
  echo
  echo "$size services, $((size / 10)) policies, $((size / 20)) nodes, $(du -sm "$tree" | cut -f1) MB of YAML"
  read -r lint m < <(best bin/bellman lint -q "$tree")
  say 'bellman lint' "$lint" "$m"
  read -r both m < <(best bin/bellman compile -q "$tree" -o "$work/out")
  say 'bellman compile (lint included)' "$both" "$m"
  if [ "$size" = 1000 ]; then
    small=$lint small_both=$both
  else
    echo "  growth from 1000: lint $(ratio "$lint" "$small"), compile $(ratio "$both" "$small_both")"
  fi
done

if ! kubeconform=$(command -v kubeconform); then
  kubeconform=$work/kubeconform
  [ -x "$kubeconform" ] || GOBIN=$work go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
fi
class_path=$(echo target/quarkus-app/lib/main/*.jar | tr ' ' ':')
"$java_home/bin/java" -cp "$class_path" hack/bench/Schemas.java "$work/schemas" crds src/main/resources/schemas
echo
echo "The peer on the same tree, with the same definitions ($("$kubeconform" -v))"
read -r peer m < <(best "$kubeconform" -schema-location "$work/schemas/{{ .ResourceKind }}.json" -n "$(nproc)" \
  "$tree/platform" "$tree/teams" "$tree/inventory")
say 'kubeconform' "$peer" "$m"
echo "  bellman lint / kubeconform: $(ratio "$lint" "$peer")"

echo
if [ "$(id -u)" -ne 0 ]; then
  echo 'The agent is not measured: the lab takes root'
else
  echo 'The agent in the lab, beside BIRD itself'
  python3 hack/bench/agent.py $([ "$runs" = 1 ] && echo --quick)
fi
