"""What is printed, 80 columns at most, and the file."""

import json
import os
import textwrap

SCHEMA = "rennbahn-soak/1"
COLUMNS = 80
HEADING = (
    f"{'round':>5}{'hours':>8}{'idle KiB':>10}{'most KiB':>11}{'fds':>5}{'valid':>7}{'dist.':>7}{'inval.':>7}{'kill.':>7}"
    f"{'messages':>13}")


def short(count):
    """As many digits as a column has room for."""
    return f"{count:,}" if count < 10**9 else f"{count / 1e6:,.0f} M"


def row(number, sample, counts, messages):
    """After a round: the router at rest, and what came of all loads until now."""
    return (
        f"{number:>5}{sample['hours']:>8.2f}{sample['residentKiB']:>10,}{sample['mostKiB']:>11,}{sample['descriptors']:>5}"
        f"{counts['valid']:>7}{counts['disturbed']:>7}{counts['invalid']:>7}{counts['killed']:>7}{short(messages):>13}")


def say(text):
    print("\n".join(textwrap.wrap(text, COLUMNS, subsequent_indent="    ")), flush=True)


def text_of(document):
    """JSON with a line for each idle sample, which are the last that there is in it."""
    text = json.dumps({**document, "idle": []}, indent=2, ensure_ascii=False)
    lines = ",\n    ".join(json.dumps(sample) for sample in document["idle"])
    return (text.removesuffix("[]\n}") + f"[\n    {lines}\n  ]\n}}" if lines else text) + "\n"


def replace(path, text):
    """Whoever reads it finds the old file or the new one."""
    part = path + ".part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
