#ifndef CLINUX_H
#define CLINUX_H

// Without _GNU_SOURCE, as the toolchain's own Glibc module reads these headers: types that look different in two modules
// cannot be used together. What only _GNU_SOURCE declares is called by its number below.
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// What Swift cannot import: macros with arguments, variadic functions, and enumerators whose imported type depends on
// how the header declares them. Nothing here decides anything.

static inline int clinux_errno(void) { return errno; }
static inline void clinux_set_errno(int code) { errno = code; }

static const int clinux_sock_stream = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int clinux_sock_stream_type = SOCK_STREAM;
static const int clinux_accept_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int clinux_msg_nosignal = MSG_NOSIGNAL;
static const int clinux_ipproto_tcp = IPPROTO_TCP;

/// Milliseconds since a TCP connection received data; -1 where the kernel does not say.
static inline long clinux_since_received(int socket) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
    return (long)info.tcpi_last_data_recv;
}

/// Octets that the kernel holds for the peer of a socket; 0 where it does not say.
static inline int clinux_unsent_bytes(int socket) {
    int count = 0;
    return ioctl(socket, TIOCOUTQ, &count) == 0 ? count : 0;
}
static const int clinux_ipproto_ip = IPPROTO_IP;
static const int clinux_ipproto_ipv6 = IPPROTO_IPV6;
static const int clinux_ip_bind_address_no_port = 24;  // linux/in.h: IP_BIND_ADDRESS_NO_PORT
static const int clinux_shut_wr = SHUT_WR;
static const int clinux_shut_rd = SHUT_RD;
static const int clinux_eventfd_flags = EFD_NONBLOCK | EFD_CLOEXEC;
static const int clinux_signalfd_flags = SFD_NONBLOCK | SFD_CLOEXEC;
static const int clinux_epoll_cloexec = EPOLL_CLOEXEC;

static const uint32_t clinux_epollin = EPOLLIN;
static const uint32_t clinux_epollout = EPOLLOUT;
static const uint32_t clinux_epollrdhup = EPOLLRDHUP;
static const uint32_t clinux_epollhup = EPOLLHUP;
static const uint32_t clinux_epollerr = EPOLLERR;
static const uint32_t clinux_epollet = EPOLLET;
static const uint32_t clinux_epollexclusive = EPOLLEXCLUSIVE;

// MAP_FAILED and MAP_ANONYMOUS are not to be had from Swift.
static inline void *clinux_map(size_t count) {
    void *address = mmap(0, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | 0x20 /* MAP_ANONYMOUS */, -1, 0);
    return address == MAP_FAILED ? 0 : address;
}

static inline int clinux_accept4(int descriptor, int flags) {
    return (int)syscall(SYS_accept4, descriptor, NULL, NULL, flags);
}

// As system calls of their own number: what the C library wraps around them, points of cancellation for threads that
// are never cancelled, costs as much as the rest of the way to the kernel.
static inline ssize_t clinux_recv(int descriptor, void *bytes, size_t count) {
    return syscall(SYS_recvfrom, descriptor, bytes, count, 0, NULL, NULL);
}
static inline ssize_t clinux_send(int descriptor, const void *bytes, size_t count) {
    return syscall(SYS_sendto, descriptor, bytes, count, MSG_NOSIGNAL, NULL, 0);
}
static inline ssize_t clinux_sendmsg(int descriptor, const struct msghdr *message) {
    return syscall(SYS_sendmsg, descriptor, message, MSG_NOSIGNAL);
}

// linux/tls.h, which not every system has: SOL_TLS, TLS_TX and TLS_SET_RECORD_TYPE; netinet/tcp.h: TCP_ULP.
static const int clinux_sol_tls = 282;
static const int clinux_tls_tx = 1;
static inline int clinux_attach_tls(int socket) { return setsockopt(socket, IPPROTO_TCP, 31, "tls", sizeof "tls"); }
static inline ssize_t clinux_send_record(int socket, uint8_t type, const void *bytes, size_t count) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof type)];
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof type), .cmsg_level = clinux_sol_tls, .cmsg_type = 1}};
    memcpy(CMSG_DATA(&control.header), &type, sizeof type);
    struct iovec part = {(void *)bytes, count};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room};
    return clinux_sendmsg(socket, &message);
}

static inline int clinux_open_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }
static inline int clinux_open_folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }
// openat2(2), which the C library does not have: no way out of the folder, nothing but what it says at once.
struct clinux_open_how { uint64_t flags, mode, resolve; };
static inline int clinux_open_beneath(int folder, const char *path) {
    struct clinux_open_how how = {
        O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0, 0x08 | 0x02 /* RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS */};
    return (int)syscall(437 /* SYS_openat2 */, folder, path, &how, sizeof how);
}
static inline int clinux_open_update(const char *path) { return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); }
static inline int clinux_rename(const char *path, const char *other) { return rename(path, other); }
static inline int clinux_lock_file(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

// A file in memory, which has no name in any folder.
static inline int clinux_memory_file(void) { return (int)syscall(SYS_memfd_create, "rennbahn", 1u /* MFD_CLOEXEC */); }

static inline int clinux_duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); }
static inline int clinux_is_regular(const struct stat *status) { return S_ISREG(status->st_mode); }
static inline int clinux_is_folder(const struct stat *status) { return S_ISDIR(status->st_mode); }
static inline int clinux_is_socket(const struct stat *status) { return S_ISSOCK(status->st_mode); }

static inline int clinux_set_nonblocking(int descriptor) {
    return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

static inline long clinux_ticks_per_second(void) { return sysconf(_SC_CLK_TCK); }
// Columns of the terminal behind a descriptor; 0: none, or it does not tell.
static inline int clinux_terminal_columns(int descriptor) {
    struct winsize size = {0};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// Rows of it; 0: none, or it does not tell.
static inline int clinux_terminal_rows(int descriptor) {
    struct winsize size = {0};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

// The mode of a terminal that hands over each key at once and shows none. Signals come as before but for quit, which ends a
// program without a word.
static inline struct termios clinux_key_mode(struct termios mode) {
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    mode.c_cc[VQUIT] = _POSIX_VDISABLE;
    return mode;
}

#ifdef __GLIBC__
// <malloc.h> is not among the headers above, for this one function.
extern int malloc_trim(size_t);
#endif

/// Gives freed memory back to the system, where the C library can.
static inline void clinux_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static inline long clinux_page_size(void) { return sysconf(_SC_PAGESIZE); }

static inline int clinux_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

// The POSIX variant: 0, or an error.
static inline int clinux_error_text(int code, char *scratch, size_t length) {
    return strerror_r(code, scratch, length);
}

static inline int clinux_epoll_wait(int epoll, struct epoll_event *events, int limit, const struct timespec *timeout) {
    return (int)syscall(SYS_epoll_pwait2, epoll, events, limit, timeout, NULL, 0);
}

// Sets of processors as the kernel takes them: bit i of word i / 64.
static inline int clinux_get_affinity(int thread, uint64_t *words, size_t bytes) {
    return (int)syscall(SYS_sched_getaffinity, thread, bytes, words);
}
static inline int clinux_set_affinity(const uint64_t *words, size_t bytes) {
    return (int)syscall(SYS_sched_setaffinity, 0, bytes, words);
}

static inline int clinux_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name); }
static inline int clinux_set_timer_slack(unsigned long nanoseconds) { return prctl(PR_SET_TIMERSLACK, nanoseconds); }
static inline int clinux_thread_id(void) { return (int)syscall(SYS_gettid); }

static inline int clinux_signal_on_parent_death(int signal) { return prctl(PR_SET_PDEATHSIG, (unsigned long)signal); }
static inline int clinux_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

static inline int clinux_get_descriptor_limit(struct rlimit *limit) { return getrlimit(RLIMIT_NOFILE, limit); }
static inline int clinux_set_descriptor_limit(const struct rlimit *limit) { return setrlimit(RLIMIT_NOFILE, limit); }

// Whether a signal is ignored, as nohup has it for the programs that it starts.
static inline int clinux_is_ignored(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_code(int status) { return WEXITSTATUS(status); }
static inline int clinux_termination_signal(int status) { return WTERMSIG(status); }

static inline char **clinux_environment(void) {
    extern char **environ;
    return environ;
}

static inline const char *clinux_entry_name(const struct dirent *entry) { return entry->d_name; }

#endif
