/* Windows has this DLL since version 8, and Wine since 9. For the Wine 8 of Debian 12: randomness from where older programs take it. */
#include <stddef.h>

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *out, unsigned long len); /* RtlGenRandom */

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *out, size_t len) {
  while (len > 0) {
    unsigned long step = len > 65536 ? 65536 : (unsigned long)len;
    if (!SystemFunction036(out, step)) {
      return 0;
    }
    out += step;
    len -= step;
  }
  return 1;
}
