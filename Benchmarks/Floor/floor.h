/* What the floor programs have in common: options, the listening socket, the opening handshake, frame headers.
 *
 * A floor program does what a server at least has to do, so that a router's cost can be given as a multiple of it. It
 * trusts its client, the load generator on the same machine: it is no server for anything else. */
#ifndef RENNBAHN_FLOOR_H
#define RENNBAHN_FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Every read goes to a buffer of this size; a frame has to fit into it. */
enum { FLOOR_BUFFER = 256 * 1024 };

/* Takes the options of every floor program, `--listen HOST:PORT`, `--cpus N[,N...]` and `--exit-with-parent PID`, pins
 * the process, listens, adds the listening socket to a new epoll set with a null pointer as its data, and prints
 *
 *     rennbahn floor ready on ws://HOST:PORT/ program=NAME
 *
 * SIGTERM and SIGINT end the process with status 0. Whatever fails ends it with one line and status 1, or 64 where the
 * options are wrong. */
struct floor_server {
    int poller;
    int listener;
};
struct floor_server floor_start(int argc, char **argv, const char *name);

/* The next connection, not blocking and without Nagle's delay; -1 where there is none (any more). */
int floor_accept(const struct floor_server *server);

/* Adds or changes what a connection waits for: EPOLLIN or EPOLLOUT. */
void floor_watch(const struct floor_server *server, int descriptor, uint32_t events, void *data);
void floor_rewatch(const struct floor_server *server, int descriptor, uint32_t events, void *data);

/* Ends the process with one line. */
_Noreturn void floor_fail(const char *what);

/* Memory or the end. */
void *floor_memory(void *old, size_t count);

/* The answer to an opening handshake (RFC 6455, section 4.2.2), with the first subprotocol that was offered; 0 where the
 * head is not whole or has no key. `output` holds FLOOR_UPGRADE bytes. */
enum { FLOOR_UPGRADE = 512 };
size_t floor_upgrade(const char *head, size_t count, char *output);

/* One frame of a client. */
struct floor_frame {
    unsigned char first; /* FIN, reserved bits and opcode */
    uint32_t mask;       /* in the order of its bytes */
    size_t header;       /* bytes of the header, mask included */
    size_t payload;      /* bytes behind it */
};

/* Reads a header; false while header or payload are not whole. Payloads are shorter than 64 KiB. */
static inline bool floor_read_frame(const unsigned char *bytes, size_t count, struct floor_frame *frame) {
    if (count < 6) return false;
    size_t length = bytes[1] & 0x7f;
    size_t header = 6;
    if (length == 126) {
        if (count < 8) return false;
        length = (size_t)bytes[2] << 8 | bytes[3];
        header = 8;
    } else if (length == 127) {
        floor_fail("a frame of 64 KiB or more");
    }
    if (count < header + length) return false;
    frame->first = bytes[0];
    frame->header = header;
    frame->payload = length;
    memcpy(&frame->mask, bytes + header - 4, 4);
    return true;
}

/* Writes the header of a server's frame; returns its length, at most 4. */
static inline size_t floor_write_header(unsigned char *output, unsigned char first, size_t payload) {
    output[0] = first;
    if (payload < 126) {
        output[1] = (unsigned char)payload;
        return 2;
    }
    output[1] = 126;
    output[2] = (unsigned char)(payload >> 8);
    output[3] = (unsigned char)payload;
    return 4;
}

/* Copies a payload without its mask. */
static inline void floor_unmask(unsigned char *output, const unsigned char *input, size_t count, uint32_t mask) {
    uint64_t wide = (uint64_t)mask << 32 | mask;
    size_t at = 0;
    for (; at + 8 <= count; at += 8) {
        uint64_t word;
        memcpy(&word, input + at, 8);
        word ^= wide;
        memcpy(output + at, &word, 8);
    }
    unsigned char key[4];
    memcpy(key, &mask, 4);
    for (; at < count; at++) output[at] = input[at] ^ key[at & 3];
}

#endif
