/* Every size macro equals its function and the figure of the protocol. */
#include "test.h"

#define SIZE(macro, function, bytes)                                           \
  do {                                                                         \
    CHECK(macro == (bytes));                                                   \
    CHECK(function() == (bytes));                                              \
  } while (0)

int main(void) {
  SIZE(PQRTC_KEM_PUBLIC_KEY_BYTES, pqrtc_kem_public_key_bytes, 1184);
  SIZE(PQRTC_KEM_CIPHERTEXT_BYTES, pqrtc_kem_ciphertext_bytes, 1088);
  SIZE(PQRTC_KEM_SHARED_SECRET_BYTES, pqrtc_kem_shared_secret_bytes, 32);
  SIZE(PQRTC_KEM_SEED_BYTES, pqrtc_kem_seed_bytes, 64);
  SIZE(PQRTC_KEM_EXPANDED_KEY_BYTES, pqrtc_kem_expanded_key_bytes, 2400);
  SIZE(PQRTC_HYBRID_BUNDLE_BYTES, pqrtc_hybrid_bundle_bytes, 1216);
  SIZE(PQRTC_HYBRID_EXCHANGE_BYTES, pqrtc_hybrid_exchange_bytes, 1120);
  SIZE(PQRTC_SESSION_KEY_BYTES, pqrtc_session_key_bytes, 32);
  SIZE(PQRTC_SESSION_SEAL_OVERHEAD_BYTES, pqrtc_session_seal_overhead_bytes, 36);
  SIZE(PQRTC_TURN_WRAP_OVERHEAD_BYTES, pqrtc_turn_wrap_overhead_bytes, 1116);
  SIZE(PQRTC_SIGNING_PUBLIC_KEY_BYTES, pqrtc_signing_public_key_bytes, 1952);
  SIZE(PQRTC_SIGNING_SEED_BYTES, pqrtc_signing_seed_bytes, 32);
  SIZE(PQRTC_SIGNATURE_BYTES, pqrtc_signature_bytes, 3309);
  SIZE(PQRTC_SFRAME_MAX_OVERHEAD_BYTES, pqrtc_sframe_max_overhead_bytes, 33);

  /* the same figures for each suite; any of the outputs may not be NULL */
  size_t bundle = 0, exchange = 0, seed = 0;
  CHECK_OK(pqrtc_suite_sizes(PQRTC_SUITE_V100_HYBRID_KX_V1, &bundle, &exchange, &seed));
  CHECK(bundle == 1216 && exchange == 1120 && seed == 96);
  CHECK_OK(pqrtc_suite_sizes(PQRTC_SUITE_X_WING, &bundle, &exchange, &seed));
  CHECK(bundle == 1216 && exchange == 1120 && seed == 32);

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
  CHECK(PQRTC_SFRAME_AES_256_GCM_SHA512_128 == 5);
  CHECK(PQRTC_SRTP_AES128_CM_HMAC_SHA1_80 == 1 && PQRTC_SRTP_AEAD_AES_128_GCM == 7 && PQRTC_SRTP_AEAD_AES_256_GCM == 8);
  CHECK(PQRTC_CODEC_OPAQUE == 1 && PQRTC_CODEC_OPUS == 2 && PQRTC_CODEC_VP8 == 3 && PQRTC_CODEC_VP9 == 4);
  CHECK(PQRTC_CODEC_H264 == 5 && PQRTC_CODEC_H264_AVCC == 6 && PQRTC_CODEC_H265 == 7 && PQRTC_CODEC_H265_HVCC == 8);
  CHECK(PQRTC_CODEC_AV1 == 9);

  CHECK(sizeof(pqrtc_status) == 4);
  CHECK(pqrtc_abi_version() == 1);
  CHECK(strcmp(pqrtc_provider(), "aws-lc") == 0 || strcmp(pqrtc_provider(), "pqclean") == 0);
  CHECK(strchr(pqrtc_version(), '.') != NULL);
  for (uint32_t code = 0; code < 300; code++) {
    CHECK(pqrtc_status_string(code) != NULL && *pqrtc_status_string(code) != '\0');
  }
  CHECK(*pqrtc_status_string(UINT32_MAX) != '\0');
  CHECK_OK(pqrtc_self_test());
  return test_end("sizes");
}
