#include "CLinux.h"

#ifdef __GLIBC__
#include <malloc.h>

void clinux_trim_heap(void) { malloc_trim(0); }
#else
void clinux_trim_heap(void) {}
#endif
