/* The table's second half: SFrame and codec-aware frames. */
#define _GNU_SOURCE
#include "calls.h"
#include <unistd.h>

static struct test_pair pair;
static pqrtc_sframe_sender *sender, *fresh_sender, *stepping;
static pqrtc_sframe_receiver *receiver, *fresh_receiver;
/* One of each for the rows of api.c. */
pqrtc_sframe_sender *example_sframe_sender;
pqrtc_sframe_receiver *example_sframe_receiver;

static uint8_t frame[1200], sealed[1300], coded[1300], batch[1400];
static size_t frame_lens[3] = {500, 0, 700}, batch_lens[3];
static pqrtc_sframe_stats stats;
static pqrtc_sframe_sender_stats_t sender_stats = {.size = sizeof sender_stats};
static pqrtc_frame_info info = {.size = sizeof info};

BYTES(b_frame, frame);
BYTES(b_sealed, sealed);
BYTES(b_coded, coded);
BYTES(b_batch, batch);
static struct bytes b_frame_lens = {(const uint8_t *)frame_lens, sizeof frame_lens};
static struct bytes b_batch_lens = {(const uint8_t *)batch_lens, sizeof batch_lens};
static struct bytes b_key = {frame + 500, 40}, b_metadata = {frame + 300, 5};

static uint64_t cipher = PQRTC_SFRAME_AES_256_GCM_SHA512_128, codec = PQRTC_CODEC_VP8;
static uint64_t kid = 1024, bits = 8, steps = 16, grace = 32, window = 2048;
static uint64_t count = 3, own_kid = 8;
static size_t n_sealed, n_coded, n_frame = sizeof frame, n_opened, n_batch, n_ratcheted = 64;

/* Prepares. Keys are used once in a process, so KIDs only grow. */
static void next_kid(void) { kid += 256; }

/* A sender and its receiver. In the child of a fork the parent's sender refuses to seal, and its KID stays used. */
static void own_sender(void) {
  static pid_t made_by;
  if (made_by == getpid()) {
    return;
  }
  made_by = getpid();
  own_kid--;
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  CHECK_OK(pqrtc_sframe_sender_from_key(b_key.p, b_key.len, own_kid, (uint32_t)cipher, &sender));
  CHECK_OK(pqrtc_sframe_receiver_new((uint32_t)cipher, &receiver));
  CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, own_kid, b_key.p, b_key.len));
  example_sframe_sender = sender, example_sframe_receiver = receiver;
}

static void seal_frame(void) {
  own_sender();
  CHECK_OK(pqrtc_sframe_seal(sender, b_metadata.p, b_metadata.len, frame, sizeof frame, sealed, sizeof sealed, &b_sealed.len));
}

static void seal_coded(void) {
  own_sender();
  CHECK_OK(pqrtc_frame_seal(sender, (uint32_t)codec, b_metadata.p, b_metadata.len, frame, sizeof frame, coded, sizeof coded, &b_coded.len));
  n_opened = pqrtc_frame_open_max_size((uint32_t)codec, b_coded.len);
}

static void seal_batch(void) {
  own_sender();
  CHECK_OK(pqrtc_sframe_seal_batch(sender, b_metadata.p, b_metadata.len, frame, sizeof frame, frame_lens, 3, batch, sizeof batch,
                                   &b_batch.len, batch_lens));
  n_opened = b_batch.len;
}

static void new_receiver(void) {
  next_kid();
  pqrtc_sframe_receiver_free(fresh_receiver);
  CHECK_OK(pqrtc_sframe_receiver_new((uint32_t)cipher, &fresh_receiver));
}

static void new_receiver_with_key(void) {
  new_receiver();
  CHECK_OK(pqrtc_sframe_receiver_add_key(fresh_receiver, kid, b_key.p, b_key.len));
}

static void new_sender(void) {
  next_kid();
  pqrtc_sframe_sender_free(fresh_sender);
  CHECK_OK(pqrtc_sframe_sender_from_key(b_key.p, b_key.len, kid, (uint32_t)cipher, &fresh_sender));
}

static void new_stepping(void) {
  next_kid();
  pqrtc_sframe_sender_free(stepping);
  CHECK_OK(pqrtc_sframe_sender_from_key(b_key.p, b_key.len, kid, (uint32_t)cipher, &stepping));
  CHECK_OK(pqrtc_sframe_sender_set_ratchet(stepping, 8));
}

static void first(uint8_t *p, size_t len) { (void)len; p[0] ^= 1; }
static void shown(uint8_t *p, size_t len) { (void)len; p[1] ^= 1; } /* in the clear prefix */
static void last(uint8_t *p, size_t len) { p[len - 1] ^= 1; }

RELEASE(sframe_sender)
RELEASE(sframe_receiver)

#define FRAME_MAX ((size_t)64 << 20)

const struct call media_calls[] = {
  {F(pqrtc_sframe_sender_new), {H(pair.initiator), X(kid), E(cipher), NEW_(sframe_sender)}, next_kid, 0, {{0}}},
  {F(pqrtc_sframe_sender_from_key), {I(b_key, 16, 64), X(kid), E(cipher), NEW_(sframe_sender)}, next_kid, 0, {{0}}},
  {F(pqrtc_sframe_sender_set_ratchet), {H(fresh_sender), X(bits)}, new_sender, 0, {{0}}},
  {F(pqrtc_sframe_sender_ratchet), {H(stepping), C_OPT}, new_stepping, 0, {{0}}},
  {F(pqrtc_sframe_sender_kid), {H(sender), C}, NULL, 0, {{0}}},
  {F(pqrtc_sframe_sender_stats), {H(sender), {CELL_IN_OUT, &sender_stats, sizeof sender_stats, 0, NULL}}, NULL, 0, {{0}}},
  {F(pqrtc_sframe_seal), {H(sender), I(b_metadata, 0, 65535), I(b_frame, 0, FRAME_MAX), V(n_sealed)}, own_sender, 0, {{0}}},
  {F(pqrtc_sframe_receiver_new), {E(cipher), NEW_(sframe_receiver)}, NULL, 0, {{0}}},
  {F(pqrtc_sframe_receiver_add_session), {H(fresh_receiver), H(pair.initiator), X(kid)}, new_receiver, 0, {{0}}},
  {F(pqrtc_sframe_receiver_add_key), {H(fresh_receiver), X(kid), I(b_key, 16, 64)}, new_receiver, 0, {{0}}},
  {F(pqrtc_sframe_receiver_remove_key), {H(fresh_receiver), X(kid)}, new_receiver_with_key, 0, {{0}}},
  {F(pqrtc_sframe_receiver_set_ratchet), {H(fresh_receiver), X(bits), X(steps), X(grace)}, new_receiver, 0, {{0}}},
  {F(pqrtc_sframe_receiver_set_window), {H(fresh_receiver), X(window)}, new_receiver, 0, {{0}}},
  {F(pqrtc_sframe_receiver_key_stats), {H(receiver), X(own_kid), {CELL_IN_OUT, &stats, sizeof stats, 0, NULL}}, NULL, 0, {{0}}},
  {F(pqrtc_sframe_receiver_stats), {H(receiver), {CELL_IN_OUT, &stats, sizeof stats, 0, NULL}}, NULL, 0, {{0}}},
  {F(pqrtc_sframe_open), {H(receiver), I(b_metadata, 0, 65535), I_SOME(b_sealed, ANY_LEN), V(n_frame), C_OPT, C_OPT}, seal_frame, 0,
   {{3, last, PQRTC_DECRYPTION_FAILED}, {2, first, PQRTC_DECRYPTION_FAILED}}},
  {F(pqrtc_sframe_ratchet_base_key), {E(cipher), I(b_key, 16, 64), V(n_ratcheted)}, NULL, 0, {{0}}},
  {F(pqrtc_sframe_seal_batch),
   {H(sender), I(b_metadata, 0, 65535), I(b_frame, 0, ANY_LEN), A_IN(b_frame_lens), COUNT_(count, 65536), V(n_batch), A_OUT(3 * sizeof(size_t))},
   own_sender, 0, {{0}}},
  {F(pqrtc_sframe_open_batch),
   {H(receiver), I(b_metadata, 0, 65535), I_SOME(b_batch, ANY_LEN), A_IN(b_batch_lens), COUNT_(count, 65536), V(n_opened), A_OUT(3 * sizeof(size_t)),
    A_OUT(12), A_OPT(24), A_OPT(24)},
   seal_batch, 0, {{0}}},
  {F(pqrtc_frame_seal), {H(sender), E(codec), I(b_metadata, 0, 60000), I(b_frame, 0, FRAME_MAX), V(n_coded)}, own_sender, 0, {{0}}},
  {F(pqrtc_frame_open), {H(receiver), E(codec), I(b_metadata, 0, 60000), I_SOME(b_coded, ANY_LEN), V(n_opened), C_OPT, C_OPT}, seal_coded, 0,
   {{4, shown, PQRTC_DECRYPTION_FAILED}, {4, last, PQRTC_DECRYPTION_FAILED}, {3, first, PQRTC_DECRYPTION_FAILED}}},
  {F(pqrtc_frame_inspect), {E(codec), I_SOME(b_coded, ANY_LEN), {CELL_IN_OUT, &info, sizeof info, 0, NULL}}, seal_coded, 0, {{0}}},
};
const size_t media_calls_len = sizeof media_calls / sizeof *media_calls;

void media_open(void) {
  for (size_t i = 0; i < sizeof frame; i++) {
    frame[i] = (uint8_t)(i * 31 + 0x40);
  }
  pair = test_exchange(PQRTC_SUITE_X_WING);
  own_sender();
  n_sealed = sizeof frame + PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
  n_batch = sizeof frame + 3 * PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
  n_coded = pqrtc_frame_seal_max_size((uint32_t)codec, sizeof frame);
  stats.size = sizeof stats;
}

void media_close(void) {
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_sender_free(fresh_sender);
  pqrtc_sframe_sender_free(stepping);
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_sframe_receiver_free(fresh_receiver);
  test_pair_free(pair);
}
