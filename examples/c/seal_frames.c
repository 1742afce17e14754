/* Media frames: sealed with SFrame before packetizing, opened after depacketizing. A forwarding server sees only sealed frames. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

/* See key_exchange.c. */
static void join(pqrtc_session **alice, pqrtc_session **bob) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  pqrtc_hybrid_keypair *keypair = NULL;
  must(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keypair));
  must(pqrtc_hybrid_keypair_bundle(keypair, bundle, sizeof bundle));
  must(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, alice));
  must(pqrtc_hybrid_respond(keypair, exchange, sizeof exchange, bob));
  pqrtc_hybrid_keypair_free(keypair);
}

int main(void) {
  enum { KID = 1, FRAMES = 30, FRAME = 1200 };
  pqrtc_session *alice = NULL, *bob = NULL;
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  join(&alice, &bob);
  must(pqrtc_sframe_sender_new(alice, KID, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  must(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &receiver));
  must(pqrtc_sframe_receiver_add_session(receiver, bob, KID));

  /* The buffers are made once. VP8 keeps a few bytes clear so that packetizers and depacketizers still understand the frame. */
  size_t cap = pqrtc_frame_seal_max_size(PQRTC_CODEC_VP8, FRAME), sealed_len = 0, opened_len = 0;
  uint8_t frame[FRAME] = {0x01}, *sealed = malloc(cap), *opened = malloc(cap);
  if (sealed == NULL || opened == NULL) return 1;
  for (int i = 0; i < FRAMES; i++) {
    frame[FRAME - 1] = (uint8_t)i;
    must(pqrtc_frame_seal(sender, PQRTC_CODEC_VP8, NULL, 0, frame, sizeof frame, sealed, cap, &sealed_len));
    must(pqrtc_frame_open(receiver, PQRTC_CODEC_VP8, NULL, 0, sealed, sealed_len, opened, cap, &opened_len, NULL, NULL));
    if (opened_len != sizeof frame || memcmp(opened, frame, sizeof frame) != 0) return 1;
  }

  /* The same frame again, and one that was altered, are refused. */
  pqrtc_status again = pqrtc_frame_open(receiver, PQRTC_CODEC_VP8, NULL, 0, sealed, sealed_len, opened, cap, &opened_len, NULL, NULL);
  must(pqrtc_frame_seal(sender, PQRTC_CODEC_VP8, NULL, 0, frame, sizeof frame, sealed, cap, &sealed_len));
  sealed[100] ^= 1;
  pqrtc_status altered = pqrtc_frame_open(receiver, PQRTC_CODEC_VP8, NULL, 0, sealed, sealed_len, opened, cap, &opened_len, NULL, NULL);
  printf("%d frames of %d bytes, %zu sealed; again: %s; altered: %s\n", FRAMES, FRAME, sealed_len, pqrtc_status_string(again),
         pqrtc_status_string(altered));

  free(sealed);
  free(opened);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_session_free(alice);
  pqrtc_session_free(bob);
  return again == PQRTC_REPLAYED_FRAME && altered == PQRTC_DECRYPTION_FAILED ? 0 : 1;
}
