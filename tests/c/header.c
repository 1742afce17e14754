/* The header alone, and twice, is valid C11. Compiled, not linked. */
#include <pqrtc.h>
#include <pqrtc.h>

typedef int pqrtc_header_is_not_empty;
