/* Secrets do not outlive their handles: each operation runs on a stack of our own, and every block of the heap is looked at when it is
 * freed. Neither may hold 16 bytes in a row of a secret that the test knows. Linux with glibc, no sanitizers: it stands before free(). */
#define _GNU_SOURCE
#include "test.h"
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

enum { STACK = 512 * 1024, WINDOW = 16, SECRETS = 8 };

static struct {
  uint8_t bytes[96];
  size_t len;
  const char *name;
} secrets[SECRETS];
static size_t known;
static atomic_int watching;
static atomic_ulong freed_blocks;
static const char *_Atomic leaked_to_heap;

static void remember(const char *name, const uint8_t *bytes, size_t len) {
  memcpy(secrets[known].bytes, bytes, len);
  secrets[known].len = len;
  secrets[known++].name = name;
}

/* The name of a secret of which WINDOW bytes in a row are in memory. */
static const char *found_in(const uint8_t *memory, size_t len) {
  for (size_t i = 0; i < known; i++) {
    for (size_t at = 0; at + WINDOW <= secrets[i].len; at++) {
      if (len >= WINDOW && memmem(memory, len, secrets[i].bytes + at, WINDOW) != NULL) {
        return secrets[i].name;
      }
    }
  }
  return NULL;
}

extern void __libc_free(void *);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_malloc(size_t);

static void look(void *p) {
  if (p != NULL && atomic_load(&watching)) {
    const char *name = found_in(p, malloc_usable_size(p));
    atomic_fetch_add(&freed_blocks, 1);
    if (name != NULL) {
      leaked_to_heap = name;
    }
  }
}

void free(void *p) {
  look(p);
  __libc_free(p);
}

void *realloc(void *p, size_t len) {
  /* Moved always, so that the old block is seen. */
  void *moved = __libc_malloc(len);
  if (moved != NULL && p != NULL) {
    size_t old = malloc_usable_size(p);
    memcpy(moved, p, old < len ? old : len);
    free(p);
  }
  return moved;
}

static uint8_t kx_seed[96], xwing_seed[32], kem_seed[64], sign_seed[32], session_key[2][32], shared[32];
static uint8_t bundle[2][1216], exchange[2][1120], ek[1184], ct[1088], wrapped[1116 + 64], out[64];
static const char credential[] = "a credential of which nothing may stay behind 0123456789abcdef.";
static uint8_t scratch[3309];

static void *respond(void *suite) {
  uint32_t number = suite == NULL ? 1 : 2;
  size_t i = number - 1;
  pqrtc_hybrid_keypair *kp;
  pqrtc_session *s;
  CHECK_OK(pqrtc_hybrid_keypair_from_seed(number, i == 0 ? kx_seed : xwing_seed, i == 0 ? 96 : 32, &kp));
  CHECK_OK(pqrtc_hybrid_respond(kp, exchange[i], sizeof exchange[i], &s));
  CHECK_OK(pqrtc_session_export(s, (const uint8_t *)"label", 5, NULL, 0, scratch, 32));
  pqrtc_session_free(s);
  pqrtc_hybrid_keypair_free(kp);
  return NULL;
}

static void *decapsulate(void *unused) {
  pqrtc_kem_keypair *kp;
  size_t len;
  CHECK_OK(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, kem_seed, sizeof kem_seed, &kp));
  CHECK_OK(pqrtc_kem_decapsulate(kp, ct, sizeof ct, out, 32));
  CHECK_OK(pqrtc_turn_unwrap(kp, wrapped, sizeof wrapped, out, sizeof out, &len));
  pqrtc_kem_keypair_free(kp);
  return unused;
}

static void *sign(void *unused) {
  pqrtc_signing_key *k;
  CHECK_OK(pqrtc_signing_key_from_seed(PQRTC_SIGNATURE_ML_DSA_65, sign_seed, sizeof sign_seed, &k));
  CHECK_OK(pqrtc_sign(k, NULL, 0, (const uint8_t *)"message", 7, scratch, sizeof scratch));
  pqrtc_signing_key_free(k);
  return unused;
}

static void on_own_stack(const char *name, void *(*run)(void *), void *arg) {
  pthread_attr_t attr;
  pthread_t thread;
  uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(stack != MAP_FAILED);
  pthread_attr_init(&attr);
  CHECK(pthread_attr_setstack(&attr, stack, STACK) == 0);
  leaked_to_heap = NULL;
  atomic_store(&watching, 1);
  CHECK(pthread_create(&thread, &attr, run, arg) == 0);
  pthread_join(thread, NULL);
  atomic_store(&watching, 0);
  const char *left = found_in(stack, STACK);
  test_check(left == NULL, __FILE__, __LINE__, "%s left its %s on the stack", name, left ? left : "");
  test_check(leaked_to_heap == NULL, __FILE__, __LINE__, "%s left its %s on the heap", name, leaked_to_heap ? leaked_to_heap : "");
  munmap(stack, STACK);
}

/* So that the test is known to see something. */
static void *leak(void *unused) {
  uint8_t copy[32];
  memcpy(copy, sign_seed, 32);
  uint8_t *block = malloc(32);
  memcpy(block, copy, 32);
  free(block);
  __asm__ volatile("" : : "r"(copy) : "memory");
  return unused;
}

static void sees_a_leak(void) {
  pthread_attr_t attr;
  pthread_t thread;
  uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_attr_init(&attr);
  pthread_attr_setstack(&attr, stack, STACK);
  atomic_store(&watching, 1);
  pthread_create(&thread, &attr, leak, NULL);
  pthread_join(thread, NULL);
  atomic_store(&watching, 0);
  CHECK(found_in(stack, STACK) != NULL);
  CHECK(leaked_to_heap != NULL);
  munmap(stack, STACK);
}

int main(void) {
  if (getenv("PQRTC_SLOW") != NULL) return test_skip("wiped", "valgrind stands before free() itself");
  for (size_t i = 0; i < 96; i++) kx_seed[i] = (uint8_t)(i * 37 + 11);
  for (size_t i = 0; i < 32; i++) xwing_seed[i] = (uint8_t)(i * 41 + 5), sign_seed[i] = (uint8_t)(i * 43 + 7);
  for (size_t i = 0; i < 64; i++) kem_seed[i] = (uint8_t)(i * 47 + 3);
  for (uint32_t suite = 1; suite <= 2; suite++) {
    pqrtc_hybrid_keypair *kp;
    pqrtc_session *s;
    size_t i = suite - 1;
    CHECK_OK(pqrtc_hybrid_keypair_from_seed(suite, i == 0 ? kx_seed : xwing_seed, i == 0 ? 96 : 32, &kp));
    CHECK_OK(pqrtc_hybrid_keypair_bundle(kp, bundle[i], sizeof bundle[i]));
    CHECK_OK(pqrtc_hybrid_initiate(suite, bundle[i], sizeof bundle[i], exchange[i], sizeof exchange[i], &s));
    CHECK_OK(pqrtc_session_key(s, session_key[i], 32));
    pqrtc_session_free(s);
    pqrtc_hybrid_keypair_free(kp);
  }
  pqrtc_kem_keypair *kp;
  size_t len;
  CHECK_OK(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, kem_seed, sizeof kem_seed, &kp));
  CHECK_OK(pqrtc_kem_keypair_public_key(kp, ek, sizeof ek));
  CHECK_OK(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, ct, sizeof ct, shared, 32));
  CHECK_OK(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, (const uint8_t *)credential, 64, wrapped, sizeof wrapped, &len));
  pqrtc_kem_keypair_free(kp);

  remember("hybrid seed", kx_seed, 96);
  remember("X-Wing seed", xwing_seed, 32);
  remember("session key", session_key[0], 32);
  remember("session key", session_key[1], 32);
  remember("KEM seed", kem_seed, 64);
  remember("shared secret", shared, 32);
  remember("signing seed", sign_seed, 32);
  sees_a_leak();
  on_own_stack("suite 1", respond, NULL);
  on_own_stack("X-Wing", respond, (void *)1);
  on_own_stack("decapsulation", decapsulate, NULL);
  on_own_stack("signing", sign, NULL);
  CHECK(atomic_load(&freed_blocks) > 20);
  return test_end("wiped");
}

#else
int main(void) { return test_skip("wiped", "not glibc, or with sanitizers"); }
#endif
