// Counts heap allocations by standing in front of the C library's.
//
// The definitions below are linked into the executable, which the dynamic linker searches first, so every library's
// calls come here too. They count and pass on to the names under which glibc also exports its own functions. Anything
// but glibc would not be counted; allocation_counter_works tells.

#include "AllocationCounter.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

// Volatile, since compilers believe that allocating changes no variable of ours.
static __thread volatile uint64_t allocations;
static __thread volatile uint64_t frees;

uint64_t allocation_counter_allocations(void) { return allocations; }
uint64_t allocation_counter_frees(void) { return frees; }

bool allocation_counter_works(void) {
    uint64_t before = allocations;
    // strdup allocates inside the C library.
    char *copy = strdup("counted");
    bool works = copy != NULL && allocations == before + 1;
    free(copy);
    return works;
}

void *malloc(size_t size) {
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    allocations++;
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    allocations++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    allocations++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    allocations++;
    void *fresh = __libc_memalign(alignment, size);
    if (fresh == NULL) return ENOMEM;
    *block = fresh;
    return 0;
}

void free(void *block) {
    if (block == NULL) return;
    frees++;
    __libc_free(block);
}
