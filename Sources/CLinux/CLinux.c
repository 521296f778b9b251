// What must not stand in the header: another module has these declarations, or no system header has them.

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void clinux_trim_heap(void);

void clinux_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
