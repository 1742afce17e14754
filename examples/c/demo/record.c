/* The recorder: signs a manifest, and a recording that does not fit in memory. usage: record MANIFEST RECORDING
   The recording is made on the spot; the caller removes it. */
#include "demo.h"
#include <sys/resource.h>

#define RECORDING ((size_t)256 << 20)
static uint8_t block[1 << 20];

/* 256 MiB that look like media and are the same each time (the hashes in the manifest are those of its four segments). */
static void make_recording(const char *path) {
  FILE *file = fopen(path, "wb");
  uint64_t state = 20261124;
  REQUIRE(file != NULL);
  for (size_t done = 0; done < RECORDING; done += sizeof block) {
    for (size_t i = 0; i < sizeof block; i += 8) {
      uint64_t z = state += 0x9e3779b97f4a7c15u; /* splitmix64, in little-endian bytes */
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      z ^= z >> 31;
      for (size_t b = 0; b < 8; b++) {
        block[i + b] = (uint8_t)(z >> 8 * b);
      }
    }
    REQUIRE(fwrite(block, 1, sizeof block, file) == sizeof block);
  }
  REQUIRE(fclose(file) == 0);
}

/* Feeds the file to a new hasher, a block at a time. */
static pqrtc_artifact_hasher *hash_file(const char *path) {
  pqrtc_artifact_hasher *hasher = NULL;
  FILE *file = fopen(path, "rb");
  size_t len;
  REQUIRE(file != NULL);
  MUST(pqrtc_artifact_hasher_new(PQRTC_ARTIFACT_RECORDING_MANIFEST, &hasher));
  while ((len = fread(block, 1, sizeof block, file)) > 0) {
    MUST(pqrtc_artifact_hasher_update(hasher, block, len));
  }
  fclose(file);
  return hasher;
}

static void sign_manifest(const pqrtc_signing_key *key, const uint8_t *pk, size_t pk_len, const char *path) {
  static uint8_t manifest[1 << 16];
  uint8_t signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
  double us;
  FILE *file = fopen(path, "rb");
  REQUIRE(file != NULL);
  size_t len = fread(manifest, 1, sizeof manifest, file);
  fclose(file);
  REQUIRE(len > 0 && len < sizeof manifest);

  row("recorder", len, 0, 0, "recording-manifest.json");
#define SIGN() pqrtc_artifact_sign(key, PQRTC_ARTIFACT_RECORDING_MANIFEST, manifest, len, signature, sizeof signature)
#define VERIFY(kind) pqrtc_artifact_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, pk_len, kind, manifest, len, signature, sizeof signature)
  MEDIAN(us, MUST(SIGN()));
  row("recorder", sizeof signature, 3309, us, "signs it (ML-DSA-65)");
  MEDIAN(us, MUST(VERIFY(PQRTC_ARTIFACT_RECORDING_MANIFEST)));
  row("anyone", 0, 0, us, "verifies it");
  manifest[len / 2] ^= 1;
  MUST_GIVE(VERIFY(PQRTC_ARTIFACT_RECORDING_MANIFEST), PQRTC_BAD_SIGNATURE);
  row("anyone", 0, 0, 0, "one byte altered: refused");
  manifest[len / 2] ^= 1;
  MUST_GIVE(VERIFY(PQRTC_ARTIFACT_TRANSCRIPT), PQRTC_BAD_SIGNATURE);
  row("anyone", 0, 0, 0, "passed off as a transcript: refused");
}

static void sign_recording(const pqrtc_signing_key *key, const uint8_t *pk, size_t pk_len, const char *path) {
  uint8_t signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
  struct rusage usage;
  make_recording(path);

  double start = now_us();
  pqrtc_artifact_hasher *hasher = hash_file(path);
  MUST(pqrtc_artifact_hasher_sign(hasher, key, signature, sizeof signature));
  double us = now_us() - start;
  row("recorder", RECORDING, 0, us, "signs a recording by streaming, %.2f GB/s", (double)RECORDING / us / 1e3);
  pqrtc_artifact_hasher_free(hasher);

  start = now_us();
  hasher = hash_file(path);
  MUST(pqrtc_artifact_hasher_verify(hasher, PQRTC_SIGNATURE_ML_DSA_65, pk, pk_len, signature, sizeof signature));
  row("anyone", 0, 0, now_us() - start, "verifies it by streaming");
  pqrtc_artifact_hasher_free(hasher);

  FILE *file = fopen(path, "r+b");
  REQUIRE(file != NULL && fseek(file, 200000001, SEEK_SET) == 0);
  int byte = fgetc(file);
  REQUIRE(byte != EOF && fseek(file, 200000001, SEEK_SET) == 0 && fputc(byte ^ 1, file) != EOF && fclose(file) == 0);
  hasher = hash_file(path);
  MUST_GIVE(pqrtc_artifact_hasher_verify(hasher, PQRTC_SIGNATURE_ML_DSA_65, pk, pk_len, signature, sizeof signature), PQRTC_BAD_SIGNATURE);
  row("anyone", 0, 0, 0, "byte 200,000,001 altered: refused");
  pqrtc_artifact_hasher_free(hasher);

  REQUIRE(getrusage(RUSAGE_SELF, &usage) == 0);
  row("recorder", (size_t)usage.ru_maxrss * 1024, 0, 0, "peak memory of this process");
  REQUIRE(usage.ru_maxrss < 64 * 1024);
}

int main(int argc, char **argv) {
  uint8_t pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES];
  pqrtc_signing_key *key = NULL;
  double us;
  if (argc != 3) {
    stop("usage", "record MANIFEST RECORDING");
  }
  heading("Recording");
  MEDIAN(us, pqrtc_signing_key_free(key); MUST(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key)));
  MUST(pqrtc_signing_key_public_key(key, pk, sizeof pk));
  row("recorder", sizeof pk, 1952, us, "makes a signing key, publishes the public half");
  sign_manifest(key, pk, sizeof pk, argv[1]);
  sign_recording(key, pk, sizeof pk, argv[2]);
  pqrtc_signing_key_free(key);
  return 0;
}
