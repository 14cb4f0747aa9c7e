#!/bin/sh
# Shows what Bellman does, on gitops-examples/yaobank and gitops-examples/broken: every command, then what it prints.
# Fails if anything comes out other than it says here. Needs a built bin/bellman: `make demo` sees to that.
set -eu
cd "$(dirname "$0")/.."

example=gitops-examples/yaobank
out=target/demo/yaobank
routes='  10.49.0.0/16    via 10.0.1.20, 10.0.1.30, 10.0.1.31
  10.49.60.52/32  via 10.0.1.31'

bold='' dim='' plain='' color=never
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-}" != dumb ]; then
  bold=$(printf '\033[1;36m') dim=$(printf '\033[2m') plain=$(printf '\033[0m') color=always
fi

chapter() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
say() { printf '%s\n' "$@"; }
die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# run CODE COMMAND...: shows the command, runs it and insists on its exit code.
run() {
  want=$1 got=0
  shift
  printf '%s$ %s%s\n' "$dim" "$*" "$plain"
  "$@" || got=$?
  [ "$got" -eq "$want" ] || die "'$*' ended with $got instead of $want"
}

# The findings of these rules, and the line that sums up, out of a long report.
excerpt() {
  awk -v rules="$1" 'BEGIN { RS = "" } $0 ~ "error.(" rules ")" { print $0 "\n" } END { print "...\n\n" $0 }'
}

chapter 'What two teams committed'
say 'The platform team: every node announces the range of service addresses.'
run 0 cat $example/step1-advertise-the-range/datacenter.yaml
say '' 'The bank: its service customer is to be announced by the nodes that host it, and by no others.'
run 0 cat $example/step2-keep-one-service-local/customer.yaml

chapter 'Is it valid?'
run 0 bin/bellman lint $example

chapter 'What will be done in the cluster?'
rm -rf $out
run 0 bin/bellman compile $example -o $out
diff -r $example/expected/compile $out >&2 || die "$out is not what $example/expected/compile holds"
say '' 'Calico advertises the range:'
run 0 cat $out/bgpconfiguration.yaml
say '' 'The Service becomes Local, and what it was is kept:'
run 0 cat $out/service-patches.yaml
say '' 'The agent on each node reads its own plan, which names services but no pods, so that pods come and go without it:'
run 0 cat $out/nodeplans/worker2.yaml
for node in control1 worker1; do
  say '' "That of $node says the same under its own name:"
  run 1 diff $out/nodeplans/worker2.yaml $out/nodeplans/$node.yaml
  sed "s/^  name: worker2\$/  name: $node/" $out/nodeplans/worker2.yaml | cmp -s - $out/nodeplans/$node.yaml ||
    die "the plan of $node differs from that of worker2 in more than its name"
done

chapter 'What will the routers hear?'
run 0 bin/bellman routes $example
[ "$(bin/bellman routes $example | sed -n '2,/^$/p')" = "$routes" ] || die "these are not the routes that the bastion holds"
say '' 'The range comes from every node, so the bastion spreads over all three. The pod of customer runs on worker2 alone,' \
  'so its address is a route of its own there: the longer prefix wins, and the extra hop between nodes is gone.'

chapter 'What does a mistake look like?'
report=target/demo/broken
printf '%s$ bin/bellman lint gitops-examples/broken%s\n' "$dim" "$plain"
code=0
bin/bellman lint --color $color -f pretty -f concise=$report.concise gitops-examples/broken >$report.pretty || code=$?
[ $code -eq 1 ] || die "lint of gitops-examples/broken ended with $code instead of 1"
diff gitops-examples/broken/expected/lint.txt $report.concise >&2 || die "these are not the mistakes in gitops-examples/broken"
excerpt 'class-missing|git-sets-patched-field' <$report.pretty
say '' "Two of $(grep -c . $report.concise) findings are shown; the report says which rule, what is wrong, where, and what helps."

chapter 'And on a network?'
if hack/lab.sh check; then
  say 'Three nodes and a router, in network namespaces of this machine.'
  # A lab of its own, beside one that may be running.
  BELLMAN_LAB=demo hack/lab.sh story
else
  say 'Nothing to see on this machine, for the reasons above. Where it can: sudo make lab'
fi

chapter 'What next?'
say '  bin/bellman routes --without worker2 gitops-examples/yaobank    what if that node fails' \
  '  bin/bellman explain yaobank/customer gitops-examples/yaobank    why is it announced where' \
  '  bin/bellman explain git-sets-patched-field                      the long story of a rule' \
  '  bin/bellman lint YOUR-MANIFESTS                                 your own' \
  '' 'README.md has the rest.'
