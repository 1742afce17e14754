/* The signaling profile of docs/integrations/README.md: how the messages of a call travel beside the SDP. What is refused gives FALSE. */
#ifndef SIGNALING_H
#define SIGNALING_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNALING_MESSAGE_MAX = 65535, SIGNALING_LINE_MAX = 960 }; /* bytes, characters */

/* An offer or answer with its SDP, ready to be set, or of type pqrtc, without SDP, and one of the later messages of a call. */
typedef struct {
  char *type, *sdp;
  uint8_t *pqrtc;
  gsize pqrtc_len;
} signaling_message;

void signaling_clear(signaling_message *message);

/* As JSON, to be freed. `sdp` may be NULL. */
char *signaling_encode(const char *type, const char *sdp, const uint8_t *pqrtc, size_t len);
gboolean signaling_decode(const char *text, signaling_message *message);

/* For signaling that carries SDP alone. */
char *signaling_into_sdp(const char *sdp, const uint8_t *pqrtc, size_t len);
gboolean signaling_from_sdp(const char *type, const char *sdp, signaling_message *message);

/* The SHA-256 fingerprint of the DTLS certificate, which the call binds: one for the whole description. */
gboolean signaling_fingerprint(const char *sdp, uint8_t fingerprint[32]);

#endif
