/* Clocks, the kernel's account of who ran, and a histogram of responses. */
#define _GNU_SOURCE
#include "generator.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

uint64_t measure_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A thread that has ended since it was listed has nothing to add. */
static void add_thread(pid_t process, const char *thread, struct cpu_times *times) {
    char path[320];
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)process, thread);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    unsigned long long running = 0, waiting = 0;
    if (fscanf(file, "%llu %llu", &running, &waiting) == 2) {
        times->running += running;
        times->waiting += waiting;
    }
    fclose(file);
}

struct cpu_times measure_process(pid_t process) {
    struct cpu_times times = {0, 0};
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    if (threads == NULL) generator_fail("process %d", (int)process);
    for (struct dirent *entry; (entry = readdir(threads)) != NULL;)
        if (entry->d_name[0] != '.') add_thread(process, entry->d_name, &times);
    closedir(threads);
    errno = 0;
    if (times.running == 0) generator_fail("process %d has ended, or the kernel does not say how long it ran", (int)process);
    return times;
}

/* ---- The histogram: 64 steps to each doubling, to 2^42 ns (73 minutes) ---- */

enum { STEP_BITS = 6, STEPS = 1 << STEP_BITS, DOUBLINGS = 42 - STEP_BITS, BUCKETS = (DOUBLINGS + 1) * STEPS };
static uint64_t buckets[BUCKETS], responses, longest;

static int bucket_of(uint64_t value) {
    if (value < STEPS) return (int)value;
    int shift = 63 - __builtin_clzll(value) - STEP_BITS;
    int bucket = (shift + 1) * STEPS + (int)(value >> shift) - STEPS;
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/* The middle of a bucket. */
static uint64_t value_of(int bucket) {
    if (bucket < STEPS) return (uint64_t)bucket;
    int shift = bucket / STEPS - 1;
    return ((uint64_t)(bucket % STEPS + STEPS) << shift) + ((1ull << shift) >> 1);
}

void measure_response(uint64_t nanoseconds) {
    buckets[bucket_of(nanoseconds)]++;
    responses++;
    if (nanoseconds > longest) longest = nanoseconds;
}

uint64_t measure_quantile(double share) {
    uint64_t seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        seen += buckets[bucket];
        if (seen > 0 && (double)seen >= share * (double)responses) {
            uint64_t value = value_of(bucket);
            return value < longest ? value : longest;
        }
    }
    return longest;
}

uint64_t measure_longest(void) { return longest; }

uint32_t measure_random(void) {
    static uint64_t state;
    if (state == 0 && getrandom(&state, sizeof state, 0) != (ssize_t)sizeof state) generator_fail("getrandom");
    state |= state == 0;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}
