/* SRTP keys with the real libsrtp2: what one side protects, the other unprotects, for all three profiles and both directions. */
#include "test.h"
#include <srtp2/srtp.h>

enum { HEADER = 12, PAYLOAD = 160 };

struct profile {
  uint32_t id;
  size_t key, salt;
  void (*policy)(srtp_crypto_policy_t *);
};

/* key || salt of one direction, from client_key || server_key || client_salt || server_salt. */
static srtp_t stream(const struct profile *p, const uint8_t *keys, int server, srtp_ssrc_type_t direction) {
  uint8_t master[64];
  srtp_policy_t policy;
  srtp_t srtp = NULL;
  memset(&policy, 0, sizeof policy);
  memcpy(master, keys + (server ? p->key : 0), p->key);
  memcpy(master + p->key, keys + 2 * p->key + (server ? p->salt : 0), p->salt);
  p->policy(&policy.rtp);
  p->policy(&policy.rtcp);
  policy.ssrc.type = direction;
  policy.key = master;
  policy.window_size = 128;
  CHECK((size_t)policy.rtp.cipher_key_len == p->key + p->salt);
  CHECK(srtp_create(&srtp, &policy) == srtp_err_status_ok);
  return srtp;
}

static int rtp(uint8_t *packet, uint16_t sequence) {
  memset(packet, 0, HEADER);
  packet[0] = 0x80;
  packet[1] = 111;
  packet[2] = (uint8_t)(sequence >> 8);
  packet[3] = (uint8_t)sequence;
  packet[11] = 77;
  for (int i = 0; i < PAYLOAD; i++) {
    packet[HEADER + i] = (uint8_t)(i + sequence);
  }
  return HEADER + PAYLOAD;
}

static void direction(const struct profile *p, const uint8_t *from, const uint8_t *to, const uint8_t *stranger, int server) {
  srtp_t sender = stream(p, from, server, ssrc_any_outbound), receiver = stream(p, to, server, ssrc_any_inbound);
  srtp_t other_side = stream(p, to, !server, ssrc_any_inbound), other_key = stream(p, stranger, server, ssrc_any_inbound);
  uint8_t packet[HEADER + PAYLOAD + SRTP_MAX_TRAILER_LEN], copy[sizeof packet], plain[sizeof packet];
  for (uint16_t sequence = 1; sequence <= 50; sequence++) {
    int len = rtp(packet, sequence), plain_len = rtp(plain, sequence);
    CHECK(srtp_protect(sender, packet, &len) == srtp_err_status_ok);
    CHECK(len > plain_len);
    CHECK_DIFFER(packet + HEADER, plain + HEADER, PAYLOAD);
    int copy_len = len;
    memcpy(copy, packet, sizeof copy);
    CHECK(srtp_unprotect(other_key, copy, &copy_len) == srtp_err_status_auth_fail);
    copy_len = len;
    memcpy(copy, packet, sizeof copy);
    CHECK(srtp_unprotect(other_side, copy, &copy_len) == srtp_err_status_auth_fail);
    copy_len = len;
    memcpy(copy, packet, sizeof copy);
    copy[HEADER + 3] ^= 1;
    CHECK(srtp_unprotect(receiver, copy, &copy_len) == srtp_err_status_auth_fail);
    CHECK(srtp_unprotect(receiver, packet, &len) == srtp_err_status_ok);
    CHECK(len == plain_len);
    CHECK_SAME(packet, plain, (size_t)plain_len);
  }
  srtp_dealloc(sender);
  srtp_dealloc(receiver);
  srtp_dealloc(other_side);
  srtp_dealloc(other_key);
}

int main(void) {
  static const struct profile profiles[] = {
    {PQRTC_SRTP_AES128_CM_HMAC_SHA1_80, 16, 14, srtp_crypto_policy_set_rtp_default},
    {PQRTC_SRTP_AEAD_AES_128_GCM, 16, 12, srtp_crypto_policy_set_aes_gcm_128_16_auth},
    {PQRTC_SRTP_AEAD_AES_256_GCM, 32, 12, srtp_crypto_policy_set_aes_gcm_256_16_auth},
  };
  CHECK(srtp_init() == srtp_err_status_ok);
  for (uint32_t suite = 1; suite <= 2; suite++) {
    struct test_pair pair = test_exchange(suite), other = test_exchange(suite);
    for (size_t i = 0; i < 3; i++) {
      const struct profile *p = &profiles[i];
      uint8_t a[88], b[88], c[88];
      size_t len = 0;
      CHECK_OK(pqrtc_session_srtp_keys(pair.initiator, p->id, a, sizeof a, &len));
      CHECK(len == 2 * (p->key + p->salt));
      CHECK_OK(pqrtc_session_srtp_keys(pair.responder, p->id, b, sizeof b, &len));
      CHECK_OK(pqrtc_session_srtp_keys(other.responder, p->id, c, sizeof c, &len));
      direction(p, a, b, c, 0); /* the initiator is the client */
      direction(p, b, a, c, 1);
    }
    test_pair_free(pair);
    test_pair_free(other);
  }
  CHECK(srtp_shutdown() == srtp_err_status_ok);
  return test_end("srtp");
}
