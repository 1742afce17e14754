/* The whole job in one process: a key exchange, then a video frame sealed by Alice and opened by Bob. In a call the two are in two programs,
 * and the bundle and the exchange message travel over signaling that authenticates both. */

/* docs:begin call */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>

/* Every status is checked: what a failed call should have written is not there. */
#define TRY(call) do { if ((status = (call)) != PQRTC_OK) { failed = #call; goto done; } } while (0)

static int seal_one_frame(const uint8_t *frame, size_t frame_len) {
  enum { SUITE = PQRTC_SUITE_X_WING, CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128, CODEC = PQRTC_CODEC_VP8, KID = 1 };
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES]; /* 1216 and 1120 bytes */
  size_t sealed_cap = pqrtc_frame_seal_max_size(CODEC, frame_len), sealed_len = 0;  /* more than the frame: header and tag */
  size_t opened_cap = pqrtc_frame_open_max_size(CODEC, sealed_cap), opened_len = 0;
  uint8_t *sealed = malloc(sealed_cap), *opened = malloc(opened_cap);
  pqrtc_hybrid_keypair *keypair = NULL;
  pqrtc_session *alice = NULL, *bob = NULL;
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  pqrtc_status status = PQRTC_OUT_OF_MEMORY;
  const char *failed = "malloc";
  if (sealed == NULL || opened == NULL) goto done;

  /* Bob makes a key pair for this call and sends the bundle with the SDP offer. */
  TRY(pqrtc_hybrid_keypair_generate(SUITE, &keypair));
  TRY(pqrtc_hybrid_keypair_bundle(keypair, bundle, sizeof bundle));
  /* Alice sends the exchange message with the SDP answer. */
  TRY(pqrtc_hybrid_initiate(SUITE, bundle, sizeof bundle, exchange, sizeof exchange, &alice));
  TRY(pqrtc_hybrid_respond(keypair, exchange, sizeof exchange, &bob));

  /* Media, end to end: after Alice's encoder, and before Bob's decoder. */
  TRY(pqrtc_sframe_sender_new(alice, KID, CIPHER, &sender));
  TRY(pqrtc_sframe_receiver_new(CIPHER, &receiver));
  TRY(pqrtc_sframe_receiver_add_session(receiver, bob, KID));
  TRY(pqrtc_frame_seal(sender, CODEC, NULL, 0, frame, frame_len, sealed, sealed_cap, &sealed_len));
  TRY(pqrtc_frame_open(receiver, CODEC, NULL, 0, sealed, sealed_len, opened, opened_cap, &opened_len, NULL, NULL));
  printf("%zu bytes sealed in %zu, opened to %zu\n", frame_len, sealed_len, opened_len);

done:
  if (status != PQRTC_OK) fprintf(stderr, "%s: %s\n", failed, pqrtc_status_string(status));
  pqrtc_sframe_receiver_free(receiver); /* zeroes its keys; NULL is allowed */
  pqrtc_sframe_sender_free(sender);
  pqrtc_session_free(alice);
  pqrtc_session_free(bob);
  pqrtc_hybrid_keypair_free(keypair);
  free(opened);
  free(sealed);
  return status == PQRTC_OK ? 0 : 1;
}
/* docs:end call */

int main(void) {
  uint8_t frame[1200] = {0x01}; /* a delta frame of VP8 */
  return seal_one_frame(frame, sizeof frame);
}
