// simdjson behind three C functions, for the benchmark that compares the scanner with it.

#include "SimdJSON.h"

#include <simdjson.h>

namespace {
struct Peer {
    simdjson::padded_string text;
    simdjson::dom::parser parser;

    Peer(const char *bytes, size_t count) : text(bytes, count) {}
};
}  // namespace

void *simdjson_peer_create(const uint8_t *bytes, size_t count) {
    return new Peer(reinterpret_cast<const char *>(bytes), count);
}

bool simdjson_peer_parse(void *peer) {
    auto *self = static_cast<Peer *>(peer);
    return self->parser.parse(self->text).error() == simdjson::SUCCESS;
}

void simdjson_peer_destroy(void *peer) { delete static_cast<Peer *>(peer); }
