#ifndef CVECTOR_H
#define CVECTOR_H

// Instructions that Swift cannot reach: it compiles for the oldest processor of an architecture, and has no attribute
// for a function that is meant for a newer one.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// 32 octets, at an address that is a multiple of 32, and at any.
typedef uint32_t cvector_words __attribute__((vector_size(32), may_alias));
typedef uint32_t cvector_loose __attribute__((vector_size(32), aligned(1), may_alias));

// Whether the processor has the instructions of the functions that are marked CVECTOR_WIDE.
#if defined(__x86_64__)
#define CVECTOR_WIDE __attribute__((target("avx2")))
static inline bool cvector_has_wide(void) { return __builtin_cpu_supports("avx2"); }
#else
#define CVECTOR_WIDE
static inline bool cvector_has_wide(void) { return true; }
#endif

// The key for an octet that stands `octets` further.
static inline uint32_t cvector_turned(uint32_t key, size_t octets) {
    const uint32_t bits = (uint32_t)octets * 8;
    return key >> (bits & 31) | key << (-bits & 31);
}

// Masks `count` octets (at least 128) at `start` with the words of `key`, whose lowest octet is the first.
//
// What overlaps is loaded before it is stored. Up to 256 octets are the first 128 and the last; more are the first 32,
// aligned blocks, and the last 64: at any alignment one store more than the octets need, and few branches to guess.
CVECTOR_WIDE static inline void cvector_xor(void *start, size_t count, uint32_t key) {
    uint8_t *const end = (uint8_t *)start + count;
    const cvector_words front = (cvector_words){0} + key;
    const cvector_words back = (cvector_words){0} + cvector_turned(key, count);
    cvector_loose *const low = (cvector_loose *)start;
    if (count <= 256) {
        cvector_loose *const high = (cvector_loose *)(end - 128);
        const cvector_words a = low[0] ^ front, b = low[1] ^ front, c = low[2] ^ front, d = low[3] ^ front;
        const cvector_words e = high[0] ^ back, f = high[1] ^ back, g = high[2] ^ back, h = high[3] ^ back;
        low[0] = a, low[1] = b, low[2] = c, low[3] = d;
        high[0] = e, high[1] = f, high[2] = g, high[3] = h;
        return;
    }
    cvector_loose *const high = (cvector_loose *)(end - 64);
    const cvector_words a = low[0] ^ front;
    const cvector_words e = high[0] ^ back, f = high[1] ^ back;
    cvector_words *words = (cvector_words *)(((uintptr_t)start + 32) & ~(uintptr_t)31);
    const cvector_words mask = (cvector_words){0} + cvector_turned(key, (size_t)words - (size_t)start);
    for (; (uint8_t *)high - (uint8_t *)words > 64; words += 4)
        words[0] ^= mask, words[1] ^= mask, words[2] ^= mask, words[3] ^= mask;
    if ((uint8_t *)words < (uint8_t *)high) words[0] ^= mask, words[1] ^= mask;
    low[0] = a;
    high[0] = e, high[1] = f;
}

// A hint that 192 octets will be used soon; any address is allowed.
static inline void cvector_prefetch(const void *address) {
    __builtin_prefetch(address);
    __builtin_prefetch((const char *)address + 64);
    __builtin_prefetch((const char *)address + 128);
}

#endif
