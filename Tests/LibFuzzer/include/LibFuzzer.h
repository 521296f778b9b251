#ifndef RENNBAHN_LIB_FUZZER_H
#define RENNBAHN_LIB_FUZZER_H

#include <stddef.h>
#include <stdint.h>

// libFuzzer as a library: its options and the folders of inputs are those of a command line. The callback returns 0.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*callback)(const uint8_t *octets, size_t count));

#endif
