#ifndef SIMDJSON_PEER_H
#define SIMDJSON_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A copy of `bytes`, padded as simdjson wants it, and a parser that is used again.
void *simdjson_peer_create(const uint8_t *bytes, size_t count);

/// Parses the whole text with full validation (the DOM front end); false when it is no JSON.
bool simdjson_peer_parse(void *peer);

void simdjson_peer_destroy(void *peer);

#ifdef __cplusplus
}
#endif

#endif
