"""What the cases of a run come to, as a table and as a file."""

import collections
import datetime
import json
import pathlib
import re
import subprocess

# What the suite of this version has; a run of everything must have run all of them.
WHOLE = {1: 16, 2: 11, 3: 7, 4: 10, 5: 20, 6: 145, 7: 37, 9: 54, 10: 1, 12: 90, 13: 126}
GOOD = {"OK", "INFORMATIONAL"}
BEHAVIORS = ["OK", "INFORMATIONAL", "NON-STRICT", "UNIMPLEMENTED", "UNCLEAN", "FAILED", "WRONG CODE", "MISSING"]


class Verdict:
    def __init__(self, is_whole):
        self.is_whole = is_whole
        self.sides = collections.defaultdict(lambda: {"behavior": {}, "close": {}})
        self.troubles = []
        self.passed = 0
        self.failed = 0

    def add(self, side, meant, found, trouble):
        """The cases that were to be run on one side, and what the suite found in those that were."""
        if trouble or not meant:
            self.troubles.append(f"{side}: {trouble.strip() or 'the suite ran no case'}")
            self.failed += 1
        for case in meant:
            record = found.get(case, {})
            behavior, close = (record.get(name, "MISSING") for name in ("behavior", "behaviorClose"))
            self.sides[side]["behavior"][case] = behavior
            self.sides[side]["close"][case] = close
            if behavior in GOOD and close in GOOD:
                self.passed += 1
            else:
                self.failed += 1
                self.troubles.append(f"{side} {case}: {behavior}, closing {close}")

    def groups(self, side, kind):
        """Behaviours by group and how many cases had them, in the order of the groups."""
        counts = collections.defaultdict(collections.Counter)
        for case, behavior in self.sides[side][kind].items():
            counts[int(case.split(".")[0])][behavior] += 1
        return {group: dict(counts[group]) for group in sorted(counts)}

    def table(self):
        for side in sorted(self.sides, reverse=True):
            behavior, close = self.groups(side, "behavior"), self.groups(side, "close")
            for group in behavior:
                yield f"{side:8}{group:>3}.*  {text(behavior[group])};  closing: {text(close[group])}"
                if self.is_whole and sum(behavior[group].values()) != WHOLE[group]:
                    self.failed += 1
                    self.troubles.append(f"{side} {group}.*: not the {WHOLE[group]} cases that the suite has")
            if self.is_whole and behavior.keys() != WHOLE.keys():
                self.failed += 1
                self.troubles.append(f"{side}: whole groups are missing")
        yield from sorted(self.troubles)


def text(counts):
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts, key=rank))


def rank(behavior):
    return (BEHAVIORS.index(behavior) if behavior in BEHAVIORS else len(BEHAVIORS), behavior)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.strip()


def save(verdict, binary, folder):
    """Writes the summary of a run; returns its path."""
    now = datetime.datetime.now(datetime.timezone.utc)
    commit = output("git", "rev-parse", "--short=7", "HEAD")
    is_dirty = output("git", "status", "--porcelain", "--untracked-files=no") != ""
    requirements = pathlib.Path("Tests/conformance/requirements.txt").read_text()
    versions = dict(re.findall(r"^(autobahn|autobahntestsuite|Twisted)==(\S+)$", requirements, re.MULTILINE))
    swift = re.search(r"Swift version (\S+)", output("swift", "--version"))
    python = "import platform; print('%s %s' % (platform.python_implementation(), platform.python_version()))"
    summary = {
        "schema": "rennbahn-conformance/1",
        "date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit,
        "dirty": is_dirty,
        "versions": {
            "rennbahn": output(binary, "--version"), "swift": swift[1] if swift else "unknown",
            "python": output(folder / "venv/bin/python", "-c", python), **versions,
        },
        "passed": verdict.passed,
        "failed": verdict.failed,
        "sides": {
            side: {
                "cases": len(verdict.sides[side]["behavior"]),
                "behavior": {f"{group}.*": counts for group, counts in verdict.groups(side, "behavior").items()},
                "closing": {f"{group}.*": counts for group, counts in verdict.groups(side, "close").items()},
            }
            for side in sorted(verdict.sides, reverse=True)
        },
        "blemishes": sorted(verdict.troubles),
    }
    stamp = now.strftime("%Y-%m-%dT%H%M%SZ")
    path = pathlib.Path(f"results/conformance/{stamp}-{commit}{'-dirty' if is_dirty else ''}.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(summary, indent=2) + "\n")
    return path
