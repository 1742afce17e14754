/* Keys that outlive the process: as seeds, and as the files that other software reads (PKCS#8 and SubjectPublicKeyInfo, DER or PEM). */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNING = PQRTC_SIGNATURE_ML_DSA_65_ED25519, KEM = PQRTC_KEM_ML_KEM_768, FILE_MAX = 8192 };

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

static void signing_key(void) {
  pqrtc_signing_key *key = NULL, *again = NULL;
  uint8_t seed[PQRTC_ML_DSA_65_ED25519_SEED_BYTES], public_key[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES], file[FILE_MAX], raw[FILE_MAX];
  uint8_t signature[PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES];
  size_t file_len = 0, raw_len = 0;
  uint32_t algorithm = 0;
  must(pqrtc_signing_key_generate(SIGNING, &key));
  must(pqrtc_signing_key_algorithm(key, &algorithm));
  must(pqrtc_signing_key_public_key(key, public_key, sizeof public_key));

  /* A seed is the smallest form. What was made of it is the same key. */
  must(pqrtc_signing_key_seed(key, seed, sizeof seed));
  must(pqrtc_signing_key_from_seed(algorithm, seed, sizeof seed, &again));
  pqrtc_cleanse(seed, sizeof seed);
  must(pqrtc_sign(again, (const uint8_t *)"my app", 6, (const uint8_t *)"hello", 5, signature, sizeof signature));
  must(pqrtc_verify(algorithm, public_key, sizeof public_key, (const uint8_t *)"my app", 6, (const uint8_t *)"hello", 5, signature, sizeof signature));
  pqrtc_signing_key_free(again);

  /* A private key as a PEM file, and back. Store it readable by its owner alone. */
  must(pqrtc_signing_key_export(key, PQRTC_FORMAT_PEM, file, sizeof file, &file_len));
  must(pqrtc_signing_key_import(file, file_len, &again));
  pqrtc_cleanse(file, sizeof file);

  /* The public key, for those who verify. */
  must(pqrtc_public_key_export(algorithm, public_key, sizeof public_key, PQRTC_FORMAT_PEM, file, sizeof file, &file_len));
  must(pqrtc_public_key_import(file, file_len, &algorithm, raw, sizeof raw, &raw_len));
  if (algorithm != SIGNING || raw_len != sizeof public_key || memcmp(raw, public_key, raw_len) != 0) exit(1);
  printf("signing key: public key of %zu bytes, %zu as PEM\n", sizeof public_key, file_len);
  pqrtc_signing_key_free(again);
  pqrtc_signing_key_free(key);
}

static void kem_keypair(void) {
  pqrtc_kem_keypair *pair = NULL, *again = NULL;
  uint8_t seed[PQRTC_ML_KEM_768_SEED_BYTES], ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], ct[PQRTC_ML_KEM_768_CIPHERTEXT_BYTES];
  uint8_t sent[PQRTC_KEM_SHARED_SECRET_BYTES], received[PQRTC_KEM_SHARED_SECRET_BYTES], file[FILE_MAX];
  size_t file_len = 0;
  uint32_t algorithm = 0;
  must(pqrtc_kem_keypair_generate(KEM, &pair));
  must(pqrtc_kem_keypair_algorithm(pair, &algorithm));
  must(pqrtc_kem_keypair_public_key(pair, ek, sizeof ek));
  must(pqrtc_kem_encapsulate(algorithm, ek, sizeof ek, ct, sizeof ct, sent, sizeof sent));

  must(pqrtc_kem_keypair_seed(pair, seed, sizeof seed));
  must(pqrtc_kem_keypair_from_seed(algorithm, seed, sizeof seed, &again));
  pqrtc_cleanse(seed, sizeof seed);
  must(pqrtc_kem_decapsulate(again, ct, sizeof ct, received, sizeof received));
  if (memcmp(sent, received, sizeof sent) != 0) exit(1);
  pqrtc_kem_keypair_free(again);

  must(pqrtc_kem_keypair_export(pair, PQRTC_FORMAT_DER, file, sizeof file, &file_len));
  must(pqrtc_kem_keypair_import(file, file_len, &again));
  pqrtc_cleanse(file, sizeof file);
  pqrtc_kem_keypair_free(again);

  /* Software that keeps ML-KEM keys in expanded form has the bytes; those that fail the hash check of FIPS 203 are refused. */
  uint8_t expanded[PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES] = {0};
  pqrtc_status status = pqrtc_kem_keypair_from_expanded(algorithm, expanded, sizeof expanded, &again);
  printf("key pair: %zu bytes as DER; an expanded key of zeros: %s\n", file_len, pqrtc_status_string(status));
  if (status != PQRTC_INVALID_KEY) exit(1);
  pqrtc_kem_keypair_free(pair);
}

static void hybrid_keypair(void) {
  pqrtc_hybrid_keypair *pair = NULL, *again = NULL;
  uint8_t seed[PQRTC_X_WING_SEED_BYTES], bundle[PQRTC_X_WING_BUNDLE_BYTES], other[PQRTC_X_WING_BUNDLE_BYTES];
  uint32_t suite = 0;
  must(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &pair));
  must(pqrtc_hybrid_keypair_suite(pair, &suite));
  must(pqrtc_hybrid_keypair_seed(pair, seed, sizeof seed));
  must(pqrtc_hybrid_keypair_from_seed(suite, seed, sizeof seed, &again));
  pqrtc_cleanse(seed, sizeof seed);
  must(pqrtc_hybrid_keypair_bundle(pair, bundle, sizeof bundle));
  must(pqrtc_hybrid_keypair_bundle(again, other, sizeof other));
  if (memcmp(bundle, other, sizeof bundle) != 0) exit(1);
  printf("hybrid key pair: a seed of %zu bytes\n", sizeof seed);
  pqrtc_hybrid_keypair_free(again);
  pqrtc_hybrid_keypair_free(pair);
}

int main(void) {
  signing_key();
  kem_keypair();
  hybrid_keypair();
  return 0;
}
