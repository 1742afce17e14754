/* After a fork, parent and child draw different randomness: keys, nonces, coins and the hedge of signatures. */
#define _GNU_SOURCE
#include "test.h"
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct drawn {
  uint8_t random[32], kem_seed[PQRTC_KEM_SEED_BYTES], hybrid_seed[96], exchange[PQRTC_HYBRID_EXCHANGE_BYTES];
  uint8_t wrapped[PQRTC_TURN_WRAP_OVERHEAD_BYTES], message[PQRTC_SESSION_SEAL_OVERHEAD_BYTES];
  uint8_t signing_seed[PQRTC_SIGNING_SEED_BYTES], signature[PQRTC_SIGNATURE_BYTES];
};

static struct test_pair pair;
static pqrtc_kem_keypair *kem;
static pqrtc_hybrid_keypair *hybrid;
static pqrtc_signing_key *signing;
static uint8_t ek[PQRTC_KEM_PUBLIC_KEY_BYTES], bundle[PQRTC_HYBRID_BUNDLE_BYTES];

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
  CHECK_OK(pqrtc_kem_keypair_generate(&new_kem));
  CHECK_OK(pqrtc_kem_keypair_seed(new_kem, d->kem_seed, sizeof d->kem_seed));
  CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_V100_HYBRID_KX_V1, &new_hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_seed(new_hybrid, d->hybrid_seed, sizeof d->hybrid_seed));
  CHECK_OK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, d->exchange, sizeof d->exchange, &session));
  CHECK_OK(pqrtc_turn_wrap(ek, sizeof ek, NULL, 0, d->wrapped, sizeof d->wrapped, &len));
  CHECK_OK(pqrtc_session_seal(pair.initiator, NULL, 0, NULL, 0, d->message, sizeof d->message, &len));
  CHECK_OK(pqrtc_signing_key_generate(&key));
  CHECK_OK(pqrtc_signing_key_seed(key, d->signing_seed, sizeof d->signing_seed));
  CHECK_OK(pqrtc_sign(signing, NULL, 0, NULL, 0, d->signature, sizeof d->signature));
  pqrtc_kem_keypair_free(new_kem);
  pqrtc_hybrid_keypair_free(new_hybrid);
  pqrtc_session_free(session);
  pqrtc_signing_key_free(key);
}

int main(void) {
  static struct drawn before[1], parent[1];
  struct drawn *child = mmap(NULL, sizeof *child, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (child == MAP_FAILED) {
    return 1;
  }
  CHECK_OK(pqrtc_kem_keypair_generate(&kem));
  CHECK_OK(pqrtc_kem_keypair_public_key(kem, ek, sizeof ek));
  CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(hybrid, bundle, sizeof bundle));
  CHECK_OK(pqrtc_signing_key_generate(&signing));
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
