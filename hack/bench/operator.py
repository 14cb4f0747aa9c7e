#!/usr/bin/env python3
"""Measures the operator at a real kube-apiserver, and prints the figures; nothing is asserted, since a busy machine would fail.

10,000 Services with an EndpointSlice each, 1,000 policies that name 5 of them, 200 nodes. Loading them takes minutes, so what
is loaded is kept in target/.bench for the next run. Counted are the operator's time from its start until everything is
written and every policy says so, its memory, and all writes to etcd (statuses and events too); then the same for one policy
that changes. Smaller sizes for a quick look: operator.py SERVICES POLICIES NODES. Needs bin/bellman.
"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

SERVICES, POLICIES, NODES = (int(a) for a in sys.argv[1:4]) if len(sys.argv) > 3 else (10_000, 1_000, 200)
PER_NAMESPACE = 100
NAMESPACES = max(1, SERVICES // PER_NAMESPACE)
CONNECTIONS = 8
KEPT = pathlib.Path(f"target/.bench/operator-{SERVICES}-{POLICIES}-{NODES}")
BELLMAN = "/apis/bellman.dev/v1alpha1"
TOKEN = "bench"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """etcd and kube-apiserver, and connections to it."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = subprocess.run(["hack/test-env.sh"], check=True, capture_output=True, text=True).stdout.strip()
        self.etcd_port, self.peer_port, self.port = free_port(), free_port(), free_port()
        self.processes = []
        self.local = threading.local()
        self.context = ssl._create_unverified_context()

    def spawn(self, log, *command):
        with open(self.folder / log, "w") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def start(self):
        f = self.folder
        subprocess.run(["openssl", "genrsa", "-out", f / "key", "2048"], check=True, stderr=subprocess.DEVNULL)
        (f / "tokens").write_text(f'{TOKEN},bench,bench,"system:masters"\n')
        etcd, peers = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.peer_port}"
        self.spawn("etcd.log", f"{self.programs}/etcd", "--data-dir", f / "etcd", "--unsafe-no-fsync", "--force-new-cluster",
                   "--quota-backend-bytes", str(8 << 30), "--listen-client-urls", etcd, "--advertise-client-urls", etcd,
                   "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}")
        self.spawn("kube-apiserver.log", f"{self.programs}/kube-apiserver", f"--etcd-servers={etcd}", "--bind-address=127.0.0.1",
                   f"--secure-port={self.port}", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
                   f"--cert-dir={f}", f"--token-auth-file={f}/tokens", "--authorization-mode=RBAC",
                   "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-key-file={f}/key",
                   f"--service-account-signing-key-file={f}/key", "--disable-admission-plugins=ServiceAccount",
                   "--service-cluster-ip-range=10.0.0.0/12",
                   # It would write a Lease of its own every ten seconds, which would be counted.
                   "--feature-gates=APIServerIdentity=false")
        (f / "kubeconfig").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify": True}}],
            "users": [{"name": "c", "user": {"token": TOKEN}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}))
        self.await_(120, lambda: self.ask("GET", "/readyz") is not None)

    @staticmethod
    def await_(seconds, condition):
        end = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except (OSError, http.client.HTTPException, RuntimeError):
                pass
            if time.monotonic() > end:
                sys.exit("bench: gave up waiting")
            time.sleep(0.02)

    def ask(self, method, path, body=None, kind="application/json"):
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, context=self.context, timeout=60)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.local.connection = None
            raise
        if answer.status >= 300 and answer.status != 409:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text) if text.startswith(b"{") else text

    def post_all(self, what):
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            for _ in pool.map(lambda one: self.ask("POST", *one), what, chunksize=1):
                pass

    def revision(self):
        """Of etcd: each write makes it one more."""
        return int(self.ask("GET", "/api/v1/namespaces?limit=1")["metadata"]["resourceVersion"])

    def stop(self):
        # Without etcd, kube-apiserver does not end when asked to.
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []


def metadata(name, namespace=None, **labels):
    return {"name": name, **({"namespace": namespace} if namespace else {}), **({"labels": labels} if labels else {})}


def objects():
    """As hack/bench/Tree.java has them, but for what only a server minds: node ports do not suffice for so many."""
    for i in range(NAMESPACES):
        yield "/api/v1/namespaces", {"metadata": metadata(f"ns-{i:04}")}
    for i in range(NODES):
        yield "/api/v1/nodes", {
            "metadata": metadata(f"node-{i:03}", rack=f"r{i % 20:02}"), "spec": {"podCIDR": "10.128.0.0/24"},
            "status": {"addresses": [{"type": "InternalIP", "address": f"172.31.{i // 200}.{i % 200 + 10}"}]}}
    for i in range(SERVICES):
        ns, name = f"ns-{i // PER_NAMESPACE:04}", f"svc-{i:05}"
        outside = {"type": "LoadBalancer", "allocateLoadBalancerNodePorts": False} if i % 2 == 0 else {}
        yield f"/api/v1/namespaces/{ns}/services", {
            "metadata": metadata(name, ns, app=name, tier="front" if i % 3 == 0 else "back"),
            "spec": {**outside, "selector": {"app": name}, "ports": [
                {"name": "http", "port": 80, "targetPort": 8080}, {"name": "metrics", "port": 9090}]}}
        yield f"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices", {
            "metadata": metadata(f"{name}-x7k2p", ns, **{"kubernetes.io/service-name": name}), "addressType": "IPv4",
            "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
            "endpoints": [{"addresses": [f"10.{128 + r * 8}.{i >> 8 & 255}.{i & 255}"],
                           "conditions": {"ready": True, "serving": True, "terminating": False},
                           "nodeName": f"node-{(i * 7 + r * 13) % NODES:03}",
                           "targetRef": {"kind": "Pod", "name": f"{name}-{r}", "namespace": ns}} for r in range(3)]}


def advice():
    yield f"{BELLMAN}/advertisementclasses", {
        "apiVersion": "bellman.dev/v1alpha1", "kind": "AdvertisementClass", "metadata": metadata("datacenter"), "spec": {
            "backend": "Bird", "nodes": {"matchAll": True}, "guardrails": {"maxHostRoutes": 20000},
            "attributes": {"communities": ["64512:100"]},
            "prefixes": [{"cidr": "10.0.0.0/12", "addresses": "ClusterIP", "advertise": "Always", "namespaces": {"matchAll": True}}]}}
    yield f"{BELLMAN}/bgpspeakers", {
        "apiVersion": "bellman.dev/v1alpha1", "kind": "BGPSpeaker", "metadata": metadata("datacenter"), "spec": {
            "nodes": {"matchAll": True}, "localASN": 64512,
            "peers": [{"name": "rack", "address": "172.31.255.1", "asn": 64512}]}}
    for i in range(POLICIES):
        ns, turn = i % NAMESPACES, i // NAMESPACES
        names = sorted({f"svc-{ns * PER_NAMESPACE + (turn * 10 + k * 2) % PER_NAMESPACE:05}" for k in range(5)})
        spec = {"className": "datacenter", "services": {"names": names}}
        if i % 10 == 9:
            spec["routes"] = "PerService"
        else:
            spec["trafficPolicy"] = "Local" if i % 5 == 0 else "Cluster"
        yield f"{BELLMAN}/namespaces/ns-{ns:04}/serviceadvertisementpolicies", {
            "apiVersion": "bellman.dev/v1alpha1", "kind": "ServiceAdvertisementPolicy",
            "metadata": metadata(f"policy-{i}", f"ns-{ns:04}"), "spec": spec}


def define(server):
    kubectl = [f"{server.programs}/kubectl", "--kubeconfig", server.folder / "kubeconfig"]
    subprocess.run([*kubectl, "apply", "-f", "crds"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*kubectl, "wait", "--for=condition=Established", "-f", "crds"], check=True, stdout=subprocess.DEVNULL)


def load(server):
    if (KEPT / "etcd").exists():
        shutil.copytree(KEPT / "etcd", server.folder / "etcd")
        server.start()
        define(server)
        return
    print("  loading, once: some minutes ...", file=sys.stderr, flush=True)
    server.start()
    define(server)
    all_ = list(objects())
    first = NAMESPACES + NODES
    server.post_all(all_[:first])
    server.post_all(all_[first:])
    Server.await_(30, lambda: server.ask("GET", f"{BELLMAN}/serviceadvertisementpolicies") is not None)
    server.post_all(advice())
    server.stop()
    KEPT.mkdir(parents=True, exist_ok=True)
    shutil.copytree(server.folder / "etcd", KEPT / "etcd")
    server.start()


class Operator:
    def __init__(self, server):
        self.port = free_port()
        self.log = open(server.folder / "operator.log", "w")
        self.process = subprocess.Popen(["bin/bellman", "operator"], stdout=self.log, stderr=self.log, env={
            **os.environ, "KUBECONFIG": str(server.folder / "kubeconfig"),
            # The heap that the chart's memory limit leaves it.
            "BELLMAN_JAVA_OPTS": f"-Dquarkus.http.port={self.port} -Xmx256m " + os.environ.get("BELLMAN_JAVA_OPTS", "")})

    def metric(self, name):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/q/metrics")
            for line in connection.getresponse().read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.split()[-1])
        except OSError:
            pass
        return -1.0

    def memory(self):
        """Resident now, and at its largest, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().split("\n")
        found = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in status if line.startswith(("VmRSS", "VmHWM"))}
        return found["VmRSS"], found["VmHWM"]


def settled(server, operator):
    """Until nothing has been written for two seconds, and all policies say what became of them."""
    last, since = -1, time.monotonic()
    while True:
        try:
            now = server.revision()
        except (OSError, http.client.HTTPException, RuntimeError):
            # The API server has more to do than it can.
            continue
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > 2 and operator.metric("bellman_operator_pending") == 0 and (
                operator.metric("bellman_operator_pass_seconds_count") > 0):
            policies = server.ask("GET", f"{BELLMAN}/serviceadvertisementpolicies")["items"]
            if all("conditions" in policy.get("status", {}) for policy in policies):
                return since, last
        if operator.process.poll() is not None:
            sys.exit(f"bench: the operator ended, see {operator.log.name}")
        time.sleep(0.05)


def main():
    with tempfile.TemporaryDirectory(prefix="bellman-bench-") as folder:
        server = Server(pathlib.Path(folder))
        operator = None
        try:
            load(server)
            print(f"The operator: {SERVICES} services, {POLICIES} policies, {NODES} nodes; {os.cpu_count()} cores, "
                  f"load {os.getloadavg()[0]:.1f}")
            before, began = server.revision(), time.monotonic()
            operator = Operator(server)
            ended, revision = settled(server, operator)
            now, most = operator.memory()
            print(f"  from start to settled         {ended - began:8.2f} s  {revision - before:6} writes, "
                  f"{operator.metric('bellman_operator_writes_total'):.0f} of them of the plan")
            print(f"  memory                        {now:8} MiB, at most {most} MiB")
            change(server, operator, "a policy becomes Local", "policy-1", {"trafficPolicy": "Local"})
            change(server, operator, "and goes back", "policy-1", {"trafficPolicy": "Cluster"})
            now, most = operator.memory()
            print(f"  memory                        {now:8} MiB, at most {most} MiB")
        finally:
            if os.environ.get("KEEP_LOG") and operator is not None:
                shutil.copy(operator.log.name, os.environ["KEEP_LOG"])
            if operator is not None:
                operator.process.terminate()
                operator.process.wait()
            server.stop()


def change(server, operator, what, policy, spec):
    namespace = f"ns-{int(policy.split('-')[1]) % NAMESPACES:04}"
    path = f"{BELLMAN}/namespaces/{namespace}/serviceadvertisementpolicies/{policy}"
    names = server.ask("GET", path)["spec"]["services"]["names"]
    before, began = server.revision(), time.monotonic()
    server.ask("PATCH", path, {"spec": spec}, "application/merge-patch+json")
    wanted = spec["trafficPolicy"]
    Server.await_(300, lambda: all(
        server.ask("GET", f"/api/v1/namespaces/{namespace}/services/{name}")["spec"]["externalTrafficPolicy"] == wanted
        for name in names))
    patched = time.monotonic()
    ended, revision = settled(server, operator)
    print(f"  {what:28}  {patched - began:8.2f} s  until its services are patched, {ended - began:.2f} s until all is written, "
          f"{revision - before - 1} writes")


if __name__ == "__main__":
    main()
