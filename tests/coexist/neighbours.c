/* One process with libpqrtc, OpenSSL, libsodium, a second Rust library, and the program's own functions under names that PQClean and
 * the pqcrypto crates use. Each must go on giving its own results, in whatever order they are called. */
#include "exercise.h"

#include <openssl/evp.h>
#include <sodium.h>

uint32_t second_exercise(uint32_t n);

/* Whoever called these instead of its own would get nonsense: fixed "randomness", and hashes that hash nothing. */
static int strangers;
int PQCRYPTO_RUST_randombytes(uint8_t *out, size_t n) { return strangers++, memset(out, 7, n), 0; }
void shake256(uint8_t *out, size_t n, const uint8_t *in, size_t len) { strangers++, (void)in, (void)len, memset(out, 0, n); }
void sha3_256(uint8_t *out, const uint8_t *in, size_t len) { strangers++, (void)in, (void)len, memset(out, 0, 32); }
void sha3_512(uint8_t *out, const uint8_t *in, size_t len) { strangers++, (void)in, (void)len, memset(out, 0, 64); }

static void openssl(void) {
  const uint8_t abc[] = {'a', 'b', 'c'}, expected[] = {0x3a, 0x98, 0x5d, 0xa7, 0x4f, 0xe2, 0x25, 0xb2};
  uint8_t digest[32];
  unsigned n = 0;
  CHECK(EVP_Digest(abc, sizeof abc, digest, &n, EVP_sha3_256(), NULL) == 1 && n == 32 && memcmp(digest, expected, sizeof expected) == 0);
  EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
  CHECK(key != NULL);
  EVP_PKEY_free(key);
}

static void libsodium(void) {
  uint8_t pk[crypto_sign_PUBLICKEYBYTES], sk[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
  CHECK(sodium_init() >= 0);
  CHECK(crypto_sign_keypair(pk, sk) == 0 && crypto_sign_detached(sig, NULL, pk, sizeof pk, sk) == 0);
  CHECK(crypto_sign_verify_detached(sig, pk, sizeof pk, pk) == 0);
}

static void second_rust(void) { CHECK(second_exercise(4) == 1 + 0 + 1 + 4 + 9); }

int main(void) {
  void (*parties[])(void) = {exercise, openssl, libsodium, second_rust};
  for (int first = 0; first < 4; first++)
    for (int next = 0; next < 4; next++) parties[first](), parties[next]();

  uint8_t a[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], b[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES];
  pqrtc_kem_keypair *one = NULL, *two = NULL;
  CHECK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &one) == PQRTC_OK && pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &two) == PQRTC_OK);
  CHECK(pqrtc_kem_keypair_public_key(one, a, sizeof a) == PQRTC_OK && pqrtc_kem_keypair_public_key(two, b, sizeof b) == PQRTC_OK);
  CHECK(memcmp(a, b, sizeof a) != 0);
  pqrtc_kem_keypair_free(one);
  pqrtc_kem_keypair_free(two);
  CHECK(strangers == 0);
  return 0;
}
