/* Connections: sockets on one epoll set, the opening handshake, frames. */
#define _GNU_SOURCE
#include "generator.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum opcode { FRAME_TEXT = 1, FRAME_BINARY = 2, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10 };
enum phase { LINK_CLOSED, LINK_CONNECTING, LINK_UPGRADING, LINK_OPEN, LINK_CLOSING };

struct link {
    int descriptor;
    enum phase phase;
    bool is_dirty;   /* on the list of those with output */
    bool is_waiting; /* for room in the socket */
    struct bytes tail, output;
    char accept[32]; /* what Sec-WebSocket-Accept has to be */
};

static struct link *links;
static int alive, poller;
/* Those with output, in the order in which they got it. */
static int *dirty, dirty_count;
enum { EVENTS = 1024 };
static struct epoll_event events[EVENTS];
/* The rest of the read before, and a read. */
static unsigned char input[2 * GENERATOR_BUFFER];

struct link_counters link_counters;
uint64_t link_now;

void links_start(int count) {
    links = generator_memory((size_t)count, sizeof *links);
    dirty = generator_memory((size_t)count, sizeof *dirty);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0) generator_fail("epoll_create1");
    link_now = measure_now();
}

int links_alive(void) { return alive; }

static void watch(int number, int operation, uint32_t wanted) {
    struct epoll_event event = {.events = wanted, .data.u32 = (uint32_t)number};
    if (epoll_ctl(poller, operation, links[number].descriptor, &event) != 0) generator_fail("epoll_ctl");
}

/* The last of a connection. */
static void end(int number, const char *why) {
    struct link *link = &links[number];
    if (link->phase == LINK_CLOSED) return;
    close(link->descriptor);
    link->phase = LINK_CLOSED;
    link->output.count = 0;
    alive--;
    session_closed(number, why);
}

static void mark_dirty(int number) {
    if (links[number].is_dirty) return;
    links[number].is_dirty = true;
    dirty[dirty_count++] = number;
}

/* ---- Output ---- */

static void mask(unsigned char *output, const unsigned char *bytes, size_t count, uint32_t key) {
    uint64_t wide = (uint64_t)key << 32 | key;
    size_t at = 0;
    for (; at + 8 <= count; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        word ^= wide;
        memcpy(output + at, &word, 8);
    }
    unsigned char octets[4];
    memcpy(octets, &key, 4);
    for (; at < count; at++) output[at] = bytes[at] ^ octets[at & 3];
}

static void queue(int number, enum opcode opcode, const unsigned char *payload, size_t count) {
    struct link *link = &links[number];
    size_t header = count < 126 ? 6 : count < 65536 ? 8 : 14;
    unsigned char *frame = bytes_extend(&link->output, header + count);
    frame[0] = (unsigned char)(0x80 | opcode);
    frame[1] = (unsigned char)(0x80 | (header == 6 ? count : header == 8 ? 126 : 127));
    for (size_t at = 2; at < header - 4; at++) frame[at] = (unsigned char)(count >> (8 * (header - 5 - at)));
    uint32_t key = measure_random();
    memcpy(frame + header - 4, &key, 4);
    if (count > 0) mask(frame + header, payload, count, key);
    mark_dirty(number);
}

void link_send(int number, const struct bytes *message) {
    if (links[number].phase != LINK_OPEN) return;
    link_counters.sent_messages++;
    queue(number, options.is_json ? FRAME_TEXT : FRAME_BINARY, message->at, message->count);
}

void link_close(int number) {
    if (links[number].phase != LINK_OPEN) return;
    queue(number, FRAME_CLOSE, (const unsigned char *)"\x03\xe8", 2);
    links[number].phase = LINK_CLOSING;
}

static void write_output(int number) {
    struct link *link = &links[number];
    ssize_t sent = send(link->descriptor, link->output.at, link->output.count, MSG_NOSIGNAL);
    link_counters.sends++;
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            end(number, strerror(errno));
            return;
        }
        sent = 0;
    }
    link_counters.sent_bytes += (uint64_t)sent;
    link->output.count -= (size_t)sent;
    bool must_wait = link->output.count > 0;
    if (must_wait) memmove(link->output.at, link->output.at + sent, link->output.count);
    if (must_wait != link->is_waiting) watch(number, EPOLL_CTL_MOD, EPOLLIN | (must_wait ? EPOLLOUT : 0u));
    link->is_waiting = must_wait;
}

void links_flush(void) {
    for (int index = 0; index < dirty_count; index++) {
        struct link *link = &links[dirty[index]];
        link->is_dirty = false;
        if (link->phase > LINK_CONNECTING && !link->is_waiting) write_output(dirty[index]);
    }
    dirty_count = 0;
}

/* ---- Opening ---- */

static void request_upgrade(int number) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    struct link *link = &links[number];
    uint32_t nonce[4] = {measure_random(), measure_random(), measure_random(), measure_random()};
    char key[25 + sizeof guid];
    EVP_EncodeBlock((unsigned char *)key, (unsigned char *)nonce, sizeof nonce);
    char request[512];
    int count = snprintf(request, sizeof request,
                         "GET / HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: wamp.2.%s\r\n\r\n",
                         options.host, key, options.is_json ? "json" : "msgpack");
    unsigned char digest[SHA_DIGEST_LENGTH];
    memcpy(key + 24, guid, sizeof guid);
    SHA1((const unsigned char *)key, strlen(key), digest);
    EVP_EncodeBlock((unsigned char *)link->accept, digest, sizeof digest);
    bytes_append(&link->output, request, (size_t)count);
    link->phase = LINK_UPGRADING;
    mark_dirty(number);
}

void link_connect(int number) {
    struct link *link = &links[number];
    int descriptor = socket(options.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) generator_fail("socket");
    int on = 1;
    if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) generator_fail("TCP_NODELAY");
    int outcome = connect(descriptor, (struct sockaddr *)&options.address, options.address_size);
    if (outcome != 0 && errno != EINPROGRESS) generator_fail("cannot connect to %s", options.host);
    *link = (struct link){.descriptor = descriptor, .phase = LINK_CONNECTING, .is_waiting = true};
    alive++;
    watch(number, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

/* The connection is made, or not to be had. */
static void connected(int number) {
    struct link *link = &links[number];
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(link->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) generator_fail("SO_ERROR");
    errno = error;
    if (error != 0) generator_fail("cannot connect to %s", options.host);
    watch(number, EPOLL_CTL_MOD, EPOLLIN);
    link->is_waiting = false;
    request_upgrade(number);
}

/* Whether a line of the head is this field with this value. */
static bool has_field(const char *head, const char *name, const char *value) {
    const char *line = strcasestr(head, name);
    if (line == NULL) return false;
    line += strlen(name);
    line += strspn(line, " \t");
    size_t count = strcspn(line, "\r\n");
    return count == strlen(value) && strncasecmp(line, value, count) == 0;
}

/* Returns how much of the input was the answer; 0 where it is not whole. */
static size_t read_answer(int number, const unsigned char *bytes, size_t count) {
    const unsigned char *rest = memmem(bytes, count, "\r\n\r\n", 4);
    if (rest == NULL) {
        if (count >= 4096) generator_fail("%s: no answer to the opening handshake", options.host);
        return 0;
    }
    char head[4200] = "";
    size_t length = (size_t)(rest + 4 - bytes);
    if (length >= sizeof head) generator_fail("%s: a long answer to the opening handshake", options.host);
    memcpy(head, bytes, length);
    errno = 0;
    if (strncmp(head, "HTTP/1.1 101", 12) != 0)
        generator_fail("%s: not upgraded: %.*s", options.host, (int)strcspn(head, "\r\n"), head);
    if (!has_field(head, "\r\nSec-WebSocket-Accept:", links[number].accept) ||
        !has_field(head, "\r\nSec-WebSocket-Protocol:", options.is_json ? "wamp.2.json" : "wamp.2.msgpack"))
        generator_fail("%s: upgraded to something else", options.host);
    links[number].phase = LINK_OPEN;
    session_opened(number);
    return length;
}

/* ---- Input ---- */

/* To be as slow as another generator is. */
static void work(void) {
    if (options.work == 0) return;
    for (uint64_t until = measure_now() + options.work; measure_now() < until;) {}
}

static void take_frame(int number, unsigned char first, unsigned char *payload, size_t count) {
    enum opcode expected = options.is_json ? FRAME_TEXT : FRAME_BINARY;
    if (first == (0x80 | expected)) {
        link_counters.received_messages++;
        session_received(number, payload, count);
        work();
    } else if (first == (0x80 | FRAME_PING)) {
        queue(number, FRAME_PONG, payload, count);
    } else if (first == (0x80 | FRAME_CLOSE)) {
        end(number, "the router has closed it");
    } else if (first != (0x80 | FRAME_PONG)) {
        generator_fail("a frame that starts with %02x", first);
    }
}

/* Works off the whole frames; returns how much of the input they were. */
static size_t read_frames(int number, unsigned char *bytes, size_t count) {
    size_t at = 0;
    while (links[number].phase >= LINK_OPEN && count - at >= 2) {
        size_t header = 2, length = bytes[at + 1]; /* a server's frame has no mask */
        if (length >= 126) {
            header = length == 126 ? 4 : 10;
            if (count - at < header) break;
            if (length > 127) generator_fail("a frame of a router with a mask");
            length = 0;
            for (size_t octet = 2; octet < header; octet++) length = length << 8 | bytes[at + octet];
        }
        if (length > GENERATOR_BUFFER - 16) generator_fail("a message of %zu bytes", length);
        if (count - at < header + length) break;
        take_frame(number, bytes[at], bytes + at + header, length);
        at += header + length;
    }
    return at;
}

static void read_link(int number) {
    struct link *link = &links[number];
    size_t count = link->tail.count;
    if (count > 0) memcpy(input, link->tail.at, count);
    ssize_t got = recv(link->descriptor, input + count, GENERATOR_BUFFER, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        end(number, got == 0 ? "the router has ended it" : strerror(errno));
        return;
    }
    /* What is wrong with what came is no fault of a call of before. */
    errno = 0;
    link_counters.receives++;
    link_counters.received_bytes += (uint64_t)got;
    link_now = measure_now();
    count += (size_t)got;
    size_t used = 0;
    if (link->phase == LINK_UPGRADING) used = read_answer(number, input, count);
    if (link->phase >= LINK_OPEN) used += read_frames(number, input + used, count - used);
    link->tail.count = 0;
    if (used < count) bytes_append(&link->tail, input + used, count - used);
}

int links_wait(uint64_t deadline) {
    uint64_t now = measure_now(), left = deadline > now ? deadline - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(left / 1000000000), .tv_nsec = (long)(left % 1000000000)};
    int ready = epoll_pwait2(poller, events, EVENTS, &timeout, NULL);
    if (ready < 0 && errno != EINTR) generator_fail("epoll_pwait2");
    link_counters.waits++;
    link_now = measure_now();
    return ready < 0 ? 0 : ready;
}

void links_read(int ready) {
    for (int index = 0; index < ready; index++) {
        int number = (int)events[index].data.u32;
        struct link *link = &links[number];
        if (link->phase == LINK_CONNECTING) {
            connected(number);
            continue;
        }
        if (link->phase != LINK_CLOSED && events[index].events & EPOLLOUT) write_output(number);
        if (link->phase != LINK_CLOSED && events[index].events & ~(uint32_t)EPOLLOUT) read_link(number);
    }
}

void links_turn(uint64_t deadline) {
    links_flush();
    links_read(links_wait(deadline));
}
