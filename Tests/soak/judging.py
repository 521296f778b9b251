"""What a soak has shown: slopes of memory and descriptors, and what came of the loads. Pure."""

import collections
import math
import signal
import statistics

WARM_UP, LEAST_WARM_UP = 0.1, 2
"""Share of the rounds, and how many at least, before memory is judged."""
LEAST_JUDGED = 5
"""Idle samples behind the warm-up without which nothing can be told."""
GROWTH_LIMIT = 8 * 1024
"""KiB that memory may have grown by over the whole run: the router takes no trouble to give back less."""
END_LIMIT = 4.0
"""Seconds from SIGTERM to the router's end."""
FAILURES = 50
"""Failed loads of which more is kept than that they failed."""
OUTCOMES = ("valid", "disturbed", "invalid", "killed")
DISTURBANCES = {
    "steal", "schedule-lag", "achieved-rate-below-offered", "generator-saturated-in-open-loop", "router-starved",
    "generator-starved", "shared-core",
}
"""Why a load's figures are void although all of its messages were right: somebody else had the processors."""


def t95(freedom):
    """Student's t for an interval of 95 %: the expansion in 1/freedom, good to a hundredth from three on."""
    z = statistics.NormalDist().inv_cdf(0.975)
    terms = (
        z, (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


def slope(points):
    """By least squares, with an interval of 95 %, and the median of the slopes of all pairs (Theil–Sen), which a few odd points
    do not move. The points are five at least, in the order of x, no two at the same."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x_mean, y_mean = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    found = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread
    rest = sum((y - y_mean - found * (x - x_mean)) ** 2 for x, y in points)
    reach = t95(len(points) - 2) * math.sqrt(rest / (len(points) - 2) / spread)
    between = statistics.median((y2 - y) / (x2 - x) for at, (x, y) in enumerate(points) for x2, y2 in points[at + 1 :])
    return {"leastSquares": found, "lower": found - reach, "upper": found + reach, "theilSen": between}


def slope_text(found):
    return f"{found['leastSquares']:+,.2f} ({found['lower']:+,.2f} to {found['upper']:+,.2f}), median {found['theilSen']:+,.2f}"


def settled(idle):
    """The samples that are judged: all but the one before any load, and those of the warm-up."""
    return idle[1 + max(LEAST_WARM_UP, math.ceil(WARM_UP * (len(idle) - 1))) :]


def is_long_enough(idle):
    return len(settled(idle)) >= LEAST_JUDGED


def slopes(idle):
    """Of an hour; none where there are too few samples."""
    judged, found = settled(idle), {}
    if is_long_enough(idle):
        for name in ("residentKiB", "privateDirtyKiB", "descriptors"):
            if all(one[name] is not None for one in judged):
                found[name] = slope([(one["hours"], one[name]) for one in judged])
    return found


def growth_problems(idle):
    problems = []
    others = [one for one in idle if one["descriptors"] != idle[0]["descriptors"]]
    if others:
        problems.append(
            f"descriptors: {idle[0]['descriptors']} before any load, another number after {len(others)} of {len(idle) - 1} "
            f"rounds, the last time {others[-1]['descriptors']} after round {others[-1]['round']}")
    found = slopes(idle).get("residentKiB")
    if found:
        grown = max(found["leastSquares"], found["theilSen"]) * idle[-1]["hours"]
        if found["lower"] > 0 and grown >= GROWTH_LIMIT:
            problems.append(
                f"resident memory grows: {slope_text(found)} KiB an hour, {grown:,.0f} KiB over the run, "
                f"where less than {GROWTH_LIMIT:,} may be")
    return problems


def end_problems(end):
    """`end` is how the router ended when it was asked to."""
    problems = []
    if end["status"] != 0:
        problems.append(f"the router ended with {end['status']} on SIGTERM")
    if end["seconds"] > END_LIMIT:
        problems.append(f"the router took {end['seconds']:.1f} s to end, more than {END_LIMIT:.0f}")
    if end["detached"] is None:
        problems.append("the router did not say at its end whom it left behind")
    return problems


def outcome_of(status, cell, was_killed=False):
    """What came of a load, one of OUTCOMES, by its exit status and what it told, if it did."""
    if was_killed and status == -signal.SIGKILL:
        return "killed"
    verdict = (cell or {}).get("verdict", {})
    outcome, reasons = verdict.get("outcome"), {reason["kind"] for reason in verdict.get("reasons", [])}
    if status == 0 and outcome == "valid":
        return "valid"
    is_disturbed = status == 5 and outcome == "invalid" and reasons and reasons <= DISTURBANCES
    return "disturbed" if is_disturbed else "invalid"


class Tally:
    """What came of all loads."""

    def __init__(self):
        self.kinds, self.disturbances, self.failures = {}, collections.Counter(), []
        self.stuck = {"clients": 0, "dropped": 0}

    @property
    def counts(self):
        return {outcome: sum(kind[outcome] for kind in self.kinds.values()) for outcome in OUTCOMES}

    @property
    def messages(self):
        return sum(kind["messages"] for kind in self.kinds.values())

    def note(self, number, load, status, cell, lines, was_killed=False, is_overdue=False):
        """A load of a round has ended; `lines` are the last that it said. Returns what came of it."""
        outcome = outcome_of(status, cell, was_killed)
        told = cell or {}
        reasons, measured = told.get("verdict", {}).get("reasons", []), told.get("measurements", {})
        kind = self.kinds.setdefault(load.kind, dict.fromkeys((*OUTCOMES, "messages"), 0))
        kind[outcome] += 1
        kind["messages"] += measured.get("verification", {}).get("received", 0)
        self.stuck["clients"] += measured.get("laggards", {}).get("stuck", 0)
        self.stuck["dropped"] += measured.get("laggards", {}).get("stuckDropped", 0)
        if outcome == "disturbed":
            self.disturbances.update(reason["kind"] for reason in reasons)
        if outcome == "invalid" and len(self.failures) < FAILURES:
            self.failures.append({
                "round": number, "load": load.arguments, "status": status, "isOverdue": is_overdue, "reasons": reasons,
                "violations": measured.get("violations", []), "lines": lines,
            })
        return outcome


def problems_of(idle, counts, end, early_end):
    """What is not as it should be, in sentences. `end` is missing while the router runs, `early_end` where it did not end by
    itself."""
    found = [early_end] if early_end else end_problems(end) if end else []
    if counts["invalid"]:
        found.append(f"{counts['invalid']} of {sum(counts.values())} loads failed")
    return found + (growth_problems(idle) if idle else [])


def verdict_of(state, idle, problems):
    """Nothing is said of a run that was broken off by somebody."""
    if state in ("running", "interrupted"):
        return None
    if problems:
        return "failed"
    return "flat" if is_long_enough(idle) else "undecided"
