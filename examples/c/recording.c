/* A recording in segments, whose recorder crashes in the middle. Nobody can drop, move, repeat or exchange a segment: docs/recordings.md. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALGORITHM = PQRTC_SIGNATURE_ML_DSA_65, SEGMENTS = 3, ENTRY = 3360, STATE = 43 };

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

static pqrtc_status show(pqrtc_recording_verifier *v, const char *segment, const uint8_t *entry) {
  must(pqrtc_recording_verifier_update(v, (const uint8_t *)segment, strlen(segment)));
  return pqrtc_recording_verifier_entry(v, entry, ENTRY);
}

int main(void) {
  static const char *const segments[SEGMENTS] = {"what the first minute holds", "the second", "the third"};
  static const uint8_t id[] = {'m', 'e', 'e', 't', 'i', 'n', 'g', ' ', '7'};
  uint8_t entries[SEGMENTS][ENTRY], state[STATE], public_key[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES];
  uint8_t cose[3405], manifest[3320 + 1 + sizeof id];
  size_t len = 0, state_len = 0;
  pqrtc_signing_key *key = NULL;
  pqrtc_recording_signer *signer = NULL;
  pqrtc_recording_verifier *verifier = NULL;

  must(pqrtc_signing_key_generate(ALGORITHM, &key));
  must(pqrtc_signing_key_public_key(key, public_key, sizeof public_key));

  must(pqrtc_recording_signer_new(key, id, sizeof id, &signer));
  for (uint32_t i = 0; i < SEGMENTS; i++) {
    must(pqrtc_recording_signer_update(signer, (const uint8_t *)segments[i], strlen(segments[i])));
    must(pqrtc_recording_signer_entry(signer, i + 1 == SEGMENTS, entries[i], ENTRY, &len));
    /* The same for those who have a COSE library: RFC 9964. */
    must(pqrtc_recording_signer_cose(signer, cose, sizeof cose, &len));
    /* The entry is stored, and then the state. */
    must(pqrtc_recording_signer_state(signer, state, sizeof state, &state_len));
    if (i == 0) {
      /* The recorder crashes, and its successor goes on. */
      pqrtc_recording_signer_free(signer);
      must(pqrtc_recording_signer_resume(key, id, sizeof id, state, state_len, &signer));
    }
  }

  must(pqrtc_artifact_sign_cose(key, PQRTC_ARTIFACT_RECORDING_MANIFEST, id, sizeof id, manifest, sizeof manifest, &len));

  must(pqrtc_recording_verifier_new(ALGORITHM, public_key, sizeof public_key, id, sizeof id, &verifier));
  must(show(verifier, segments[0], entries[0]));
  /* Somebody has dropped the second segment. */
  pqrtc_status dropped = show(verifier, segments[2], entries[2]);
  must(show(verifier, segments[1], entries[1]));
  pqrtc_status cut_off = pqrtc_recording_verifier_finish(verifier);
  must(show(verifier, segments[2], entries[2]));
  must(pqrtc_recording_verifier_finish(verifier));

  printf("%d segments verified; one dropped: %s; cut off: %s\n", SEGMENTS, pqrtc_status_string(dropped), pqrtc_status_string(cut_off));
  pqrtc_recording_verifier_free(verifier);
  pqrtc_recording_signer_free(signer);
  pqrtc_signing_key_free(key);
  return dropped == PQRTC_OUT_OF_SEQUENCE && cut_off == PQRTC_INCOMPLETE ? 0 : 1;
}
