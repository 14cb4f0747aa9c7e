#!/usr/bin/env python3
"""Measures the agent in the lab, and prints the figures; nothing is asserted, since a busy machine would fail.

One pod's readiness is switched on and off by renaming a file into the state folder. From then on it is counted until the
kernel of worker2 has changed a rule (nft monitor), and until the bastion's kernel has changed its route (ip monitor).
The peer is BIRD itself: the same route, switched in its own file by hand. Needs root, and bin/bellman.
"""

import math
import os
import random
import subprocess
import sys
import threading
import time

LAB = "bench"
STATE = f"target/lab-{LAB}/state"
RUN = f"target/lab-{LAB}/worker2"
ADDRESS = "10.49.200.1"
os.environ["BELLMAN_LAB"] = LAB


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Ear:
    """Notes when a monitor says for the first time something about what is listened for."""

    def __init__(self, word, *command):
        self.word = word
        self.heard = threading.Event()
        self.heard.set()
        self.at = 0.0
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            if self.word in line and not self.heard.is_set():
                self.at = time.monotonic()
                self.heard.set()

    def begin(self):
        self.heard.clear()

    def wait(self, since):
        if not self.heard.wait(20):
            sys.exit(f"bench: nothing was heard of {self.word}")
        return (self.at - since) * 1000

    def close(self):
        self.process.kill()


def service(number):
    ip = f"10.49.{200 + number // 250}.{number % 250 + 1}"
    kind = "  type: NodePort\n" if number == 0 else ""
    node_port = ", nodePort: 31999" if number == 0 else ""
    return f"""---
apiVersion: v1
kind: Service
metadata: {{name: s{number}, namespace: bench, uid: a{number}}}
spec:
{kind}  clusterIP: {ip}
  clusterIPs: [{ip}]
  ports: [{{name: http, port: 80{node_port}}}]
"""


def endpoints(number, ready=True):
    return f"""apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: s{number}-x
  namespace: bench
  uid: b{number}
  labels: {{kubernetes.io/service-name: s{number}}}
addressType: IPv4
endpoints:
- {{addresses: [10.48.{number // 250 + 2}.{number % 250 + 1}], conditions: {{ready: {str(ready).lower()}}}, nodeName: worker2}}
ports: [{{name: http, port: 8080, protocol: TCP}}]
"""


POLICY = """apiVersion: bellman.dev/v1alpha1
kind: ServiceAdvertisementPolicy
metadata: {name: s0, namespace: bench}
spec:
  className: datacenter
  services: {names: [s0]}
  trafficPolicy: Local
"""


def put(name, text):
    draft = f"target/lab-{LAB}/.draft"
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    path = os.path.join(STATE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.rename(draft, path)


def until(condition, what):
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    sys.exit(f"bench: {what} did not happen")


def has_route():
    return ADDRESS in run("ip", "-n", f"{LAB}-bastion", "route")


def percentile(values, share):
    """By nearest rank: the smallest that at least this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def say(what, values):
    print(f"  {what:<46} p50 {percentile(values, .5):7.1f} ms   p99 {percentile(values, .99):7.1f} ms")


# An agent keeps the rules of a withdrawn address for so long; one that comes back before has its rules already.
SETTLE = 1.3


def switch(rounds, change, pause=SETTLE, rules=True):
    """Away and back. Rules of what goes away go later, so that only coming back says how long they take."""
    kernel, route = [], []
    # The monitors read all rules before they listen.
    ears = [
        # The chain that leads to the pod, in the table that is changed last.
        Ear("KUBE-SEP-", "ip", "netns", "exec", f"{LAB}-worker2", "stdbuf", "-oL", "nft", "monitor"),
        Ear(ADDRESS, "ip", "-n", f"{LAB}-bastion", "monitor", "route"),
    ]
    time.sleep(2)
    for number in range(rounds):
        comes = number % 2 == 1
        # Not in step with anything that the agent does from time to time.
        time.sleep(0.15 + 0.1 * random.random())
        for ear in ears:
            ear.begin()
        since = time.monotonic()
        change(comes)
        route.append(ears[1].wait(since))
        if rules and comes:
            kernel.append(ears[0].wait(since))
        if not comes:
            time.sleep(pause)
    for ear in ears:
        ear.close()
    return kernel, route


def agent_pid():
    with open(f"{RUN}/agent.pid", encoding="utf-8") as file:
        return int(file.read())


def cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    # Its own, and that of the programs that it ran.
    return sum(int(fields[i]) for i in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


def rss(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def share(pid, seconds, work=None):
    before, began, number = cpu(pid), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        if work:
            work(number)
            number += 1
        time.sleep(0.1)
    return 100 * (cpu(pid) - before) / (time.monotonic() - began)


def bird_alone(rounds):
    """The agent is stopped; its BIRD goes on, and its file is changed by hand."""
    run("hack/lab.sh", "agent", "stop", "worker2")
    path = f"{RUN}/routes.conf"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lines = text.splitlines(keepends=True)
    with_it = text
    without = "".join(line for line in lines if ADDRESS not in line)

    def change(on):
        with open(path, "w", encoding="utf-8") as file:
            file.write(with_it if on else without)
        run("birdc", "-s", "bird.ctl", "configure", "soft", cwd=RUN)

    return switch(rounds, change, 0, rules=False)[1]


def main():
    rounds = 20 if "--quick" in sys.argv else 100
    seconds = 5 if "--quick" in sys.argv else 20
    for services in (10, 1000):
        run("hack/lab.sh", "up", "--step", "1")
        try:
            for number in range(services):
                put(f"inventory/bench/slice-{number}.yaml", endpoints(number))
            put("inventory/bench/services.yaml", "".join(service(number) for number in range(services)))
            put("policies/bench.yaml", POLICY)
            until(has_route, "the route of s0")
            # A node has its agent to itself. Three that do the same on one machine would wait for each other.
            for node in ("control1", "worker1"):
                run("hack/lab.sh", "agent", "stop", node)
            # Warm, as an agent is that has run for a while.
            switch(30, lambda on: put("inventory/bench/slice-0.yaml", endpoints(0, on)))
            kernel, route = switch(rounds, lambda on: put("inventory/bench/slice-0.yaml", endpoints(0, on)))
            print(f"Endpoint change, {services} services, {rounds} times")
            say("until a rule is in the kernel", kernel)
            say("until the route is at the bastion", route)
            say("  of these, those that waited for rules", route[1::2])
            pid = agent_pid()
            idle = share(pid, seconds)
            busy = share(pid, seconds, lambda n: put("inventory/bench/slice-1.yaml", endpoints(1, n % 2 == 0)))
            print(f"  {'the agent':<46} {rss(pid):.0f} MiB, {idle:.1f} % of a core idle, {busy:.1f} % at 10 changes a second")
            until(has_route, "the route of s0")
            say("BIRD alone, until the route is at the bastion", bird_alone(rounds))
        finally:
            run("hack/lab.sh", "down")


main()
