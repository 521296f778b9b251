"""What `rennbahn load` and `rennbahn export` write for other tools, read by software that nobody here wrote: hdrhistogram, the
OpenMetrics parser of prometheus_client, and Python's readers of CSV and XML."""

import asyncio
import csv
import json
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from client import soon
from router import Router, binary
from runner import process_case

FORMATS = ("hlog", "csv", "markdown", "junit", "openmetrics")


async def rennbahn(*arguments):
    """What the command prints on standard output; it must end with 0."""
    process = await asyncio.create_subprocess_exec(
        binary(),
        *map(str, arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await soon(process.communicate(), f"the end of rennbahn {arguments[0]}")
    assert process.returncode == 0, f"status {process.returncode}: {errors.decode(errors='replace')}"
    return output


def check_hlog(path, measured):
    """Each tag's intervals together are the distribution that the results tell of it."""
    from hdrh.histogram import HdrHistogram
    from hdrh.log import HistogramLogReader

    sums = {}
    reader = HistogramLogReader(str(path), HdrHistogram(128, 120_000_000_000, 3))
    while interval := reader.get_next_interval_histogram():
        tag = interval.get_tag()
        sums.setdefault(tag, HdrHistogram(128, 120_000_000_000, 3)).add(interval)
    reader.close()
    assert set(sums) == {"response", "service", "lag"}, set(sums)
    for tag, histogram in sums.items():
        summary = measured["latency"][tag]["summary"]
        assert histogram.get_total_count() == summary["count"], f"{tag}: {histogram.get_total_count()}"
        for name, value in (("max", histogram.get_max_value()), ("mean", histogram.get_mean_value())):
            assert abs(value - summary[name]) <= max(summary[name] / 500, 256), f"{tag} {name}: {value}"


def check_openmetrics(text, measured):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    families = {family.name: family for family in text_string_to_metric_families(text)}

    def values(family, sample=None, **labels):
        return [
            told.value
            for told in families[family].samples
            if told.name == (sample or family) and labels.items() <= told.labels.items()
        ]

    assert values("rennbahn_load_messages", "rennbahn_load_messages_total") == [measured["messages"]]
    assert values("rennbahn_load_window_seconds") == [measured["seconds"]]
    cpu = values("rennbahn_load_cpu_seconds", "rennbahn_load_cpu_seconds_total", side="generator")
    assert cpu == [measured["generator"]["cpu"]["total"]]
    response = measured["latency"]["response"]["summary"]
    assert values("rennbahn_load_response_seconds", "rennbahn_load_response_seconds_bucket", le="+Inf") == [response["count"]]
    assert values("rennbahn_load_response_quantile_seconds", quantile="0.99") == [response["p99"] / 1e9]
    assert values("rennbahn_load_verdict", rennbahn_load_verdict="verification-failed") == [0]
    assert values("rennbahn_load_condition", condition="loss==0", rennbahn_load_condition="holds") == [1]
    assert families["rennbahn_load_response_seconds"].type == "histogram"
    assert families["rennbahn_load_response_seconds"].unit == "seconds"


def check_csv(path, intervals):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(intervals)
    assert sum(int(row["messages"]) for row in rows) == sum(interval["messages"] for interval in intervals)
    for row, interval in zip(rows, intervals):
        latency = interval.get("latency")
        assert row["p99_ns"] == (str(latency["summary"]["p99"]) if latency else "")


def check_junit(path):
    root = ElementTree.parse(path).getroot()
    cases = [case.get("name") for case in root.iter("testcase")]
    assert root.tag == "testsuites" and root.get("tests") == "3" and root.get("failures") == "0", root.attrib
    assert cases == ["verdict", "verification", "loss==0"], cases


@process_case
async def exports():
    """hdrhistogram, prometheus_client and Python's own readers find in the exports of a run what its results say"""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outputs = [word for form in FORMATS for word in (f"--{form}", folder / form)]
        async with Router() as router:
            await rennbahn(
                *("load", "--url", router.url, "--scenario", "rpc", "--clients", 4, "--rate", 400),
                *("--duration", 2.5, "--warmup", 0.1, "--allow-invalid", "--require", "loss==0"),
                *("--results", folder / "results.json", *outputs),
            )
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        measured = results["cells"][0]["measurements"]
        assert "unanswered" not in measured["latency"]
        check_hlog(folder / "hlog", measured)
        check_openmetrics((folder / "openmetrics").read_text(encoding="utf-8"), measured)
        check_csv(folder / "csv", results["intervals"])
        check_junit(folder / "junit")
        assert "| figure | value |\n" in (folder / "markdown").read_text(encoding="utf-8")
        for form in FORMATS:
            assert await rennbahn("export", folder / "results.json", "--format", form) == (folder / form).read_bytes(), form
        samples = (await rennbahn("export", folder / "results.json", "--format", "csv-resources")).decode()
        assert len(list(csv.DictReader(samples.splitlines()))) >= 4, samples
