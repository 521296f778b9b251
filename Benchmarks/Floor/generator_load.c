/* Operations in flight, when the next ones start, and whether everything came, once and whole. */
#include "generator.h"

struct operation {
    uint64_t sequence;
    uint64_t started; /* when it was to start, in an open loop */
    int awaited;      /* receivers that do not have it, or 1 for a RESULT; 0: the place is free */
};

struct sender {
    uint64_t next; /* sequence, from 0; request ids are one more */
    int in_flight;
    struct operation *operations; /* by sequence, modulo `capacity` */
};

static struct sender *senders;
static size_t capacity;
/* The sequence that each receiver expects of each sender; a callee's have one callee each. */
static uint64_t *expected;
static bool is_loading;
/* Of an open loop: when operation number `due` is due. */
static uint64_t started_at, due;

struct load_counters load_counters;
bool load_is_recording;

static uint64_t *expected_of(int receiver, uint32_t sender) {
    return &expected[options.is_rpc ? sender : (size_t)receiver * (size_t)options.senders + sender];
}

void load_prepare(void) {
    size_t depth = options.depth > 0 ? (size_t)options.depth : GENERATOR_OPEN_DEPTH / 2;
    for (capacity = 2; capacity < 2 * depth; capacity *= 2) {}
    senders = generator_memory((size_t)options.senders, sizeof *senders);
    for (int sender = 0; sender < options.senders; sender++)
        senders[sender].operations = generator_memory(capacity, sizeof *senders->operations);
    expected = generator_memory((size_t)options.senders * (options.is_rpc ? 1 : (size_t)options.receivers), sizeof *expected);
}

/* ---- Starting ---- */

/* False where the sender has as many in flight as it may. */
static bool operate(int number, uint64_t time) {
    struct sender *sender = &senders[number];
    struct operation *operation = &sender->operations[sender->next & (capacity - 1)];
    if (operation->awaited > 0 || (options.depth > 0 && sender->in_flight >= options.depth)) return false;
    *operation = (struct operation){sender->next, time, options.is_rpc ? 1 : options.receivers};
    write_message(options.is_rpc ? WAMP_CALL : WAMP_PUBLISH, 5);
    write_number(sender->next + 1);
    /* Who may not publish is told so where it asks for an acknowledgement. */
    write_options(!options.is_rpc && sender->next == 0);
    write_text(wamp_uri(options.is_rpc ? number % options.receivers : 0));
    write_span(payload_arguments((struct stamp){(uint32_t)number, sender->next}));
    finish_message();
    link_send(client_of_sender(number), &wamp_message);
    sender->next++;
    sender->in_flight++;
    if (load_is_recording) load_counters.operations++;
    return true;
}

void load_start(uint64_t now) {
    is_loading = true;
    started_at = now;
    if (options.depth == 0) return;
    for (int sender = 0; sender < options.senders; sender++)
        while (operate(sender, now)) {}
}

void load_stop(void) { is_loading = false; }

static uint64_t due_at(void) { return started_at + (uint64_t)((double)due * 1e9 / options.rate); }

uint64_t load_pace(void) {
    static bool is_held;
    if (options.depth > 0 || !is_loading) return UINT64_MAX;
    for (uint64_t now = measure_now(); due_at() <= now; due++) {
        if (!operate((int)(due % (uint64_t)options.senders), due_at())) {
            load_counters.held += !is_held;
            is_held = true;
            return UINT64_MAX; /* only an answer makes room */
        }
        is_held = false;
    }
    return due_at();
}

/* ---- What comes ---- */

static bool verified(struct span arguments, struct stamp *stamp) {
    if (payload_verify(arguments, stamp) && stamp->sender < (uint32_t)options.senders) return true;
    load_counters.corrupted++;
    return false;
}

/* Whether it is the next that a receiver gets of a sender, or a later one, which makes those between them lost. */
static bool is_new(int receiver, struct stamp stamp) {
    uint64_t *next = expected_of(receiver, stamp.sender);
    if (stamp.sequence < *next || stamp.sequence >= senders[stamp.sender].next) {
        load_counters.duplicated++;
        return false;
    }
    load_counters.lost += stamp.sequence - *next;
    *next = stamp.sequence + 1;
    return true;
}

/* One receiver has it, or the caller its RESULT. */
static void arrived(struct stamp stamp) {
    struct sender *sender = &senders[stamp.sender];
    struct operation *operation = &sender->operations[stamp.sequence & (capacity - 1)];
    if (operation->sequence != stamp.sequence || operation->awaited == 0) {
        load_counters.duplicated++;
        return;
    }
    load_counters.all_messages++;
    if (load_is_recording) {
        load_counters.messages++;
        measure_response(link_now - operation->started);
    }
    if (--operation->awaited > 0) return;
    sender->in_flight--;
    if (is_loading && options.depth > 0) operate((int)stamp.sender, link_now);
}

void load_event(int receiver, struct span arguments) {
    struct stamp stamp;
    if (verified(arguments, &stamp) && is_new(receiver, stamp)) arrived(stamp);
}

void load_invocation(int receiver, struct span arguments) {
    struct stamp stamp;
    if (!verified(arguments, &stamp)) return;
    if ((int)stamp.sender % options.receivers != receiver) load_counters.foreign++;
    is_new(receiver, stamp);
}

void load_result(int sender, uint64_t request, struct span arguments) {
    struct stamp stamp;
    if (!verified(arguments, &stamp)) return;
    if (stamp.sender != (uint32_t)sender || stamp.sequence != request - 1) {
        load_counters.foreign++;
        return;
    }
    arrived(stamp);
}

void load_foreign(void) { load_counters.foreign++; }

uint64_t load_outstanding(void) {
    uint64_t sum = 0;
    for (int sender = 0; sender < options.senders; sender++) sum += (uint64_t)senders[sender].in_flight;
    return sum;
}

void load_finish(void) {
    if (options.is_rpc) {
        /* An INVOCATION that is lost has no RESULT: it counts once. */
        load_counters.lost = load_outstanding();
        return;
    }
    for (int receiver = 0; receiver < options.receivers; receiver++)
        for (int sender = 0; sender < options.senders; sender++)
            load_counters.lost += senders[sender].next - *expected_of(receiver, (uint32_t)sender);
}
