"""The table: what attacks there are, and what each is judged by."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    attack: typing.Callable
    """`async attack(hostile)`; of a row that is tried in a way of its own `attack(setting)`, which gives what was found."""
    clients: tuple = (1,)
    seconds: typing.Optional[float] = None
    """How long it lasts; without it as long as the caller of the script wishes."""
    leaves_early: bool = False
    """Whether the attackers go as soon as they have done what they wanted to."""
    is_memory: bool = False
    """Whether resident memory is judged, for which it waits when the attackers have left."""
    is_cost: bool = False
    """Whether the router's CPU for what came over the wire is judged."""
    is_muted: bool = False
    """Whether nobody reads the router's log."""
    is_special: bool = False
    options: typing.Callable = lambda setting: ()
    """Options of the router, as pairs."""
    bystanders: dict = dataclasses.field(default_factory=dict)
    """What is special about the bystanders (`bystanders.DEFAULTS`)."""
    judge: typing.Callable = lambda found: []
    """Goals of its own."""

    @property
    def title(self):
        return self.attack.__doc__.strip().split("\n")[0]


every = []
"""In the order of the table."""


def row(name, **wishes):
    """An attack of asyncio against a router beside bystanders."""

    def add(attack):
        every.append(Row(name, attack, **wishes))
        return attack

    return add


def special(name, **wishes):
    """What is tried in a way of its own."""
    return row(name, is_special=True, **wishes)


def goal(what, value, limit, unit=""):
    """At most so much."""
    return {"goal": what, "value": value, "limit": limit, "unit": unit, "met": value is not None and value <= limit}


def holds(what, is_met):
    return {"goal": what, "value": bool(is_met), "limit": True, "unit": "", "met": bool(is_met)}
