/* A meeting of three through a server that nobody trusts: they show one code, and who leaves cannot open the next frame. */
#include "demo.h"

enum { IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519, CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128, CARD = 7802, LISTED = 4 + CARD, NOW = 1000 };

struct member {
  const char *name;
  pqrtc_signing_key *identity;
  pqrtc_meeting_card *card;
  pqrtc_meeting *meeting;
  pqrtc_sframe_sender *sender;
  pqrtc_sframe_receiver *receiver;
};

static struct member ada = {.name = "ada"}, bob = {.name = "bob"}, eve = {.name = "eve"};
static struct member *const all[] = {&ada, &bob, &eve};
static uint8_t cards[3 * LISTED], commit[8192], message[2048], roster[3 * 66], frame[1200] = "a frame", sealed[1300], out[1300];
static size_t commit_len, message_len, roster_len, sealed_len, out_len;

/* A card as the server keeps it, in a list: u32 length || card. */
static void publish(struct member *m, uint8_t *at) {
  size_t n;
  MUST(pqrtc_signing_key_generate(IDENTITY, &m->identity));
  MUST(pqrtc_meeting_card_new(m->identity, NOW + 86400, NULL, 0, &m->card));
  MUST(pqrtc_meeting_card_bytes(m->card, at + 4, CARD, &n));
  at[0] = at[1] = 0, at[2] = (uint8_t)(n >> 8), at[3] = (uint8_t)n;
  row(m->name, n, 0, 0, "publishes a card");
}

/* What goes with Ada's commit to a single member. */
static void outgoing(size_t i) {
  uint32_t kind, index;
  uint8_t reference[32];
  MUST(pqrtc_meeting_outgoing(ada.meeting, i, &kind, &index, reference, sizeof reference, message, sizeof message, &message_len));
}

static void join(struct member *m, size_t i) {
  outgoing(i);
  double start = now_us();
  MUST(pqrtc_meeting_join(m->identity, m->card, message, message_len, commit, commit_len, roster, roster_len, cards, sizeof cards, NOW, &m->meeting));
  row(m->name, message_len, 0, now_us() - start, "joins with a welcome");
}

static void code(const struct member *m, char digits[31]) {
  MUST(pqrtc_meeting_code(m->meeting, digits, 30));
  digits[30] = '\0';
}

static void same_code(const struct member *m, const char *expected) {
  char digits[31];
  code(m, digits);
  REQUIRE(strcmp(digits, expected) == 0);
}

static pqrtc_status open_at(const struct member *m) {
  return pqrtc_sframe_open(m->receiver, NULL, 0, sealed, sealed_len, out, sizeof out, &out_len, NULL, NULL);
}

static uint64_t seal_at(const struct member *m) {
  pqrtc_sframe_sender_stats_t stats = {.size = sizeof stats};
  MUST(pqrtc_sframe_seal(m->sender, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &sealed_len));
  MUST(pqrtc_sframe_sender_stats(m->sender, &stats));
  return stats.kid;
}

/* A frame of this epoch. A sender changes two seconds after a commit, which has reached the others by then. */
static void seal_in(const struct member *m, uint64_t epoch) {
  while ((seal_at(m) & 15) != epoch) usleep(50000);
}

int main(void) {
  char digits[31];
  const uint32_t gone = 2;

  heading("A meeting of three, through a server that nobody trusts");
  for (size_t i = 0; i < 3; i++) publish(all[i], cards + i * LISTED);
  MUST(pqrtc_meeting_create(ada.identity, ada.card, NOW, &ada.meeting));
  double start = now_us();
  MUST(pqrtc_meeting_commit(ada.meeting, cards + LISTED, 2 * LISTED, NULL, 0, 0, commit, sizeof commit, &commit_len));
  row("ada", commit_len, 0, now_us() - start, "creates it, and adds Bob and Eve with a commit");
  MUST(pqrtc_meeting_accepted(ada.meeting));
  MUST(pqrtc_meeting_roster(ada.meeting, roster, sizeof roster, &roster_len));
  join(&bob, 0);
  join(&eve, 1);
  code(&ada, digits);
  same_code(&bob, digits);
  same_code(&eve, digits);
  row("all", 0, 0, 0, "could compare a code: %s", digits);
  for (size_t i = 0; i < 3; i++) {
    MUST(pqrtc_meeting_sender(all[i]->meeting, 0, CIPHER, &all[i]->sender));
    MUST(pqrtc_meeting_receiver(all[i]->meeting, CIPHER, &all[i]->receiver));
  }
  seal_at(&ada);
  MUST_GIVE(open_at(&bob), PQRTC_UNKNOWN_KEY_ID);
  row("bob, eve", 0, 0, 0, "cannot open what Ada sealed before");
  for (size_t i = 0; i < 3; i++) {
    seal_in(all[i], 1);
    for (size_t j = 0; j < 3; j++) {
      if (i != j) MUST(open_at(all[j]));
    }
  }
  row("all", sealed_len, 0, 0, "open each other's frames");

  heading("Eve leaves");
  start = now_us();
  MUST(pqrtc_meeting_commit(ada.meeting, NULL, 0, &gone, 1, 0, commit, sizeof commit, &commit_len));
  row("ada", commit_len, 0, now_us() - start, "removes her with a commit");
  MUST(pqrtc_meeting_accepted(ada.meeting));
  outgoing(0);
  commit[commit_len - 1] ^= 1;
  MUST_GIVE(pqrtc_meeting_receive(bob.meeting, commit, commit_len, message, message_len, NULL, 0, NOW), PQRTC_BAD_SIGNATURE);
  row("server", 0, 0, 0, "alters the commit: Bob refuses it");
  commit[commit_len - 1] ^= 1;
  start = now_us();
  MUST(pqrtc_meeting_receive(bob.meeting, commit, commit_len, message, message_len, NULL, 0, NOW));
  row("bob", message_len, 0, now_us() - start, "takes it, with the box for him");
  MUST(pqrtc_meeting_receive(eve.meeting, commit, commit_len, NULL, 0, NULL, 0, NOW));
  MUST_GIVE(pqrtc_meeting_code(eve.meeting, digits, 30), PQRTC_UNEXPECTED_MESSAGE);
  seal_in(&ada, 2);
  MUST(open_at(&bob));
  row("bob", sealed_len, 0, 0, "opens Ada's next frame");
  MUST_GIVE(open_at(&eve), PQRTC_UNKNOWN_KEY_ID);
  row("eve", 0, 0, 0, "cannot");
  MUST_GIVE(pqrtc_sframe_seal(eve.sender, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &sealed_len), PQRTC_UNEXPECTED_MESSAGE);
  code(&ada, digits);
  same_code(&bob, digits);
  row("ada, bob", 0, 0, 0, "could compare a new code: %s", digits);

  for (size_t i = 0; i < 3; i++) {
    pqrtc_sframe_sender_free(all[i]->sender);
    pqrtc_sframe_receiver_free(all[i]->receiver);
    pqrtc_meeting_free(all[i]->meeting);
    pqrtc_meeting_card_free(all[i]->card);
    pqrtc_signing_key_free(all[i]->identity);
  }
  return 0;
}
