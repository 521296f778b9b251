/* The floor of a message: read, write the same frames back, nothing else.
 *
 * A client masks its frames and a server must not, so the mask is taken off and the header written again: a few
 * nanoseconds a frame. Payloads are not looked at. All frames of one read go back with one write. */
#include <sys/types.h>

#include "peer.h"

#include <sys/epoll.h>

static unsigned char input[FLOOR_BUFFER];
/* A server's frame is shorter than the client's. */
static unsigned char output[FLOOR_BUFFER];

/* Turns the whole frames of the input into the server's; returns how much of the input they were. */
static size_t echo(struct peer *peer, size_t count, size_t *produced) {
    size_t at = 0, out = 0;
    struct floor_frame frame;
    while (floor_read_frame(input + at, count - at, &frame)) {
        out += floor_write_header(output + out, frame.first, frame.payload);
        floor_unmask(output + out, input + at + frame.header, frame.payload, frame.mask);
        out += frame.payload;
        at += frame.header + frame.payload;
        // A close frame is echoed as all others are, and is the last.
        if ((frame.first & 0x0f) == 8) peer->is_closing = true;
    }
    *produced = out;
    return at;
}

/* Returns false when the connection has ended. */
static bool serve(const struct floor_server *server, struct peer *peer, uint32_t events) {
    if (events & EPOLLOUT) peer_flush(server, peer);
    if (!(events & ~(uint32_t)EPOLLOUT)) return !peer_is_done(peer);
    ssize_t count = peer_read(peer, input);
    if (count <= 0) return count == 0;
    size_t used = 0;
    if (peer->is_upgraded) {
        size_t produced = 0;
        used = echo(peer, (size_t)count, &produced);
        if (produced > 0) peer_write(server, peer, output, produced);
    } else {
        used = peer_upgrade(server, peer, input, (size_t)count);
    }
    peer_keep(peer, input + used, (size_t)count - used);
    return !peer_is_done(peer);
}

int main(int argc, char **argv) {
    struct floor_server server = floor_start(argc, argv, "echo");
    struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(server.poller, events, 256, -1);
        for (int index = 0; index < count; index++) {
            struct peer *peer = events[index].data.ptr;
            if (peer == NULL) {
                peer_accept_all(&server);
            } else if (!serve(&server, peer, events[index].events)) {
                peer_free(peer);
            }
        }
    }
}
