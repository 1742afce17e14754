/* A meeting: a commit that lost the race, where a member stands, and keys for an SFrame engine of another making. A whole meeting: demo/meeting.c. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519, FRESH_SECRET = 1 };

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

int main(void) {
  static uint8_t commit[16384];
  uint64_t now = (uint64_t)time(NULL), kid = 0;
  size_t len = 0;
  pqrtc_signing_key *me = NULL;
  pqrtc_meeting_card *card = NULL;
  pqrtc_meeting *meeting = NULL;
  must(pqrtc_signing_key_generate(IDENTITY, &me));
  must(pqrtc_meeting_card_new(me, now + 86400, NULL, 0, &card));
  must(pqrtc_meeting_create(me, card, now, &meeting));

  /* The server put another commit first: ours is dropped, theirs is received, and ours is made again. */
  must(pqrtc_meeting_commit(meeting, NULL, 0, NULL, 0, FRESH_SECRET, commit, sizeof commit, &len));
  must(pqrtc_meeting_dropped(meeting));
  must(pqrtc_meeting_commit(meeting, NULL, 0, NULL, 0, FRESH_SECRET, commit, sizeof commit, &len));
  must(pqrtc_meeting_accepted(meeting));

  pqrtc_meeting_info_t info = {.size = sizeof info};
  must(pqrtc_meeting_info(meeting, &info));

  /* The key of the own stream 0 in this epoch. Wipe it when the engine has it. */
  uint8_t base_key[PQRTC_SFRAME_BASE_KEY_BYTES];
  must(pqrtc_meeting_sframe_key(meeting, info.index, 0, &kid, base_key, sizeof base_key));
  pqrtc_cleanse(base_key, sizeof base_key);
  printf("epoch %u, member %u of %u, KID %llu\n", info.epoch, info.index, info.members, (unsigned long long)kid);
  pqrtc_meeting_free(meeting);
  pqrtc_meeting_card_free(card);
  pqrtc_signing_key_free(me);
  return info.epoch == 1 && info.members == 1 ? 0 : 1;
}
