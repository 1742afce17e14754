#include "participant.h"

#include <string.h>

#define TRY(call) do { if ((status = (call)) != PQRTC_OK) goto done; } while (0)

/* docs:begin participant */
pqrtc_status participant_begin(participant *p, const char *sdp) {
  uint8_t binding[32];
  pqrtc_policy *policy = NULL;
  pqrtc_sframe_sender *video = NULL, *audio = NULL;
  pqrtc_status status = PQRTC_MALFORMED_MESSAGE;
  if (!signaling_fingerprint(sdp, binding)) return status;
  TRY(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  TRY(pqrtc_policy_set(policy, PQRTC_POLICY_PIN, p->pin, sizeof p->pin));
  TRY(pqrtc_policy_set(policy, PQRTC_POLICY_REQUIRE_BINDING, NULL, 0));
  TRY(pqrtc_call_new(p->me, NULL, policy, binding, sizeof binding, NULL, 0, &p->call));
  TRY(pqrtc_call_receiver(p->call, PARTICIPANT_CIPHER, &p->receiver));
  TRY(pqrtc_call_sender(p->call, 0, PARTICIPANT_CIPHER, &video));
  g_atomic_pointer_set(&p->video, video);
  TRY(pqrtc_call_sender(p->call, 1, PARTICIPANT_CIPHER, &audio));
  g_atomic_pointer_set(&p->audio, audio);
done:
  pqrtc_policy_free(policy);
  return status;
}

pqrtc_status participant_offer(participant *p, const char *sdp, char **text) {
  uint8_t message[PQRTC_CALL_MESSAGE_MAX];
  size_t len = 0;
  pqrtc_status status = pqrtc_call_offer(p->call, message, sizeof message, &len);
  *text = status == PQRTC_OK ? signaling_encode(sdp ? "offer" : "pqrtc", sdp, message, len) : NULL;
  return status;
}

pqrtc_status participant_receive(participant *p, const signaling_message *heard, const char *answer, char **reply) {
  uint8_t message[PQRTC_CALL_MESSAGE_MAX], theirs[32];
  size_t len = 0;
  *reply = NULL;
  memcpy(theirs, p->theirs, sizeof theirs);
  if (p->call == NULL) return PQRTC_UNEXPECTED_MESSAGE;
  if (heard->sdp && !signaling_fingerprint(heard->sdp, theirs)) return PQRTC_MALFORMED_MESSAGE;
  pqrtc_status status = pqrtc_call_receive(p->call, heard->pqrtc, heard->pqrtc_len, theirs, sizeof theirs, message, sizeof message, &len);
  if (status != PQRTC_OK) return status;
  memcpy(p->theirs, theirs, sizeof theirs);
  if (len > 0) *reply = signaling_encode(answer ? "answer" : "pqrtc", answer, message, len);
  return PQRTC_OK;
}
/* docs:end participant */

gboolean participant_may_send(const participant *p) {
  pqrtc_call_info_t info = {.size = sizeof info};
  return p->call != NULL && pqrtc_call_info(p->call, &info) == PQRTC_OK && info.may_send;
}

void participant_end(participant *p) {
  pqrtc_sframe_sender_free(p->video);
  pqrtc_sframe_sender_free(p->audio);
  pqrtc_sframe_receiver_free(p->receiver);
  pqrtc_call_free(p->call);
  p->call = NULL;
  p->video = p->audio = NULL;
  p->receiver = NULL;
}
