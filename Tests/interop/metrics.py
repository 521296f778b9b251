"""`/metrics` of `rennbahn router` and `rennbahn load`, read by software that nobody here wrote: both parsers of prometheus_client, and,
where Debian's package `prometheus` is installed, a Prometheus that scrapes both."""

import asyncio
import contextlib
import json
import re
import shutil
import socket
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from client import soon
from router import Router, binary
from runner import process_case

OPEN = "application/openmetrics-text;version=1.0.0"
# Whatever proxy the environment names.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PLACE = re.compile(rb"metrics at (http://\S+)")


@contextlib.asynccontextmanager
async def load(url, *options):
    """A run with metrics; its process, and where they are."""
    process = await asyncio.create_subprocess_exec(
        binary(),
        *map(str, ("load", "--url", url, "--metrics", "127.0.0.1:0", "--allow-invalid", *options)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        while not (place := PLACE.search(await soon(process.stderr.readline(), "where the metrics are"))):
            assert process.returncode is None and not process.stderr.at_eof(), "the run ended"
        yield process, place[1].decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def place_of(router):
    """Where the router's log says that its metrics are."""

    async def look():
        while not (place := PLACE.search(router.errors)):
            await asyncio.sleep(0.01)
        return place[1].decode()

    return await soon(look(), "the line of the log that says where metrics are")


async def fetch(url, accept="*/*"):
    def get():
        with OPENER.open(urllib.request.Request(url, headers={"Accept": accept}), timeout=10) as answer:
            return answer.headers["Content-Type"], answer.read().decode()

    return await asyncio.to_thread(get)


async def families(url):
    """What both parsers find, which must be the same families with as many samples."""
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
    from prometheus_client.parser import text_string_to_metric_families as plain

    kind, text = await fetch(url)
    assert kind == "text/plain; version=0.0.4; charset=utf-8", kind
    old = {family.name: family for family in plain(text)}
    kind, text = await fetch(url, OPEN)
    assert kind == "application/openmetrics-text; version=1.0.0; charset=utf-8", kind
    new = {family.name: family for family in openmetrics(text)}
    # There is no type for what is always 1 in the older format.
    assert {name.removesuffix("_info") for name in old} == set(new), set(old) ^ set(new)
    for name, family in new.items():
        told = old.get(name) or old[name + "_info"]
        assert family.documentation == told.documentation, name
        # What a run has yet to measure has no samples, and may have some a moment later.
        assert len(family.samples) == len(told.samples) or not told.samples, name
        assert family.type == told.type or (family.type, told.type) == ("info", "gauge"), name
        assert family.unit == "" or name.endswith("_" + family.unit), name
    return new


def value(families, name, **labels):
    family = families[name.removesuffix("_total").removesuffix("_count")]
    found = [sample.value for sample in family.samples if sample.name == name and labels.items() <= sample.labels.items()]
    assert len(found) == 1, f"{name} {labels}: {found}"
    return found[0]


@process_case
async def metrics():
    """prometheus_client's parsers read what a router and a run tell, in both formats, and it is what was done"""
    async with Router(shards=2, options=["--metrics", "127.0.0.1:0"]) as router:
        place = await place_of(router)
        before = await families(place)
        assert value(before, "rennbahn_router_sessions_opened_total") == 0
        assert value(before, "rennbahn_router_shards", state="fresh") == 2
        options = ("--scenario", "rpc", "--clients", 4, "--rate", 400, "--warmup", 0.1, "--duration", 3, "--connect-timeout", 10)
        async with load(router.url, *options) as (process, at):
            told = await families(at)
            while value(told, "rennbahn_load_response_seconds_count") == 0:
                await asyncio.sleep(0.05)
                told = await families(at)
            assert value(told, "rennbahn_load_clients", state="ready") == 4
            assert value(told, "rennbahn_load_phase", phase="measuring") == 1
            assert value(told, "rennbahn_load_messages_total") > 0
            during = await families(place)
            assert value(during, "rennbahn_router_sessions") == 4
            assert value(during, "rennbahn_router_registrations") >= 1
            assert await soon(process.wait(), "the end of the run") == 0
        after = await families(place)
        assert value(after, "rennbahn_router_sessions_opened_total") == 4
        assert value(after, "rennbahn_router_sessions_closed_total", reason="goodbye") == 4
        calls = value(after, "rennbahn_router_calls_total")
        assert calls > 0 and value(after, "rennbahn_router_results_total") == calls
        assert value(after, "process_cpu_seconds_total") > 0 and value(after, "process_open_fds") > 3
        await router.stop()


@process_case
async def metrics_refusals():
    """who asks /metrics for something else is told so, and the root says where it is"""
    async with Router(options=["--metrics", "127.0.0.1:0"]) as router:
        place = await place_of(router)
        root = place.removesuffix("metrics")
        assert (await fetch(root))[1] == "Metrics are at /metrics.\n"
        for url, data, status in ((root + "nowhere", None, 404), (place, b"a=b", 405)):
            try:
                await asyncio.to_thread(OPENER.open, url, data, 10)
            except urllib.error.HTTPError as error:
                assert error.code == status, error
            else:
                raise AssertionError(f"{url} is there")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.asynccontextmanager
async def prometheus(folder, places):
    """A Prometheus that scrapes five times a second; asks it a query."""
    port = free_port()
    hosts = [urllib.parse.urlsplit(place).netloc for place in places]
    settings = {
        "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms"},
        "scrape_configs": [{"job_name": "rennbahn", "static_configs": [{"targets": hosts}]}],
    }
    # JSON is YAML.
    (folder / "prometheus.yml").write_text(json.dumps(settings), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )

    async def ask(query):
        url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
        try:
            found = json.loads((await fetch(url))[1])["data"]["result"]
        except (OSError, urllib.error.URLError):
            # It is not up yet.
            return {}
        return {entry["metric"]["instance"]: float(entry["value"][1]) for entry in found}

    try:
        yield ask, hosts
    finally:
        process.kill()
        await process.wait()


@process_case
async def metrics_by_prometheus():
    """a Prometheus scrapes a router and a run, finds both up, and has their counters"""
    if not shutil.which("prometheus"):
        print("left out: no Prometheus is installed (Debian's package prometheus)", flush=True)
        return
    with tempfile.TemporaryDirectory() as name:
        async with Router(options=["--metrics", "127.0.0.1:0"]) as router:
            place = await place_of(router)
            options = ("--scenario", "rpc", "--clients", 4, "--rate", 400, "--duration", 20)
            async with load(router.url, *options) as (process, at):
                async with prometheus(Path(name), (place, at)) as (ask, hosts):

                    async def until(query, holds, what):
                        async def look():
                            while not holds(found := await ask(query)):
                                await asyncio.sleep(0.1)
                            return found

                        return await soon(look(), what)

                    both = {host: 1.0 for host in hosts}
                    await until("up", lambda found: found == both, "up of both")
                    await until(
                        "rennbahn_router_calls_total",
                        lambda found: found.get(hosts[0], 0) > 0,
                        "the router's calls",
                    )
                    await until(
                        "rennbahn_load_messages_total",
                        lambda found: found.get(hosts[1], 0) > 0,
                        "the run's messages",
                    )
                    await until("rennbahn_build_info", lambda found: found == both, "what both are")
