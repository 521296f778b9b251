"""What is printed: 80 columns."""

import textwrap

MIB = 1 << 20
COLUMNS = 80
LATE = 0.25
"""Seconds that bystanders may themselves be late without a word about it."""
BUSY = 0.05
"""Share of an attack that the router's threads may wait for a processor without a word about it."""

HEADING = (
    "                             longest silence, s    RSS, MiB   CPU s\n"
    "attack                    ×   sub   call   join   most  later  per MB  goals"
)


def number(value, width, digits=0):
    return f"{value:>{width}.{digits}f}" if value is not None else " " * (width - 1) + "–"


def silences(found):
    seen = found.get("bystanders")
    if not seen:
        return None, None, None
    return seen["subscriberSilence"], seen["callerSilence"], max((one["longest"] for one in seen["joins"][:1]), default=None)


def memory(found, which):
    value = found.get("memory", {}).get(which)
    return value / MIB if value is not None else None


def missed_in(found):
    return sum(not one["met"] for one in found["goals"])


def verdict(found):
    if "error" in found:
        return "ERROR"
    return f"{missed_in(found)} missed" if missed_in(found) else "met"


def line(found, is_compared):
    """Measures of one attack on one build; of two the older one has its line first."""
    name = "  " + found["build"] if is_compared and found["build"] == "before" else found["attack"]
    sub, call, join = silences(found)
    return (
        f"{name:<23}{found['clients']:>4}{number(sub, 6, 2)}{number(call, 7, 2)}{number(join, 7, 2)}"
        f"{number(memory(found, 'peak'), 7)}{number(memory(found, 'after'), 7)}"
        f"{number(found.get('cpu', {}).get('perMegabyte'), 8, 2)}  {verdict(found)}")


def comparison(all_found):
    """Both builds beside each other."""
    lines = [
        "",
        "                           longest silence, s     RSS at most, MiB    missed",
        "attack                    ×   before    after     before    after   before after",
    ]
    pairs = {}
    for found in all_found:
        pairs.setdefault((found["attack"], found["clients"]), {})[found["build"]] = found
    for (name, clients), pair in pairs.items():
        row = f"{name:<23}{clients:>4}"
        for label in ("before", "after"):
            row += number(max((one for one in silences(pair[label]) if one is not None), default=None), 9, 2)
        row += "  "
        for label in ("before", "after"):
            row += number(memory(pair[label], "peak"), 9)
        for label, width in (("before", 9), ("after", 6)):
            row += f"{'ERROR' if 'error' in pair[label] else missed_in(pair[label]):>{width}}"
        lines.append(row)
    return "\n".join(lines)


def value_text(value, unit):
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return f"{text} {unit}".strip() if value is not None else "unknown"


def told(name, text):
    """A remark, in as many lines as it takes."""
    return textwrap.wrap(f"{name}: {text}", COLUMNS, subsequent_indent="    ")


def remarks(found):
    """What is to be known beside the goals: how attackers were ended, what was counted, and what the observers were worth."""
    name, attack, seen = f"{found['attack']} × {found['clients']}", found.get("attackers", {}), found.get("bystanders")
    lines = []
    if attack.get("ends"):
        ends = sorted(attack["ends"].items(), key=lambda pair: -pair[1])[:4]
        lines += told(name, "attackers ended: " + "; ".join(f"{count} × {how}" for how, count in ends))
    if attack.get("stopped"):
        lines += told(name, f"the attack stopped before its time: {attack['stopped']}")
    facts = {**found.get("facts", {}), **attack.get("facts", {})}
    if facts:
        lines += told(name, ", ".join(f"{key} {value_text(value, '')}" for key, value in facts.items()))
    if seen and seen["calls"]["errors"]:
        lines += told(name, f"calls of bystanders that were refused: {seen['calls']['errors']} of {seen['calls']['called']}")
    if seen and seen["lag"] > LATE:
        lines += told(name, f"the bystanders themselves were late by {seen['lag']:.2f} s: the machine is too busy")
    cpu = found.get("cpu", {})
    if cpu and cpu["waited"] > BUSY * cpu["lasted"]:
        lines += told(name, f"the router waited for a processor for {cpu['waited']:.2f} s: the machine is too busy")
    if found["logLines"]:
        lines += told(name, f"log, {found['logLines']} in all: {found['log'][0][:200]}")
    return lines


def missed(found):
    """Every goal that was missed, in words."""
    name = f"{found['attack']} × {found['clients']}"
    lines = told(name, found["error"]) if "error" in found else []
    for one in found["goals"]:
        if not one["met"]:
            limit = "" if one["limit"] is True else f", at most {value_text(one['limit'], one['unit'])}"
            lines += told(name, f"missed: {one['goal']}: {value_text(one['value'], one['unit'])}{limit}")
    return lines


def summary(all_found):
    """Remarks, then what was missed, then the sum."""
    lines = [""]
    for of_each in (remarks, missed):
        for found in all_found:
            lines += of_each(found)
        lines.append("")
    count = sum(len(found["goals"]) for found in all_found)
    met = sum(one["met"] for found in all_found for one in found["goals"])
    lines.append(f"{met} of {count} goals met in {len(all_found)} attacks")
    return "\n".join(lines)
