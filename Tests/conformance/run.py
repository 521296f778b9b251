"""The Autobahn testsuite against both ends of Rennbahn's WebSocket transport.

The router's echo mode meets the suite's fuzzing client, and `rennbahn echo-client` its fuzzing server. A run is split into
batches, each a process of the suite with a report of its own, so that several cores are of use. What the suite writes
tells nothing by its exit status: every case is looked for in its index and judged here.
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys
import time

import judge
import suite

RULES = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]

# Batches of a minute or two. The last cases of 13.7 take the suite a minute each.
EVERYTHING = {
    "rules": RULES,
    "sizes": ["9.*"],
    **{f"12.{kind}": [f"12.{kind}.*"] for kind in range(1, 6)},
    **{f"13.{parameters}": [f"13.{parameters}.*"] for parameters in range(1, 7)},
    "13.7": [f"13.7.{size}" for size in range(1, 16)],
    **{f"13.7.{size}": [f"13.7.{size}"] for size in range(16, 19)},
}

# Of each kind of message in 9 and 12, and of each set of parameters in 13, small and large messages.
SAMPLE = {
    "rules": RULES,
    "samples": [
        *("9.1.1", "9.1.4", "9.2.1", "9.2.4", "9.3.1", "9.4.9", "9.5.1", "9.6.6", "9.7.1", "9.8.6"),
        *("12.1.1", "12.1.5", "12.2.4", "12.3.11", "12.4.3", "12.5.6"),
        *(f"13.{parameters}.{size}" for parameters in range(1, 8) for size in (1, 5)),
    ],
}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/conformance", description=__doc__.splitlines()[0])
    parser.add_argument("--rennbahn", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--sample", action="store_true", help="all but 9, 12 and 13, and a sample of those")
    parser.add_argument("--cases", metavar="PATTERNS", help="only these cases, as 12.1.*,13.7.1")
    parser.add_argument("--side", choices=["router", "client"], help="one side only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="batches at a time (default: cores)")
    parser.add_argument("--limit", type=float, default=3600, metavar="SECONDS", help="after which the run has failed")
    parser.add_argument("--save", action="store_true", help="write the summary to results/conformance")
    return parser.parse_args()


def batches(options):
    if options.cases:
        return {"cases": options.cases.split(",")}
    return SAMPLE if options.sample else EVERYTHING


def main():
    options = arguments()
    began = time.monotonic()
    deadline = began + options.limit
    sides = [options.side] if options.side else ["router", "client"]
    reports = options.folder / "reports"
    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        with suite.EchoRouter(options.rennbahn, reports) as router:
            # The longest first.
            for name, patterns in reversed(batches(options).items()):
                for side in sides:
                    batch = suite.Batch(options.folder / "venv/bin/wstest", reports / side / name, patterns, deadline)
                    work = suite.against_router if side == "router" else suite.against_client
                    peer = router.url if side == "router" else options.rennbahn
                    jobs[pool.submit(work, batch, peer)] = side
            verdict = judge.Verdict(is_whole=batches(options) is EVERYTHING)
            for job in concurrent.futures.as_completed(jobs):
                verdict.add(jobs[job], *job.result())
    for line in verdict.table():
        print(line)
    print(f"reports: {os.path.relpath(reports)}; {time.monotonic() - began:.0f} s")
    if options.save:
        print(f"summary: {judge.save(verdict, options.rennbahn, options.folder)}")
    print(f"{verdict.passed} passed, {verdict.failed} failed")
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
