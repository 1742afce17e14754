/* One end of an authenticated call, with the keys of its frames. */
#ifndef PARTICIPANT_H
#define PARTICIPANT_H

#include <glib.h>
#include <pqrtc.h>

#include "signaling.h"

typedef struct {
  const pqrtc_signing_key *me; /* this side's identity */
  uint8_t pin[PQRTC_FINGERPRINT_BYTES]; /* fingerprint of the other's */
  pqrtc_call *call;
  uint8_t theirs[32]; /* fingerprint of the other side's certificate */
  /* There as soon as the call is, and follow rekeys: none seals before it is known who the other side is. */
  pqrtc_sframe_sender *video, *audio;
  pqrtc_sframe_receiver *receiver;
} participant;

enum { PARTICIPANT_CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128 };

/* Makes the call. `sdp` is the own description, whose certificate is bound. */
pqrtc_status participant_begin(participant *p, const char *sdp);

/* The offer of the call, with its SDP, or of a rekey, with NULL. *text is to be freed. */
pqrtc_status participant_offer(participant *p, const char *sdp, char **text);

/* Takes a message. *reply is to be freed, or NULL if there is none. `answer` is the own SDP that goes with the reply to an offer. What is refused
 * changes nothing: set the description of an answer afterwards. */
pqrtc_status participant_receive(participant *p, const signaling_message *heard, const char *answer, char **reply);

gboolean participant_may_send(const participant *p);
void participant_end(participant *p);

#endif
