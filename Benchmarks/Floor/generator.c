/* A load generator of few words: one shape of load, one window, one line of JSON. See generator.h. */
#define _GNU_SOURCE
#include "generator.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct options options = {
    .realm = "realm1", .is_json = true, .depth = 1, .payload = GENERATOR_STAMP, .warmup = 1, .duration = 5, .processor = -1,
};

static const char usage_text[] =
    "usage: generator --url ws://127.0.0.1:PORT/ [--scenario pubsub|rpc] [--senders N] [--receivers N]\n"
    "    [--serializer json|msgpack] [--depth N | --rate N] [--payload BYTES] [--warmup SECONDS] [--duration SECONDS]\n"
    "    [--realm NAME] [--work NANOSECONDS] [--cpu N] [--router-pid PID]\n"
    "Senders are publishers or callers, receivers subscribers of one topic or callees. --rate: an open loop, operations\n"
    "a second of all senders. --work: busy for so long with each message, to be as slow as another generator. Prints one line\n"
    "of JSON. Exit status: 0, 1 a failure, 4 messages lost, repeated or damaged, 64 usage.\n";

_Noreturn void generator_fail(const char *format, ...) {
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    fputs("generator: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (error != 0) fprintf(stderr, ": %s", strerror(error));
    fputc('\n', stderr);
    exit(1);
}

void *generator_memory(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) generator_fail("memory");
    return memory;
}

unsigned char *bytes_extend(struct bytes *bytes, size_t count) {
    if (bytes->room - bytes->count < count) {
        size_t room = bytes->room == 0 ? 512 : bytes->room;
        while (room - bytes->count < count) room *= 2;
        unsigned char *at = realloc(bytes->at, room);
        if (at == NULL) generator_fail("memory");
        bytes->at = at;
        bytes->room = room;
    }
    bytes->count += count;
    return bytes->at + bytes->count - count;
}

void bytes_append(struct bytes *bytes, const void *added, size_t count) {
    if (count > 0) memcpy(bytes_extend(bytes, count), added, count);
}

/* ---- Options ---- */

static _Noreturn void refuse(const char *what, const char *value) {
    fprintf(stderr, "generator: %s %s\n%s", what, value, usage_text);
    exit(64);
}

static double number(const char *name, const char *text, double least, double most, bool is_whole) {
    char *rest;
    double value = strtod(text, &rest);
    if (rest == text || *rest != 0 || !(value >= least && value <= most) || (is_whole && value != (double)(long)value)) {
        char what[80];
        snprintf(what, sizeof what, "--%s must be %s of %g to %g, is", name, is_whole ? "a whole number" : "a number", least,
                 most);
        refuse(what, text);
    }
    return value;
}

/* Only the loopback interface is loaded. */
static void parse_url(const char *url) {
    char host[64];
    unsigned port = 0;
    int end = 0;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&options.address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&options.address;
    bool is_v6 = strncmp(url, "ws://[", 6) == 0;
    int found = sscanf(url, is_v6 ? "ws://[%63[0-9a-f:]]:%5u%n" : "ws://%63[0-9.]:%5u%n", host, &port, &end);
    if (found != 2 || port == 0 || port > 65535 || (url[end] != 0 && strcmp(url + end, "/") != 0)) refuse("--url", url);
    if (is_v6) {
        *v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        options.address_size = sizeof *v6;
        if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1 || !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr)) refuse("--url", url);
    } else {
        *v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        options.address_size = sizeof *v4;
        if (inet_pton(AF_INET, host, &v4->sin_addr) != 1 || ntohl(v4->sin_addr.s_addr) >> 24 != 127) refuse("--url", url);
    }
    snprintf(options.host, sizeof options.host, is_v6 ? "[%s]:%u" : "%s:%u", host, port);
}

static bool is_first_of(const char *name, const char *value, const char *first, const char *second) {
    if (strcmp(value, first) != 0 && strcmp(value, second) != 0) refuse(name, value);
    return strcmp(value, first) == 0;
}

static void parse_realm(const char *realm) {
    if (*realm == 0 || strlen(realm) > 200 || strpbrk(realm, "\"\\") != NULL) refuse("--realm", realm);
    options.realm = realm;
}

static void parse_option(const char *name, const char *value) {
    if (strcmp(name, "url") == 0) parse_url(value);
    else if (strcmp(name, "scenario") == 0) options.is_rpc = is_first_of("--scenario", value, "rpc", "pubsub");
    else if (strcmp(name, "serializer") == 0) options.is_json = is_first_of("--serializer", value, "json", "msgpack");
    else if (strcmp(name, "realm") == 0) parse_realm(value);
    else if (strcmp(name, "senders") == 0) options.senders = (int)number(name, value, 1, GENERATOR_CLIENTS, true);
    else if (strcmp(name, "receivers") == 0) options.receivers = (int)number(name, value, 1, GENERATOR_CLIENTS, true);
    else if (strcmp(name, "depth") == 0) options.depth = (int)number(name, value, 1, GENERATOR_DEPTH, true);
    else if (strcmp(name, "rate") == 0) options.rate = number(name, value, 0.1, 1e7, false);
    else if (strcmp(name, "payload") == 0)
        options.payload = (size_t)number(name, value, GENERATOR_STAMP, GENERATOR_PAYLOAD, true);
    else if (strcmp(name, "warmup") == 0) options.warmup = number(name, value, 0, 60, false);
    else if (strcmp(name, "duration") == 0) options.duration = number(name, value, 0.01, 600, false);
    else if (strcmp(name, "work") == 0) options.work = (uint64_t)number(name, value, 0, 1e6, true);
    else if (strcmp(name, "cpu") == 0) options.processor = (int)number(name, value, 0, CPU_SETSIZE - 1, true);
    else options.router = (pid_t)number(name, value, 1, 1 << 30, true);
}

static void parse(int argc, char **argv) {
    static const char *const names[] = {"url", "scenario", "serializer", "realm", "senders", "receivers", "depth", "rate",
                                        "payload", "warmup", "duration", "work", "cpu", "router-pid"};
    struct option known[sizeof names / sizeof *names + 1] = {0};
    for (size_t index = 0; index < sizeof names / sizeof *names; index++)
        known[index] = (struct option){.name = names[index], .has_arg = required_argument};
    bool has_depth = false;
    for (int index, found; (found = getopt_long(argc, argv, "", known, &index)) != -1;) {
        if (found != 0) exit((fputs(usage_text, stderr), 64));
        has_depth |= strcmp(names[index], "depth") == 0;
        parse_option(names[index], optarg);
    }
    if (optind < argc) refuse("no argument without an option:", argv[optind]);
    if (options.address_size == 0) refuse("--url", "is missing");
    if (options.rate > 0 && has_depth) refuse("--rate", "excludes --depth");
    if (options.rate > 0) options.depth = 0;
    if (options.senders == 0) options.senders = options.is_rpc ? 50 : 1;
    if (options.receivers == 0) options.receivers = options.is_rpc ? 50 : 100;
    if (options.senders + options.receivers > GENERATOR_CLIENTS) refuse("--senders and --receivers", "are too many");
    if (!options.is_rpc && (long)options.senders * options.receivers > GENERATOR_PAIRS)
        refuse("--senders times --receivers", "is too much");
}

static void prepare_process(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    /* Operations of an open loop start at their time, not when the kernel finds it convenient. */
    prctl(PR_SET_TIMERSLACK, 1);
    signal(SIGPIPE, SIG_IGN);
    if (options.processor < 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)options.processor, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) generator_fail("--cpu %d", options.processor);
}

/* ---- Phases ---- */

static const uint64_t second = 1000000000;

/* What the counters say at an edge of the window. */
struct edge {
    uint64_t time;
    struct cpu_times own, router;
    struct link_counters links;
};

static struct edge take_edge(void) {
    struct edge edge = {.links = link_counters, .own = measure_process(getpid())};
    if (options.router > 0) edge.router = measure_process(options.router);
    edge.time = measure_now();
    return edge;
}

static void open_all(void) {
    uint64_t deadline = measure_now() + 30 * second;
    while (!sessions_open()) {
        if (link_now >= deadline) generator_fail("%s: not all clients were ready within 30 s", options.host);
        links_turn(link_now + second / 100);
    }
}

/* Loads until the window is over; the first edge is taken between two turns, and so is the second. */
static void load(struct edge *first, struct edge *last) {
    *first = take_edge();
    load_start(measure_now());
    uint64_t edge = measure_now() + (uint64_t)(options.warmup * 1e9);
    for (;;) {
        uint64_t next = load_pace();
        links_flush();
        int ready = links_wait(next < edge ? next : edge);
        if (link_now >= edge && load_is_recording) {
            *last = take_edge();
            load_is_recording = false;
            load_stop();
            links_read(ready);
            return;
        }
        if (link_now >= edge) {
            *first = take_edge();
            edge = first->time + (uint64_t)(options.duration * 1e9);
            load_is_recording = true;
        }
        links_read(ready);
    }
}

static void drain(void) {
    uint64_t deadline = measure_now() + 5 * second;
    while (load_outstanding() > 0 && link_now < deadline) links_turn(link_now + second / 100);
    load_finish();
}

static void leave(void) {
    uint64_t deadline = measure_now() + 2 * second;
    sessions_leave();
    while (links_alive() > 0 && link_now < deadline) links_turn(link_now + second / 100);
    errno = 0;
    if (links_alive() > 0) generator_fail("%d connections were not closed within 2 s", links_alive());
}

/* ---- The line of results ---- */

static double per(double sum, uint64_t count) { return count > 0 ? sum / (double)count : 0; }

static void print_load(void) {
    printf("{\"scenario\":\"%s\",\"serializer\":\"%s\",\"senders\":%d,\"receivers\":%d,", options.is_rpc ? "rpc" : "pubsub",
           options.is_json ? "json" : "msgpack", options.senders, options.receivers);
    if (options.depth > 0) {
        printf("\"depth\":%d,", options.depth);
    } else {
        printf("\"rate\":%g,\"held\":%llu,", options.rate, (unsigned long long)load_counters.held);
    }
    printf("\"payloadBytes\":%zu,\"warmUpSeconds\":%g,\"workNanoseconds\":%llu,", options.payload, options.warmup,
           (unsigned long long)options.work);
}

static void print_process(const char *name, struct cpu_times first, struct cpu_times last, double seconds) {
    printf("\"%s\":{\"cpuMicrosecondsPerMessage\":%.5f,\"cpuShare\":%.4f,\"runQueueShare\":%.4f},", name,
           per((double)(last.running - first.running) / 1e3, load_counters.messages),
           (double)(last.running - first.running) / 1e9 / seconds, (double)(last.waiting - first.waiting) / 1e9 / seconds);
}

static void print_results(const struct edge *first, const struct edge *last) {
    double seconds = (double)(last->time - first->time) / 1e9;
    const struct link_counters *from = &first->links, *to = &last->links;
    print_load();
    printf("\"seconds\":%.6f,\"messages\":%llu,\"messagesPerSecond\":%.1f,\"operations\":%llu,\"messagesOfRun\":%llu,",
           seconds, (unsigned long long)load_counters.messages, (double)load_counters.messages / seconds,
           (unsigned long long)load_counters.operations, (unsigned long long)load_counters.all_messages);
    if (options.router > 0) print_process("router", first->router, last->router, seconds);
    print_process("generator", first->own, last->own, seconds);
    printf("\"messagesPerReceive\":%.4f,\"messagesPerSend\":%.4f,\"receives\":%llu,\"sends\":%llu,\"waits\":%llu,",
           per((double)(to->received_messages - from->received_messages), to->receives - from->receives),
           per((double)(to->sent_messages - from->sent_messages), to->sends - from->sends),
           (unsigned long long)(to->receives - from->receives), (unsigned long long)(to->sends - from->sends),
           (unsigned long long)(to->waits - from->waits));
    printf("\"bytesSentPerMessage\":%.3f,\"bytesReceivedPerMessage\":%.3f,",
           per((double)(to->sent_bytes - from->sent_bytes), load_counters.messages),
           per((double)(to->received_bytes - from->received_bytes), load_counters.messages));
    printf("\"responseNanoseconds\":{\"p50\":%llu,\"p99\":%llu,\"max\":%llu},", (unsigned long long)measure_quantile(0.5),
           (unsigned long long)measure_quantile(0.99), (unsigned long long)measure_longest());
    printf("\"lost\":%llu,\"duplicated\":%llu,\"corrupted\":%llu,\"foreign\":%llu}\n", (unsigned long long)load_counters.lost,
           (unsigned long long)load_counters.duplicated, (unsigned long long)load_counters.corrupted,
           (unsigned long long)load_counters.foreign);
    errno = 0;
    if (fflush(stdout) != 0) generator_fail("standard output");
}

int main(int argc, char **argv) {
    parse(argc, argv);
    prepare_process();
    payloads_prepare();
    links_start(options.senders + options.receivers);
    sessions_start();
    load_prepare();
    open_all();
    struct edge first, last;
    load(&first, &last);
    drain();
    leave();
    print_results(&first, &last);
    bool is_sound = load_counters.lost + load_counters.duplicated + load_counters.corrupted + load_counters.foreign == 0;
    return is_sound ? 0 : 4;
}
