/* The floor of a set-up: accept, read and write as often as a session needs, close.
 *
 * A session is four exchanges: the upgrade, HELLO and WELCOME, GOODBYE and GOODBYE, close and close. The request is
 * looked at for its key and its subprotocol; what else comes is not looked at, and the answers are ready. */
#include <sys/types.h>

#include "floor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct visitor {
    int descriptor;
    int step;
    bool is_json;
};

struct answer {
    const char *bytes;
    size_t count;
};

#define ANSWER(text) {text, sizeof text - 1}

static const struct answer json[] = {
    ANSWER("\x81\x1d[2,1,{\"roles\":{\"broker\":{}}}]"),
    ANSWER("\x81\x23[6,{},\"wamp.close.goodbye_and_out\"]"),
    ANSWER("\x88\x02\x03\xe8"),
};
static const struct answer msgpack[] = {
    ANSWER("\x82\x13\x93\x02\x01\x81\xa5roles\x81\xa6" "broker\x80"),
    ANSWER("\x82\x1e\x93\x06\x80\xba" "wamp.close.goodbye_and_out"),
    ANSWER("\x88\x02\x03\xe8"),
};
enum { STEPS = 4 };

/* Returns false when the session is over. */
static bool serve(struct visitor *visitor) {
    char input[2049], upgrade[FLOOR_UPGRADE];
    ssize_t count = read(visitor->descriptor, input, sizeof input - 1);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    struct answer answer;
    if (visitor->step == 0) {
        input[count] = 0;
        visitor->is_json = strstr(input, "wamp.2.json") != NULL;
        answer = (struct answer){upgrade, floor_upgrade(input, (size_t)count, upgrade)};
        if (answer.count == 0) floor_fail("an opening handshake in pieces");
    } else {
        const struct answer *answers = visitor->is_json ? json : msgpack;
        answer = answers[visitor->step - 1];
    }
    visitor->step++;
    if (write(visitor->descriptor, answer.bytes, answer.count) < 0) return false;
    return visitor->step < STEPS;
}

int main(int argc, char **argv) {
    struct floor_server server = floor_start(argc, argv, "accept");
    struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(server.poller, events, 256, -1);
        for (int index = 0; index < count; index++) {
            struct visitor *visitor = events[index].data.ptr;
            if (visitor == NULL) {
                int descriptor;
                while ((descriptor = floor_accept(&server)) >= 0) {
                    struct visitor *next = floor_memory(NULL, sizeof *next);
                    *next = (struct visitor){.descriptor = descriptor};
                    floor_watch(&server, descriptor, EPOLLIN, next);
                }
            } else if (!serve(visitor)) {
                close(visitor->descriptor);
                free(visitor);
            }
        }
    }
}
