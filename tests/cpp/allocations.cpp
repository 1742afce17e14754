// Counts every operator new, so that a test can show that the frame path has none. Apart from the tests, where the compiler cannot pair it.
#include <atomic>
#include <cstdlib>
#include <new>

extern std::atomic<std::size_t> allocations;
std::atomic<std::size_t> allocations{0};

void* operator new(std::size_t n) {
  allocations++;
  if (void* p = std::malloc(n)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
