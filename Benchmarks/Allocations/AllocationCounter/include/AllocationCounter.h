#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Blocks that the calling thread has asked the allocator for since it began: malloc, calloc, realloc and the aligned
/// ones, from Swift's runtime and C libraries alike. Only differences mean something.
uint64_t allocation_counter_allocations(void);

/// Blocks that the calling thread has freed.
uint64_t allocation_counter_frees(void);

/// Whether an allocation made through another library is counted, so that a zero is worth something.
bool allocation_counter_works(void);

/// Between these two, retains and releases of Swift objects are counted: those that the calling thread makes, while no
/// other thread starts or stops. Only on x86-64, where the runtime's functions take their arguments as C's do.
void arc_counter_start(void);
void arc_counter_stop(void);

/// Whether a retain and a release of this Swift object are counted.
bool arc_counter_works(void *object);

/// Retains and releases that were counted on the calling thread. Only differences mean something.
uint64_t arc_counter_retains(void);
uint64_t arc_counter_releases(void);

#endif
