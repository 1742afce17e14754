/* Media frames: all SFrame cipher suites, in place and out of place, loss and replay, the ratchet, and every codec. */
#include "test.h"

static uint8_t frame[1500];

static void suite(uint32_t cipher) {
  struct test_pair pair = test_exchange(PQRTC_SUITE_X_WING);
  pqrtc_sframe_sender *sender = NULL, *again = NULL, *answer = NULL;
  pqrtc_sframe_receiver *receiver = NULL, *other = NULL;
  uint64_t kid, counter;
  CHECK_OK(pqrtc_sframe_sender_new(pair.initiator, 5, cipher, &sender));
  CHECK_STATUS(pqrtc_sframe_sender_new(pair.initiator, 5, cipher, &again), PQRTC_KEY_REUSED);
  CHECK_OK(pqrtc_sframe_sender_new(pair.responder, 5, cipher, &answer)); /* the other direction has another key */
  CHECK_OK(pqrtc_sframe_receiver_new(cipher, &receiver));
  CHECK_OK(pqrtc_sframe_receiver_add_session(receiver, pair.responder, 5));
  CHECK_STATUS(pqrtc_sframe_receiver_add_session(receiver, pair.responder, 5), PQRTC_KEY_REUSED);

  size_t cap = sizeof frame + PQRTC_SFRAME_MAX_OVERHEAD_BYTES, first_len = 0, len, opened;
  uint8_t *first = test_alloc(cap), *sealed = test_alloc(cap), *out = test_alloc(sizeof frame);
  for (uint64_t i = 0; i < 600; i++) {
    size_t frame_len = (size_t)(i * 37 % (sizeof frame + 1));
    CHECK_OK(pqrtc_sframe_seal(sender, frame, (size_t)(i % 20), frame, frame_len, sealed, frame_len + PQRTC_SFRAME_MAX_OVERHEAD_BYTES, &len));
    if (i == 100) { /* held back by the network */
      memcpy(first, sealed, len);
      first_len = len;
      continue;
    }
    if (i % 10 == 3) {
      continue; /* lost */
    }
    CHECK_STATUS(pqrtc_sframe_open(receiver, frame, 20, sealed, len, out, sizeof frame, &opened, NULL, NULL), PQRTC_DECRYPTION_FAILED);
    CHECK_OK(pqrtc_sframe_open(receiver, frame, (size_t)(i % 20), sealed, len, out, sizeof frame, &opened, &kid, &counter));
    CHECK(opened == frame_len && kid == 5 && counter == i);
    CHECK_SAME(out, frame, frame_len);
    CHECK_STATUS(pqrtc_sframe_open(receiver, frame, (size_t)(i % 20), sealed, len, out, sizeof frame, &opened, NULL, NULL), PQRTC_REPLAYED_FRAME);
  }
  CHECK_OK(pqrtc_sframe_open(receiver, frame, 0, first, first_len, out, sizeof frame, &opened, NULL, NULL));

  /* in place: output begins where the input does */
  memcpy(sealed, frame, sizeof frame);
  CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, sealed, sizeof frame, sealed, cap, &len));
  CHECK_OK(pqrtc_sframe_open(receiver, NULL, 0, sealed, len, sealed, len, &opened, NULL, NULL));
  CHECK_SAME(sealed, frame, sizeof frame);

  /* malformed, unknown, forged */
  static const uint8_t truncated[] = {0x77, 0x01};
  CHECK_STATUS(pqrtc_sframe_open(receiver, NULL, 0, truncated, 2, out, sizeof frame, &opened, NULL, NULL), PQRTC_MALFORMED_FRAME);
  CHECK_STATUS(pqrtc_sframe_open(receiver, NULL, 0, frame, 0, out, sizeof frame, &opened, NULL, NULL), PQRTC_MALFORMED_FRAME);
  for (int i = 0; i <= 3; i++) { /* to a counter that is not taken for a replay */
    CHECK_OK(pqrtc_sframe_seal(answer, NULL, 0, frame, 50, sealed, cap, &len));
  }
  CHECK_STATUS(pqrtc_sframe_open(receiver, NULL, 0, sealed, len, out, sizeof frame, &opened, NULL, NULL), PQRTC_DECRYPTION_FAILED);
  CHECK_OK(pqrtc_sframe_receiver_new(cipher, &other));
  CHECK_STATUS(pqrtc_sframe_open(other, NULL, 0, sealed, len, out, sizeof frame, &opened, NULL, NULL), PQRTC_UNKNOWN_KEY_ID);
  CHECK_OK(pqrtc_sframe_receiver_add_session(other, pair.initiator, 5));
  CHECK_OK(pqrtc_sframe_open(other, NULL, 0, sealed, len, out, sizeof frame, &opened, NULL, NULL));

  /* a removed key does not come back */
  CHECK_OK(pqrtc_sframe_receiver_remove_key(other, 5));
  CHECK_STATUS(pqrtc_sframe_receiver_remove_key(other, 5), PQRTC_UNKNOWN_KEY_ID);
  CHECK_STATUS(pqrtc_sframe_receiver_add_session(other, pair.initiator, 5), PQRTC_KEY_REUSED);

  pqrtc_sframe_stats stats = {.size = sizeof stats};
  CHECK_OK(pqrtc_sframe_receiver_stats(receiver, &stats));
  CHECK(stats.keys == 1 && stats.opened == 541 && stats.malformed == 2 && stats.unknown_key_id == 0);
  CHECK(stats.replayed == 539 && stats.decryption_failed == 540);
  uint8_t small[sizeof stats + 8];
  memset(small, 0xa5, sizeof small);
  size_t size = sizeof stats - sizeof(uint64_t);
  memcpy(small, &size, sizeof size);
  CHECK_STATUS(pqrtc_sframe_receiver_stats(receiver, (pqrtc_sframe_stats *)(void *)small), PQRTC_INVALID_LENGTH);
  CHECK(test_clean(small + sizeof size, sizeof small - sizeof size));

  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_sender_free(answer);
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_sframe_receiver_free(other);
  test_pair_free(pair);
  free(first);
  free(sealed);
  free(out);
}

static void ratchet(void) {
  static const uint8_t base_key[32] = {9};
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  uint8_t sealed[200], out[200];
  size_t len, opened;
  uint64_t kid = 0, counter = 0;
  CHECK_OK(pqrtc_sframe_sender_from_key(base_key, 32, 3 << 8, PQRTC_SFRAME_AES_128_GCM_SHA256_128, &sender));
  CHECK_STATUS(pqrtc_sframe_sender_set_ratchet(sender, 17), PQRTC_INVALID_ARGUMENT);
  CHECK_STATUS(pqrtc_sframe_sender_set_ratchet(sender, UINT32_MAX), PQRTC_INVALID_ARGUMENT);
  CHECK_STATUS(pqrtc_sframe_sender_set_ratchet(sender, 10), PQRTC_INVALID_ARGUMENT); /* step 0 of no generation */
  CHECK_OK(pqrtc_sframe_sender_set_ratchet(sender, 8));
  CHECK_OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_128_GCM_SHA256_128, &receiver));
  CHECK_STATUS(pqrtc_sframe_receiver_set_ratchet(receiver, 17, 16, 4), PQRTC_INVALID_ARGUMENT);
  CHECK_STATUS(pqrtc_sframe_receiver_set_ratchet(receiver, 8, 0, 4), PQRTC_INVALID_ARGUMENT);
  CHECK_STATUS(pqrtc_sframe_receiver_set_ratchet(receiver, 8, 1025, 4), PQRTC_INVALID_ARGUMENT);
  CHECK_OK(pqrtc_sframe_receiver_set_ratchet(receiver, 8, 16, 4));
  static const uint32_t windows[] = {0, 63, 65, 65537, 65600, UINT32_MAX};
  for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
    CHECK_STATUS(pqrtc_sframe_receiver_set_window(receiver, windows[i]), PQRTC_INVALID_ARGUMENT);
  }
  CHECK_OK(pqrtc_sframe_receiver_set_window(receiver, 64));
  CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, 3 << 8, base_key, 32));
  CHECK_STATUS(pqrtc_sframe_receiver_set_window(receiver, 64), PQRTC_INVALID_ARGUMENT);
  CHECK_STATUS(pqrtc_sframe_receiver_set_ratchet(receiver, 8, 16, 4), PQRTC_INVALID_ARGUMENT);

  uint64_t step = 3 << 8;
  for (int i = 0; i < 40; i++) {
    CHECK_OK(pqrtc_sframe_sender_kid(sender, &kid));
    CHECK(kid == step);
    for (uint64_t n = 0; n < 3; n++) {
      CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, frame, 100, sealed, sizeof sealed, &len));
      CHECK_OK(pqrtc_sframe_open(receiver, NULL, 0, sealed, len, out, sizeof out, &opened, &kid, &counter));
      CHECK(kid == step && counter == n);
    }
    for (int steps = i % 3; steps >= 0 && (step & 0xff) < 0xff; steps--) {
      CHECK_OK(pqrtc_sframe_sender_ratchet(sender, &kid));
      CHECK(kid == ++step);
    }
  }
  CHECK_STATUS(pqrtc_sframe_sender_set_ratchet(sender, 8), PQRTC_INVALID_ARGUMENT); /* too late */
  while ((step & 0xff) < 0xff) {
    CHECK_OK(pqrtc_sframe_sender_ratchet(sender, NULL));
    step++;
  }
  CHECK_STATUS(pqrtc_sframe_sender_ratchet(sender, NULL), PQRTC_COUNTER_EXHAUSTED);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
}

static void codec(uint32_t codec, const uint8_t *data, size_t data_len, size_t clear) {
  struct test_pair pair = test_exchange(PQRTC_SUITE_V100_HYBRID_KX_V1);
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  CHECK_OK(pqrtc_sframe_sender_new(pair.responder, 1, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  CHECK_OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &receiver));
  CHECK_OK(pqrtc_sframe_receiver_add_session(receiver, pair.initiator, 1));
  size_t cap = pqrtc_frame_seal_max_size(codec, data_len), len = 0, opened = 0;
  uint8_t *sealed = test_alloc(cap), *out = test_alloc(cap);
  uint64_t kid = 0;
  CHECK_OK(pqrtc_frame_seal(sender, codec, NULL, 0, data, data_len, sealed, cap, &len));
  CHECK(len > data_len && len <= cap);
  CHECK_SAME(sealed, data, clear); /* what the packetizer needs to see */
  for (size_t i = 0; i < len; i++) {
    sealed[i] ^= 1;
    pqrtc_status status = pqrtc_frame_open(receiver, codec, NULL, 0, sealed, len, out, cap, &opened, NULL, NULL);
    CHECK(status == PQRTC_DECRYPTION_FAILED || status == PQRTC_MALFORMED_FRAME || status == PQRTC_UNKNOWN_KEY_ID);
    sealed[i] ^= 1;
  }
  CHECK_OK(pqrtc_frame_open(receiver, codec, NULL, 0, sealed, len, out, pqrtc_frame_open_max_size(codec, len), &opened, &kid, NULL));
  CHECK(opened == data_len && kid == 1);
  CHECK_SAME(out, data, data_len);
  CHECK_STATUS(pqrtc_frame_open(receiver, codec, NULL, 0, sealed, len, out, cap, &opened, NULL, NULL), PQRTC_REPLAYED_FRAME);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  test_pair_free(pair);
  free(sealed);
  free(out);
}

static void codecs(void) {
  uint8_t data[200];
  memcpy(data, frame, sizeof data);
  codec(PQRTC_CODEC_OPAQUE, data, sizeof data, 0);
  codec(PQRTC_CODEC_OPUS, data, sizeof data, 0);
  data[0] = 0x82; /* VP9 key frame of profile 0 */
  codec(PQRTC_CODEC_VP9, data, sizeof data, 10);
  data[0] = 0x10; /* VP8 key frame: bit 0 clear */
  codec(PQRTC_CODEC_VP8, data, sizeof data, 10);
  data[0] = 0x11;
  codec(PQRTC_CODEC_VP8, data, sizeof data, 3);
  /* one IDR slice (H.264), one IDR_W_RADL slice (H.265), in both forms; the payload has no start code of its own */
  memcpy(data, "\0\0\0\1\x65\x88\x84", 7);
  codec(PQRTC_CODEC_H264, data, sizeof data, 5);
  memcpy(data, "\0\0\0\1\x26\x01\xaf", 7);
  codec(PQRTC_CODEC_H265, data, sizeof data, 6);
  memcpy(data, "\0\0\0\xc4\x65\x88\x84", 7);
  codec(PQRTC_CODEC_H264_AVCC, data, sizeof data, 0);
  memcpy(data, "\0\0\0\xc4\x26\x01\xaf", 7);
  codec(PQRTC_CODEC_H265_HVCC, data, sizeof data, 0);
  /* temporal delimiter, then a frame OBU (type 6) with a size field: 195 as leb128 is c3 01 */
  memcpy(data, "\x12\x00\x32\xc3\x01", 5);
  codec(PQRTC_CODEC_AV1, data, sizeof data, 2);
}

int main(void) {
  for (size_t i = 0; i < sizeof frame; i++) {
    frame[i] = (uint8_t)(i * 37 + i / 256 + 1) | 1;
  }
  for (uint32_t cipher = 1; cipher <= 8; cipher++) {
    suite(cipher);
  }
  ratchet();
  codecs();
  return test_end("media");
}
