/* The smallest test frame: CHECK as often as needed, from any thread; `return test_end("name")` at the end of main. */
#ifndef PQRTC_TEST_H
#define PQRTC_TEST_H

#include <pqrtc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of each in a program, however many files include this one. */
#ifdef _WIN32
#define TEST_SHARED __declspec(selectany)
#else
#define TEST_SHARED __attribute__((weak))
#endif
TEST_SHARED atomic_ulong test_passed = 0;
TEST_SHARED atomic_ulong test_failed = 0;
/* Where failures are printed; NULL is stderr. A test that captures stderr sets its own. */
TEST_SHARED FILE *test_out = NULL;

#define CHECK(condition) test_check((condition) ? 1 : 0, __FILE__, __LINE__, "%s", #condition)
#define CHECK_STATUS(call, expected) test_status((call), (expected), __FILE__, __LINE__, #call)
#define CHECK_OK(call) CHECK_STATUS(call, PQRTC_OK)
#define CHECK_SAME(a, b, len) test_check(memcmp((a), (b), (len)) == 0, __FILE__, __LINE__, "%s", #a " is " #b)
#define CHECK_DIFFER(a, b, len) test_check(memcmp((a), (b), (len)) != 0, __FILE__, __LINE__, "%s", #a " is not " #b)

#define test_check(good, file, line, ...)                                      \
  do {                                                                         \
    if (good) {                                                                \
      atomic_fetch_add(&test_passed, 1);                                       \
    } else {                                                                   \
      FILE *to_ = test_out ? test_out : stderr;                                \
      if (atomic_fetch_add(&test_failed, 1) < 30) { /* the first ones tell */  \
        fprintf(to_, "%s:%d: failed: ", (file), (line));                       \
        fprintf(to_, __VA_ARGS__);                                             \
        fputc('\n', to_);                                                      \
      }                                                                        \
    }                                                                          \
  } while (0)

static inline void test_status(pqrtc_status got, pqrtc_status expected, const char *file, int line, const char *what) {
  test_check(got == expected, file, line, "%s\n  gave %lu (%s), not %lu", what, (unsigned long)got,
             pqrtc_status_string(got), (unsigned long)expected);
}

static inline int test_end(const char *name) {
  unsigned long passed = atomic_load(&test_passed), failed = atomic_load(&test_failed);
  printf("%-14s %lu passed, %lu failed\n", name, passed, failed);
  return failed != 0 || passed == 0;
}

static inline int test_skip(const char *name, const char *why) {
  printf("%-14s skipped: %s\n", name, why);
  return 0;
}

/* A buffer of exactly that size on the heap, where sanitizers and valgrind see a step beyond it. */
static inline uint8_t *test_alloc(size_t len) {
  uint8_t *p = malloc(len ? len : 1);
  if (p == NULL) {
    abort();
  }
  memset(p, 0xa5, len);
  return p;
}

/* Whether a failed call left `len` bytes untouched (0xa5) or zeroed: nothing of a secret is in them. */
static inline int test_clean(const uint8_t *p, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (p[i] != 0 && p[i] != 0xa5) {
      return 0;
    }
  }
  return 1;
}

/* Both ends of one exchange. */
struct test_pair {
  pqrtc_session *initiator, *responder;
};

static inline struct test_pair test_exchange(uint32_t suite) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  struct test_pair pair = {NULL, NULL};
  pqrtc_hybrid_keypair *keys = NULL;
  CHECK_OK(pqrtc_hybrid_keypair_generate(suite, &keys));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(keys, bundle, sizeof bundle));
  CHECK_OK(pqrtc_hybrid_initiate(suite, bundle, sizeof bundle, exchange, sizeof exchange, &pair.initiator));
  CHECK_OK(pqrtc_hybrid_respond(keys, exchange, sizeof exchange, &pair.responder));
  pqrtc_hybrid_keypair_free(keys);
  return pair;
}

static inline void test_pair_free(struct test_pair pair) {
  pqrtc_session_free(pair.initiator);
  pqrtc_session_free(pair.responder);
}

#endif
