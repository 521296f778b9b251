"""Attacks a router over loopback sockets, and measures from outside what others notice of it.

    scripts/attacks --program PATH [--program-before PATH] [--only NAME,…] [--list]
                    [--results results] [--shards N] [--seconds S]

Each attack has a fresh `rennbahn router` of its own, and bystanders in another process, from another address:
subscribers of 200 events a second, a caller of 100 calls a second, a client that joins anew twice a second. What is
measured, and what the goals are, is in docs/attacks.md. With --program-before all is tried on an older build, too.

Exit status: 0 all goals are met, 2 some are missed, 1 an attack could not be carried out, 130 interrupted.
"""

import argparse
import dataclasses
import datetime
import json
import logging
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile

import ends  # noqa: F401
import members  # noqa: F401
import receivers  # noqa: F401
import rows
import strangers  # noqa: F401
import table
from perform import attacked
from processes import Broken

SCHEMA = "rennbahn-attacks/1"
LOG_LINES = 12
ORDER = [
    "stuck-subscriber", "subscriber-200B", "subscriber-10KB", "subscriber-prefix", "unread-results", "slow-callee", "phone",
    "hello-bomb", "hello-bomb-loop", "long-topics", "unfinished-before", "unfinished-after", "no-hello", "held-connections",
    "tls-flood", "cookies", "fan-out-flood", "log-pipe", "sighup", "challenge", "history",
]


@dataclasses.dataclass
class Setting:
    """What all attacks of one build have in common."""

    program: str
    shards: int
    seconds: float
    folder: str

    @property
    def certificate(self):
        return os.path.join(self.folder, "certificate.pem")

    @property
    def key(self):
        return os.path.join(self.folder, "key.pem")


def chosen(only):
    names = only.split(",") if only else []
    unknown = set(names) - {row.name for row in rows.every}
    if unknown:
        raise Broken(f"no such attack: {', '.join(sorted(unknown))}; --list names them")
    place = {name: at for at, name in enumerate(ORDER)}
    wanted = [row for row in rows.every if not names or row.name in names]
    return sorted(wanted, key=lambda row: place.get(row.name, len(ORDER)))


def make_certificate(setting):
    made = subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-keyout", setting.key, "-out", setting.certificate,
        ], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Broken(f"openssl req: {made.stderr.strip()[-200:]}")


def version(program):
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout.strip()
    except OSError as error:
        raise Broken(f"{program}: {error.strerror}") from error
    commit = re.search(r"commit ([0-9a-f]{7,40})", said)
    return {"version": said.split(" ")[0], "commit": commit.group(1) if commit else None}


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(file.readline().split()[1]) * 1024
    return {
        "processor": model, "processors": len(os.sched_getaffinity(0)), "memory": memory, "kernel": os.uname().release,
        "python": sys.version.split()[0], "loadAverage": [round(value, 2) for value in os.getloadavg()],
    }


def attempt(row, clients, setting, label):
    """One attack on one build, in a form that can be written down."""
    try:
        found = row.attack(setting) if row.is_special else attacked(row, clients, setting)
    except (Broken, OSError, subprocess.SubprocessError) as error:
        found = {"error": f"{type(error).__name__}: {error}", "goals": [], "log": ""}
    lines = found["log"].splitlines()
    found.update({"log": lines[:LOG_LINES], "logLines": len(lines)})
    return {"attack": row.name, "what": row.title, "clients": clients, "build": label, **found}


def write(folder, document, settings):
    folder = os.path.join(folder, "attacks")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{document['date'].replace(':', '')}.json")
    text = json.dumps(document, indent=1, ensure_ascii=False)
    # Folders of this machine are nobody's business.
    for setting in settings:
        text = text.replace(setting.folder, "FOLDER").replace(setting.program, os.path.basename(setting.program))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return path


def run(arguments, folder):
    settings = {"after": Setting(arguments.program, arguments.shards, arguments.seconds, folder)}
    if arguments.program_before:
        settings = {"before": Setting(arguments.program_before, arguments.shards, arguments.seconds, folder), **settings}
    wanted = chosen(arguments.only)
    document = {
        "schema": SCHEMA, "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "builds": {label: version(setting.program) for label, setting in settings.items()}, "machine": machine(),
        "shards": arguments.shards, "found": [],
    }
    make_certificate(settings["after"])
    print(table.HEADING, flush=True)
    for row in wanted:
        for clients in row.clients:
            for label, setting in settings.items():
                found = attempt(row, clients, setting, label)
                document["found"].append(found)
                print(table.line(found, len(settings) > 1), flush=True)
    if len(settings) > 1:
        print(table.comparison(document["found"]))
    ours = [found for found in document["found"] if found["build"] == "after"]
    print(table.summary(ours))
    if arguments.results:
        print(f"written: {write(arguments.results, document, settings.values())}")
    if any("error" in found for found in ours):
        return 1
    return 0 if all(one["met"] for found in ours for one in found["goals"]) else 2


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/rennbahn", help="the build that is judged")
    parser.add_argument("--program-before", help="an older build, to compare with")
    parser.add_argument("--only", default="", help="names of attacks, separated by commas")
    parser.add_argument("--list", action="store_true", help="only name the attacks")
    parser.add_argument("--results", default="results", help="folder of results; an empty text: none are written")
    parser.add_argument("--shards", type=int, default=1, help="threads of the router")
    parser.add_argument("--seconds", type=float, default=8, help="length of an attack that has none of its own")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        if arguments.list:
            for row in chosen(arguments.only):
                print(f"{row.name:<20}{row.title}")
            return 0
        with tempfile.TemporaryDirectory() as folder:
            return run(arguments, folder)
    except Broken as error:
        print(f"attacks: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("attacks: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
