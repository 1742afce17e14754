/* A program that brings a PQClean of its own, whose random source answers zeros, and whose system can run out of randomness. Linked with
   -rdynamic, so that a library which looks its symbols up at run time finds the ones below first. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pqrtc.h"

static int strangers, dry, draws;

int PQCRYPTO_RUST_randombytes(uint8_t *out, size_t len) {
  strangers++;
  memset(out, 0, len);
  return 0;
}

void shake256(uint8_t *out, size_t len, const uint8_t *in, size_t in_len) {
  (void)in, (void)in_len, strangers++;
  memset(out, 0, len);
}

void sha3_256(uint8_t *out, const uint8_t *in, size_t in_len) {
  (void)in, (void)in_len, strangers++;
  memset(out, 0, 32);
}

ssize_t getrandom(void *out, size_t len, unsigned flags) {
  if (len > 0) draws++;
  if (dry && len > 0) return errno = EIO, -1;
  return syscall(SYS_getrandom, out, len, flags);
}

static int fails;

static void check(int holds, const char *what) {
  if (!holds) fails++, printf("failed: %s\n", what);
}

static int only(const uint8_t *bytes, size_t len, uint8_t value) {
  for (size_t i = 0; i < len; i++)
    if (bytes[i] != value) return 0;
  return 1;
}

/* `call` has no randomness: it must say so and leave `out` as it was, or zeroed. */
#define DRY(call, out)                                                                          \
  do {                                                                                          \
    memset(out, 0xA5, sizeof out);                                                              \
    check((call) == PQRTC_RNG_FAILED, #call);                                                   \
    check(only(out, sizeof out, 0xA5) || only(out, sizeof out, 0), "what is left by " #call);   \
  } while (0)

#define DRY_HANDLE(type, call)                                  \
  do {                                                          \
    type *out = (type *)&fails;                                 \
    check((call) == PQRTC_RNG_FAILED, #call);                   \
    check(out == NULL, "the handle left by " #call);            \
  } while (0)

int main(void) {
  static uint8_t seed[96], one[3309], two[3309], pk[1952], ek[1184], ct[1088], ss[32], wrapped[1116 + 4], sealed[36 + 4];
  static uint8_t bundle[1216], exchange[1120];
  const uint8_t *message = (const uint8_t *)"text";
  size_t len;
  memset(seed, 7, sizeof seed);

  pqrtc_signing_key *key;
  pqrtc_kem_keypair *kem;
  pqrtc_hybrid_keypair *responder;
  pqrtc_session *session;
  check(!pqrtc_signing_key_from_seed(PQRTC_SIGNATURE_ML_DSA_65, seed, 32, &key), "a signing key");
  check(!pqrtc_signing_key_public_key(key, pk, sizeof pk), "its public key");
  check(!pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, seed, 64, &kem), "a KEM key");
  check(!pqrtc_kem_keypair_public_key(kem, ek, sizeof ek), "its public key");
  check(!pqrtc_hybrid_keypair_from_seed(1, seed, 96, &responder), "a responder");
  check(!pqrtc_hybrid_keypair_bundle(responder, bundle, sizeof bundle), "its bundle");

  /* The library uses its own code and its own random source, not the program's. */
  check(!pqrtc_self_test(), "the self test");
  check(!pqrtc_sign(key, NULL, 0, message, 4, one, sizeof one) && !pqrtc_sign(key, NULL, 0, message, 4, two, sizeof two), "signing");
  check(memcmp(one, two, sizeof one) != 0, "two signatures of one message differ");
  check(!pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, message, 4, one, sizeof one), "the first verifies");
  check(!pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, message, 4, two, sizeof two), "the second verifies");
  check(!pqrtc_hybrid_initiate(1, bundle, sizeof bundle, exchange, sizeof exchange, &session), "an exchange");
  check(strangers == 0, "the library called a function of the program's that has the name of one of PQClean's");
  check(draws > 0, "the library draws through getrandom(), or this test sees nothing");

  dry = 1;
  DRY_HANDLE(pqrtc_kem_keypair, pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &out));
  DRY_HANDLE(pqrtc_hybrid_keypair, pqrtc_hybrid_keypair_generate(1, &out));
  DRY_HANDLE(pqrtc_hybrid_keypair, pqrtc_hybrid_keypair_generate(2, &out));
  DRY_HANDLE(pqrtc_signing_key, pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &out));
  DRY_HANDLE(pqrtc_session, pqrtc_hybrid_initiate(1, bundle, sizeof bundle, exchange, sizeof exchange, &out));
  DRY(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, ct, sizeof ct, ss, sizeof ss), ct);
  DRY(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, ct, sizeof ct, ss, sizeof ss), ss);
  DRY(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, message, 4, wrapped, sizeof wrapped, &len), wrapped);
  DRY(pqrtc_session_seal(session, NULL, 0, message, 4, sealed, sizeof sealed, &len), sealed);
  DRY(pqrtc_sign(key, NULL, 0, message, 4, one, sizeof one), one);
  DRY(pqrtc_artifact_sign(key, 1, message, 4, one, sizeof one), one);
  DRY(pqrtc_random(seed, sizeof seed), seed);
  /* What needs none goes on. */
  check(!pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, message, 4, two, sizeof two), "verifying without randomness");
  check(!pqrtc_kem_decapsulate(kem, ct, sizeof ct, ss, sizeof ss), "decapsulating without randomness");
  dry = 0;
  check(!pqrtc_sign(key, NULL, 0, message, 4, one, sizeof one), "signing once there is randomness again");

  pqrtc_session_free(session);
  pqrtc_hybrid_keypair_free(responder);
  pqrtc_kem_keypair_free(kem);
  pqrtc_signing_key_free(key);
  return fails != 0;
}
