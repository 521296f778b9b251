/* Sessions: receivers first, so that whoever sends finds them listening. */
#include "generator.h"

#include <errno.h>
#include <string.h>

enum state { SESSION_NONE, SESSION_OPENING, SESSION_JOINING, SESSION_PREPARING, SESSION_READY, SESSION_LEAVING };

struct session {
    enum state state;
    uint64_t granted; /* the id of its subscription or registration */
};

static struct session *sessions;
static int ready, begun;
enum { PENDING = 64 };

static int client_count(void) { return options.senders + options.receivers; }

static bool is_sender(int client) { return client >= options.receivers; }

static const char *role_of(int client) {
    if (options.is_rpc) return is_sender(client) ? "a caller" : "a callee";
    return is_sender(client) ? "a publisher" : "a subscriber";
}

void sessions_start(void) { sessions = generator_memory((size_t)client_count(), sizeof *sessions); }

bool sessions_open(void) {
    int limit = begun < options.receivers ? options.receivers : client_count();
    /* Senders wait until all receivers are ready. */
    if (begun == options.receivers && ready < options.receivers) return false;
    for (; begun < limit && begun - ready < PENDING; begun++) {
        sessions[begun].state = SESSION_OPENING;
        link_connect(begun);
    }
    return ready == client_count();
}

void sessions_leave(void) {
    for (int client = 0; client < client_count(); client++) {
        sessions[client].state = SESSION_LEAVING;
        write_message(WAMP_GOODBYE, 3);
        write_options(false);
        write_text(SPAN("wamp.close.close_realm"));
        finish_message();
        link_send(client, &wamp_message);
    }
}

void session_opened(int client) {
    sessions[client].state = SESSION_JOINING;
    write_message(WAMP_HELLO, 3);
    write_text((struct span){(const unsigned char *)options.realm, strlen(options.realm)});
    write_details();
    finish_message();
    link_send(client, &wamp_message);
}

void session_closed(int client, const char *why) {
    errno = 0;
    if (sessions[client].state != SESSION_LEAVING) generator_fail("the connection of %s has ended: %s", role_of(client), why);
}

static void became_ready(int client) {
    sessions[client].state = SESSION_READY;
    ready++;
}

static void welcomed(int client) {
    if (is_sender(client)) {
        became_ready(client);
        return;
    }
    sessions[client].state = SESSION_PREPARING;
    write_message(options.is_rpc ? WAMP_REGISTER : WAMP_SUBSCRIBE, 4);
    write_number(1);
    write_options(false);
    write_text(wamp_uri(options.is_rpc ? client : 0));
    finish_message();
    link_send(client, &wamp_message);
}

static _Noreturn void refused(int client, const char *message, struct span reason) {
    errno = 0;
    generator_fail("%s has got %s: %.*s", role_of(client), message, (int)reason.count, (const char *)reason.at);
}

/* ABORT and GOODBYE: [code, details, reason]. ERROR: [code, code, request, details, error]. */
static _Noreturn void read_refusal(int client, struct reader *reader, enum wamp_code code) {
    if (code == WAMP_ERROR) {
        read_number(reader);
        read_number(reader);
    }
    read_value(reader);
    refused(client, code == WAMP_ERROR ? "ERROR" : code == WAMP_ABORT ? "ABORT" : "GOODBYE", read_text(reader));
}

static void read_load(int client, struct reader *reader, enum wamp_code code) {
    uint64_t first = read_number(reader);
    uint64_t second = code == WAMP_RESULT ? 0 : read_number(reader);
    read_value(reader); /* the details */
    struct span arguments = read_value(reader);
    if (reader->has_failed) generator_fail("a message of the code %d that is malformed", code);
    switch (code) {
    case WAMP_EVENT:
        if (first != sessions[client].granted) load_foreign();
        load_event(client, arguments);
        break;
    case WAMP_INVOCATION:
        if (second != sessions[client].granted) load_foreign();
        load_invocation(client, arguments);
        write_message(WAMP_YIELD, 4);
        write_number(first);
        write_options(false);
        write_span(arguments);
        finish_message();
        link_send(client, &wamp_message);
        break;
    default: load_result(client - options.receivers, first, arguments);
    }
}

void session_received(int client, const unsigned char *message, size_t count) {
    struct reader reader = {message, message + count, false};
    read_list(&reader);
    enum wamp_code code = (enum wamp_code)read_number(&reader);
    enum state state = sessions[client].state;
    bool is_load = is_sender(client) ? code == WAMP_RESULT && options.is_rpc
                                     : code == (options.is_rpc ? WAMP_INVOCATION : WAMP_EVENT);
    errno = 0;
    if (is_load && state >= SESSION_READY) {
        read_load(client, &reader, code);
    } else if (code == WAMP_WELCOME && state == SESSION_JOINING) {
        welcomed(client);
    } else if ((code == WAMP_SUBSCRIBED || code == WAMP_REGISTERED) && state == SESSION_PREPARING) {
        read_number(&reader);
        sessions[client].granted = read_number(&reader);
        became_ready(client);
    } else if (code == WAMP_GOODBYE && state == SESSION_LEAVING) {
        link_close(client);
    } else if (code == WAMP_ABORT || code == WAMP_ERROR || code == WAMP_GOODBYE) {
        read_refusal(client, &reader, code);
    } else if (code != WAMP_PUBLISHED || state < SESSION_READY) {
        generator_fail("%s has got a message of the code %d", role_of(client), code);
    }
}
