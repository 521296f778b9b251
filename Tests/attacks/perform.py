"""Carries one attack out: a fresh router, bystanders beside it, attackers, and what is seen from outside."""

import contextlib
import time

import bystanders
import hostile
from bystanders import HERE
from processes import Broken, Child, Router
from rows import goal, holds

MIB = 1 << 20
WARM = 1.0
"""Seconds that bystanders run before anything is measured, and in which the router's CPU without an attack is."""
REST = 10.0
"""Seconds from the end of an attack to the look at memory."""
SETTLE = 5.0
"""Seconds that what is on its way to bystanders has at the end."""
BUDGET = 256
"""MiB that attacks on memory leave each shard for what clients make it keep (`--memory`)."""
WITHOUT_BUDGET = 512
"""MiB of a shard that messages on their way in and out may take, in builds that have no such option."""
KEPT = 32 * MIB
LEAST_OCTETS = 900_000
"""On the wire, below which CPU is that of the bystanders rather than of the attack."""


@contextlib.contextmanager
def with_bystanders(router, wishes):
    child = Child(bystanders.work, router.port, wishes)
    try:
        said = child.hear(40)
        if said != "ready":
            raise Broken(said)
        yield child
    finally:
        child.end()


def attacked(row, clients, setting):
    """What one attack does, with its goals."""
    seconds = row.seconds or setting.seconds
    found = {}
    options = [*row.options(setting), *([("--memory", str(BUDGET * MIB))] if row.is_memory else [])]
    with Router(setting.program, options, setting.shards, row.is_muted) as router:
        with with_bystanders(router, row.bystanders) as child:
            time.sleep(WARM)
            idle, cpu, began = router.memory()[0], router.cpu()[0], time.monotonic()
            time.sleep(WARM)
            without = (router.cpu()[0] - cpu) / (time.monotonic() - began)
            child.tell(("mark", 0))
            (cpu, waited), began = router.cpu(), time.monotonic()
            found["attackers"] = attack(row, clients, seconds, setting, router)
            lasted = time.monotonic() - began
            cpu, waited = (end - begin for begin, end in zip((cpu, waited), router.cpu()))
            if row.is_memory:
                time.sleep(REST)
            found["alive"] = router.is_alive()
            now, peak = router.memory()
            child.tell(("finish", SETTLE))
            found["bystanders"] = child.hear(SETTLE + 60)
            ended, status = router.stop()
        found["log"] = router.log_text()
    megabytes = found["attackers"]["octets"] / 1e6
    found["end"] = {"seconds": ended, "status": status}
    found["memory"] = {
        "idle": idle, "peak": peak, "after": now if row.is_memory else None, "budget": budget(idle, setting),
    }
    found["cpu"] = {
        "seconds": cpu, "withoutAttack": without * lasted, "waited": waited, "lasted": lasted,
        "perMegabyte": max(0.0, cpu - without * lasted) / megabytes if megabytes >= LEAST_OCTETS / 1e6 else None,
    }
    found["goals"] = goals(row, found)
    return found


def attack(row, clients, seconds, setting, router):
    child = Child(hostile.work, row.attack, setting.program, router.port, clients, seconds, row.leaves_early, nice=5)
    try:
        return child.hear(seconds + 40)
    finally:
        child.end()


def budget(idle, setting):
    """Octets that the router may have at most."""
    known = "--memory" in Router.known[setting.program]
    return idle + (BUDGET if known else WITHOUT_BUDGET) * MIB * setting.shards


def goals(row, found):
    seen, memory = found["bystanders"], found["memory"]
    honest = [one for one in seen["joins"] if one["source"] == HERE]
    judged = [
        holds("the router lives on", found["alive"]),
        goal("longest silence of a subscriber", seen["subscriberSilence"], 1.0, "s"),
        goal("longest silence of a caller", seen["callerSilence"], 1.0, "s"),
        goal("longest join", max((one["longest"] for one in honest), default=None), 1.0, "s"),
        goal("joins that failed", sum(sum(one["failures"].values()) for one in honest), 0),
        goal("events that bystanders lost", seen["lost"], 0),
        goal("events out of order", seen["disorder"], 0),
        goal("calls that nobody answered", seen["calls"]["unanswered"], 0),
        goal("bystanders whose connection ended", sum(seen["ended"].values()), 0),
        goal("seconds from SIGTERM to the end", found["end"]["seconds"], 4.0, "s"),
        goal("status at the end", abs(found["end"]["status"]), 0),
    ]
    if row.is_memory:
        judged.append(goal("RSS at most, budget + 10 %", memory["peak"] // MIB, int(memory["budget"] * 1.1) // MIB, "MiB"))
        judged.append(goal("RSS 10 s after, idle + 32 MiB", memory["after"] // MIB, (memory["idle"] + KEPT) // MIB, "MiB"))
    if row.is_cost and row.leaves_early:
        judged.append(holds("the attack was carried out", not found["attackers"]["stopped"]))
        judged.append(goal("CPU for each MB on the wire", found["cpu"]["perMegabyte"], 0.2, "s"))
    elif row.is_cost and found["cpu"]["perMegabyte"] is not None:
        judged.append(goal("CPU for each MB on the wire", found["cpu"]["perMegabyte"], 0.2, "s"))
    return judged + row.judge(found)
