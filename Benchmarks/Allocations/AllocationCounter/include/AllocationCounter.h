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

#endif
