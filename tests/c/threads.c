/* Eight threads share one key pair of each kind; sixteen share one SFrame sender and one receiver, and no counter comes twice. */
#include "test.h"
#include <pthread.h>

enum { SHARERS = 8, SEALERS = 16 };

static unsigned rounds = 50, frames = 1000;
static pqrtc_kem_keypair *kem;
static pqrtc_hybrid_keypair *hybrid;
static pqrtc_signing_key *signing;
static uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], bundle[PQRTC_X_WING_BUNDLE_BYTES], pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES];

static void *share(void *unused) {
  uint8_t ct[PQRTC_ML_KEM_768_CIPHERTEXT_BYTES], ss[32], again[32], exchange[PQRTC_X_WING_EXCHANGE_BYTES], signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
  for (unsigned i = 0; i < rounds; i++) {
    CHECK_OK(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, ct, sizeof ct, ss, sizeof ss));
    CHECK_OK(pqrtc_kem_decapsulate(kem, ct, sizeof ct, again, sizeof again));
    CHECK_SAME(ss, again, 32);

    pqrtc_session *initiator = NULL, *responder = NULL;
    CHECK_OK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &initiator));
    CHECK_OK(pqrtc_hybrid_respond(hybrid, exchange, sizeof exchange, &responder));
    CHECK_OK(pqrtc_session_key(initiator, ss, sizeof ss));
    CHECK_OK(pqrtc_session_key(responder, again, sizeof again));
    CHECK_SAME(ss, again, 32);
    pqrtc_session_free(initiator);
    pqrtc_session_free(responder);

    CHECK_OK(pqrtc_sign(signing, NULL, 0, ct, sizeof ct, signature, sizeof signature));
    CHECK_OK(pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, ct, sizeof ct, signature, sizeof signature));
  }
  return unused;
}

static struct test_pair pair;
static pqrtc_sframe_sender *sender;
static pqrtc_sframe_receiver *receiver;
static atomic_uchar *seen;

/* Seals, opens what it sealed, and gives and takes messages over the shared sessions. */
static void *seal(void *argument) {
  uint8_t frame[300], sealed[400], opened[400];
  size_t len, opened_len;
  memset(frame, (int)(uintptr_t)argument, sizeof frame);
  for (unsigned i = 0; i < frames; i++) {
    uint64_t counter = UINT64_MAX;
    size_t frame_len = 1 + i % sizeof frame;
    CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, frame, frame_len, sealed, sizeof sealed, &len));
    CHECK_OK(pqrtc_sframe_open(receiver, NULL, 0, sealed, len, opened, sizeof opened, &opened_len, NULL, &counter));
    CHECK(opened_len == frame_len);
    CHECK_SAME(opened, frame, frame_len);
    CHECK(counter < (uint64_t)SEALERS * frames && atomic_fetch_add(&seen[counter], 1) == 0);
    if (i % 64 == 0) {
      CHECK_OK(pqrtc_session_seal(pair.initiator, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &len));
      CHECK_OK(pqrtc_session_open(pair.responder, NULL, 0, sealed, len, opened, sizeof opened, &opened_len));
      CHECK_SAME(opened, frame, sizeof frame);
      /* keys come and go while frames flow */
      uint64_t kid = ((uint64_t)(uintptr_t)argument << 32) + i + 100;
      uint8_t key[32] = {1};
      CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, kid, key, 32));
      CHECK_OK(pqrtc_sframe_receiver_remove_key(receiver, kid));
    }
  }
  return NULL;
}

static void run(unsigned count, void *(*body)(void *)) {
  pthread_t threads[SEALERS];
  for (uintptr_t i = 0; i < count; i++) {
    CHECK(pthread_create(&threads[i], NULL, body, (void *)i) == 0);
  }
  for (unsigned i = 0; i < count; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
}

int main(void) {
  if (getenv("PQRTC_SLOW") != NULL) { /* with sanitizers, or under valgrind */
    rounds = 3;
    frames = 130;
  }
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &kem));
  CHECK_OK(pqrtc_kem_keypair_public_key(kem, ek, sizeof ek));
  CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(hybrid, bundle, sizeof bundle));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &signing));
  CHECK_OK(pqrtc_signing_key_public_key(signing, pk, sizeof pk));
  run(SHARERS, share);
  pqrtc_kem_keypair_free(kem);
  pqrtc_hybrid_keypair_free(hybrid);
  pqrtc_signing_key_free(signing);

  seen = calloc((size_t)SEALERS * frames, sizeof *seen);
  CHECK(seen != NULL);
  pair = test_exchange(PQRTC_SUITE_X_WING);
  CHECK_OK(pqrtc_sframe_sender_new(pair.initiator, 1, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  CHECK_OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &receiver));
  /* a thread may fall behind the others by more than the default window */
  CHECK_OK(pqrtc_sframe_receiver_set_window(receiver, 65536));
  CHECK_OK(pqrtc_sframe_receiver_add_session(receiver, pair.responder, 1));
  run(SEALERS, seal);
  for (size_t i = 0; i < (size_t)SEALERS * frames; i++) {
    CHECK(seen[i] == 1);
  }
  pqrtc_sframe_stats stats = {.size = sizeof stats};
  CHECK_OK(pqrtc_sframe_receiver_stats(receiver, &stats));
  CHECK(stats.opened == (uint64_t)SEALERS * frames && stats.keys == 1 && stats.replayed == 0);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  test_pair_free(pair);
  free((void *)seen);
  return test_end("threads");
}
