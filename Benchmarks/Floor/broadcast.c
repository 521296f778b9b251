/* The floor of a fan-out: one frame comes in, the same ready frame is written to every subscriber.
 *
 * It speaks as much of WAMP over MsgPack as the load generator needs for publish and subscribe, with answers that are
 * the same for everybody; a PUBLISH is the trigger. A topic is the number at the end of its name. Publications of one
 * read are made one run of frames, so each subscriber gets one write for them. With one subscriber to a topic it is the
 * floor of a relay: what comes in on one connection goes out on another. */
#include <sys/types.h>

#include "peer.h"

#include <errno.h>
#include <sys/epoll.h>

static unsigned char input[FLOOR_BUFFER];
static unsigned char message[FLOOR_BUFFER];
/* The frames for all subscribers. An EVENT's head may be longer than that of its PUBLISH, but not twice as long. */
static unsigned char ready[2 * FLOOR_BUFFER];
static size_t ready_count;

struct topic {
    struct peer **subscribers;
    size_t count, capacity;
};
enum { TOPICS = 65536 };
static struct topic topics[TOPICS];
/* Of what is ready. */
static size_t ready_topic;

static const char welcome[] = "\x82\x13\x93\x02\x01\x81\xa5roles\x81\xa6" "broker\x80";
static const char goodbye[] = "\x82\x1e\x93\x06\x80\xba" "wamp.close.goodbye_and_out";

/* The number at the end of a name. */
static size_t topic_number(const unsigned char *end) {
    size_t number = 0, unit = 1;
    while (end[-1] >= '0' && end[-1] <= '9' && unit <= TOPICS) {
        number += unit * (size_t)(*--end - '0');
        unit *= 10;
    }
    if (unit == 1 || number >= TOPICS) floor_fail("a topic without a number");
    return number;
}

static void subscribe(struct peer *peer, size_t number) {
    struct topic *topic = &topics[number];
    if (peer->place != 0) return;
    if (topic->count == topic->capacity) {
        topic->capacity = topic->capacity == 0 ? 1 : 2 * topic->capacity;
        topic->subscribers = floor_memory(topic->subscribers, topic->capacity * sizeof *topic->subscribers);
    }
    topic->subscribers[topic->count++] = peer;
    peer->topic = number;
    peer->place = topic->count;
}

static void unsubscribe(struct peer *peer) {
    if (peer->place == 0) return;
    struct topic *topic = &topics[peer->topic];
    struct peer *last = topic->subscribers[--topic->count];
    topic->subscribers[peer->place - 1] = last;
    last->place = peer->place;
    peer->place = 0;
}

static void broadcast(const struct floor_server *server) {
    const struct topic *topic = &topics[ready_topic];
    for (size_t index = 0; index < topic->count; index++)
        peer_write(server, topic->subscribers[index], ready, ready_count);
    ready_count = 0;
}

/* Bytes of a MsgPack text header at `text`, and of the text; 0 where there is none. */
static size_t text_header(const unsigned char *text, size_t *length) {
    if ((text[0] & 0xe0) == 0xa0) return *length = text[0] & 0x1f, 1;
    if (text[0] == 0xd9) return *length = text[1], 2;
    if (text[0] == 0xda) return *length = (size_t)text[1] << 8 | text[2], 3;
    return 0;
}

/* A publication's number is as long as a router's: 53 random bits take nine bytes. */
#define PUBLICATION 0xcf, 0, 0x1f, 1, 2, 3, 4, 5, 6

/* [PUBLISHED, request, publication], with the request as it came. */
static void acknowledge(const struct floor_server *server, struct peer *peer, const unsigned char *request,
                        size_t count) {
    static const unsigned char publication[] = {PUBLICATION};
    unsigned char answer[32] = {0x82, (unsigned char)(2 + count + sizeof publication), 0x93, 0x11};
    memcpy(answer + 4, request, count);
    memcpy(answer + 4 + count, publication, sizeof publication);
    peer_write(server, peer, answer, 4 + count + sizeof publication);
}

/* [PUBLISH, request, options, topic, arguments] to [EVENT, subscription, publication, details, arguments]. The options are
 * an empty map, but for a publisher's first publication, which is to be acknowledged. */
static void publish(const struct floor_server *server, struct peer *peer, size_t count) {
    static const unsigned char acknowledged[] = "\x81\xab" "acknowledge\xc3";
    const unsigned char *request = message + 2;
    size_t at = 2, length = 0;
    switch (message[at]) { /* the request */
    case 0xcc: at += 2; break;
    case 0xcd: at += 3; break;
    case 0xce: at += 5; break;
    case 0xcf: at += 9; break;
    default: at += 1;
    }
    if (message[at] == 0x80) {
        at += 1;
    } else if (at + sizeof acknowledged <= count && memcmp(message + at, acknowledged, sizeof acknowledged - 1) == 0) {
        acknowledge(server, peer, request, at - 2);
        at += sizeof acknowledged - 1;
    } else {
        floor_fail("a PUBLISH with other options");
    }
    size_t header = text_header(message + at, &length);
    if (header == 0 || at + header + length >= count) floor_fail("a PUBLISH of another form");
    at += header + length;
    size_t topic = topic_number(message + at);
    if (ready_count > 0 && topic != ready_topic) broadcast(server);
    ready_topic = topic;

    static const unsigned char head[] = {0x95, 0x24, 0x01, PUBLICATION, 0x80};
    size_t tail = count - at;
    if (ready_count + 4 + sizeof head + tail > sizeof ready) floor_fail("publications that do not fit");
    ready_count += floor_write_header(ready + ready_count, 0x82, sizeof head + tail);
    memcpy(ready + ready_count, head, sizeof head);
    ready_count += sizeof head;
    memcpy(ready + ready_count, message + at, tail);
    ready_count += tail;
}

static void receive(const struct floor_server *server, struct peer *peer, size_t count) {
    if (count < 4) floor_fail("a message that is none");
    switch (message[1]) {
    case 1: peer_write(server, peer, (const unsigned char *)welcome, sizeof welcome - 1); break;
    case 6:
        unsubscribe(peer);
        peer_write(server, peer, (const unsigned char *)goodbye, sizeof goodbye - 1);
        break;
    case 32: {
        const unsigned char subscribed[] = {0x82, 4, 0x93, 0x21, message[2], 0x01};
        subscribe(peer, topic_number(message + count));
        peer_write(server, peer, subscribed, sizeof subscribed);
        break;
    }
    case 16: publish(server, peer, count); break;
    default: floor_fail("a message that a broadcaster does not know");
    }
}

static size_t receive_all(const struct floor_server *server, struct peer *peer, size_t count) {
    size_t at = 0;
    struct floor_frame frame;
    while (floor_read_frame(input + at, count - at, &frame)) {
        floor_unmask(message, input + at + frame.header, frame.payload, frame.mask);
        at += frame.header + frame.payload;
        if ((frame.first & 0x0f) == 8) {
            const unsigned char close[] = {0x88, 2, 0x03, 0xe8};
            peer_write(server, peer, close, sizeof close);
            peer->is_closing = true;
        } else {
            receive(server, peer, frame.payload);
        }
    }
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
        used = receive_all(server, peer, (size_t)count);
    } else {
        used = peer_upgrade(server, peer, input, (size_t)count);
    }
    peer_keep(peer, input + used, (size_t)count - used);
    if (ready_count > 0) broadcast(server);
    return !peer_is_done(peer);
}

int main(int argc, char **argv) {
    struct floor_server server = floor_start(argc, argv, "broadcast");
    struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(server.poller, events, 256, -1);
        for (int index = 0; index < count; index++) {
            struct peer *peer = events[index].data.ptr;
            if (peer == NULL) {
                peer_accept_all(&server);
            } else if (!serve(&server, peer, events[index].events)) {
                unsubscribe(peer);
                peer_free(peer);
            }
        }
    }
}
