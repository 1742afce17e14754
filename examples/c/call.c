/* The whole job in one process: an authenticated call, then a video frame sealed by Alice and opened by Bob. In a call the two are in two programs,
 * and the messages travel over signaling that nobody needs to trust. */

/* docs:begin program */
/* docs:begin call */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>

/* Every status is checked: what a failed call should have written is not there. */
#define TRY(call) do { if ((status = (call)) != PQRTC_OK) { failed = #call; goto done; } } while (0)

enum { IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519, CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128, CODEC = PQRTC_CODEC_VP8 };

/* One participant's side of a call with the peer whose identity has this fingerprint. */
static pqrtc_status new_call(const pqrtc_signing_key *me, const uint8_t *peer, const uint8_t *my_dtls_fingerprint, pqrtc_call **call) {
  pqrtc_policy *policy = NULL;
  pqrtc_status status = pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy);
  if (status == PQRTC_OK) status = pqrtc_policy_set(policy, PQRTC_POLICY_PIN, peer, PQRTC_FINGERPRINT_BYTES);
  if (status == PQRTC_OK) status = pqrtc_call_new(me, NULL, policy, my_dtls_fingerprint, 32, NULL, 0, call);
  pqrtc_policy_free(policy);
  return status;
}

static int seal_one_frame(const pqrtc_signing_key *alice, const uint8_t *alice_fingerprint, const pqrtc_signing_key *bob,
                          const uint8_t *bob_fingerprint, const uint8_t *frame, size_t frame_len) {
  static const uint8_t alice_dtls[32] = {1}, bob_dtls[32] = {2}; /* a=fingerprint of the two SDPs */
  uint8_t a[PQRTC_CALL_MESSAGE_MAX], b[PQRTC_CALL_MESSAGE_MAX];
  size_t a_len = 0, b_len = 0;
  size_t sealed_cap = pqrtc_frame_seal_max_size(CODEC, frame_len), sealed_len = 0; /* more than the frame: header and tag */
  size_t opened_cap = pqrtc_frame_open_max_size(CODEC, sealed_cap), opened_len = 0;
  uint8_t *sealed = malloc(sealed_cap), *opened = malloc(opened_cap);
  pqrtc_call *at_alice = NULL, *at_bob = NULL;
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  pqrtc_status status = PQRTC_OUT_OF_MEMORY;
  const char *failed = "malloc";
  if (sealed == NULL || opened == NULL) goto done;
  TRY(new_call(alice, bob_fingerprint, alice_dtls, &at_alice));
  TRY(new_call(bob, alice_fingerprint, bob_dtls, &at_bob));

  /* Alice's offer goes with the SDP offer, Bob's answer with the SDP answer, her finish in one more message. */
  TRY(pqrtc_call_offer(at_alice, a, sizeof a, &a_len));
  TRY(pqrtc_call_receive(at_bob, a, a_len, alice_dtls, 32, b, sizeof b, &b_len));
  TRY(pqrtc_call_receive(at_alice, b, b_len, bob_dtls, 32, a, sizeof a, &a_len));   /* Alice knows that it is Bob */
  TRY(pqrtc_call_receive(at_bob, a, a_len, alice_dtls, 32, b, sizeof b, &b_len));   /* Bob knows that it is Alice */

  /* Media, end to end: after Alice's encoder, and before Bob's decoder. Both follow later rekeys by themselves. */
  TRY(pqrtc_call_sender(at_alice, 0, CIPHER, &sender));
  TRY(pqrtc_call_receiver(at_bob, CIPHER, &receiver));
  TRY(pqrtc_frame_seal(sender, CODEC, NULL, 0, frame, frame_len, sealed, sealed_cap, &sealed_len));
  TRY(pqrtc_frame_open(receiver, CODEC, NULL, 0, sealed, sealed_len, opened, opened_cap, &opened_len, NULL, NULL));
  printf("%zu bytes sealed in %zu, opened to %zu\n", frame_len, sealed_len, opened_len);

done:
  if (status != PQRTC_OK) fprintf(stderr, "%s: %s\n", failed, pqrtc_status_string(status));
  pqrtc_sframe_receiver_free(receiver); /* zeroes its keys; NULL is allowed */
  pqrtc_sframe_sender_free(sender);
  pqrtc_call_free(at_alice);
  pqrtc_call_free(at_bob);
  free(opened);
  free(sealed);
  return status == PQRTC_OK ? 0 : 1;
}
/* docs:end call */

/* An identity is made once for a device and kept; others learn its fingerprint from a directory, a QR code or an earlier call. */
static pqrtc_signing_key *new_identity(uint8_t fingerprint[PQRTC_FINGERPRINT_BYTES]) {
  pqrtc_signing_key *key = NULL;
  uint8_t public_key[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES];
  if (pqrtc_signing_key_generate(IDENTITY, &key) != PQRTC_OK ||
      pqrtc_signing_key_public_key(key, public_key, sizeof public_key) != PQRTC_OK ||
      pqrtc_public_key_fingerprint(IDENTITY, public_key, sizeof public_key, fingerprint, PQRTC_FINGERPRINT_BYTES) != PQRTC_OK) {
    abort();
  }
  return key;
}

int main(void) {
  uint8_t frame[1200] = {0x01}; /* a delta frame of VP8 */
  uint8_t alice_fingerprint[PQRTC_FINGERPRINT_BYTES], bob_fingerprint[PQRTC_FINGERPRINT_BYTES];
  pqrtc_signing_key *alice = new_identity(alice_fingerprint), *bob = new_identity(bob_fingerprint);
  int result = seal_one_frame(alice, alice_fingerprint, bob, bob_fingerprint, frame, sizeof frame);
  pqrtc_signing_key_free(alice);
  pqrtc_signing_key_free(bob);
  return result;
}
/* docs:end program */
