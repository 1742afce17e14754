/* The table's fourth part: meetings and envelopes. */
#define _GNU_SOURCE
#include "calls.h"
#include <unistd.h>

enum { CARD_BYTES = 7802, COMMIT_BYTES = 8192, ROSTER_BYTES = 3 * 66 };

static pqrtc_signing_key *me, *peer;
static pqrtc_meeting_card *unused, *waiting;
static pqrtc_meeting *host, *guest;
static pqrtc_hybrid_keypair *xwing;
static pqrtc_kem_keypair *no_kem;
pqrtc_meeting_card *example_meeting_card;
pqrtc_meeting *example_meeting;

static uint8_t credential[] = "bob", roster[ROSTER_BYTES], cards[3 * (4 + CARD_BYTES)], new_card[4 + CARD_BYTES];
static uint8_t commit[COMMIT_BYTES], welcome[2048], next_commit[COMMIT_BYTES], box[2048], info[] = "context", payload[] = "payload";
static uint8_t bundle[1216], envelope[sizeof payload + 1136], issuer_pk[1984], signature[3373];
static uint32_t removed[1];
static uint64_t not_after = 2000, now = 1000, index_0, flags = 1, one = 1, member = 1, stream, kid_epoch = 17, bits = 4, suite = 1;
static uint64_t algorithm = PQRTC_SIGNATURE_ML_DSA_65_ED25519, cipher = PQRTC_SFRAME_AES_256_GCM_SHA512_128;
static size_t n_card = CARD_BYTES, n_commit = 4735, n_outgoing = 1234, n_roster = ROSTER_BYTES, n_envelope = sizeof envelope, n_payload = sizeof payload;
static pqrtc_meeting_info_t meeting_info;

static struct bytes b_commit = {commit, 0}, b_welcome = {welcome, 0}, b_next = {next_commit, 0}, b_box = {box, 0}, b_removed = {(uint8_t *)removed, sizeof removed};
BYTES(b_credential, credential);
BYTES(b_roster, roster);
BYTES(b_cards, cards);
BYTES(b_new_card, new_card);
BYTES(b_info, info);
BYTES(b_payload, payload);
BYTES(b_bundle, bundle);
BYTES(b_envelope, envelope);
BYTES(b_issuer, issuer_pk);
BYTES(b_signature, signature);

/* u32 length || card */
static void list_card(const pqrtc_meeting_card *card, uint8_t *at) {
  size_t n = 0;
  CHECK_OK(pqrtc_meeting_card_bytes(card, at + 4, CARD_BYTES, &n));
  at[0] = at[1] = 0, at[2] = (uint8_t)(n >> 8), at[3] = (uint8_t)n;
}

static void new_unused(void) {
  pqrtc_meeting_card_free(unused);
  CHECK_OK(pqrtc_meeting_card_new(me, not_after, NULL, 0, &unused));
}

/* A meeting of a host and a guest, with a third member who has not joined yet, and a commit of the host's that the guest has not seen. */
static void new_meeting(void) {
  pqrtc_meeting_card *first = NULL, *second = NULL;
  uint8_t ref[32];
  uint32_t kind = 0, to = 0;
  size_t n = 0;
  pqrtc_meeting_free(host);
  pqrtc_meeting_free(guest);
  pqrtc_meeting_card_free(waiting);
  CHECK_OK(pqrtc_meeting_card_new(me, not_after, NULL, 0, &first));
  CHECK_OK(pqrtc_meeting_card_new(peer, not_after, NULL, 0, &second));
  CHECK_OK(pqrtc_meeting_card_new(peer, not_after, NULL, 0, &waiting));
  list_card(first, cards);
  list_card(second, cards + sizeof cards / 3);
  list_card(waiting, cards + 2 * (sizeof cards / 3));
  CHECK_OK(pqrtc_meeting_create(me, first, now, &host));
  CHECK_OK(pqrtc_meeting_commit(host, cards + sizeof cards / 3, 2 * (sizeof cards / 3), NULL, 0, 0, commit, sizeof commit, &b_commit.len));
  CHECK_OK(pqrtc_meeting_accepted(host));
  CHECK_OK(pqrtc_meeting_roster(host, roster, sizeof roster, &n));
  CHECK_OK(pqrtc_meeting_outgoing(host, 0, &kind, &to, ref, sizeof ref, welcome, sizeof welcome, &b_welcome.len));
  CHECK_OK(pqrtc_meeting_join(peer, second, welcome, b_welcome.len, commit, b_commit.len, roster, sizeof roster, cards, sizeof cards, now, &guest));
  CHECK_OK(pqrtc_meeting_outgoing(host, 1, &kind, &to, ref, sizeof ref, welcome, sizeof welcome, &b_welcome.len));
  CHECK_OK(pqrtc_meeting_commit(host, NULL, 0, NULL, 0, 1, next_commit, sizeof next_commit, &b_next.len));
  CHECK_OK(pqrtc_meeting_outgoing(host, 0, &kind, &to, ref, sizeof ref, box, sizeof box, &b_box.len));
  CHECK_OK(pqrtc_meeting_accepted(host));
  pqrtc_meeting_card_free(first);
  pqrtc_meeting_card_free(second);
}

/* In the child of a fork the parent's meeting refuses what would use its keys. */
static void own_meeting(void) {
  static pid_t made_by;
  if (made_by != getpid()) {
    made_by = getpid();
    new_meeting();
  }
}

static void nothing_waits(void) {
  own_meeting();
  pqrtc_status status = pqrtc_meeting_dropped(host);
  CHECK(status == PQRTC_OK || status == PQRTC_UNEXPECTED_MESSAGE);
}

static void something_waits(void) {
  size_t n = 0;
  new_meeting();
  CHECK_OK(pqrtc_meeting_commit(host, new_card, sizeof new_card, NULL, 0, 0, commit, sizeof commit, &n));
}

static void next_stream(void) {
  own_meeting();
  stream++;
}

static void last_byte(uint8_t *p, size_t len) { p[len - 1] ^= 1; }
static void version(uint8_t *p, size_t len) { (void)len; p[4] = 2; }
static void coefficient(uint8_t *p, size_t len) { (void)len; p[0] = p[1] = p[2] = 0xff; }

RELEASE(meeting_card)
RELEASE(meeting)
RELEASE(sframe_sender)
RELEASE(sframe_receiver)

#define LIST 268435456

const struct call meeting_calls[] = {
  {F(pqrtc_meeting_card_new), {H(me), X(not_after), I(b_credential, 0, 65535), NEW_(meeting_card)}, NULL, 1, {{0}}},
  {F(pqrtc_meeting_card_bytes), {H(unused), V(n_card)}, NULL, 0, {{0}}},
  {F(pqrtc_meeting_create), {H(me), H(unused), X(now), NEW_(meeting)}, new_unused, 1, {{0}}},
  {F(pqrtc_meeting_commit), {H(host), I(b_new_card, 0, LIST), A_IN(b_removed), {COUNT, &one, 0, 4096, NULL}, X(flags), V(n_commit)}, nothing_waits, 1,
   {{2, last_byte, PQRTC_BAD_SIGNATURE}, {2, version, PQRTC_MALFORMED_MESSAGE}}},
  {F(pqrtc_meeting_outgoing), {H(host), X(index_0), C, C, O(32), V(n_outgoing)}, something_waits, 0, {{0}}},
  {F(pqrtc_meeting_accepted), {H(host)}, something_waits, 0, {{0}}},
  {F(pqrtc_meeting_dropped), {H(host)}, something_waits, 0, {{0}}},
  {F(pqrtc_meeting_receive), {H(guest), I_SOME(b_next, LIST), I(b_box, 0, LIST), I(b_cards, 0, LIST), X(now)}, new_meeting, 0,
   {{2, last_byte, PQRTC_BAD_SIGNATURE}, {3, last_byte, PQRTC_DECRYPTION_FAILED}}},
  {F(pqrtc_meeting_join), {H(peer), H(waiting), I_SOME(b_welcome, LIST), I_SOME(b_commit, LIST), I_SOME(b_roster, LIST), I(b_cards, 0, LIST), X(now), NEW_(meeting)},
   new_meeting, 0, {{3, last_byte, PQRTC_DECRYPTION_FAILED}, {4, last_byte, PQRTC_BAD_SIGNATURE}, {5, last_byte, PQRTC_HANDSHAKE_FAILED}}},
  {F(pqrtc_meeting_roster), {H(guest), V(n_roster)}, NULL, 0, {{0}}},
  {F(pqrtc_meeting_info), {H(guest), {CELL_IN_OUT, &meeting_info, sizeof meeting_info, 0, NULL}}, NULL, 0, {{0}}},
  {F(pqrtc_meeting_code), {H(guest), O(30)}, NULL, 0, {{0}}},
  {F(pqrtc_meeting_sender), {H(guest), X(stream), E(cipher), NEW_(sframe_sender)}, next_stream, 0, {{0}}},
  {F(pqrtc_meeting_receiver), {H(guest), E(cipher), NEW_(sframe_receiver)}, own_meeting, 0, {{0}}},
  {F(pqrtc_meeting_sframe_key), {H(guest), X(member), X(stream), C, O(32)}, next_stream, 0, {{0}}},
  {F(pqrtc_sframe_mls_kid), {X(kid_epoch), X(member), X(one), X(bits), X(bits), C}, NULL, 0, {{0}}},
  {F(pqrtc_envelope_seal), {E(suite), I(b_bundle, 1216, 1216), I(b_info, 0, 65535), I(b_payload, 0, 1048576), V(n_envelope)}, NULL, 1,
   {{2, coefficient, PQRTC_INVALID_KEY}}},
  {F(pqrtc_envelope_open), {H(xwing), H_OPT(no_kem), I(b_info, 0, 65535), I(b_envelope, 1136, 1136 + 1048576), V(n_payload)}, NULL, 0,
   {{3, last_byte, PQRTC_DECRYPTION_FAILED}, {4, last_byte, PQRTC_DECRYPTION_FAILED}}},
  {F(pqrtc_envelope_sign), {H(me), I(b_info, 0, 65535), I(b_envelope, 1, 1048576 + 1584), O(3373)}, NULL, 1, {{0}}},
  {F(pqrtc_envelope_verify), {E(algorithm), I(b_issuer, 1984, 1984), I(b_info, 0, 65535), I(b_envelope, 1, 1048576 + 1584), I(b_signature, 3373, 3373)}, NULL, 0,
   {{3, last_byte, PQRTC_BAD_SIGNATURE}, {4, last_byte, PQRTC_BAD_SIGNATURE}, {5, last_byte, PQRTC_BAD_SIGNATURE}}},
};
const size_t meeting_calls_len = sizeof meeting_calls / sizeof *meeting_calls;

void meeting_open(void) {
  pqrtc_meeting_card *card = NULL;
  size_t n = 0;
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65_ED25519, &me));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65_ED25519, &peer));
  CHECK_OK(pqrtc_meeting_card_new(peer, not_after, NULL, 0, &card));
  list_card(card, new_card);
  pqrtc_meeting_card_free(card);
  new_unused();
  own_meeting();
  removed[0] = 1;
  meeting_info.size = sizeof meeting_info;
  CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &xwing));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(xwing, bundle, sizeof bundle));
  CHECK_OK(pqrtc_envelope_seal((uint32_t)suite, bundle, sizeof bundle, info, sizeof info, payload, sizeof payload, envelope, sizeof envelope, &n));
  CHECK_OK(pqrtc_signing_key_public_key(me, issuer_pk, sizeof issuer_pk));
  CHECK_OK(pqrtc_envelope_sign(me, info, sizeof info, envelope, sizeof envelope, signature, sizeof signature));
  CHECK_OK(pqrtc_meeting_card_new(me, not_after, NULL, 0, &example_meeting_card));
  CHECK_OK(pqrtc_meeting_card_new(me, not_after, NULL, 0, &card));
  CHECK_OK(pqrtc_meeting_create(me, card, now, &example_meeting));
  pqrtc_meeting_card_free(card);
}

void meeting_close(void) {
  pqrtc_meeting_free(host);
  pqrtc_meeting_free(guest);
  pqrtc_meeting_free(example_meeting);
  pqrtc_meeting_card_free(unused);
  pqrtc_meeting_card_free(waiting);
  pqrtc_meeting_card_free(example_meeting_card);
  pqrtc_hybrid_keypair_free(xwing);
  pqrtc_signing_key_free(me);
  pqrtc_signing_key_free(peer);
}
