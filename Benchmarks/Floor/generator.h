/* A second load generator, to check the first by: same shapes of load, same router, nothing in common but the protocols.
 *
 * All clients are in one thread, on one epoll set. A turn of the loop reads each connection that is ready once and works off
 * what came; what the turn queues for a connection leaves in one `send` at its end. The router is trusted not to be hostile,
 * and nothing else: whatever is not as it should be ends the run with one line or is counted.
 *
 *     generator.c           options, phases, the line of results
 *     generator_load.c      operations in flight, what came of them, verification
 *     generator_session.c   from WELCOME to GOODBYE; which message is for whom
 *     generator_link.c      sockets, the opening handshake (RFC 6455), frames, the loop
 *     generator_wamp.c      messages in JSON and MsgPack, payloads with a stamp
 *     generator_measure.c   clocks, CPU times, the histogram */
#ifndef RENNBAHN_FLOOR_GENERATOR_H
#define RENNBAHN_FLOOR_GENERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

enum {
    GENERATOR_BUFFER = 256 * 1024, /* of one read; a message has to fit into it */
    GENERATOR_CLIENTS = 10000,
    GENERATOR_DEPTH = 4096,
    GENERATOR_OPEN_DEPTH = 32768, /* operations that a sender of an open loop has in flight before it holds the others back */
    GENERATOR_PAIRS = 4000000, /* publishers times subscribers */
    GENERATOR_STAMP = 32, /* bytes of the smallest payload */
    GENERATOR_PAYLOAD = 65536,
};

struct options {
    struct sockaddr_storage address;
    socklen_t address_size;
    char host[80]; /* with its port, as the request says it */
    const char *realm;
    bool is_rpc, is_json;
    int senders, receivers; /* publishers and subscribers of one topic, or callers and callees */
    int depth;              /* operations in flight of each sender; 0 in an open loop */
    double rate;            /* operations a second of all senders, in an open loop */
    size_t payload;
    double warmup, duration; /* seconds */
    uint64_t work;           /* nanoseconds that a client is busy with each message it gets, beside what it has to do */
    int processor;           /* -1: any */
    pid_t router;            /* 0: not measured */
};
extern struct options options;

/* Ends the process with one line and status 1; with `errno`'s text where it is not 0. */
_Noreturn void generator_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory, zeroed, or the end. */
void *generator_memory(size_t count, size_t size);

/* Bytes that grow. */
struct bytes {
    unsigned char *at;
    size_t count, room;
};
void bytes_append(struct bytes *bytes, const void *added, size_t count);
/* Room for `count` more, which the caller fills. */
unsigned char *bytes_extend(struct bytes *bytes, size_t count);

struct span {
    const unsigned char *at;
    size_t count;
};
#define SPAN(text) ((struct span){(const unsigned char *)(text), sizeof(text) - 1})

/* ---- generator_link.c: connections, by number ---- */

struct link_counters {
    uint64_t receives; /* that brought bytes */
    uint64_t received_messages, received_bytes, sends, sent_messages, sent_bytes, waits;
};
extern struct link_counters link_counters;
/* Monotonic nanoseconds: when the loop woke, and from then on when it last read from a connection. */
extern uint64_t link_now;

void links_start(int count);
void link_connect(int number);
/* Queues a message for the end of the turn. */
void link_send(int number, const struct bytes *message);
void link_close(int number);
/* Sends what is queued, waits until something is ready or `deadline` (monotonic nanoseconds) is reached, and reads. */
void links_turn(uint64_t deadline);
void links_flush(void);
/* Waits; the second half reads. In between the time is known and nothing is worked off. */
int links_wait(uint64_t deadline);
void links_read(int ready);
/* Connections that are not closed. */
int links_alive(void);

/* What the links call. */
void session_opened(int client);
void session_received(int client, const unsigned char *message, size_t count);
void session_closed(int client, const char *why);

/* ---- generator_session.c: clients, by the number of their link; receivers first ---- */

void sessions_start(void);
/* Begins connections, some at a time; true when all clients are ready. */
bool sessions_open(void);
void sessions_leave(void);

static inline int client_of_sender(int sender) { return options.receivers + sender; }

/* ---- generator_load.c ---- */

struct load_counters {
    uint64_t operations; /* begun in the window */
    uint64_t messages;   /* EVENTs delivered, or calls answered, in the window */
    uint64_t all_messages; /* the same, of the whole run */
    uint64_t lost, duplicated, corrupted, foreign; /* of the whole run */
    uint64_t held; /* operations of an open loop that had to wait for a free place */
};
extern struct load_counters load_counters;
extern bool load_is_recording;

void load_prepare(void);
/* Begins: a closed loop fills its windows, an open one starts its timetable. */
void load_start(uint64_t now);
void load_stop(void);
/* Starts what is due; returns when the next operation is, UINT64_MAX where that cannot be told. */
uint64_t load_pace(void);
uint64_t load_outstanding(void);
/* What is missing now is lost. */
void load_finish(void);

/* What sessions call; `arguments` is the list of a message's arguments, as it came. */
void load_event(int receiver, struct span arguments);
void load_invocation(int receiver, struct span arguments);
void load_result(int sender, uint64_t request, struct span arguments);
void load_foreign(void);

/* ---- generator_wamp.c ---- */

enum wamp_code {
    WAMP_HELLO = 1, WAMP_WELCOME = 2, WAMP_ABORT = 3, WAMP_GOODBYE = 6, WAMP_ERROR = 8, WAMP_PUBLISH = 16,
    WAMP_PUBLISHED = 17, WAMP_SUBSCRIBE = 32, WAMP_SUBSCRIBED = 33, WAMP_EVENT = 36, WAMP_CALL = 48, WAMP_RESULT = 50,
    WAMP_REGISTER = 64, WAMP_REGISTERED = 65, WAMP_INVOCATION = 68, WAMP_YIELD = 70,
};

struct reader {
    const unsigned char *at, *end;
    bool has_failed;
};
/* Each reads one value; where there is none of that kind, `has_failed` is set and the value is 0 or empty. */
void read_list(struct reader *reader);
uint64_t read_number(struct reader *reader);
struct span read_text(struct reader *reader);
struct span read_value(struct reader *reader);

/* The message under construction, written anew by `write_message`. `elements` counts the code, too. */
extern struct bytes wamp_message;
void write_message(enum wamp_code code, int elements);
void write_number(uint64_t number);
void write_text(struct span text);
/* An empty dictionary, or {"acknowledge": true}. */
void write_options(bool acknowledge);
/* The roles of a client. */
void write_details(void);
void write_span(struct span value);
void finish_message(void);

struct stamp {
    uint32_t sender;
    uint64_t sequence;
};
void payloads_prepare(void);
/* A list of one string, which is a payload with this stamp. Valid until the next call. */
struct span payload_arguments(struct stamp stamp);
/* False where the arguments are not such a list of this run, whole and undamaged. */
bool payload_verify(struct span arguments, struct stamp *stamp);
/* Of the topic, which is number 0, or of a callee's procedure. */
struct span wamp_uri(int number);

/* ---- generator_measure.c ---- */

/* Nanoseconds. */
uint64_t measure_now(void);
struct cpu_times {
    uint64_t running, waiting; /* nanoseconds on a processor, and ready without one, of all threads */
};
/* Of a process, by `/proc/PID/task/N/schedstat`. */
struct cpu_times measure_process(pid_t process);
void measure_response(uint64_t nanoseconds);
/* Nanoseconds below which `share` of all responses were, to 1.6 %. */
uint64_t measure_quantile(double share);
uint64_t measure_longest(void);
/* 32 random bits of no secrecy. */
uint32_t measure_random(void);

#endif
