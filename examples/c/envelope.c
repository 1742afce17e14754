/* Envelopes: a payload for the holder of a key, in one message. The issuer signs one that carries an API key. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ISSUER = PQRTC_SIGNATURE_ML_DSA_65_ED25519 };

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

int main(void) {
  /* What the envelope is for. Both sides give the same bytes; docs/envelopes.md has the formats for TURN credentials and API keys. */
  static const uint8_t info[] = "my app: settings, v1", payload[] = "a secret for one recipient";
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], envelope[1136 + sizeof payload], opened[sizeof payload];
  uint8_t issuer_key[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES], signature[PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES];
  size_t len = 0, opened_len = 0;
  pqrtc_hybrid_keypair *recipient = NULL;
  pqrtc_signing_key *issuer = NULL;

  must(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &recipient));
  must(pqrtc_hybrid_keypair_bundle(recipient, bundle, sizeof bundle));
  must(pqrtc_signing_key_generate(ISSUER, &issuer));
  must(pqrtc_signing_key_public_key(issuer, issuer_key, sizeof issuer_key));

  /* The issuer has the recipient's bundle. Suite 1 is X-Wing. */
  must(pqrtc_envelope_seal(1, bundle, sizeof bundle, info, sizeof info, payload, sizeof payload, envelope, sizeof envelope, &len));
  must(pqrtc_envelope_sign(issuer, info, sizeof info, envelope, len, signature, sizeof signature));

  /* The recipient verifies before it opens. */
  must(pqrtc_envelope_verify(ISSUER, issuer_key, sizeof issuer_key, info, sizeof info, envelope, len, signature, sizeof signature));
  must(pqrtc_envelope_open(recipient, NULL, info, sizeof info, envelope, len, opened, sizeof opened, &opened_len));
  if (opened_len != sizeof payload || memcmp(opened, payload, opened_len) != 0) return 1;

  /* Under another context it does not open. */
  pqrtc_status elsewhere = pqrtc_envelope_open(recipient, NULL, info, 6, envelope, len, opened, sizeof opened, &opened_len);
  printf("%zu bytes in an envelope of %zu; under another context: %s\n", sizeof payload, len, pqrtc_status_string(elsewhere));
  pqrtc_signing_key_free(issuer);
  pqrtc_hybrid_keypair_free(recipient);
  return elsewhere == PQRTC_DECRYPTION_FAILED ? 0 : 1;
}
