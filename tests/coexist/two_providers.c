/* Two static copies of pqrtc in one program, one for each provider, the second with its functions renamed to other_pqrtc_: an exchange
 * from the one to the other gives both the same key. */
#include <pqrtc.h>

#include <stdio.h>
#include <string.h>

const char *other_pqrtc_provider(void);
pqrtc_status other_pqrtc_self_test(void);
pqrtc_status other_pqrtc_hybrid_keypair_generate(uint32_t, pqrtc_hybrid_keypair **);
pqrtc_status other_pqrtc_hybrid_keypair_bundle(const pqrtc_hybrid_keypair *, uint8_t *, size_t);
pqrtc_status other_pqrtc_hybrid_respond(const pqrtc_hybrid_keypair *, const uint8_t *, size_t, pqrtc_session **);
pqrtc_status other_pqrtc_session_key(const pqrtc_session *, uint8_t *, size_t);
void other_pqrtc_hybrid_keypair_free(pqrtc_hybrid_keypair *);
void other_pqrtc_session_free(pqrtc_session *);

#define CHECK(what) do { if (!(what)) return printf("failed: line %d: %s\n", __LINE__, #what), 1; } while (0)

int main(void) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES], a[32], b[32];
  pqrtc_hybrid_keypair *theirs = NULL;
  pqrtc_session *here = NULL, *there = NULL;
  CHECK(strcmp(pqrtc_provider(), other_pqrtc_provider()) != 0);
  CHECK(pqrtc_self_test() == PQRTC_OK && other_pqrtc_self_test() == PQRTC_OK);
  CHECK(other_pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &theirs) == PQRTC_OK);
  CHECK(other_pqrtc_hybrid_keypair_bundle(theirs, bundle, sizeof bundle) == PQRTC_OK);
  CHECK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &here) == PQRTC_OK);
  CHECK(other_pqrtc_hybrid_respond(theirs, exchange, sizeof exchange, &there) == PQRTC_OK);
  CHECK(pqrtc_session_key(here, a, sizeof a) == PQRTC_OK && other_pqrtc_session_key(there, b, sizeof b) == PQRTC_OK);
  CHECK(memcmp(a, b, sizeof a) == 0);
  other_pqrtc_hybrid_keypair_free(theirs);
  other_pqrtc_session_free(there);
  pqrtc_session_free(here);
  return 0;
}
