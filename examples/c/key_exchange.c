/* Key exchange: the responder publishes a bundle, the initiator answers with one message, and both hold the same session. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

int main(void) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];

  /* Responder: the bundle travels beside the SDP offer. */
  pqrtc_hybrid_keypair *keypair = NULL;
  must(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keypair));
  must(pqrtc_hybrid_keypair_bundle(keypair, bundle, sizeof bundle));

  /* Initiator: the exchange message travels beside the SDP answer. */
  pqrtc_session *ours = NULL;
  must(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &ours));

  /* Responder again. */
  pqrtc_session *theirs = NULL;
  must(pqrtc_hybrid_respond(keypair, exchange, sizeof exchange, &theirs));

  /* One label for one purpose: both sides derive the same bytes. A few of them, read aloud, tell the users that no one sits between. */
  uint8_t a[8], b[8];
  const uint8_t label[] = "verification code";
  must(pqrtc_session_export(ours, label, sizeof label - 1, NULL, 0, a, sizeof a));
  must(pqrtc_session_export(theirs, label, sizeof label - 1, NULL, 0, b, sizeof b));
  printf("bundle %zu bytes, exchange %zu bytes, codes %02x%02x%02x and %02x%02x%02x\n", sizeof bundle, sizeof exchange, a[0], a[1], a[2],
         b[0], b[1], b[2]);

  pqrtc_session_free(ours);
  pqrtc_session_free(theirs);
  pqrtc_hybrid_keypair_free(keypair);
  return memcmp(a, b, sizeof a) == 0 ? 0 : 1;
}
