/* The main path of pqrtc, for programs that want to know whether it still works beside what else they hold. */
#ifndef EXERCISE_H
#define EXERCISE_H

#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) ((what) ? (void)0 : (printf("failed: %s:%d: %s\n", __FILE__, __LINE__, #what), fflush(stdout), exit(1)))

static inline void exercise(void) {
  CHECK(pqrtc_self_test() == PQRTC_OK);

  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES], a[32], b[32];
  pqrtc_hybrid_keypair *keypair = NULL;
  pqrtc_session *ours = NULL, *theirs = NULL;
  CHECK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keypair) == PQRTC_OK);
  CHECK(pqrtc_hybrid_keypair_bundle(keypair, bundle, sizeof bundle) == PQRTC_OK);
  CHECK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &ours) == PQRTC_OK);
  CHECK(pqrtc_hybrid_respond(keypair, exchange, sizeof exchange, &theirs) == PQRTC_OK);
  CHECK(pqrtc_session_key(ours, a, sizeof a) == PQRTC_OK && pqrtc_session_key(theirs, b, sizeof b) == PQRTC_OK);
  CHECK(memcmp(a, b, sizeof a) == 0);

  uint8_t pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], sig[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
  pqrtc_signing_key *key = NULL;
  CHECK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key) == PQRTC_OK);
  CHECK(pqrtc_signing_key_public_key(key, pk, sizeof pk) == PQRTC_OK);
  CHECK(pqrtc_sign(key, NULL, 0, a, sizeof a, sig, sizeof sig) == PQRTC_OK);
  CHECK(pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, a, sizeof a, sig, sizeof sig) == PQRTC_OK);
  sig[100] ^= 1;
  CHECK(pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, a, sizeof a, sig, sizeof sig) == PQRTC_BAD_SIGNATURE);

  uint8_t frame[100] = {1}, sealed[100 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], opened[sizeof sealed];
  size_t n = 0, m = 0;
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  CHECK(pqrtc_sframe_sender_new(ours, 1, PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80, &sender) == PQRTC_OK);
  CHECK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80, &receiver) == PQRTC_OK);
  CHECK(pqrtc_sframe_receiver_add_session(receiver, theirs, 1) == PQRTC_OK);
  CHECK(pqrtc_sframe_seal(sender, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n) == PQRTC_OK);
  CHECK(pqrtc_sframe_open(receiver, NULL, 0, sealed, n, opened, sizeof opened, &m, NULL, NULL) == PQRTC_OK);
  CHECK(m == sizeof frame && memcmp(frame, opened, m) == 0);

  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_session_free(ours);
  pqrtc_session_free(theirs);
  pqrtc_signing_key_free(key);
  pqrtc_hybrid_keypair_free(keypair);
}

#endif
