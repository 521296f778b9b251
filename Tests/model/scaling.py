#!/usr/bin/env python3
"""What the shard protocol costs with more cores than a machine has: a simulation, turn by turn.

Each shard does what RouterShard.run() does in a turn: it takes what its rings and its sockets have brought, sends, rings
the bells of the shards that it has sent records to, and sleeps when nothing is left. Publications come at random
(Poisson) to every shard, one to one; the subscriber is on another shard with the share that placement says. Time is
charged by the constants of Cost; docs/scaling.md tells which are measured and which are assumed. Nothing here knows of
memory bandwidth, NUMA or locks in the kernel. The same arguments give the same table.
"""

import argparse
import heapq
import random


class Cost:
    """In µs."""

    def __init__(self, arguments):
        self.turn = arguments.turn
        # Half of what a message costs is its way in, half its way out, less the turn that it shares with others.
        self.receive = self.send = (arguments.message - arguments.turn) / 2
        self.message = arguments.message
        self.ring = arguments.ring
        self.poll = arguments.poll
        self.bell = arguments.bell
        self.wake = arguments.wake


def simulate(shards, cross, load, messages, cost, seed=1):
    """CPU per message (µs), wake-ups by bell and turns per message, mean time in the router (µs)."""
    draw = random.Random(seed)
    interval = cost.message / load
    sockets = [[] for _ in range(shards)]
    rings = [[] for _ in range(shards)]
    running = [False] * shards
    free_at = [0.0] * shards
    events = []
    count = done = wakes = turns = 0
    busy = delay = 0.0

    def push(time, kind, shard):
        nonlocal count
        count += 1
        heapq.heappush(events, (time, count, kind, shard))

    def start(time, shard):
        if not running[shard]:
            running[shard] = True
            push(max(time, free_at[shard]), "turn", shard)

    for shard in range(shards):
        push(draw.expovariate(1 / interval), "arrival", shard)
    while done < messages:
        now, _, kind, shard = heapq.heappop(events)
        if kind == "arrival":
            sockets[shard].append(now)
            push(now + draw.expovariate(1 / interval), "arrival", shard)
            start(now, shard)
            continue
        if kind == "end":
            running[shard] = False
            if sockets[shard] or rings[shard]:
                start(now, shard)
            continue
        turns += 1
        # Two looks at each ring: one to take, one before the sleep.
        time = now + cost.turn + 2 * (shards - 1) * cost.poll
        records, rings[shard] = rings[shard], []
        for arrived in records:
            time += cost.ring / 2 + cost.send
            done += 1
            delay += time - arrived
        batch, sockets[shard] = sockets[shard], []
        outgoing = {}
        for arrived in batch:
            time += cost.receive
            if shards > 1 and draw.random() < cross:
                other = draw.randrange(shards - 1)
                time += cost.ring / 2
                outgoing.setdefault(other + (other >= shard), []).append(arrived)
            else:
                time += cost.send
                done += 1
                delay += time - arrived
        for other, arrivals in outgoing.items():
            time += cost.bell
            rings[other] += arrivals
            if not running[other]:
                wakes += 1
                time += cost.wake
                start(time, other)
        busy += time - now
        free_at[shard] = time
        push(time, "end", shard)
    return busy / done, wakes / done, turns / done, delay / done


def table(shard_counts, loads, messages, cost):
    print("shards  placement   load  CPU per message      of one   wake-ups  turns  in the router")
    for load in loads:
        alone = simulate(1, 0, load, messages, cost)[0]
        for shards in shard_counts:
            placements = [("kernel", 1 - 1 / shards)] + ([("crossed", 1.0)] if shards > 1 else [])
            for name, cross in placements:
                cpu, wakes, turns, delay = simulate(shards, cross, load, messages, cost)
                print(
                    f"{shards:6}  {name:9} {load:6.0%} {cpu:11.2f} µs {cpu / alone:12.3f} {wakes:10.3f} {turns:6.2f}"
                    f" {delay:11.1f} µs")


def bounds(shard_counts, cost, ring_kib):
    """What grows with the square of the shards, in closed form."""
    print("\nshards   rings     memory   looks per turn   records to make a topic known to all   such topics a second")
    for shards in shard_counts:
        pairs = shards * (shards - 1)
        # Every shard asks the owner once; the owner tells all others, who answer: two records each.
        records = shards * 2 * (shards - 1)
        rate = 1e6 / (records * (cost.ring + 0.3)) if records else float("inf")
        print(
            f"{shards:6} {pairs:7} {pairs * ring_kib / 1024:7.0f} MiB {2 * (shards - 1) * cost.poll:11.2f} µs"
            f" {records:30} {rate:28.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value, text in [
        ("message", 10.5, "µs of a publication and its event on one shard, alone in their turn"),
        ("turn", 1.0, "µs of that for the turn itself: epoll_wait and what surrounds it"),
        ("ring", 0.2, "µs to push and pop a record"),
        ("poll", 0.005, "µs to look at an empty ring"),
        ("bell", 0.02, "µs to look whether a shard sleeps: the fence"),
        ("wake", 1.5, "µs of the eventfd that wakes one that does"),
    ]:
        parser.add_argument(f"--{name}", type=float, default=value, help=f"{text} (default {value})")
    parser.add_argument("--ring-kib", type=int, default=1024, help="capacity of a ring (default 1024)")
    parser.add_argument("--shards", default="1,2,4,16,64")
    parser.add_argument("--loads", default="0.2,0.8", help="of what one core can do with one shard")
    parser.add_argument("--messages", type=int, default=100_000)
    arguments = parser.parse_args()
    cost = Cost(arguments)
    shard_counts = [int(text) for text in arguments.shards.split(",")]
    table(shard_counts, [float(text) for text in arguments.loads.split(",")], arguments.messages, cost)
    bounds(shard_counts, cost, arguments.ring_kib)


if __name__ == "__main__":
    main()
