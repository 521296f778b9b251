/* WAMP messages in JSON and MsgPack, as few of their forms as a load needs; payloads that say whose they are. */
#define _GNU_SOURCE
#include "generator.h"

#include <stdio.h>
#include <string.h>

/* ---- Reading ---- */

static bool fails(struct reader *reader) {
    reader->has_failed = true;
    reader->at = reader->end;
    return false;
}

/* What is between two values of a JSON list. Who sent it is trusted to have put the commas where they belong. */
static bool has_more(struct reader *reader) {
    if (options.is_json)
        while (reader->at < reader->end && (*reader->at == ',' || *reader->at == ' ')) reader->at++;
    return reader->at < reader->end || fails(reader);
}

static uint64_t big_endian(struct reader *reader, size_t count) {
    if ((size_t)(reader->end - reader->at) < count) return fails(reader), 0;
    uint64_t value = 0;
    while (count-- > 0) value = value << 8 | *reader->at++;
    return value;
}

void read_list(struct reader *reader) {
    if (!has_more(reader)) return;
    unsigned char first = *reader->at++;
    if (options.is_json) {
        if (first != '[') fails(reader);
    } else if (first == 0xdc) {
        big_endian(reader, 2);
    } else if ((first & 0xf0) != 0x90) {
        fails(reader);
    }
}

uint64_t read_number(struct reader *reader) {
    if (!has_more(reader)) return 0;
    if (options.is_json) {
        uint64_t number = 0;
        const unsigned char *from = reader->at;
        while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
            number = number * 10 + (uint64_t)(*reader->at++ - '0');
        if (reader->at == from || reader->at - from > 19) fails(reader);
        return number;
    }
    unsigned char first = *reader->at++;
    if (first < 0x80) return first;
    if (first >= 0xcc && first <= 0xcf) return big_endian(reader, (size_t)1 << (first - 0xcc));
    return fails(reader), 0;
}

static struct span taken(struct reader *reader, uint64_t count) {
    if ((uint64_t)(reader->end - reader->at) < count) fails(reader), count = 0;
    struct span span = {reader->at, (size_t)count};
    reader->at += count;
    return span;
}

/* Behind the quote that opens a JSON string; behind the one that closes it in the end. */
static struct span json_text(struct reader *reader) {
    const unsigned char *from = reader->at;
    while (reader->at < reader->end && *reader->at != '"') reader->at += *reader->at == '\\' ? 2 : 1;
    if (reader->at >= reader->end) return fails(reader), (struct span){reader->end, 0};
    return (struct span){from, (size_t)(reader->at++ - from)};
}

struct span read_text(struct reader *reader) {
    if (!has_more(reader)) return (struct span){reader->end, 0};
    unsigned char first = *reader->at++;
    if (options.is_json) {
        if (first == '"') return json_text(reader);
    } else if ((first & 0xe0) == 0xa0) {
        return taken(reader, first & 0x1f);
    } else if (first >= 0xd9 && first <= 0xdb) {
        return taken(reader, big_endian(reader, (size_t)1 << (first - 0xd9)));
    }
    fails(reader);
    return (struct span){reader->end, 0};
}

static void skip_json(struct reader *reader) {
    size_t depth = 0;
    do {
        if (reader->at >= reader->end) {
            fails(reader);
            return;
        }
        switch (*reader->at++) {
        case '"': json_text(reader); break;
        case '[':
        case '{': depth++; break;
        case ']':
        case '}':
            if (depth-- == 0) fails(reader);
            break;
        case ',':
        case ':':
        case ' ': break;
        default: /* a number or a word */
            while (reader->at < reader->end && strchr(",]} ", *reader->at) == NULL) reader->at++;
        }
    } while (depth > 0 && !reader->has_failed);
}

/* Bytes behind the head of a MsgPack value, and values in it. */
static uint64_t msgpack_body(struct reader *reader, uint64_t *children) {
    unsigned char first = *reader->at++;
    if (first < 0x80 || first >= 0xe0) return 0;
    if (first < 0x90) return *children += 2 * (first & 0x0f), 0;
    if (first < 0xa0) return *children += first & 0x0f, 0;
    if (first < 0xc0) return first & 0x1f;
    switch (first) {
    case 0xc0: case 0xc2: case 0xc3: return 0;
    case 0xc4: case 0xc5: case 0xc6: return big_endian(reader, (size_t)1 << (first - 0xc4));
    case 0xc7: case 0xc8: case 0xc9: return big_endian(reader, (size_t)1 << (first - 0xc7)) + 1;
    case 0xca: case 0xce: case 0xd2: return 4;
    case 0xcb: case 0xcf: case 0xd3: return 8;
    case 0xcc: case 0xd0: return 1;
    case 0xcd: case 0xd1: return 2;
    case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return 1 + (1u << (first - 0xd4));
    case 0xd9: case 0xda: case 0xdb: return big_endian(reader, (size_t)1 << (first - 0xd9));
    case 0xdc: case 0xdd: return *children += big_endian(reader, (size_t)2 << (first - 0xdc)), 0;
    case 0xde: case 0xdf: return *children += 2 * big_endian(reader, (size_t)2 << (first - 0xde)), 0;
    default: return fails(reader), 0;
    }
}

static void skip_msgpack(struct reader *reader) {
    for (uint64_t left = 1; left > 0 && !reader->has_failed; left--) {
        if (reader->at >= reader->end) {
            fails(reader);
            return;
        }
        taken(reader, msgpack_body(reader, &left));
    }
}

struct span read_value(struct reader *reader) {
    if (!has_more(reader)) return (struct span){reader->end, 0};
    const unsigned char *from = reader->at;
    if (options.is_json) {
        skip_json(reader);
    } else {
        skip_msgpack(reader);
    }
    if (reader->has_failed) return (struct span){reader->end, 0};
    return (struct span){from, (size_t)(reader->at - from)};
}

/* ---- Writing ---- */

struct bytes wamp_message;

static void put(const void *bytes, size_t count) { bytes_append(&wamp_message, bytes, count); }

static void put_octet(unsigned char octet) { put(&octet, 1); }

/* A MsgPack head with its number in as many bytes as `head` says: 1, 2, 4 or 8 behind `base`, `base` + 1 and so on. */
static void put_sized(unsigned char base, uint64_t number) {
    int size = number < 0x100 ? 0 : number < 0x10000 ? 1 : number < 0x100000000 ? 2 : 3;
    put_octet((unsigned char)(base + size));
    for (int at = (1 << size) - 1; at >= 0; at--) put_octet((unsigned char)(number >> (8 * at)));
}

static void put_number(uint64_t number) {
    if (options.is_json) {
        char digits[24];
        char *at = digits + sizeof digits;
        do *--at = (char)('0' + number % 10);
        while ((number /= 10) > 0);
        put(at, (size_t)(digits + sizeof digits - at));
    } else if (number < 0x80) {
        put_octet((unsigned char)number);
    } else {
        put_sized(0xcc, number);
    }
}

static void put_text_head(size_t count) {
    if (count < 0x20) {
        put_octet((unsigned char)(0xa0 | count));
    } else {
        put_sized(0xd9, count);
    }
}

static void put_comma(void) {
    if (options.is_json) put_octet(',');
}

void write_message(enum wamp_code code, int elements) {
    wamp_message.count = 0;
    put_octet(options.is_json ? '[' : (unsigned char)(0x90 | elements));
    put_number(code);
}

void write_number(uint64_t number) {
    put_comma();
    put_number(number);
}

void write_text(struct span text) {
    put_comma();
    if (options.is_json) {
        put_octet('"');
        put(text.at, text.count);
        put_octet('"');
    } else {
        put_text_head(text.count);
        put(text.at, text.count);
    }
}

void write_options(bool acknowledge) {
    static const char json[] = "{\"acknowledge\":true}", msgpack[] = "\x81\xab" "acknowledge\xc3";
    put_comma();
    if (options.is_json) {
        put(acknowledge ? json : "{}", acknowledge ? sizeof json - 1 : 2);
    } else {
        put(acknowledge ? msgpack : "\x80", acknowledge ? sizeof msgpack - 1 : 1);
    }
}

void write_details(void) {
    static const char json[] = "{\"roles\":{\"publisher\":{},\"subscriber\":{},\"caller\":{},\"callee\":{}}}";
    static const char msgpack[] =
        "\x81\xa5roles\x84\xa9publisher\x80\xaasubscriber\x80\xa6" "caller\x80\xa6" "callee\x80";
    put_comma();
    put(options.is_json ? json : msgpack, options.is_json ? sizeof json - 1 : sizeof msgpack - 1);
}

void write_span(struct span value) {
    put_comma();
    put(value.at, value.count);
}

void finish_message(void) {
    if (options.is_json) put_octet(']');
}

/* ---- Payloads ----
 *
 *     0       6        12          24           32                N
 *     | run   | sender | sequence  | checksum  | filler …         |      hexadecimal; letters and blanks behind
 *
 * The checksum is of all the rest. */

static struct bytes arguments;
static size_t payload_start;
static uint32_t run;

static struct span *uris;

struct span wamp_uri(int number) { return uris[number]; }

static void prepare_uris(void) {
    int count = options.is_rpc ? options.receivers : 1;
    uris = generator_memory((size_t)count, sizeof *uris);
    for (int number = 0; number < count; number++) {
        char *text = generator_memory(1, 64);
        snprintf(text, 64, "floorgen.run_%06x.%s_%d", run, options.is_rpc ? "procedure" : "topic", number);
        uris[number] = (struct span){(const unsigned char *)text, strlen(text)};
    }
}

static void put_hexadecimal(unsigned char *at, uint64_t value, int digits) {
    for (; digits > 0; value >>= 4) at[--digits] = (unsigned char)"0123456789abcdef"[value & 15];
}

/* False where one of the characters is no digit. */
static bool hexadecimal(const unsigned char *at, int digits, uint64_t *value) {
    *value = 0;
    for (; digits > 0; digits--, at++) {
        unsigned digit = *at <= '9' ? *at - (unsigned)'0' : *at - 'a' + 10u;
        if (digit > 15) return false;
        *value = *value << 4 | digit;
    }
    return true;
}

static uint32_t checksum(const unsigned char *payload) {
    uint64_t sum = run;
    for (size_t at = 0; at < options.payload; at += 8) {
        if (at == 24) continue;
        uint64_t word = 0;
        memcpy(&word, payload + at, options.payload - at < 8 ? options.payload - at : 8);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
        sum ^= sum >> 29;
    }
    return (uint32_t)(sum >> 16);
}

void payloads_prepare(void) {
    static const char filler[] = "the quick brown fox jumps over the lazy dog while a slow grey heron waits by the river ";
    run = measure_random() & 0xffffff;
    prepare_uris();
    if (options.is_json) {
        bytes_append(&arguments, "[\"", 2);
    } else {
        wamp_message.count = 0;
        put_octet(0x91);
        put_text_head(options.payload);
        bytes_append(&arguments, wamp_message.at, wamp_message.count);
    }
    payload_start = arguments.count;
    unsigned char *payload = bytes_extend(&arguments, options.payload);
    for (size_t at = 0; at < options.payload; at++) payload[at] = (unsigned char)filler[at % (sizeof filler - 1)];
    put_hexadecimal(payload, run, 6);
    if (options.is_json) bytes_append(&arguments, "\"]", 2);
}

struct span payload_arguments(struct stamp stamp) {
    unsigned char *payload = arguments.at + payload_start;
    put_hexadecimal(payload + 6, stamp.sender, 6);
    put_hexadecimal(payload + 12, stamp.sequence, 12);
    put_hexadecimal(payload + 24, checksum(payload), 8);
    return (struct span){arguments.at, arguments.count};
}

bool payload_verify(struct span list, struct stamp *stamp) {
    struct reader reader = {list.at, list.at + list.count, false};
    read_list(&reader);
    struct span payload = read_text(&reader);
    if (reader.has_failed || payload.count != options.payload) return false;
    uint64_t of_run, sender, sum;
    if (!hexadecimal(payload.at, 6, &of_run) || !hexadecimal(payload.at + 6, 6, &sender) ||
        !hexadecimal(payload.at + 12, 12, &stamp->sequence) || !hexadecimal(payload.at + 24, 8, &sum))
        return false;
    stamp->sender = (uint32_t)sender;
    return of_run == run && sum == checksum(payload.at);
}
