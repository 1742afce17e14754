/* After use, the process forks twice: no two of the three may produce the same randomness. */
#include "exercise.h"

#include <sys/wait.h>
#include <unistd.h>

enum { PARTS = 6, PART = 64, PROCESSES = 3 };
static const char *const names[PARTS] = {"random", "kem key", "hybrid key", "exchange", "sealed payload", "signature"};
typedef uint8_t sample[PARTS][PART];

static pqrtc_hybrid_keypair *keypair;
static pqrtc_session *session;
static pqrtc_signing_key *key;
static uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES];

/* The first bytes of everything that random numbers go into; keys and handles are from before the fork. */
static void draw(sample out) {
  static uint8_t big[4096];
  size_t n = 0;
  CHECK(pqrtc_random(out[0], PART) == PQRTC_OK);

  pqrtc_kem_keypair *kem = NULL;
  CHECK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &kem) == PQRTC_OK && pqrtc_kem_keypair_seed(kem, out[1], PART) == PQRTC_OK);
  pqrtc_kem_keypair_free(kem);

  pqrtc_hybrid_keypair *hybrid = NULL;
  CHECK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &hybrid) == PQRTC_OK);
  CHECK(pqrtc_hybrid_keypair_bundle(hybrid, big, PQRTC_X_WING_BUNDLE_BYTES) == PQRTC_OK);
  memcpy(out[2], big, PART);
  pqrtc_hybrid_keypair_free(hybrid);

  pqrtc_session *s = NULL;
  CHECK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, big, PQRTC_X_WING_EXCHANGE_BYTES, &s) == PQRTC_OK);
  memcpy(out[3], big, PART);
  pqrtc_session_free(s);

  /* The sequence number comes first and may be the same; the random nonce behind it may not. */
  CHECK(pqrtc_session_seal(session, NULL, 0, (const uint8_t *)"payload", 7, big, sizeof big, &n) == PQRTC_OK);
  memset(out[4], 0, PART), memcpy(out[4], big + 8, 12);

  CHECK(pqrtc_sign(key, NULL, 0, (const uint8_t *)"m", 1, big, PQRTC_ML_DSA_65_SIGNATURE_BYTES) == PQRTC_OK);
  memcpy(out[5], big, PART);
}

int main(void) {
  static sample samples[PROCESSES];
  int pipes[2];
  exercise();
  CHECK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keypair) == PQRTC_OK);
  CHECK(pqrtc_hybrid_keypair_bundle(keypair, bundle, sizeof bundle) == PQRTC_OK);
  CHECK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, (uint8_t[PQRTC_X_WING_EXCHANGE_BYTES]){0}, PQRTC_X_WING_EXCHANGE_BYTES,
                              &session) == PQRTC_OK);
  CHECK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key) == PQRTC_OK);
  CHECK(pipe(pipes) == 0);

  for (size_t child = 1; child < PROCESSES; child++) {
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
      draw(samples[child]);
      CHECK(write(pipes[1], samples[child], sizeof(sample)) == sizeof(sample));
      return 0;
    }
  }
  draw(samples[0]);
  for (size_t child = 1; child < PROCESSES; child++) {
    int status = 1;
    CHECK(wait(&status) > 0 && status == 0);
    CHECK(read(pipes[0], samples[child], sizeof(sample)) == sizeof(sample));
  }
  for (size_t i = 0; i < PROCESSES; i++)
    for (size_t j = 0; j < i; j++)
      for (size_t part = 0; part < PARTS; part++)
        if (memcmp(samples[i][part], samples[j][part], PART) == 0) return printf("failed: %s is the same in two processes\n", names[part]), 1;
  pqrtc_signing_key_free(key);
  pqrtc_session_free(session);
  pqrtc_hybrid_keypair_free(keypair);
  return 0;
}
