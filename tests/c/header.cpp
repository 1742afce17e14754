/* The same header alone, and twice, is valid C++17. Compiled, not linked. */
#include <pqrtc.h>
#include <pqrtc.h>

typedef int pqrtc_header_is_not_empty;
