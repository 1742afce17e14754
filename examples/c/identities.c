/* Trust on first use, and what a call gives beside senders and receivers: a session for small messages, and keys for SFrame engines of others. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519 };

static const uint8_t alice_dtls[32] = {1}, bob_dtls[32] = {2}; /* a=fingerprint of the two SDPs */

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

/* A call that knows no peer yet: it refuses the first one that it meets, and says who that was. */
static pqrtc_call *new_call(const pqrtc_signing_key *me, const uint8_t *dtls) {
  pqrtc_policy *policy = NULL;
  pqrtc_call *call = NULL;
  must(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  must(pqrtc_call_new(me, NULL, policy, dtls, 32, NULL, 0, &call));
  pqrtc_policy_free(policy);
  return call;
}

/* Gives the call a message. A peer that is met for the first time is pinned; an application asks its user, and remembers the fingerprint. */
static size_t receive(pqrtc_call *call, const uint8_t *message, size_t len, const uint8_t *peer_dtls, uint8_t reply[PQRTC_CALL_MESSAGE_MAX]) {
  size_t reply_len = 0;
  pqrtc_status status = pqrtc_call_receive(call, message, len, peer_dtls, 32, reply, PQRTC_CALL_MESSAGE_MAX, &reply_len);
  if (status == PQRTC_PEER_REJECTED) {
    uint8_t key[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES], credential[64], fingerprint[PQRTC_FINGERPRINT_BYTES];
    size_t key_len = 0, credential_len = 0;
    uint32_t algorithm = 0;
    must(pqrtc_call_peer(call, &algorithm, key, sizeof key, &key_len, credential, sizeof credential, &credential_len));
    must(pqrtc_public_key_fingerprint(algorithm, key, key_len, fingerprint, sizeof fingerprint));
    must(pqrtc_call_pin(call, fingerprint, sizeof fingerprint));
    status = pqrtc_call_receive(call, message, len, peer_dtls, 32, reply, PQRTC_CALL_MESSAGE_MAX, &reply_len);
  }
  must(status);
  return reply_len;
}

static void small_messages(const pqrtc_session *alice, const pqrtc_session *bob) {
  static const uint8_t group_key[32] = {7};
  uint8_t sealed[sizeof group_key + PQRTC_SESSION_SEAL_OVERHEAD_BYTES], opened[sizeof group_key], ours[PQRTC_SESSION_KEY_BYTES], theirs[sizeof ours];
  size_t len = 0, opened_len = 0;
  must(pqrtc_session_seal(alice, NULL, 0, group_key, sizeof group_key, sealed, sizeof sealed, &len));
  must(pqrtc_session_open(bob, NULL, 0, sealed, len, opened, sizeof opened, &opened_len));
  if (opened_len != sizeof group_key || memcmp(opened, group_key, opened_len) != 0) exit(1);

  /* The key itself, for code that was written to the V100 description; pqrtc_session_export() is better. */
  must(pqrtc_session_key(alice, ours, sizeof ours));
  must(pqrtc_session_key(bob, theirs, sizeof theirs));
  if (memcmp(ours, theirs, sizeof ours) != 0) exit(1);

  /* The base key of the initiator's stream with KID 1, for an SFrame engine of another making. */
  must(pqrtc_session_sframe_base_key(alice, 1, 1, ours, sizeof ours));
  must(pqrtc_session_sframe_base_key(bob, 1, 1, theirs, sizeof theirs));
  if (memcmp(ours, theirs, sizeof ours) != 0) exit(1);
  pqrtc_cleanse(ours, sizeof ours);
  pqrtc_cleanse(theirs, sizeof theirs);
}

int main(void) {
  static uint8_t a[PQRTC_CALL_MESSAGE_MAX], b[PQRTC_CALL_MESSAGE_MAX];
  size_t len = 0;
  pqrtc_signing_key *me = NULL, *you = NULL;
  pqrtc_session *at_alice = NULL, *at_bob = NULL;
  must(pqrtc_signing_key_generate(IDENTITY, &me));
  must(pqrtc_signing_key_generate(IDENTITY, &you));
  pqrtc_call *alice = new_call(me, alice_dtls), *bob = new_call(you, bob_dtls);
  must(pqrtc_call_offer(alice, a, sizeof a, &len));
  len = receive(bob, a, len, alice_dtls, b);
  len = receive(alice, b, len, bob_dtls, a);
  len = receive(bob, a, len, alice_dtls, b);

  must(pqrtc_call_session(alice, &at_alice));
  must(pqrtc_call_session(bob, &at_bob));
  small_messages(at_alice, at_bob);
  pqrtc_session_free(at_alice);
  pqrtc_session_free(at_bob);

  /* Media of a stream through an SFrame engine of another making: its KID and base key are the same on both sides. */
  uint64_t sending = 0, receiving = 0;
  uint8_t ours[PQRTC_SFRAME_BASE_KEY_BYTES], theirs[PQRTC_SFRAME_BASE_KEY_BYTES];
  must(pqrtc_call_sframe_key(alice, PQRTC_DIRECTION_SENDING, 3, &sending, ours, sizeof ours));
  must(pqrtc_call_sframe_key(bob, PQRTC_DIRECTION_RECEIVING, 3, &receiving, theirs, sizeof theirs));
  if (sending != receiving || memcmp(ours, theirs, sizeof ours) != 0) return 1;
  pqrtc_cleanse(ours, sizeof ours);
  pqrtc_cleanse(theirs, sizeof theirs);

  /* After an ICE restart with another DTLS certificate, the next rekey binds that one. */
  static const uint8_t new_dtls[32] = {3};
  must(pqrtc_call_set_binding(alice, new_dtls, sizeof new_dtls));
  must(pqrtc_call_offer(alice, a, sizeof a, &len));
  len = receive(bob, a, len, new_dtls, b);
  len = receive(alice, b, len, bob_dtls, a);
  receive(bob, a, len, new_dtls, b);
  puts("both pinned the other at first sight, and bound a new certificate in a rekey");
  pqrtc_call_free(alice);
  pqrtc_call_free(bob);
  pqrtc_signing_key_free(me);
  pqrtc_signing_key_free(you);
  return 0;
}
