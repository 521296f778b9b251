#define _GNU_SOURCE
#include "floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *program = "floor";

_Noreturn void floor_fail(const char *what) {
    if (errno != 0) {
        fprintf(stderr, "%s: %s: %s\n", program, what, strerror(errno));
    } else {
        fprintf(stderr, "%s: %s\n", program, what);
    }
    exit(1);
}

static _Noreturn void refuse(const char *option) {
    fprintf(stderr, "%s: %s\nusage: %s [--listen HOST:PORT] [--cpus N[,N...]] [--exit-with-parent PID]\n", program,
            option, program);
    exit(64);
}

void *floor_memory(void *old, size_t count) {
    void *memory = realloc(old, count);
    if (memory == NULL) floor_fail("memory");
    return memory;
}

/* Nothing is to be tidied up: the kernel closes what is open. */
static void end(int signal) {
    (void)signal;
    _exit(0);
}

static void pin(const char *list) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const char *next = list; *next != 0;) {
        char *rest;
        long number = strtol(next, &rest, 10);
        if (rest == next || number < 0 || number >= CPU_SETSIZE || (*rest != 0 && *rest != ',')) refuse("--cpus");
        CPU_SET((int)number, &set);
        next = *rest == ',' ? rest + 1 : rest;
    }
    if (sched_setaffinity(0, sizeof set, &set) != 0) floor_fail("sched_setaffinity");
}

/* The parent may have ended before the kernel was asked to watch it. */
static void end_with(const char *parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) floor_fail("prctl");
    if (getppid() != (pid_t)strtol(parent, NULL, 10)) exit(0);
}

static struct sockaddr_in parsed(const char *text) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    char host[64];
    const char *colon = strrchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host) refuse("--listen");
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    char *rest;
    long port = strtol(colon + 1, &rest, 10);
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || *rest != 0 || rest == colon + 1 || port < 0 || port > 65535)
        refuse("--listen");
    address.sin_port = htons((uint16_t)port);
    return address;
}

static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

struct floor_server floor_start(int argc, char **argv, const char *name) {
    program = argv[0];
    struct sockaddr_in address = parsed("127.0.0.1:0");
    for (int index = 1; index < argc; index += 2) {
        if (index + 1 == argc) refuse(argv[index]);
        if (strcmp(argv[index], "--listen") == 0) {
            address = parsed(argv[index + 1]);
        } else if (strcmp(argv[index], "--cpus") == 0) {
            pin(argv[index + 1]);
        } else if (strcmp(argv[index], "--exit-with-parent") == 0) {
            end_with(argv[index + 1]);
        } else {
            refuse(argv[index]);
        }
    }
    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();

    struct floor_server server;
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server.listener < 0) floor_fail("socket");
    int on = 1;
    setsockopt(server.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    /* Connections inherit it. */
    setsockopt(server.listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(server.listener, (struct sockaddr *)&address, sizeof address) != 0) floor_fail("bind");
    if (listen(server.listener, 4096) != 0) floor_fail("listen");
    server.poller = epoll_create1(EPOLL_CLOEXEC);
    if (server.poller < 0) floor_fail("epoll_create1");
    floor_watch(&server, server.listener, EPOLLIN, NULL);

    socklen_t size = sizeof address;
    if (getsockname(server.listener, (struct sockaddr *)&address, &size) != 0) floor_fail("getsockname");
    char host[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &address.sin_addr, host, sizeof host);
    printf("rennbahn floor ready on ws://%s:%d/ program=%s\n", host, ntohs(address.sin_port), name);
    fflush(stdout);
    errno = 0;
    return server;
}

int floor_accept(const struct floor_server *server) {
    return accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static void control(const struct floor_server *server, int operation, int descriptor, uint32_t events, void *data) {
    struct epoll_event event = {.events = events, .data.ptr = data};
    if (epoll_ctl(server->poller, operation, descriptor, &event) != 0) floor_fail("epoll_ctl");
}

void floor_watch(const struct floor_server *server, int descriptor, uint32_t events, void *data) {
    control(server, EPOLL_CTL_ADD, descriptor, events, data);
}

void floor_rewatch(const struct floor_server *server, int descriptor, uint32_t events, void *data) {
    control(server, EPOLL_CTL_MOD, descriptor, events, data);
}

/* Where the value of a header field begins, and its length; NULL where there is no such field. */
static const char *field(const char *head, const char *name, size_t *length) {
    const char *line = strcasestr(head, name);
    if (line == NULL) return NULL;
    const char *value = line + strlen(name);
    while (*value == ' ') value++;
    *length = strcspn(value, " ,\r\n");
    return value;
}

size_t floor_upgrade(const char *bytes, size_t count, char *output) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char head[2048];
    if (count >= sizeof head) floor_fail("a long opening handshake");
    memcpy(head, bytes, count);
    head[count] = 0;
    if (strstr(head, "\r\n\r\n") == NULL) return 0;

    size_t length = 0;
    const char *key = field(head, "\r\nSec-WebSocket-Key:", &length);
    if (key == NULL || length > 64) return 0;
    unsigned char text[64 + sizeof guid], digest[SHA_DIGEST_LENGTH], accept[32];
    memcpy(text, key, length);
    memcpy(text + length, guid, sizeof guid - 1);
    SHA1(text, length + sizeof guid - 1, digest);
    EVP_EncodeBlock(accept, digest, sizeof digest);

    int written = snprintf(output, FLOOR_UPGRADE,
                           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Accept: %s\r\n",
                           (const char *)accept);
    const char *protocol = field(head, "\r\nSec-WebSocket-Protocol:", &length);
    if (protocol != NULL && length < 64)
        written += snprintf(output + written, FLOOR_UPGRADE - (size_t)written, "Sec-WebSocket-Protocol: %.*s\r\n",
                            (int)length, protocol);
    written += snprintf(output + written, FLOOR_UPGRADE - (size_t)written, "\r\n");
    return (size_t)written;
}
