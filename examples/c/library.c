/* At start-up: is the library the one that the program was compiled for, and does it work? And sizes, for code that does not know the algorithm. */
#include <pqrtc.h>

#include <stdio.h>

int main(void) {
  if (pqrtc_abi_version() != PQRTC_ABI_VERSION) return fprintf(stderr, "header and library are of different releases\n"), 1;
  if (pqrtc_self_test() != PQRTC_OK) return fprintf(stderr, "the library does not work on this machine\n"), 1;
  printf("pqrtc %s, provider %s\n", pqrtc_version(), pqrtc_provider());

  size_t public_key = 0, ciphertext = 0, signature = 0, seed = 0, bundle = 0, exchange = 0;
  if (pqrtc_kem_sizes(PQRTC_KEM_ML_KEM_1024, &public_key, &ciphertext, &seed) == PQRTC_OK)
    printf("ML-KEM-1024: public key %zu, ciphertext %zu, seed %zu\n", public_key, ciphertext, seed);
  if (pqrtc_signature_sizes(PQRTC_SIGNATURE_ML_DSA_87, &public_key, &signature, &seed) == PQRTC_OK)
    printf("ML-DSA-87: public key %zu, signature %zu, seed %zu\n", public_key, signature, seed);
  if (pqrtc_suite_sizes(PQRTC_SUITE_X_WING, &bundle, &exchange, &seed) == PQRTC_OK)
    printf("X-Wing: bundle %zu, exchange message %zu, seed %zu\n", bundle, exchange, seed);

  /* Where macros are not to be had, as in bindings, the fixed sizes are functions. */
  return pqrtc_kem_shared_secret_bytes() == PQRTC_KEM_SHARED_SECRET_BYTES && pqrtc_fingerprint_bytes() == PQRTC_FINGERPRINT_BYTES &&
                 pqrtc_session_key_bytes() == PQRTC_SESSION_KEY_BYTES && pqrtc_session_seal_overhead_bytes() == PQRTC_SESSION_SEAL_OVERHEAD_BYTES &&
                 pqrtc_sframe_base_key_bytes() == PQRTC_SFRAME_BASE_KEY_BYTES && pqrtc_sframe_max_overhead_bytes() == PQRTC_SFRAME_MAX_OVERHEAD_BYTES
             ? 0
             : 1;
}
