/* Every size macro equals its function and the figure of the protocol. */
#include "test.h"

#define SIZE(macro, function, bytes)                                           \
  do {                                                                         \
    CHECK(macro == (bytes));                                                   \
    CHECK(function() == (bytes));                                              \
  } while (0)

/* An algorithm that this build does not have says so, and gives nothing. */
#define ALGORITHM(function, number, macro1, bytes1, macro2, bytes2, macro3, bytes3)                                                      \
  do {                                                                                                                                   \
    size_t one = 0, two = 0, three = 0;                                                                                                  \
    pqrtc_status status = function(number, &one, &two, &three);                                                                          \
    CHECK(macro1 == (bytes1) && macro2 == (bytes2) && macro3 == (bytes3));                                                               \
    if (status == PQRTC_UNSUPPORTED) {                                                                                                   \
      CHECK(strcmp(pqrtc_provider(), "pqclean") == 0 && one + two + three == 0);                                                         \
    } else {                                                                                                                             \
      CHECK_OK(status);                                                                                                                  \
      CHECK(one == (bytes1) && two == (bytes2) && three == (bytes3));                                                                    \
    }                                                                                                                                    \
  } while (0)

int main(void) {
  SIZE(PQRTC_KEM_SHARED_SECRET_BYTES, pqrtc_kem_shared_secret_bytes, 32);
  SIZE(PQRTC_FINGERPRINT_BYTES, pqrtc_fingerprint_bytes, 32);
  SIZE(PQRTC_SESSION_KEY_BYTES, pqrtc_session_key_bytes, 32);
  SIZE(PQRTC_SESSION_SEAL_OVERHEAD_BYTES, pqrtc_session_seal_overhead_bytes, 36);
  SIZE(PQRTC_SFRAME_BASE_KEY_BYTES, pqrtc_sframe_base_key_bytes, 32);
  SIZE(PQRTC_SFRAME_MAX_OVERHEAD_BYTES, pqrtc_sframe_max_overhead_bytes, 33);

  /* the same figures for each algorithm and suite */
  ALGORITHM(pqrtc_suite_sizes, PQRTC_SUITE_V100_HYBRID_KX_V1, PQRTC_V100_HYBRID_KX_V1_BUNDLE_BYTES, 1216,
            PQRTC_V100_HYBRID_KX_V1_EXCHANGE_BYTES, 1120, PQRTC_V100_HYBRID_KX_V1_SEED_BYTES, 96);
  ALGORITHM(pqrtc_suite_sizes, PQRTC_SUITE_X_WING, PQRTC_X_WING_BUNDLE_BYTES, 1216, PQRTC_X_WING_EXCHANGE_BYTES, 1120,
            PQRTC_X_WING_SEED_BYTES, 32);
  ALGORITHM(pqrtc_kem_sizes, PQRTC_KEM_ML_KEM_768, PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES, 1184, PQRTC_ML_KEM_768_CIPHERTEXT_BYTES, 1088,
            PQRTC_ML_KEM_768_SEED_BYTES, 64);
  ALGORITHM(pqrtc_kem_sizes, PQRTC_KEM_ML_KEM_1024, PQRTC_ML_KEM_1024_PUBLIC_KEY_BYTES, 1568, PQRTC_ML_KEM_1024_CIPHERTEXT_BYTES, 1568,
            PQRTC_ML_KEM_1024_SEED_BYTES, 64);
  ALGORITHM(pqrtc_signature_sizes, PQRTC_SIGNATURE_ML_DSA_65, PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES, 1952, PQRTC_ML_DSA_65_SIGNATURE_BYTES,
            3309, PQRTC_ML_DSA_65_SEED_BYTES, 32);
  ALGORITHM(pqrtc_signature_sizes, PQRTC_SIGNATURE_ML_DSA_87, PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES, 2592, PQRTC_ML_DSA_87_SIGNATURE_BYTES,
            4627, PQRTC_ML_DSA_87_SEED_BYTES, 32);
  ALGORITHM(pqrtc_signature_sizes, PQRTC_SIGNATURE_ML_DSA_65_ED25519, PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES, 1984,
            PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES, 3373, PQRTC_ML_DSA_65_ED25519_SEED_BYTES, 64);
  CHECK(PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES == 2400 && PQRTC_ML_KEM_1024_EXPANDED_KEY_BYTES == 3168);
  CHECK(PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES == 1116 && PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES == 1596);

  /* what the enumerators are worth on the wire and in other languages */
  CHECK(PQRTC_OK == 0 && PQRTC_NULL_POINTER == 1 && PQRTC_INVALID_LENGTH == 2 && PQRTC_BUFFER_TOO_SMALL == 3);
  CHECK(PQRTC_INVALID_ARGUMENT == 4 && PQRTC_UNSUPPORTED == 5 && PQRTC_INVALID_KEY == 16);
  CHECK(PQRTC_NON_CONTRIBUTORY == 17 && PQRTC_DECRYPTION_FAILED == 18 && PQRTC_BAD_SIGNATURE == 19);
  CHECK(PQRTC_CREDENTIAL_EXPIRED == 32 && PQRTC_CREDENTIAL_REJECTED == 33);
  CHECK(PQRTC_MALFORMED_FRAME == 48 && PQRTC_UNKNOWN_KEY_ID == 49 && PQRTC_REPLAYED_FRAME == 50);
  CHECK(PQRTC_KEY_REUSED == 51 && PQRTC_COUNTER_EXHAUSTED == 52);
  CHECK(PQRTC_RNG_FAILED == 240 && PQRTC_OUT_OF_MEMORY == 241 && PQRTC_INTERNAL == 255);
  CHECK(PQRTC_SUITE_V100_HYBRID_KX_V1 == 1 && PQRTC_SUITE_X_WING == 2);
  CHECK(PQRTC_ARTIFACT_RECORDING_MANIFEST == 1 && PQRTC_ARTIFACT_TRANSCRIPT == 2);
  CHECK(PQRTC_ARTIFACT_SUMMARY == 3 && PQRTC_ARTIFACT_API_KEY_ENVELOPE == 4);
  CHECK(PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80 == 1 && PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_64 == 2);
  CHECK(PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_32 == 3 && PQRTC_SFRAME_AES_128_GCM_SHA256_128 == 4);
  CHECK(PQRTC_SFRAME_AES_256_GCM_SHA512_128 == 5 && PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_80 == 6);
  CHECK(PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_64 == 7 && PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_32 == 8);
  CHECK(PQRTC_KEM_ML_KEM_768 == 1 && PQRTC_KEM_ML_KEM_1024 == 2);
  CHECK(PQRTC_SIGNATURE_ML_DSA_65 == 1 && PQRTC_SIGNATURE_ML_DSA_87 == 2 && PQRTC_SIGNATURE_ML_DSA_65_ED25519 == 3);
  CHECK(PQRTC_SRTP_AES128_CM_HMAC_SHA1_80 == 1 && PQRTC_SRTP_AEAD_AES_128_GCM == 7 && PQRTC_SRTP_AEAD_AES_256_GCM == 8);
  CHECK(PQRTC_CODEC_OPAQUE == 1 && PQRTC_CODEC_OPUS == 2 && PQRTC_CODEC_VP8 == 3 && PQRTC_CODEC_VP9 == 4);
  CHECK(PQRTC_CODEC_H264 == 5 && PQRTC_CODEC_H264_AVCC == 6 && PQRTC_CODEC_H265 == 7 && PQRTC_CODEC_H265_HVCC == 8);
  CHECK(PQRTC_CODEC_AV1 == 9);

  CHECK(sizeof(pqrtc_status) == 4);
  CHECK(pqrtc_abi_version() == 2 && PQRTC_ABI_VERSION == 2);
  CHECK(strcmp(pqrtc_provider(), "aws-lc") == 0 || strcmp(pqrtc_provider(), "pqclean") == 0 || strcmp(pqrtc_provider(), "rustcrypto") == 0);
  CHECK(strchr(pqrtc_version(), '.') != NULL);
  for (uint32_t code = 0; code < 300; code++) {
    CHECK(pqrtc_status_string(code) != NULL && *pqrtc_status_string(code) != '\0');
  }
  CHECK(*pqrtc_status_string(UINT32_MAX) != '\0');
  CHECK_OK(pqrtc_self_test());
  return test_end("sizes");
}
