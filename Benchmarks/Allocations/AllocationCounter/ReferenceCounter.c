// Counts changes of Swift's reference counts.
//
// The runtime calls the functions that its variables below point to, instead of its own, while its flag for instruments
// is set. The counters call what was there before, so that counts stay right.

#include "AllocationCounter.h"

#include <stddef.h>

// Of the Swift runtime (HeapObject.h); an object is opaque here.
extern void *(*_swift_retain)(void *object);
extern void *(*_swift_retain_n)(void *object, uint32_t count);
extern void (*_swift_release)(void *object);
extern void (*_swift_release_n)(void *object, uint32_t count);
extern void *swift_retain(void *object);
extern void swift_release(void *object);
// A std::atomic<bool>, which is one byte.
extern volatile bool _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly;

static void *(*runtime_retain)(void *object);
static void *(*runtime_retain_n)(void *object, uint32_t count);
static void (*runtime_release)(void *object);
static void (*runtime_release_n)(void *object, uint32_t count);

static __thread volatile uint64_t retains;
static __thread volatile uint64_t releases;

uint64_t arc_counter_retains(void) { return retains; }
uint64_t arc_counter_releases(void) { return releases; }

static void *count_retain(void *object) {
    retains++;
    return runtime_retain(object);
}

static void *count_retain_n(void *object, uint32_t count) {
    retains += count;
    return runtime_retain_n(object, count);
}

static void count_release(void *object) {
    releases++;
    runtime_release(object);
}

static void count_release_n(void *object, uint32_t count) {
    releases += count;
    runtime_release_n(object, count);
}

void arc_counter_start(void) {
    // Elsewhere the runtime may keep more registers over these calls than C does. Then nothing is counted.
#if defined(__x86_64__)
    if (runtime_retain == NULL) {
        runtime_retain = _swift_retain;
        runtime_retain_n = _swift_retain_n;
        runtime_release = _swift_release;
        runtime_release_n = _swift_release_n;
    }
    _swift_retain = count_retain;
    _swift_retain_n = count_retain_n;
    _swift_release = count_release;
    _swift_release_n = count_release_n;
    _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = true;
#endif
}

void arc_counter_stop(void) {
#if defined(__x86_64__)
    // The runtime's own functions know references that are none, such as a string that is its own storage; the way over these
    // variables does not.
    _swift_retain = runtime_retain;
    _swift_retain_n = runtime_retain_n;
    _swift_release = runtime_release;
    _swift_release_n = runtime_release_n;
    _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = false;
#endif
}

bool arc_counter_works(void *object) {
    uint64_t retains_before = retains;
    uint64_t releases_before = releases;
    arc_counter_start();
    swift_retain(object);
    swift_release(object);
    arc_counter_stop();
    return retains == retains_before + 1 && releases == releases_before + 1;
}
