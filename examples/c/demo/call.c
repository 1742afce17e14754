/* An authenticated call: Alice and Bob know each other's identity keys. Mallory, who runs signaling, does not get between them; the keys change
   in mid-call, and media goes on. */
#include "demo.h"

enum { IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519, CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128, FRAMES = 200 };

/* The fingerprints of their DTLS certificates, as a=fingerprint in the SDP has them. */
static const uint8_t dtls_alice[32] = "alice's certificate", dtls_bob[32] = "bob's certificate";

struct participant {
  pqrtc_signing_key *identity;
  uint8_t fingerprint[32];
};

static struct participant participant(void) {
  struct participant p = {NULL, {0}};
  uint8_t pk[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES];
  MUST(pqrtc_signing_key_generate(IDENTITY, &p.identity));
  MUST(pqrtc_signing_key_public_key(p.identity, pk, sizeof pk));
  MUST(pqrtc_public_key_fingerprint(IDENTITY, pk, sizeof pk, p.fingerprint, 32));
  return p;
}

static pqrtc_call *call(const struct participant *me, const struct participant *peer, const uint8_t *dtls) {
  pqrtc_policy *policy = NULL;
  pqrtc_call *made = NULL;
  MUST(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  MUST(pqrtc_policy_set(policy, PQRTC_POLICY_PIN, peer->fingerprint, 32));
  MUST(pqrtc_call_new(me->identity, NULL, policy, dtls, 32, NULL, 0, &made));
  pqrtc_policy_free(policy);
  return made;
}

/* Offer, answer, finish and acknowledgement, begun by `from`. */
static void shake(const char *from_name, pqrtc_call *from, const uint8_t *from_dtls, const char *to_name, pqrtc_call *to, const uint8_t *to_dtls,
                  const char *offer) {
  uint8_t a[PQRTC_CALL_MESSAGE_MAX], b[PQRTC_CALL_MESSAGE_MAX];
  size_t n, m;
  double start = now_us();
  MUST(pqrtc_call_offer(from, a, sizeof a, &n));
  row(from_name, n, 0, now_us() - start, "%s", offer);
  start = now_us();
  MUST(pqrtc_call_receive(to, a, n, from_dtls, 32, b, sizeof b, &m));
  row(to_name, m, 0, now_us() - start, "answers, signed and encrypted");
  start = now_us();
  MUST(pqrtc_call_receive(from, b, m, to_dtls, 32, a, sizeof a, &n));
  row(from_name, n, 0, now_us() - start, "knows %s, and finishes", to_name);
  start = now_us();
  MUST(pqrtc_call_receive(to, a, n, from_dtls, 32, b, sizeof b, &m));
  row(to_name, m, 0, now_us() - start, "knows %s, and acknowledges", from_name);
  MUST(pqrtc_call_receive(from, b, m, to_dtls, 32, a, sizeof a, &n));
  REQUIRE(n == 0);
}

static void mallory_is_refused(const struct participant *alice, const struct participant *bob) {
  uint8_t a[PQRTC_CALL_MESSAGE_MAX], b[PQRTC_CALL_MESSAGE_MAX], reply[PQRTC_CALL_MESSAGE_MAX];
  struct participant mallory = participant();
  pqrtc_call *of_alice = call(alice, bob, dtls_alice), *of_mallory = call(&mallory, alice, dtls_bob), *of_bob = call(bob, alice, dtls_bob);
  size_t n, m, k;
  MUST(pqrtc_call_offer(of_alice, a, sizeof a, &n));
  MUST(pqrtc_call_receive(of_mallory, a, n, dtls_alice, 32, b, sizeof b, &m));
  MUST_GIVE(pqrtc_call_receive(of_alice, b, m, dtls_bob, 32, reply, sizeof reply, &k), PQRTC_PEER_REJECTED);
  row("mallory", m, 0, 0, "answers in Bob's place: refused");
  MUST(pqrtc_call_receive(of_bob, a, n, dtls_alice, 32, b, sizeof b, &m));
  b[m - 1] ^= 1;
  MUST_GIVE(pqrtc_call_receive(of_alice, b, m, dtls_bob, 32, reply, sizeof reply, &k), PQRTC_HANDSHAKE_FAILED);
  row("mallory", 0, 0, 0, "alters Bob's own answer: refused");
  b[m - 1] ^= 1;
  MUST_GIVE(pqrtc_call_receive(of_alice, b, m, dtls_alice, 32, reply, sizeof reply, &k), PQRTC_BINDING_MISMATCH);
  row("mallory", 0, 0, 0, "swaps the DTLS fingerprint in the SDP: refused");
  MUST(pqrtc_call_receive(of_alice, b, m, dtls_bob, 32, reply, sizeof reply, &k));
  row("alice", 0, 0, 0, "still takes the answer as Bob sent it");
  pqrtc_call_free(of_alice);
  pqrtc_call_free(of_mallory);
  pqrtc_call_free(of_bob);
  pqrtc_signing_key_free(mallory.identity);
}

/* Frames from Alice to Bob, under the key of this epoch. */
static void play(pqrtc_sframe_sender *tx, pqrtc_sframe_receiver *rx, uint32_t epoch) {
  static uint8_t frame[1200], sealed[sizeof frame + 64], out[sizeof sealed];
  for (size_t i = 0; i < FRAMES; i++) {
    size_t n, m;
    uint64_t kid;
    memset(frame, (int)i, sizeof frame);
    MUST(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n));
    MUST(pqrtc_sframe_open(rx, NULL, 0, sealed, n, out, sizeof out, &m, &kid, NULL));
    REQUIRE(m == sizeof frame && memcmp(out, frame, m) == 0 && (kid & 3) == (epoch & 3));
  }
}

static void sas(const pqrtc_call *c, char out[12]) {
  char digits[10];
  MUST(pqrtc_call_sas(c, digits, sizeof digits));
  snprintf(out, 12, "%.5s %.5s", digits, digits + 5);
}

int main(void) {
  pqrtc_sframe_sender *tx = NULL;
  pqrtc_sframe_receiver *rx = NULL;
  uint8_t frame[100] = {1}, held[200], out[200];
  char alice_reads[12], bob_reads[12];
  size_t n, held_len;

  heading("Authenticated call: two identities, three messages");
  struct participant alice = participant(), bob = participant();
  row("alice", 0, 0, 0, "is %02x%02x%02x%02x..., and knows Bob", alice.fingerprint[0], alice.fingerprint[1], alice.fingerprint[2], alice.fingerprint[3]);
  row("bob", 0, 0, 0, "is %02x%02x%02x%02x..., and knows Alice", bob.fingerprint[0], bob.fingerprint[1], bob.fingerprint[2], bob.fingerprint[3]);
  pqrtc_call *of_alice = call(&alice, &bob, dtls_alice), *of_bob = call(&bob, &alice, dtls_bob);
  MUST(pqrtc_call_sender(of_alice, 0, CIPHER, &tx));
  MUST(pqrtc_call_receiver(of_bob, CIPHER, &rx));
  MUST_GIVE(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, held, sizeof held, &n), PQRTC_UNEXPECTED_MESSAGE);
  shake("alice", of_alice, dtls_alice, "bob", of_bob, dtls_bob, "offers, beside the SDP");
  sas(of_alice, alice_reads);
  sas(of_bob, bob_reads);
  REQUIRE(strcmp(alice_reads, bob_reads) == 0);
  row("both", 0, 0, 0, "could compare a code: %s", alice_reads);
  play(tx, rx, 0);
  row("alice", 0, 0, 0, "sends %d frames, Bob opens them", FRAMES);

  mallory_is_refused(&alice, &bob);

  heading("Rekey in mid-call, begun by Bob");
  MUST(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, held, sizeof held, &held_len));
  shake("bob", of_bob, dtls_bob, "alice", of_alice, dtls_alice, "offers new keys");
  play(tx, rx, 1);
  row("alice", 0, 0, 0, "sends %d frames under the new key", FRAMES);
  MUST(pqrtc_sframe_open(rx, NULL, 0, held, held_len, out, sizeof out, &n, NULL, NULL));
  row("bob", 0, 0, 0, "opens one that was in flight meanwhile");
  play(tx, rx, 1), play(tx, rx, 1);
  MUST_GIVE(pqrtc_sframe_open(rx, NULL, 0, held, held_len, out, sizeof out, &n, NULL, NULL), PQRTC_UNKNOWN_KEY_ID);
  row("bob", 0, 0, 0, "has forgotten the old key after 512 frames");

  pqrtc_sframe_sender_free(tx);
  pqrtc_sframe_receiver_free(rx);
  pqrtc_call_free(of_alice);
  pqrtc_call_free(of_bob);
  pqrtc_signing_key_free(alice.identity);
  pqrtc_signing_key_free(bob.identity);
  return 0;
}
