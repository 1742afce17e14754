/* SFrame with base keys of the application's own: several streams, a ratchet, frames in batches, and keys for engines of others. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CIPHER = PQRTC_SFRAME_AES_128_GCM_SHA256_128, KID = 5 << 4, RATCHET_BITS = 4, COUNT = 3, FRAME = 100 };

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

/* Three small frames, such as audio, in one call. */
static void batch(const pqrtc_sframe_sender *sender, const pqrtc_sframe_receiver *receiver) {
  uint8_t frames[COUNT * FRAME] = {0}, sealed[COUNT * (FRAME + PQRTC_SFRAME_MAX_OVERHEAD_BYTES)], opened[sizeof sealed];
  size_t lens[COUNT] = {FRAME, FRAME, FRAME}, sealed_lens[COUNT], opened_lens[COUNT], sealed_len = 0, opened_len = 0;
  pqrtc_status statuses[COUNT];
  must(pqrtc_sframe_seal_batch(sender, NULL, 0, frames, sizeof frames, lens, COUNT, sealed, sizeof sealed, &sealed_len, sealed_lens));
  must(pqrtc_sframe_open_batch(receiver, NULL, 0, sealed, sealed_len, sealed_lens, COUNT, opened, sizeof opened, &opened_len, opened_lens, statuses,
                               NULL, NULL));
  for (size_t i = 0; i < COUNT; i++) must(statuses[i]);
  if (opened_len != sizeof frames || memcmp(opened, frames, opened_len) != 0) exit(1);
}

int main(void) {
  uint8_t base_key[32], next_key[64], frame[FRAME] = {1}, sealed[FRAME + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], opened[sizeof sealed];
  size_t next_len = 0, len = 0, opened_len = 0;
  uint64_t kid = 0;
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL, *newcomer = NULL;
  must(pqrtc_random(base_key, sizeof base_key));

  /* The low four bits of the KID count ratchet steps. */
  must(pqrtc_sframe_sender_from_key(base_key, sizeof base_key, KID, CIPHER, &sender));
  must(pqrtc_sframe_sender_set_ratchet(sender, RATCHET_BITS));
  must(pqrtc_sframe_receiver_new(CIPHER, &receiver));
  must(pqrtc_sframe_receiver_set_window(receiver, 256));
  must(pqrtc_sframe_receiver_set_ratchet(receiver, RATCHET_BITS, 16, 64));
  must(pqrtc_sframe_receiver_add_key(receiver, KID, base_key, sizeof base_key));
  batch(sender, receiver);

  /* A step ahead: the key of the step before is wiped, and the receiver follows with the first frame. */
  must(pqrtc_sframe_sender_ratchet(sender, &kid));
  must(pqrtc_sframe_seal(sender, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &len));
  must(pqrtc_sframe_open(receiver, NULL, 0, sealed, len, opened, sizeof opened, &opened_len, NULL, NULL));

  /* Who comes now gets the key of this step, and cannot open what was sealed before. */
  must(pqrtc_sframe_ratchet_base_key(CIPHER, base_key, sizeof base_key, next_key, sizeof next_key, &next_len));
  must(pqrtc_sframe_receiver_new(CIPHER, &newcomer));
  must(pqrtc_sframe_receiver_set_ratchet(newcomer, RATCHET_BITS, 16, 64));
  must(pqrtc_sframe_sender_kid(sender, &kid));
  must(pqrtc_sframe_receiver_add_key(newcomer, kid, next_key, next_len));
  must(pqrtc_sframe_open(newcomer, NULL, 0, sealed, len, opened, sizeof opened, &opened_len, NULL, NULL));
  pqrtc_cleanse(base_key, sizeof base_key);
  pqrtc_cleanse(next_key, sizeof next_key);

  /* What a sealed frame looks like to who has no key. */
  pqrtc_frame_info info = {.size = sizeof info};
  must(pqrtc_frame_inspect(PQRTC_CODEC_OPAQUE, sealed, len, &info));

  /* A sender that is gone: its key is zeroed. */
  must(pqrtc_sframe_receiver_remove_key(receiver, KID));
  pqrtc_status gone = pqrtc_sframe_open(receiver, NULL, 0, sealed, len, opened, sizeof opened, &opened_len, NULL, NULL);

  /* An application that runs MLS itself numbers its senders as RFC 9605, section 5.2: epoch 9, member 3, stream 0. */
  must(pqrtc_sframe_mls_kid(9, 3, 0, 16, 4, &kid));
  printf("KID %llu, counter %llu; after its removal: %s; with MLS: KID %llu\n", (unsigned long long)info.kid,
         (unsigned long long)info.first_counter, pqrtc_status_string(gone), (unsigned long long)kid);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_sframe_receiver_free(newcomer);
  return gone == PQRTC_UNKNOWN_KEY_ID && info.kid == KID + 1 ? 0 : 1;
}
