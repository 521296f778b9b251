#define _GNU_SOURCE
#include <sys/types.h>

#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

void peer_accept_all(const struct floor_server *server) {
    int descriptor;
    while ((descriptor = floor_accept(server)) >= 0) {
        struct peer *peer = floor_memory(NULL, sizeof *peer);
        *peer = (struct peer){.descriptor = descriptor};
        floor_watch(server, descriptor, EPOLLIN, peer);
    }
}

ssize_t peer_read(struct peer *peer, unsigned char *buffer) {
    size_t kept = peer->tail_count;
    if (kept == FLOOR_BUFFER) floor_fail("a frame that does not fit");
    if (kept > 0) memcpy(buffer, peer->tail, kept);
    ssize_t count = read(peer->descriptor, buffer + kept, FLOOR_BUFFER - kept);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (count <= 0) return -1;
    peer->tail_count = 0;
    return (ssize_t)kept + count;
}

void peer_keep(struct peer *peer, const unsigned char *bytes, size_t count) {
    if (count == 0) return;
    peer->tail = floor_memory(peer->tail, count);
    memcpy(peer->tail, bytes, count);
    peer->tail_count = count;
}

size_t peer_upgrade(const struct floor_server *server, struct peer *peer, const unsigned char *bytes, size_t count) {
    char answer[FLOOR_UPGRADE];
    size_t length = floor_upgrade((const char *)bytes, count, answer);
    if (length == 0) return 0;
    peer->is_upgraded = true;
    peer_write(server, peer, (const unsigned char *)answer, length);
    // A client sends nothing behind its request before it has the answer.
    return count;
}

void peer_write(const struct floor_server *server, struct peer *peer, const unsigned char *bytes, size_t count) {
    if (peer->output_count == 0) {
        ssize_t written = write(peer->descriptor, bytes, count);
        if (written < 0 && errno != EAGAIN && errno != EINTR) {
            // It is gone; the next read says so.
            return;
        }
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
    if (count == 0) return;
    peer->output = floor_memory(peer->output, peer->output_count + count);
    memcpy(peer->output + peer->output_count, bytes, count);
    peer->output_count += count;
    if (!peer->is_waiting) {
        peer->is_waiting = true;
        floor_rewatch(server, peer->descriptor, EPOLLOUT, peer);
    }
}

void peer_flush(const struct floor_server *server, struct peer *peer) {
    ssize_t written = write(peer->descriptor, peer->output, peer->output_count);
    if (written < 0) {
        if (errno != EAGAIN && errno != EINTR) peer->output_count = 0;
    } else {
        peer->output_count -= (size_t)written;
        memmove(peer->output, peer->output + written, peer->output_count);
    }
    if (peer->output_count > 0) return;
    peer->is_waiting = false;
    floor_rewatch(server, peer->descriptor, EPOLLIN, peer);
}

void peer_free(struct peer *peer) {
    close(peer->descriptor);
    free(peer->tail);
    free(peer->output);
    free(peer);
}
