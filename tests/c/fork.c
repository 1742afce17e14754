/* After a fork, parent and child draw different randomness: keys, nonces, coins and the hedge of signatures. A child of a process whose
 * threads are busy here never hangs, and does not seal under its parent's counters. */
#define _GNU_SOURCE
#include "test.h"
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct drawn {
  uint8_t random[32], kem_seed[PQRTC_ML_KEM_768_SEED_BYTES], hybrid_seed[96], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  uint8_t wrapped[PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES], message[PQRTC_SESSION_SEAL_OVERHEAD_BYTES];
  uint8_t signing_seed[PQRTC_ML_DSA_65_SEED_BYTES], signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
};

static struct test_pair pair;
static pqrtc_kem_keypair *kem;
static pqrtc_hybrid_keypair *hybrid;
static pqrtc_signing_key *signing;
static uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], bundle[PQRTC_X_WING_BUNDLE_BYTES];

static void free_shared(void) {
  pqrtc_kem_keypair_free(kem);
  pqrtc_hybrid_keypair_free(hybrid);
  pqrtc_signing_key_free(signing);
  test_pair_free(pair);
}

static void draw(struct drawn *d) {
  pqrtc_kem_keypair *new_kem = NULL;
  pqrtc_hybrid_keypair *new_hybrid = NULL;
  pqrtc_session *session = NULL;
  pqrtc_signing_key *key = NULL;
  size_t len = 0;
  CHECK_OK(pqrtc_random(d->random, sizeof d->random));
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &new_kem));
  CHECK_OK(pqrtc_kem_keypair_seed(new_kem, d->kem_seed, sizeof d->kem_seed));
  CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_V100_HYBRID_KX_V1, &new_hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_seed(new_hybrid, d->hybrid_seed, sizeof d->hybrid_seed));
  CHECK_OK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, d->exchange, sizeof d->exchange, &session));
  CHECK_OK(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, NULL, 0, d->wrapped, sizeof d->wrapped, &len));
  CHECK_OK(pqrtc_session_seal(pair.initiator, NULL, 0, NULL, 0, d->message, sizeof d->message, &len));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key));
  CHECK_OK(pqrtc_signing_key_seed(key, d->signing_seed, sizeof d->signing_seed));
  CHECK_OK(pqrtc_sign(signing, NULL, 0, NULL, 0, d->signature, sizeof d->signature));
  pqrtc_kem_keypair_free(new_kem);
  pqrtc_hybrid_keypair_free(new_hybrid);
  pqrtc_session_free(session);
  pqrtc_signing_key_free(key);
}

enum { CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128, WORKERS = 3 };

/* Busy threads. AddressSanitizer's allocator has locks that stay locked in the child of a fork, so there are none with it. */
#ifdef __SANITIZE_ADDRESS__
static const int workers = 0;
#else
static const int workers = WORKERS;
#endif

/* Runs `body` in a child, which has 60 seconds before it is taken for hung, and leaves by _exit. */
static void in_child(void (*body)(void)) {
  int status = 0;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    alarm(60);
    atomic_store(&test_failed, 0);
    body();
    _exit(atomic_load(&test_failed) != 0);
  }
  CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static uint8_t base_key[32];
static pqrtc_sframe_sender *sender;
static pqrtc_sframe_receiver *receiver;

/* A base key and KID that nothing else has, here or in another process. */
static pqrtc_sframe_sender *new_sender(uint8_t key[32]) {
  pqrtc_sframe_sender *s = NULL;
  CHECK_OK(pqrtc_random(key, 32));
  CHECK_OK(pqrtc_sframe_sender_from_key(key, 32, 1, CIPHER, &s));
  return s;
}

static void whole_life(void) {
  uint8_t key[32], sealed[3 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], opened[3];
  size_t len = 0;
  pqrtc_sframe_receiver *r = NULL;
  pqrtc_sframe_sender *s = new_sender(key);
  CHECK_OK(pqrtc_sframe_receiver_new(CIPHER, &r));
  CHECK_OK(pqrtc_sframe_receiver_add_key(r, 1, key, sizeof key));
  CHECK_OK(pqrtc_sframe_seal(s, NULL, 0, (const uint8_t *)"abc", 3, sealed, sizeof sealed, &len));
  CHECK_OK(pqrtc_sframe_open(r, NULL, 0, sealed, len, opened, sizeof opened, &len, NULL, NULL));
  CHECK_OK(pqrtc_sframe_receiver_remove_key(r, 1));
  pqrtc_sframe_sender_free(s);
  pqrtc_sframe_receiver_free(r);
}

static atomic_int stop;

static void *work(void *unused) {
  while (!atomic_load(&stop)) {
    whole_life();
  }
  return unused;
}

/* Opens frames of one sender, and adds and removes other keys. */
static void *receive(void *argument) {
  uint8_t sealed[3 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], opened[3];
  size_t len = 0;
  for (uint64_t kid = 100 + ((uint64_t)(uintptr_t)argument << 32); !atomic_load(&stop); kid++) {
    CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, (const uint8_t *)"abc", 3, sealed, sizeof sealed, &len));
    CHECK_OK(pqrtc_sframe_open(receiver, NULL, 0, sealed, len, opened, sizeof opened, &len, NULL, NULL));
    CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, kid, base_key, sizeof base_key));
    CHECK_OK(pqrtc_sframe_receiver_remove_key(receiver, kid));
  }
  return NULL;
}

static void busy(void *(*body)(void *), void (*child)(void)) {
  int forks = getenv("PQRTC_SLOW") == NULL ? 150 : 5; /* sanitizers and valgrind take long to fork */
  pthread_t threads[WORKERS];
  atomic_store(&stop, 0);
  for (int i = 0; i < workers; i++) {
    CHECK(pthread_create(&threads[i], NULL, body, (void *)(uintptr_t)i) == 0);
  }
  for (int i = 0; i < forks; i++) {
    in_child(child);
  }
  atomic_store(&stop, 1);
  for (int i = 0; i < workers; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
}

static uint8_t before_fork[3 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES];
static size_t before_fork_len;

/* A lock of the receiver may have been held by a thread that this process does not have. */
static void either(pqrtc_status status) { CHECK(status == PQRTC_OK || status == PQRTC_KEY_REUSED); }

static void use_receiver(void) {
  uint8_t opened[3];
  size_t len = 0;
  pqrtc_sframe_stats stats = {.size = sizeof stats};
  either(pqrtc_sframe_open(receiver, NULL, 0, before_fork, before_fork_len, opened, sizeof opened, &len, NULL, NULL));
  either(pqrtc_sframe_receiver_add_key(receiver, 77, base_key, sizeof base_key));
  CHECK_OK(pqrtc_sframe_receiver_stats(receiver, &stats));
  either(pqrtc_sframe_receiver_remove_key(receiver, 1));
  pqrtc_sframe_receiver_free(receiver);
  whole_life();
}

static void refuse(void) {
  uint8_t out[3 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES];
  size_t len = 99, one = 3, out_len = 0;
  const uint8_t *frame = (const uint8_t *)"abc";
  uint64_t kid = 0;
  pqrtc_sframe_sender *again = NULL;
  CHECK_STATUS(pqrtc_sframe_seal(sender, NULL, 0, frame, 3, out, sizeof out, &len), PQRTC_KEY_REUSED);
  CHECK_STATUS(pqrtc_sframe_seal_batch(sender, NULL, 0, frame, 3, &one, 1, out, sizeof out, &len, &out_len), PQRTC_KEY_REUSED);
  CHECK_STATUS(pqrtc_sframe_sender_ratchet(sender, NULL), PQRTC_KEY_REUSED);
  CHECK_STATUS(pqrtc_sframe_sender_set_ratchet(sender, 1), PQRTC_KEY_REUSED);
  CHECK_STATUS(pqrtc_sframe_sender_from_key(base_key, sizeof base_key, 1, CIPHER, &again), PQRTC_KEY_REUSED);
  CHECK(again == NULL);
  CHECK_OK(pqrtc_sframe_sender_kid(sender, &kid));
  CHECK(kid == 1);
  pqrtc_sframe_sender_free(sender);
  whole_life();
}

static void refuse_in_a_grandchild(void) {
  in_child(refuse);
  refuse();
}

static void locks(void) {
  /* First of all, while the very first calls are made. */
  busy(work, whole_life);

  uint8_t sealed[3 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES];
  size_t len = 0;
  sender = new_sender(base_key);
  in_child(refuse);
  in_child(refuse_in_a_grandchild);
  CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, (const uint8_t *)"abc", 3, sealed, sizeof sealed, &len));

  CHECK_OK(pqrtc_sframe_receiver_new(CIPHER, &receiver));
  CHECK_OK(pqrtc_sframe_receiver_set_window(receiver, 65536));
  CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, 1, base_key, sizeof base_key));
  /* A frame of another sender, which nobody opens here. */
  pqrtc_sframe_sender *other = NULL;
  CHECK_OK(pqrtc_sframe_sender_from_key(base_key, sizeof base_key, 2, CIPHER, &other));
  CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, 2, base_key, sizeof base_key));
  CHECK_OK(pqrtc_sframe_seal(other, NULL, 0, (const uint8_t *)"abc", 3, before_fork, sizeof before_fork, &before_fork_len));
  pqrtc_sframe_sender_free(other);
  busy(receive, use_receiver);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
}

int main(void) {
  locks();
  static struct drawn before[1], parent[1];
  struct drawn *child = mmap(NULL, sizeof *child, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (child == MAP_FAILED) {
    return 1;
  }
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &kem));
  CHECK_OK(pqrtc_kem_keypair_public_key(kem, ek, sizeof ek));
  CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(hybrid, bundle, sizeof bundle));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &signing));
  pair = test_exchange(PQRTC_SUITE_X_WING);
  draw(before); /* every generator is warm */

  for (int round = 0; round < 3; round++) {
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
      atomic_store(&test_failed, 0);
      draw(child);
      free_shared();
      _exit(atomic_load(&test_failed) != 0);
    }
    draw(parent);
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
#define DIFFER(field) CHECK_DIFFER(parent->field, child->field, sizeof child->field)
    DIFFER(random);
    DIFFER(kem_seed);
    DIFFER(hybrid_seed);
    CHECK_DIFFER(parent->exchange, child->exchange, 1088); /* X-Wing: the ML-KEM ciphertext ... */
    CHECK_DIFFER(parent->exchange + 1088, child->exchange + 1088, 32); /* ... and the X25519 key */
    DIFFER(wrapped);
    CHECK_DIFFER(parent->wrapped + 1088, child->wrapped + 1088, 12); /* the nonces */
    CHECK_DIFFER(parent->message + 8, child->message + 8, 12);
    DIFFER(signing_seed);
    DIFFER(signature);
  }
  free_shared();
  munmap(child, sizeof *child);
  return test_end("fork");
}
