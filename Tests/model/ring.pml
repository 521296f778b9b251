/*
 * The rings between shards, and the sleep and the waking of the shard that reads them, as a Promela model for `spin`.
 *
 * Modelled after Sources/Reactor/Rings/Ring.swift and Polling/WakeUp.swift: PRODUCERS threads, each with a ring of CAPACITY records to one
 * consumer; each sends RECORDS records, in batches of any length, and wakes the consumer once a batch. The consumer
 * takes what is there and sleeps when there is nothing. Up to SPURIOUS times it wakes without a reason, as it does for a
 * socket or a timer.
 *
 * Memory is weaker than a sequence: each thread's stores wait in a store buffer of its own, one slot for each variable,
 * and leave it in any order, except that
 *   - a store with release leaves only when the stores before it have left,
 *   - a sequentially consistent fence waits until the thread's buffer is empty,
 *   - an exchange works on memory itself.
 * So the model allows what x86 does with its FIFO store buffer, and the reordering of stores that ARM does besides.
 * Loads are not delayed: that the loads with acquire stay in front of what follows them is taken for granted.
 *
 * Checked: no record is lost, doubled, out of order or read before it is written (the assertions); no wake-up is lost
 * (a consumer that sleeps for good while records wait is an invalid end state, which spin reports).
 *
 * Each of these macros takes one part of the protocol away, and makes the check fail:
 *   NO_PRODUCER_FENCE   wake() looks at `asleep` without the fence
 *   NO_CONSUMER_FENCE   prepareToSleep() announces the sleep without the fence
 *   NO_RECHECK          the consumer sleeps without looking at the rings again
 *   NO_RELEASE          the position is stored without release
 *   WAKE_FIRST          the producer wakes before it pushes
 *   FREE_FIRST          the consumer frees a record's place before it has read it
 */

#ifndef PRODUCERS
#define PRODUCERS 2
#endif
#ifndef RECORDS
#define RECORDS 3
#endif
#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef SPURIOUS
#define SPURIOUS 1
#endif

#define CELL(p, n) ((p) * CAPACITY + (n) % CAPACITY)
#define CELLS (PRODUCERS * CAPACITY)

/* Memory, as every thread sees it. A record's bytes are its number from 1 on. */
byte cell[CELLS];
byte tail[PRODUCERS];
byte head[PRODUCERS];
bool asleep;
/* The eventfd: an edge that no wait has reported yet. A system call, so no buffer holds it back. */
bool edge;

/* Store buffers: what a thread has stored and the others do not see yet. */
bool cellWaits[CELLS];
byte cellStored[CELLS];
bool tailWaits[PRODUCERS];
byte tailStored[PRODUCERS];
bool headWaits[PRODUCERS];
byte headStored[PRODUCERS];
bool asleepWaits;
bool asleepStored;

#define ALL_CELLS_LEFT(p) (!cellWaits[(p) * CAPACITY] && !cellWaits[(p) * CAPACITY + 1])
#if CAPACITY != 2
#error ALL_CELLS_LEFT is written for two cells
#endif

/* The stores of producer `id` leave its buffer, in any order that is allowed. */
proctype ProducerStores(byte id) {
end:
    do
    :: d_step { cellWaits[CELL(id, 0)] -> cell[CELL(id, 0)] = cellStored[CELL(id, 0)]; cellStored[CELL(id, 0)] = 0;
                cellWaits[CELL(id, 0)] = false }
    :: d_step { cellWaits[CELL(id, 1)] -> cell[CELL(id, 1)] = cellStored[CELL(id, 1)]; cellStored[CELL(id, 1)] = 0;
                cellWaits[CELL(id, 1)] = false }
#ifdef NO_RELEASE
    :: d_step { tailWaits[id] -> tail[id] = tailStored[id]; tailStored[id] = 0; tailWaits[id] = false }
#else
    :: d_step { tailWaits[id] && ALL_CELLS_LEFT(id) -> tail[id] = tailStored[id]; tailStored[id] = 0;
                tailWaits[id] = false }
#endif
    od
}

/* Those of the consumer. Nothing that it writes precedes a store with release, so only the variables count. */
proctype ConsumerStores() {
    byte p;
end:
    do
    :: d_step { headWaits[0] -> head[0] = headStored[0]; headStored[0] = 0; headWaits[0] = false }
#if PRODUCERS > 1
    :: d_step { headWaits[1] -> head[1] = headStored[1]; headStored[1] = 0; headWaits[1] = false }
#endif
    :: d_step { asleepWaits -> asleep = asleepStored; asleepStored = false; asleepWaits = false }
    od
}

/* WakeUp.wake() */
inline wake(id) {
#ifndef NO_PRODUCER_FENCE
    ALL_CELLS_LEFT(id) && !tailWaits[id];
#endif
    if
    :: asleep ->
        /* Between the look and the exchange anything may happen. */
        d_step { wasAsleep = asleep; asleep = false }
        if
        :: wasAsleep -> edge = true
        :: else
        fi
    :: else
    fi;
    d_step { wasAsleep = false; mustWake = false }
}

proctype Producer(byte id) {
    /* Its own position, and the consumer's when it was last looked at. */
    byte mine;
    byte knownHead;
    bool mustWake;
    bool wasAsleep;

    do
    :: mine < RECORDS && mine - knownHead < CAPACITY ->
#ifdef WAKE_FIRST
        wake(id);
#endif
        d_step {
            cellStored[CELL(id, mine)] = mine + 1;
            cellWaits[CELL(id, mine)] = true
        }
        mine++;
        d_step { tailStored[id] = mine; tailWaits[id] = true }
#ifndef WAKE_FIRST
        mustWake = true
#endif
    :: mine < RECORDS && mine - knownHead == CAPACITY && knownHead != head[id] ->
        knownHead = head[id]
    /* The end of a batch; before the wait for room, too. */
    :: mustWake ->
        wake(id)
    :: mine == RECORDS && !mustWake ->
        break
    od
}

proctype Consumer() {
    byte mine[PRODUCERS];
    byte p;
    byte value;
    byte spurious;

    do
    :: true ->
        /* Take all there is from each ring. */
        p = 0;
        do
        :: p < PRODUCERS && mine[p] < tail[p] ->
#ifdef FREE_FIRST
            d_step { headStored[p] = mine[p] + 1; headWaits[p] = true }
#endif
            value = cell[CELL(p, mine[p])];
            assert(value == mine[p] + 1);
            mine[p]++;
            value = 0;
#ifndef FREE_FIRST
            d_step { headStored[p] = mine[p]; headWaits[p] = true }
#endif
        :: p < PRODUCERS && mine[p] >= tail[p] ->
            p++
        :: p == PRODUCERS ->
            break
        od;
        p = 0;
        if
        :: mine[0] == RECORDS && mine[PRODUCERS - 1] == RECORDS ->
            break
        :: else
        fi;
        /* WakeUp.prepareToSleep() */
        d_step { asleepStored = true; asleepWaits = true }
#ifndef NO_CONSUMER_FENCE
        !asleepWaits && !headWaits[0] && !headWaits[PRODUCERS - 1];
#endif
        /* The re-check, ring by ring, then the sleep. */
#ifndef NO_RECHECK
        if
        :: mine[0] < tail[0] -> goto awake
        :: else
        fi;
#if PRODUCERS > 1
        if
        :: mine[1] < tail[1] -> goto awake
        :: else
        fi;
#endif
#endif
        if
        :: d_step { edge -> edge = false }
        :: spurious < SPURIOUS -> spurious++
        fi;
awake:
        skip;
        /* WakeUp.finishSleep() */
        d_step { asleepStored = false; asleepWaits = true }
    od
}

init {
    atomic {
        run Producer(0);
        run ProducerStores(0);
#if PRODUCERS > 1
        run Producer(1);
        run ProducerStores(1);
#endif
        run Consumer();
        run ConsumerStores()
    }
}
