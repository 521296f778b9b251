"""The judgement and the plan of a soak, on what is made up."""

import json
import random

import judging
import plan
import telling
from children import SoakError

MIB = 1024
"""In KiB."""


def expect(name, found, wanted):
    if found != wanted:
        raise SoakError(f"self-test: {name}: {found}, not {wanted}")


def near(name, found, wanted, by):
    if not abs(found - wanted) <= by:
        raise SoakError(f"self-test: {name}: {found}, not {wanted}")


def made_up(resident, descriptors=lambda at: 20, rounds=400, hours=8.0):
    """Idle samples of a run: KiB and descriptors by the share of the run that is over."""
    return [
        {
            "round": number, "hours": hours * number / rounds, "residentKiB": resident(number / rounds), "privateDirtyKiB": None,
            "descriptors": descriptors(number / rounds), "mostKiB": 0,
        } for number in range(rounds + 1)
    ]


def steady(at):
    return 40_000


def try_statistics():
    for freedom, wanted in ((3, 3.182), (10, 2.228), (100, 1.984)):
        near(f"t of {freedom}", judging.t95(freedom), wanted, 0.005)
    for name, value in judging.slope([(x, 5 + 3 * x) for x in range(9)]).items():
        near(f"{name} of a line", value, 3, 1e-9)
    found = judging.slope(list(enumerate((1, 3, 2, 5, 4))))
    for name, wanted in (("leastSquares", 0.8), ("lower", -0.3024), ("upper", 1.9024), ("theilSen", 0.875)):
        near(name, found[name], wanted, 0.005)


def try_growth():
    choose = random.Random(1)

    def noisy(growth):
        return lambda at: 40_000 + growth * at + choose.uniform(-3000, 3000)

    cases = {
        "flat": (made_up(steady), 0),
        "flat and noisy": (made_up(noisy(0)), 0),
        "two MiB an hour": (made_up(noisy(16 * MIB)), 1),
        "two MiB an hour without noise": (made_up(lambda at: 40_000 + 16 * MIB * at), 1),
        "half a MiB an hour": (made_up(lambda at: 40_000 + 4 * MIB * at), 0),
        "less and less": (made_up(noisy(-16 * MIB)), 0),
        "more in the warm-up only": (made_up(lambda at: 40_000 + 30 * MIB * min(at, 0.09) / 0.09), 0),
        "more, once and for good": (made_up(lambda at: 40_000 + (20 * MIB if at > 0.6 else 0)), 1),
        "up and down": (made_up(lambda at: 40_000 + 50 * MIB * (round(at * 400) % 2)), 0),
        "up and down, six samples": (made_up(lambda at: 40_000 + 50 * MIB * (round(at * 8 + 1) % 2), rounds=8), 0),
        "a descriptor that stays": (made_up(steady, lambda at: 20 + (at > 0.9)), 1),
        "a descriptor that is left at the end": (made_up(steady, lambda at: 20 + (at == 1)), 1),
        "more and more descriptors": (made_up(steady, lambda at: 20 + int(at * 30)), 1),
        "more of both": (made_up(lambda at: 40_000 + 16 * MIB * at, lambda at: 20 + int(at * 30)), 2),
        "nothing but the beginning": (made_up(steady, rounds=1), 0),
    }
    for name, (idle, wanted) in cases.items():
        expect(name, len(judging.growth_problems(idle)), wanted)
    least = judging.LEAST_WARM_UP + judging.LEAST_JUDGED
    expect("enough rounds", judging.is_long_enough(made_up(steady, rounds=least)), True)
    expect("one round too few", judging.is_long_enough(made_up(steady, rounds=least - 1)), False)
    expect("the first round that is judged", judging.settled(made_up(steady))[0]["round"], 41)


def cell(outcome, *reasons, received=0):
    return {
        "verdict": {"outcome": outcome, "reasons": [{"kind": reason} for reason in reasons]},
        "measurements": {"verification": {"received": received}, "laggards": {"stuck": 2, "stuckDropped": 1}},
    }


def try_loads():
    cases = [
        (0, cell("valid"), False, "valid"), (0, cell("valid"), True, "valid"), (0, None, False, "invalid"),
        (5, None, False, "invalid"), (5, cell("invalid", "steal", "schedule-lag"), False, "disturbed"),
        (5, cell("invalid"), False, "invalid"), (5, cell("invalid", "steal", "connections-lost"), False, "invalid"),
        (4, cell("verification-failed"), False, "invalid"), (4, cell("verification-failed", "steal"), False, "invalid"),
        (3, cell("valid"), False, "invalid"),
        (-9, None, True, "killed"), (-9, None, False, "invalid"), (-11, None, True, "invalid"),
    ]
    for status, told, was_killed, outcome in cases:
        expect(f"{status} {told} {was_killed}", judging.outcome_of(status, told, was_killed), outcome)
    tally, load = judging.Tally(), plan.Plan(1).round()[0]
    tally.note(1, load, 0, cell("valid", received=7), [])
    tally.note(1, load, 5, cell("invalid", "steal", received=3), [])
    tally.note(1, load, 4, cell("verification-failed"), ["lost"])
    tally.note(2, load, -9, None, [], was_killed=True)
    expect("counts", tally.counts, {"valid": 1, "disturbed": 1, "invalid": 1, "killed": 1})
    expect("messages", tally.messages, 10)
    expect("failures", [(one["round"], one["status"], one["lines"]) for one in tally.failures], [(1, 4, ["lost"])])
    expect("disturbances", dict(tally.disturbances), {"steal": 1})
    expect("stuck", tally.stuck, {"clients": 6, "dropped": 3})


def try_verdicts():
    end = {"status": 0, "seconds": 0.3, "detached": 0, "dropped": 2}
    for change, count in (({}, 0), ({"seconds": 4.2}, 1), ({"status": -9}, 1), ({"detached": None}, 1)):
        expect(f"an end with {change}", len(judging.end_problems({**end, **change})), count)
    good = {**dict.fromkeys(judging.OUTCOMES, 3), "invalid": 0}
    bad = {**good, "invalid": 1}
    growing = made_up(lambda at: 40_000 + 16 * MIB * at)
    cases = [
        ("complete", made_up(steady), good, end, None, "flat"), ("complete", made_up(steady), bad, end, None, "failed"),
        ("complete", growing, good, end, None, "failed"), ("complete", made_up(steady, rounds=3), good, end, None, "undecided"),
        ("complete", made_up(steady, rounds=3), bad, end, None, "failed"), ("routerEnded", [], good, end, "it ended", "failed"),
        ("interrupted", made_up(steady), good, end, None, None), ("running", growing, bad, None, None, None),
    ]
    for state, idle, counts, ended, early_end, verdict in cases:
        problems = judging.problems_of(idle, counts, ended, early_end)
        expect(f"{state} after {len(idle)}", judging.verdict_of(state, idle, problems), verdict)


def try_plan():
    one, same, other = ([plan.Plan(seed).round() for seed in seeds] for seeds in ((1, 2), (1, 2), (3, 4)))
    expect("a seed repeats its plan", one, same)
    expect("another seed has the same", one == other, False)
    drawn = plan.Plan(1)
    rounds = [drawn.round() for _ in range(40)]
    loads = [load for group in rounds for load in group]
    expect("kinds", {load.kind for load in loads}, {" ".join(kind) for kind in plan.KINDS})
    expect("shapes that are twice in a round", [group for group in rounds if len({one.shape for one in group}) < len(group)], [])
    expect("loads of a round", {len(group) for group in rounds}, {2, 3})
    expect("20 to 60 s", all(20 <= load.seconds <= 60 for load in loads), True)
    killed = [load for load in loads if load.killed_after is not None]
    expect("some are killed", 0 < len(killed) < len(rounds), True)
    expect("killed before their end", all(load.killed_after <= load.seconds for load in killed), True)


def try_text():
    sample = {"hours": 8759.99, "residentKiB": 1_234_567, "mostKiB": 12_345_678, "descriptors": 9999}
    line = telling.row(99_999, sample, dict.fromkeys(judging.OUTCOMES, 99_999), 123_456_789_012)
    expect("columns", (len(line), len(telling.HEADING)), (telling.COLUMNS, telling.COLUMNS))
    for idle in ([], made_up(steady, rounds=3)):
        document = {"schema": telling.SCHEMA, "failures": ['"idle": []'], "idle": idle}
        text = telling.text_of(document)
        expect("the file", json.loads(text), document)
        expect("lines of the file", text.count("\n"), 7 + (len(idle) + 1 if idle else 0))


def run():
    for attempt in (try_statistics, try_growth, try_loads, try_verdicts, try_plan, try_text):
        attempt()
