/* dlopen, use from threads, dlclose, and again; no thread crashes when it ends, also one that ends after the library was closed.
   Takes the path of the library. */
#define _GNU_SOURCE
#include "loaded.h"
#include <pthread.h>

static struct library lib;
static pthread_barrier_t used, closed;

static void use(void) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES], a[32], b[32], signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
  pqrtc_hybrid_keypair *keys = NULL;
  pqrtc_session *initiator = NULL, *responder = NULL;
  pqrtc_signing_key *signing = NULL;
  RUN(lib.hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keys));
  RUN(lib.hybrid_keypair_bundle(keys, bundle, sizeof bundle));
  RUN(lib.hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &initiator));
  RUN(lib.hybrid_respond(keys, exchange, sizeof exchange, &responder));
  RUN(lib.session_key(initiator, a, sizeof a));
  RUN(lib.session_key(responder, b, sizeof b));
  CHECK_SAME(a, b, 32);
  RUN(lib.signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &signing));
  RUN(lib.sign(signing, NULL, 0, a, 32, signature, sizeof signature));
  CHECK(lib.sign(NULL, NULL, 0, a, 32, signature, sizeof signature) == PQRTC_NULL_POINTER); /* an error's path as well */
  lib.hybrid_keypair_free(keys);
  lib.session_free(initiator);
  lib.session_free(responder);
  lib.signing_key_free(signing);
}

static void *ends_at_once(void *unused) {
  use();
  return unused;
}

static void *ends_after_dlclose(void *unused) {
  use();
  pthread_barrier_wait(&used);
  pthread_barrier_wait(&closed);
  return unused;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s libpqrtc.so\n", argv[0]);
    return 2;
  }
  for (int round = 0; round < 3; round++) {
    pthread_t early, late;
    CHECK(pthread_barrier_init(&used, NULL, 2) == 0 && pthread_barrier_init(&closed, NULL, 2) == 0);
    if (!library_open(&lib, argv[1])) {
      return test_end("dlopen") | 1;
    }
    CHECK(pthread_create(&late, NULL, ends_after_dlclose, NULL) == 0);
    CHECK(pthread_create(&early, NULL, ends_at_once, NULL) == 0);
    use();
    CHECK(pthread_join(early, NULL) == 0);
    pthread_barrier_wait(&used);
    CHECK(dlclose(lib.handle) == 0);
    pthread_barrier_wait(&closed);
    CHECK(pthread_join(late, NULL) == 0);
    pthread_barrier_destroy(&used);
    pthread_barrier_destroy(&closed);
  }
  return test_end("dlopen");
}
