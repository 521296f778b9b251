/* A connection of `echo` and `broadcast`: the frame that is not whole yet, and the output that the kernel did not take. */
#ifndef RENNBAHN_FLOOR_PEER_H
#define RENNBAHN_FLOOR_PEER_H

#include "floor.h"

struct peer {
    int descriptor;
    bool is_upgraded;
    bool is_closing;  /* ends when its output is out */
    bool is_waiting;  /* for EPOLLOUT */
    unsigned char *tail;
    size_t tail_count;
    unsigned char *output;
    size_t output_count;
    size_t topic; /* of `broadcast`, and the place among its subscribers, counted from 1 */
    size_t place;
};

/* Accepts whoever waits. */
void peer_accept_all(const struct floor_server *server);

/* Reads once into `buffer` (FLOOR_BUFFER bytes), behind what was kept. Returns how much there is, 0 where nothing came
 * and -1 where the connection has ended. */
ssize_t peer_read(struct peer *peer, unsigned char *buffer);

/* Keeps the end of the buffer, a part of a frame, for the next read. */
void peer_keep(struct peer *peer, const unsigned char *bytes, size_t count);

/* Answers the opening handshake at the start of the buffer; returns how much of the buffer that was. */
size_t peer_upgrade(const struct floor_server *server, struct peer *peer, const unsigned char *bytes, size_t count);

/* Writes, and keeps what the kernel does not take. */
void peer_write(const struct floor_server *server, struct peer *peer, const unsigned char *bytes, size_t count);

/* Writes what was kept. */
void peer_flush(const struct floor_server *server, struct peer *peer);

/* Whether it is closing and its output is out. */
static inline bool peer_is_done(const struct peer *peer) { return peer->is_closing && peer->output_count == 0; }

void peer_free(struct peer *peer);

#endif
