"""Those who do no harm, in a process of their own: subscribers, a caller, and clients that join anew all the time.

Everything is paced by the clock, not by the router, and every arrival is timed here. Silence is the longest time without an
arrival since the attack began, up to now.
"""

import asyncio
import collections
import json
import re
import time

import wire
from session import Lost, Session

HERE = "127.0.0.2"
"""Where bystanders come from: not from the attackers' address."""

TOPIC = "com.example.topic"
PROCEDURE = "com.example.echo"
LARGE = "com.example.large"
PHONE_TOPIC = "com.example.phone"
LARGE_OCTETS = 2 << 20

DEFAULTS = {
    "rate": 200, "payload": 64, "subscribers": 5, "calls": 100, "joins": [{"source": HERE, "every": 0.5}], "tls": False,
    "also_calls": None, "phone": False,
}


class Gap:
    """The longest time between arrivals."""

    def __init__(self):
        self.restart()

    def restart(self):
        self.last, self.longest, self.count = time.monotonic(), 0.0, 0

    def arrived(self):
        now = time.monotonic()
        self.longest, self.last, self.count = max(self.longest, now - self.last), now, self.count + 1

    def until_now(self):
        return max(self.longest, time.monotonic() - self.last)


class Subscriber:
    def __init__(self):
        self.gap, self.last, self.received, self.disorder = Gap(), 0, 0, 0

    def heard(self, message):
        found = re.search(rb",\[(\d+),", message[:200]) if message.startswith(b"[36,") else None
        if not found:
            return
        number = int(found.group(1))
        self.gap.arrived()
        self.received += 1
        self.disorder += number <= self.last
        self.last = number


class Caller:
    """Calls one procedure, and knows which calls are not answered."""

    def __init__(self, procedure, rate, payload):
        self.procedure, self.rate, self.text = procedure, rate, "#" * payload
        self.gap, self.open, self.errors, self.slowest, self.called = Gap(), {}, collections.Counter(), 0.0, 0

    def call(self, session):
        number = session.next_number()
        self.open[number] = time.monotonic()
        self.called += 1
        session.send(f'[48,{number},{{}},"{self.procedure}",[{number},"{self.text}"]]')

    def answered(self, number, error=None):
        self.slowest = max(self.slowest, time.monotonic() - self.open.pop(number))
        if error:
            self.errors[error] += 1
        else:
            self.gap.arrived()

    def report(self):
        return {
            "called": self.called, "slowest": self.slowest, "errors": dict(self.errors), "unanswered": len(self.open),
        }


class Joiner:
    """A new client again and again, each at its time, however long the others take."""

    def __init__(self, source, every):
        self.source, self.every, self.open, self.failures = source, every, {}, collections.Counter()
        self.restart()

    def restart(self):
        self.open = {number: max(began, time.monotonic()) for number, began in self.open.items()}
        self.failures.clear()
        self.connects, self.joins = [], []

    async def join(self, number, port, tls):
        self.open[number] = began = time.monotonic()
        session = None
        try:
            session = await Session.connect(port, self.source, tls=tls)
            self.connects.append(time.monotonic() - began)
            await asyncio.wait_for(session.welcomed, 30)
            self.joins.append(time.monotonic() - began)
        except (OSError, Lost, asyncio.TimeoutError) as error:
            self.failures[f"{type(error).__name__}: {error}"[:80]] += 1
        finally:
            if session:
                session.leave()
            self.open.pop(number, None)

    async def run(self, port, tls):
        tasks, number, begin = set(), 0, time.monotonic()
        try:
            while True:
                number += 1
                await asyncio.sleep(max(0, begin + number * self.every - time.monotonic()))
                task = asyncio.ensure_future(self.join(number, port, tls))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        finally:
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def report(self):
        waiting = [time.monotonic() - began for began in self.open.values()]
        joins, connects = sorted(self.joins), sorted(self.connects)
        return {
            "source": self.source, "joined": len(joins), "longest": max([*joins, *waiting], default=0.0),
            "connectP50": connects[len(connects) // 2] if connects else None,
            "connectP99": connects[int(len(connects) * 0.99)] if connects else None,
            "waiting": len(waiting), "failures": dict(self.failures),
        }


class Bystanders:
    def __init__(self, port, wishes):
        self.port, self.wishes = port, {**DEFAULTS, **wishes}
        self.tls = wire.trusting() if self.wishes["tls"] else None
        self.published, self.lag, self.is_publishing = 0, 0.0, True
        self.subscribers = [Subscriber() for _ in range(self.wishes["subscribers"])]
        self.caller = Caller(PROCEDURE, self.wishes["calls"], 16)
        also = self.wishes["also_calls"]
        self.other = Caller(also["procedure"], also["rate"], also["payload"]) if also else None
        self.joiners = [Joiner(**one) for one in self.wishes["joins"]]
        self.sessions, self.tasks = [], []

    async def join(self, heard=None):
        session = await Session.join(self.port, HERE, heard, self.tls)
        self.sessions.append(session)
        return session

    async def begin(self):
        for subscriber in self.subscribers:
            await (await self.join(subscriber.heard)).asked(32, TOPIC)
        callee = await self.join()
        callee.heard = lambda message: self.invoked(callee, message)
        await callee.asked(64, PROCEDURE)
        if self.wishes["phone"]:
            await callee.asked(64, LARGE)
        calling = await self.join(self.result)
        publisher = await self.join()
        work = [
            self.paced(self.wishes["rate"], lambda: self.publish(publisher)),
            self.paced(self.wishes["calls"], lambda: self.caller.call(calling)),
            self.watch_self(),
            *(joiner.run(self.port, self.tls) for joiner in self.joiners),
        ]
        if self.wishes["phone"]:
            phones = await self.join()
            work.append(self.paced(4, lambda: self.publish_to_phone(phones)))
        self.calling = calling
        self.tasks = [asyncio.ensure_future(one) for one in work]

    async def paced(self, rate, act):
        begin, number = time.monotonic(), 0
        while self.is_publishing:
            number += 1
            await asyncio.sleep(max(0, begin + number / rate - time.monotonic()))
            act()

    async def watch_self(self):
        """How late this process itself was: what it sees cannot be better than that."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.02)
            self.lag = max(self.lag, time.monotonic() - began - 0.02)

    def publish(self, session):
        self.published += 1
        session.send(f'[16,{session.next_number()},{{}},"{TOPIC}",[{self.published},"{"#" * self.wishes["payload"]}"]]')

    def publish_to_phone(self, session):
        number = session.next_number()
        session.send(f'[16,{number},{{}},"{PHONE_TOPIC}",[{number},{time.monotonic():.3f},"{"#" * 1000}"]]')

    def invoked(self, session, message):
        invocation = json.loads(message)
        if invocation[0] == 68:
            given = invocation[4] if len(invocation) > 4 else []
            answer = json.dumps(["#" * LARGE_OCTETS] if given == ["large"] else given, separators=(",", ":"))
            session.send(f"[70,{invocation[1]},{{}},{answer}]")

    def result(self, message):
        result = json.loads(message)
        number, error = (result[2], result[4]) if result[0] == 8 else (result[1], None)
        for caller in filter(None, (self.caller, self.other)):
            if number in caller.open:
                caller.answered(number, error)

    def mark(self):
        """The attack begins."""
        self.lag = 0.0
        for one in (*self.subscribers, self.caller):
            one.gap.restart()
        for joiner in self.joiners:
            joiner.restart()
        if self.other:
            other = self.other
            self.tasks.append(asyncio.ensure_future(self.paced(other.rate, lambda: other.call(self.calling))))

    async def finish(self, patience):
        """Nothing new is sent; what is on its way may come for so many seconds."""
        report = {
            "subscriberSilence": max((one.gap.until_now() for one in self.subscribers), default=0.0),
            "callerSilence": self.caller.gap.until_now(), "joins": [one.report() for one in self.joiners], "lag": self.lag,
        }
        self.is_publishing = False
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self.is_complete():
            await asyncio.sleep(0.05)
        ends = collections.Counter(one.over.result() for one in self.sessions if one.over.done())
        report.update({
            "published": self.published, "lost": sum(self.published - one.received for one in self.subscribers),
            "disorder": sum(one.disorder for one in self.subscribers), "calls": self.caller.report(),
            "otherCalls": self.other.report() if self.other else None, "ended": dict(ends),
            "goodbyes": dict(collections.Counter(one.goodbye for one in self.sessions if one.goodbye)),
        })
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        return report

    def is_complete(self):
        callers = [one for one in (self.caller, self.other) if one]
        return all(one.received == self.published for one in self.subscribers) and not any(one.open for one in callers)


def work(pipe, port, wishes):
    """What a child does: `mark`, then `finish`, as it is told to."""
    asyncio.run(converse(pipe, Bystanders(port, wishes)))


async def converse(pipe, bystanders):
    orders = asyncio.Queue()

    def read():
        try:
            orders.put_nowait(pipe.recv())
        except EOFError:
            asyncio.get_running_loop().remove_reader(pipe.fileno())
            orders.put_nowait(("end", 0))

    try:
        await bystanders.begin()
    except (OSError, Lost, asyncio.TimeoutError) as error:
        pipe.send(f"bystanders could not join: {type(error).__name__}: {error}")
        return
    pipe.send("ready")
    asyncio.get_running_loop().add_reader(pipe.fileno(), read)
    while True:
        order, argument = await orders.get()
        if order == "mark":
            bystanders.mark()
        elif order == "finish":
            pipe.send(await bystanders.finish(argument))
        else:
            return
