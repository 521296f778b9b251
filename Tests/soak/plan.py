"""What a soak puts a router through, as a seed has it: rounds of two or three loads each. Pure."""

import dataclasses
import random
import typing

PAYLOADS = (32, 256, 2048, 16_384, 65_536)
OCTETS = {"none": 4_000_000, "deflate": 1_000_000}
"""Octets of payloads that a load delivers in a second, by compression: two cores are not saturated."""
KILLED = 0.25
"""Share of the rounds in which a load is killed."""


@dataclasses.dataclass
class Load:
    shape: str
    serializer: str
    compression: str
    seconds: int
    """Length of its window."""
    arguments: list
    """Of `rennbahn load`, but for the URL."""
    killed_after: typing.Optional[float] = None
    """Seconds from its start."""

    @property
    def kind(self):
        return f"{self.shape} {self.serializer} {self.compression}"

    @property
    def gives_way(self):
        """Visits are a closed loop, which takes what there is of a processor."""
        return self.shape == "visits"


def rate(choose, octets, compression):
    """Deliveries a second: a few thousand, fewer of large ones."""
    return max(1, min(choose.randint(500, 3000), OCTETS[compression] // octets))


def pairs(choose, compression):
    """As many subscribers as publishers, each with its own."""
    count, payload = choose.randint(10, 150), choose.choice(PAYLOADS)
    return [
        "--scenario", "pubsub", "--publishers", count, "--subscribers", count, "--topics", count, "--payload", payload,
        "--rate", rate(choose, payload, compression), "--poisson",
    ]


def fan_out(choose, compression):
    """Few publishers, each with many subscribers."""
    topics, each, payload = choose.randint(1, 4), choose.randint(20, 60), choose.choice(PAYLOADS[:4])
    return [
        "--scenario", "pubsub", "--publishers", topics, "--subscribers", topics * each, "--topics", topics,
        "--payload", payload, "--rate", max(1, rate(choose, payload, compression) // each),
    ]


def calls(choose, compression):
    """As many callees as callers, each with its own. A payload goes there and comes back."""
    count, payload = choose.randint(5, 150), choose.choice(PAYLOADS)
    return [
        "--scenario", "rpc", "--callers", count, "--callees", count, "--payload", payload,
        "--rate", rate(choose, 2 * payload, compression),
    ]


def visits(choose, compression):
    """Sessions that are opened and closed, one behind the other."""
    return ["--scenario", "connect", "--clients", 1]


def laggards(choose, compression):
    """Of eight subscribers two read slowly, but fast enough, and two never: what waits for those fills the kernel's buffers, then
    the router's, which drops them when its stall timeout is over, if the load lasts until then."""
    return [
        "--scenario", "pubsub", "--publishers", 1, "--subscribers", 8, "--topics", 1, "--slow", 2, "--stuck", 2,
        "--slow-interval", 50, "--payload", 16_384, "--rate", 32,
    ]


SHAPES = {"pairs": pairs, "fan-out": fan_out, "calls": calls, "visits": visits, "laggards": laggards}
KINDS = [
    (shape, serializer, compression) for shape in SHAPES for serializer in ("json", "msgpack") for compression in OCTETS]


class Plan:
    """No shape is twice in a round. Kinds are dealt from a shuffled deck, so that all come by."""

    def __init__(self, seed):
        self.choose = random.Random(seed)
        self.deck = []

    def round(self):
        loads = []
        for _ in range(self.choose.randint(2, 3)):
            loads.append(self._load({load.shape for load in loads}))
        if self.choose.random() < KILLED:
            load = self.choose.choice(loads)
            load.killed_after = self.choose.uniform(5, load.seconds)
        return loads

    def _load(self, taken):
        if all(shape in taken for shape, _, _ in self.deck):
            self.deck += self.choose.sample(KINDS, len(KINDS))
        kind = next(kind for kind in self.deck if kind[0] not in taken)
        self.deck.remove(kind)
        shape, serializer, compression = kind
        seconds = self.choose.randint(40 if shape == "laggards" else 20, 60)
        arguments = SHAPES[shape](self.choose, compression) + [
            "--serializer", serializer, "--compression", compression, "--duration", seconds,
            "--seed", self.choose.randrange(1 << 32),
        ]
        return Load(shape, serializer, compression, seconds, [str(one) for one in arguments])
