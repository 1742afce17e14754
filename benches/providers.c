/* What the operations cost with the provider that this is linked with: one line each, microseconds of processor time, medians. See providers.sh.
 * Or `providers OPERATION TIMES`: does it so many times and says nothing, for instructions.sh. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 31 };
#define OK(call) do { if ((call) != PQRTC_OK) { fprintf(stderr, "%s\n", #call); exit(1); } } while (0)

static uint8_t bundle[1216], exchange[1120], ek[1184], credential[64], wrapped[64 + 1116], pk[1952], signature[3309], digest[64], frame[1200], out[1300], opened[1300];
static pqrtc_kem_keypair *kem;
static pqrtc_signing_key *key;
static pqrtc_sframe_sender *sender;
static pqrtc_sframe_receiver *receiver;
static size_t len;

static void handshake(void) {
  uint8_t a[32], b[32];
  pqrtc_hybrid_keypair *pair;
  pqrtc_session *ours, *theirs;
  OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &pair));
  OK(pqrtc_hybrid_keypair_bundle(pair, bundle, sizeof bundle));
  OK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &theirs));
  OK(pqrtc_hybrid_respond(pair, exchange, sizeof exchange, &ours));
  OK(pqrtc_session_key(ours, a, sizeof a));
  OK(pqrtc_session_key(theirs, b, sizeof b));
  if (memcmp(a, b, sizeof a) != 0) exit(1);
  pqrtc_session_free(ours);
  pqrtc_session_free(theirs);
  pqrtc_hybrid_keypair_free(pair);
}
static void wrap(void) { OK(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, credential, 64, wrapped, sizeof wrapped, &len)); }
static void unwrap(void) { OK(pqrtc_turn_unwrap(kem, wrapped, sizeof wrapped, credential, sizeof credential, &len)); }
static void sign(void) { OK(pqrtc_sign(key, NULL, 0, digest, sizeof digest, signature, sizeof signature)); }
static void verify(void) {
  OK(pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, digest, sizeof digest, signature, sizeof signature));
}
static void seal(void) { OK(pqrtc_sframe_seal(sender, NULL, 0, frame, sizeof frame, out, sizeof out, &len)); }
static void seal_and_open(void) {
  seal();
  OK(pqrtc_sframe_open(receiver, NULL, 0, out, len, opened, sizeof opened, &len, NULL, NULL));
}

static const struct {
  const char *what;
  void (*call)(void);
  int times; /* in a round */
} operations[] = {
    {"handshake, X-Wing", handshake, 5}, {"wrap", wrap, 20},           {"unwrap", unwrap, 20},
    {"sign, ML-DSA-65", sign, 10},       {"verify, ML-DSA-65", verify, 10}, {"seal 1200 bytes", seal, 200},
    {"seal and open 1200 bytes", seal_and_open, 200},
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}
static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
static void report(const char *what, void (*call)(void), int times) {
  double rounds[ROUNDS];
  call();
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    for (int at = 0; at < times; at++) call();
    rounds[round] = (now() - start) / times;
  }
  qsort(rounds, ROUNDS, sizeof *rounds, by_value);
  printf("%-24s %10.2f us\n", what, rounds[ROUNDS / 2]);
}

/* What callgrind counts. */
__attribute__((noinline)) static void repeat(void (*call)(void), int times) {
  while (times-- > 0) call();
}

int main(int argc, char **argv) {
  const uint8_t base[32] = {1};
  OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &kem));
  OK(pqrtc_kem_keypair_public_key(kem, ek, sizeof ek));
  OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key));
  OK(pqrtc_signing_key_public_key(key, pk, sizeof pk));
  OK(pqrtc_sframe_sender_from_key(base, sizeof base, 1, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &receiver));
  OK(pqrtc_sframe_receiver_add_key(receiver, 1, base, sizeof base));
  wrap();
  sign();
  int done = 0;
  for (int at = 0; at < OPERATIONS; at++) {
    if (argc < 3) report(operations[at].what, operations[at].call, operations[at].times);
    if (argc < 3 || strcmp(argv[1], operations[at].what) != 0) continue;
    repeat(operations[at].call, done = atoi(argv[2]));
  }
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_sframe_sender_free(sender);
  pqrtc_signing_key_free(key);
  pqrtc_kem_keypair_free(kem);
  return argc >= 3 && done == 0; /* no such operation */
}
