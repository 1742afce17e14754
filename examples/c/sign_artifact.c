/* Signing a file of any size: FILE in, FILE.sig and FILE.pub out, verified by reading all three again.
 *   sign_artifact recording.json
 * A real service keeps the key (pqrtc_signing_key_seed, 32 bytes) and publishes FILE.pub once. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

static FILE *file(const char *path, const char *suffix, const char *mode) {
  char name[4096];
  snprintf(name, sizeof name, "%s%s", path, suffix);
  FILE *f = fopen(name, mode);
  if (f == NULL) perror(name), exit(1);
  return f;
}

static void save(const char *path, const char *suffix, const uint8_t *data, size_t n) {
  FILE *f = file(path, suffix, "wb");
  if (fwrite(data, 1, n, f) != n || fclose(f) != 0) perror(path), exit(1);
}

static void load(const char *path, const char *suffix, uint8_t *data, size_t n) {
  FILE *f = file(path, suffix, "rb");
  if (fread(data, 1, n, f) != n) fprintf(stderr, "%s%s: too short\n", path, suffix), exit(1);
  fclose(f);
}

/* The content goes through in pieces: memory does not grow with the file. */
static pqrtc_artifact_hasher *hash(const char *path) {
  static uint8_t piece[1 << 16];
  pqrtc_artifact_hasher *hasher = NULL;
  must(pqrtc_artifact_hasher_new(PQRTC_ARTIFACT_RECORDING_MANIFEST, &hasher));
  FILE *f = file(path, "", "rb");
  for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) must(pqrtc_artifact_hasher_update(hasher, piece, n));
  if (ferror(f)) perror(path), exit(1);
  fclose(f);
  return hasher;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: %s FILE\n", argv[0]), 2;
  const char *path = argv[1];
  uint8_t pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], sig[PQRTC_ML_DSA_65_SIGNATURE_BYTES];

  pqrtc_signing_key *key = NULL;
  must(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key));
  must(pqrtc_signing_key_public_key(key, pk, sizeof pk));
  pqrtc_artifact_hasher *hasher = hash(path);
  must(pqrtc_artifact_hasher_sign(hasher, key, sig, sizeof sig));
  save(path, ".pub", pk, sizeof pk);
  save(path, ".sig", sig, sizeof sig);
  pqrtc_artifact_hasher_free(hasher);
  pqrtc_signing_key_free(key);

  load(path, ".pub", pk, sizeof pk);
  load(path, ".sig", sig, sizeof sig);
  hasher = hash(path);
  must(pqrtc_artifact_hasher_verify(hasher, PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, sig, sizeof sig));
  pqrtc_artifact_hasher_free(hasher);

  printf("%s: signature of %zu bytes verified\n", path, sizeof sig);
  return 0;
}
