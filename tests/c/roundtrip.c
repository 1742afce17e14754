/* The main jobs, there and back: what goes in comes out, what was altered does not, and keys of different purposes differ. */
#include "test.h"

static const uint8_t text[] = "The minutes of the meeting of 12 March, as agreed by all who were there.";

static void kem(void) {
  uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], again[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], ct[PQRTC_ML_KEM_768_CIPHERTEXT_BYTES], ss[32], peer[32];
  uint8_t seed[PQRTC_ML_KEM_768_SEED_BYTES];
  pqrtc_kem_keypair *keys = NULL, *same = NULL, *other = NULL;
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &keys));
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &other));
  CHECK_OK(pqrtc_kem_keypair_public_key(keys, ek, sizeof ek));
  CHECK_OK(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, ct, sizeof ct, ss, sizeof ss));
  CHECK_OK(pqrtc_kem_decapsulate(keys, ct, sizeof ct, peer, sizeof peer));
  CHECK_SAME(ss, peer, 32);

  CHECK_OK(pqrtc_kem_keypair_seed(keys, seed, sizeof seed));
  CHECK_OK(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, seed, sizeof seed, &same));
  CHECK_OK(pqrtc_kem_keypair_public_key(same, again, sizeof again));
  CHECK_SAME(ek, again, sizeof ek);

  /* implicit rejection: another key or an altered ciphertext is no error and gives another secret, the same each time */
  CHECK_OK(pqrtc_kem_decapsulate(other, ct, sizeof ct, peer, sizeof peer));
  CHECK_DIFFER(ss, peer, 32);
  ct[500] ^= 1;
  CHECK_OK(pqrtc_kem_decapsulate(keys, ct, sizeof ct, peer, sizeof peer));
  CHECK_DIFFER(ss, peer, 32);
  CHECK_OK(pqrtc_kem_decapsulate(same, ct, sizeof ct, ss, sizeof ss));
  CHECK_SAME(ss, peer, 32);
  pqrtc_kem_keypair_free(keys);
  pqrtc_kem_keypair_free(same);
  pqrtc_kem_keypair_free(other);
}

static void hybrid(uint32_t suite) {
  size_t bundle_len, exchange_len, seed_len;
  CHECK_OK(pqrtc_suite_sizes(suite, &bundle_len, &exchange_len, &seed_len));
  uint8_t *bundle = test_alloc(bundle_len), *exchange = test_alloc(exchange_len), *seed = test_alloc(seed_len);
  uint8_t *again = test_alloc(bundle_len), key[32], peer[32];
  pqrtc_hybrid_keypair *keys = NULL, *same = NULL;
  pqrtc_session *initiator = NULL, *responder = NULL;
  CHECK_OK(pqrtc_hybrid_keypair_generate(suite, &keys));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(keys, bundle, bundle_len));
  CHECK_OK(pqrtc_hybrid_keypair_seed(keys, seed, seed_len));
  CHECK_OK(pqrtc_hybrid_keypair_from_seed(suite, seed, seed_len, &same));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(same, again, bundle_len));
  CHECK_SAME(bundle, again, bundle_len);

  CHECK_OK(pqrtc_hybrid_initiate(suite, bundle, bundle_len, exchange, exchange_len, &initiator));
  CHECK_OK(pqrtc_hybrid_respond(same, exchange, exchange_len, &responder));
  CHECK_OK(pqrtc_session_key(initiator, key, sizeof key));
  CHECK_OK(pqrtc_session_key(responder, peer, sizeof peer));
  CHECK_SAME(key, peer, 32);
  pqrtc_session_free(responder);

  /* one bit anywhere on the way, and the peer has another key */
  exchange[40] ^= 1;
  CHECK_OK(pqrtc_hybrid_respond(keys, exchange, exchange_len, &responder));
  CHECK_OK(pqrtc_session_key(responder, peer, sizeof peer));
  CHECK_DIFFER(key, peer, 32);
  pqrtc_session_free(responder);
  pqrtc_session_free(initiator);

  /* two sessions with one bundle differ */
  CHECK_OK(pqrtc_hybrid_initiate(suite, bundle, bundle_len, exchange, exchange_len, &initiator));
  CHECK_OK(pqrtc_session_key(initiator, peer, sizeof peer));
  CHECK_DIFFER(key, peer, 32);
  pqrtc_session_free(initiator);
  pqrtc_hybrid_keypair_free(keys);
  pqrtc_hybrid_keypair_free(same);
  free(bundle);
  free(exchange);
  free(seed);
  free(again);
}

static void session(uint32_t suite) {
  struct test_pair pair = test_exchange(suite), other = test_exchange(suite);
  uint8_t a[88], b[88];
  size_t len = 0;
#define EXPORT(s, label, context, out)                                         \
  CHECK_OK(pqrtc_session_export(s, (const uint8_t *)label, sizeof label - 1, (const uint8_t *)context, sizeof context - 1, out, 64))
  EXPORT(pair.initiator, "recorder", "room 5", a);
  EXPORT(pair.responder, "recorder", "room 5", b);
  CHECK_SAME(a, b, 64);
  EXPORT(pair.initiator, "recorder", "room 6", b);
  CHECK_DIFFER(a, b, 64);
  EXPORT(pair.initiator, "recorde", "rroom 5", b);
  CHECK_DIFFER(a, b, 64);
  EXPORT(other.initiator, "recorder", "room 5", b);
  CHECK_DIFFER(a, b, 64);
  CHECK_OK(pqrtc_session_export(pair.initiator, (const uint8_t *)"recorder", 8, (const uint8_t *)"room 5", 6, b, 32));
  CHECK_DIFFER(a, b, 32);

  static const uint32_t profiles[] = {PQRTC_SRTP_AES128_CM_HMAC_SHA1_80, PQRTC_SRTP_AEAD_AES_128_GCM, PQRTC_SRTP_AEAD_AES_256_GCM};
  static const size_t lengths[] = {60, 56, 88};
  for (int i = 0; i < 3; i++) {
    CHECK_STATUS(pqrtc_session_srtp_keys(pair.initiator, profiles[i], NULL, 0, &len), PQRTC_BUFFER_TOO_SMALL);
    CHECK(len == lengths[i]);
    CHECK_OK(pqrtc_session_srtp_keys(pair.initiator, profiles[i], a, sizeof a, &len));
    CHECK(len == lengths[i]);
    CHECK_OK(pqrtc_session_srtp_keys(pair.responder, profiles[i], b, sizeof b, &len));
    CHECK_SAME(a, b, lengths[i]);
  }

  /* messages, both ways, reordered, each once, to nobody else */
  uint8_t first[sizeof text + 36], second[sizeof text + 36], back[36], out[sizeof text];
  CHECK_OK(pqrtc_session_seal(pair.initiator, text, 3, text, sizeof text, first, sizeof first, &len));
  CHECK(len == sizeof first);
  CHECK_OK(pqrtc_session_seal(pair.initiator, text, 3, text, sizeof text, second, sizeof second, &len));
  CHECK_OK(pqrtc_session_seal(pair.responder, NULL, 0, NULL, 0, back, sizeof back, &len));
  CHECK_STATUS(pqrtc_session_open(pair.initiator, text, 3, first, sizeof first, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  CHECK_STATUS(pqrtc_session_open(other.responder, text, 3, first, sizeof first, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  CHECK_STATUS(pqrtc_session_open(pair.responder, text, 4, first, sizeof first, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  CHECK_OK(pqrtc_session_open(pair.responder, text, 3, second, sizeof second, out, sizeof out, &len));
  CHECK(len == sizeof text);
  CHECK_SAME(out, text, sizeof text);
  CHECK_OK(pqrtc_session_open(pair.responder, text, 3, first, sizeof first, out, sizeof out, &len));
  CHECK_STATUS(pqrtc_session_open(pair.responder, text, 3, first, sizeof first, out, sizeof out, &len), PQRTC_REPLAYED_FRAME);
  CHECK_OK(pqrtc_session_open(pair.initiator, NULL, 0, back, sizeof back, out, sizeof out, &len));
  CHECK(len == 0);
  test_pair_free(pair);
  test_pair_free(other);
}

static void turn(void) {
  static const uint8_t secret[] = "north";
  char username[64], password[64];
  size_t username_len, password_len, len;
  CHECK_OK(pqrtc_turn_credential_mint(secret, 5, "alice", 5, 2000000000, username, sizeof username, &username_len, password,
                                      sizeof password, &password_len));
  CHECK(username_len == 16 && memcmp(username, "2000000000:alice", 16) == 0);
  CHECK(password_len == 28);
#define VERIFY(now) pqrtc_turn_credential_verify(secret, 5, username, username_len, password, password_len, now)
  CHECK_OK(VERIFY(1999999999));
  CHECK_STATUS(VERIFY(2000000000), PQRTC_CREDENTIAL_EXPIRED);
  CHECK_STATUS(pqrtc_turn_credential_verify(secret, 4, username, username_len, password, password_len, 1), PQRTC_CREDENTIAL_REJECTED);
  CHECK_STATUS(pqrtc_turn_credential_verify(secret, 5, username, username_len, password, 27, 1), PQRTC_CREDENTIAL_REJECTED);
  CHECK_STATUS(pqrtc_turn_credential_verify(secret, 5, username + 10, 6, password, password_len, 1), PQRTC_CREDENTIAL_REJECTED);
  CHECK_STATUS(pqrtc_turn_credential_mint(secret, 5, "a\0b", 3, 1, username, sizeof username, &username_len, password,
                                          sizeof password, &password_len), PQRTC_INVALID_ARGUMENT);
  CHECK_OK(pqrtc_turn_credential_mint(secret, 5, NULL, 0, 7, username, sizeof username, &username_len, password, sizeof password, &password_len));
  CHECK(username_len == 1 && username[0] == '7');

  uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], wrapped[sizeof text + PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES], twice[sizeof wrapped], out[sizeof text];
  pqrtc_kem_keypair *keys = NULL, *other = NULL;
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &keys));
  CHECK_OK(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &other));
  CHECK_OK(pqrtc_kem_keypair_public_key(keys, ek, sizeof ek));
  CHECK_OK(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, text, sizeof text, wrapped, sizeof wrapped, &len));
  CHECK(len == sizeof wrapped);
  CHECK_OK(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, text, sizeof text, twice, sizeof twice, &len));
  CHECK_DIFFER(wrapped, twice, sizeof wrapped);
  CHECK_STATUS(pqrtc_turn_unwrap(other, wrapped, sizeof wrapped, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  CHECK(test_clean(out, 0));
  CHECK_OK(pqrtc_turn_unwrap(keys, wrapped, sizeof wrapped, out, sizeof out, &len));
  CHECK(len == sizeof text);
  CHECK_SAME(out, text, sizeof text);
  for (size_t i = 0; i < sizeof wrapped; i += 50) {
    wrapped[i] ^= 0x10;
    CHECK_STATUS(pqrtc_turn_unwrap(keys, wrapped, sizeof wrapped, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
    wrapped[i] ^= 0x10;
  }
  pqrtc_kem_keypair_free(keys);
  pqrtc_kem_keypair_free(other);
}

static void signatures(void) {
  uint8_t seed[32], pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], again[sizeof pk], sig[PQRTC_ML_DSA_65_SIGNATURE_BYTES], hedged[sizeof sig];
  pqrtc_signing_key *key = NULL, *same = NULL;
  pqrtc_artifact_hasher *hasher = NULL;
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key));
  CHECK_OK(pqrtc_signing_key_seed(key, seed, sizeof seed));
  CHECK_OK(pqrtc_signing_key_from_seed(PQRTC_SIGNATURE_ML_DSA_65, seed, sizeof seed, &same));
  CHECK_OK(pqrtc_signing_key_public_key(key, pk, sizeof pk));
  CHECK_OK(pqrtc_signing_key_public_key(same, again, sizeof again));
  CHECK_SAME(pk, again, sizeof pk);

#define VERIFY_(context, len) pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, context, len, text, sizeof text, sig, sizeof sig)
  CHECK_OK(pqrtc_sign(key, NULL, 0, text, sizeof text, sig, sizeof sig));
  CHECK_OK(pqrtc_sign(key, NULL, 0, text, sizeof text, hedged, sizeof hedged));
  CHECK_DIFFER(sig, hedged, sizeof sig);
  CHECK_OK(VERIFY_(NULL, 0));
  CHECK_STATUS(VERIFY_(text, 5), PQRTC_BAD_SIGNATURE);
  CHECK_OK(pqrtc_sign(same, text, 5, text, sizeof text, sig, sizeof sig));
  CHECK_OK(VERIFY_(text, 5));
  CHECK_STATUS(VERIFY_(text, 6), PQRTC_BAD_SIGNATURE);
  CHECK_STATUS(pqrtc_sign(key, (const uint8_t *)"pqrtc x", 7, text, sizeof text, sig, sizeof sig), PQRTC_INVALID_ARGUMENT);

  /* a signature of one kind is none of another, nor of the raw hash; in one piece or many, it is the same artifact */
  for (uint32_t kind = 1; kind <= 4; kind++) {
    CHECK_OK(pqrtc_artifact_sign(key, kind, text, sizeof text, sig, sizeof sig));
    for (uint32_t as = 1; as <= 4; as++) {
      CHECK_STATUS(pqrtc_artifact_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, as, text, sizeof text, sig, sizeof sig),
                   as == kind ? PQRTC_OK : PQRTC_BAD_SIGNATURE);
    }
    CHECK_STATUS(VERIFY_(NULL, 0), PQRTC_BAD_SIGNATURE);
    CHECK_OK(pqrtc_artifact_hasher_new(kind, &hasher));
    for (size_t at = 0; at < sizeof text; at += 10) {
      size_t piece = sizeof text - at < 10 ? sizeof text - at : 10;
      CHECK_OK(pqrtc_artifact_hasher_update(hasher, text + at, piece));
    }
    CHECK_OK(pqrtc_artifact_hasher_update(hasher, NULL, 0));
    CHECK_OK(pqrtc_artifact_hasher_verify(hasher, PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, sig, sizeof sig));
    CHECK_OK(pqrtc_artifact_hasher_sign(hasher, key, sig, sizeof sig));
    CHECK_OK(pqrtc_artifact_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, kind, text, sizeof text, sig, sizeof sig));
    CHECK_OK(pqrtc_artifact_hasher_update(hasher, text, 1)); /* it goes on after a signature */
    CHECK_STATUS(pqrtc_artifact_hasher_verify(hasher, PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, sig, sizeof sig), PQRTC_BAD_SIGNATURE);
    pqrtc_artifact_hasher_free(hasher);
    for (size_t at = 0; at < sizeof sig; at += 300) {
      sig[at] ^= 1;
      CHECK_STATUS(pqrtc_artifact_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, kind, text, sizeof text, sig, sizeof sig), PQRTC_BAD_SIGNATURE);
      sig[at] ^= 1;
    }
  }
  pqrtc_signing_key_free(key);
  pqrtc_signing_key_free(same);
}

/* Every KEM algorithm that the library knows: sizes, seeds, the other side, wrapped credentials, and another algorithm's key. */
static void kem_algorithm(uint32_t algorithm, uint32_t other) {
  static uint8_t ek[2000], ct[2000], wrapped[2200], credential[100];
  uint8_t seed[64], ss[32], again[32];
  size_t ek_len, ct_len, seed_len, len;
  pqrtc_kem_keypair *keys, *same;
  pqrtc_status known = pqrtc_kem_sizes(algorithm, &ek_len, &ct_len, &seed_len);
  if (known == PQRTC_UNSUPPORTED) {
    CHECK_STATUS(pqrtc_kem_keypair_generate(algorithm, &keys), PQRTC_UNSUPPORTED);
    return;
  }
  CHECK_OK(known);
  CHECK_OK(pqrtc_kem_keypair_generate(algorithm, &keys));
  CHECK_OK(pqrtc_kem_keypair_public_key(keys, ek, ek_len));
  CHECK_STATUS(pqrtc_kem_keypair_public_key(keys, ek, ek_len - 1), PQRTC_INVALID_LENGTH);
  CHECK_OK(pqrtc_kem_encapsulate(algorithm, ek, ek_len, ct, ct_len, ss, sizeof ss));
  CHECK_OK(pqrtc_kem_keypair_seed(keys, seed, seed_len));
  CHECK_OK(pqrtc_kem_keypair_from_seed(algorithm, seed, seed_len, &same));
  CHECK_OK(pqrtc_kem_decapsulate(same, ct, ct_len, again, sizeof again));
  CHECK_SAME(ss, again, 32);
  ct[700] ^= 1;
  CHECK_OK(pqrtc_kem_decapsulate(same, ct, ct_len, again, sizeof again));
  CHECK(memcmp(ss, again, 32) != 0);
  CHECK_STATUS(pqrtc_kem_encapsulate(other, ek, ek_len, ct, ct_len, ss, sizeof ss),
               pqrtc_kem_sizes(other, &len, &len, &len) == PQRTC_UNSUPPORTED ? PQRTC_UNSUPPORTED : PQRTC_INVALID_LENGTH);
  CHECK_OK(pqrtc_turn_wrap(algorithm, ek, ek_len, text, 60, wrapped, sizeof wrapped, &len));
  CHECK(len == ct_len + 28 + 60);
  CHECK_OK(pqrtc_turn_unwrap(keys, wrapped, len, credential, sizeof credential, &len));
  CHECK(len == 60 && memcmp(credential, text, 60) == 0);
  wrapped[ct_len + 20] ^= 1;
  CHECK_STATUS(pqrtc_turn_unwrap(keys, wrapped, ct_len + 28 + 60, credential, sizeof credential, &len), PQRTC_DECRYPTION_FAILED);
  pqrtc_kem_keypair_free(keys);
  pqrtc_kem_keypair_free(same);
}

/* Every signature algorithm: sizes, seeds, contexts, artifacts in pieces, every part of a signature, and another algorithm's key. */
static void signature_algorithm(uint32_t algorithm) {
  static uint8_t pk[3000], sig[5000];
  uint8_t seed[64], fingerprint[32], other[32];
  size_t pk_len, sig_len, seed_len;
  pqrtc_signing_key *key, *same;
  pqrtc_artifact_hasher *hasher;
  pqrtc_status known = pqrtc_signature_sizes(algorithm, &pk_len, &sig_len, &seed_len);
  if (known == PQRTC_UNSUPPORTED) {
    CHECK_STATUS(pqrtc_signing_key_generate(algorithm, &key), PQRTC_UNSUPPORTED);
    CHECK_STATUS(pqrtc_verify(algorithm, text, 1, NULL, 0, NULL, 0, sig, 1), PQRTC_UNSUPPORTED);
    return;
  }
  CHECK_OK(known);
  CHECK_OK(pqrtc_signing_key_generate(algorithm, &key));
  CHECK_OK(pqrtc_signing_key_seed(key, seed, seed_len));
  CHECK_OK(pqrtc_signing_key_from_seed(algorithm, seed, seed_len, &same));
  CHECK_OK(pqrtc_signing_key_public_key(same, pk, pk_len));
  CHECK_OK(pqrtc_public_key_fingerprint(algorithm, pk, pk_len, fingerprint, sizeof fingerprint));
  CHECK_OK(pqrtc_sign(key, text, 7, text, sizeof text, sig, sig_len));
  CHECK_STATUS(pqrtc_sign(key, text, 7, text, sizeof text, sig, sig_len - 1), PQRTC_INVALID_LENGTH);
  CHECK_OK(pqrtc_verify(algorithm, pk, pk_len, text, 7, text, sizeof text, sig, sig_len));
  CHECK_STATUS(pqrtc_verify(algorithm, pk, pk_len, text, 6, text, sizeof text, sig, sig_len), PQRTC_BAD_SIGNATURE);
  for (uint32_t as = 1; as <= 3; as++) {
    if (as != algorithm && pqrtc_signature_sizes(as, &seed_len, &seed_len, &seed_len) == PQRTC_OK) {
      CHECK_STATUS(pqrtc_verify(as, pk, pk_len, text, 7, text, sizeof text, sig, sig_len), PQRTC_INVALID_LENGTH);
    }
  }
  for (size_t i = 0; i <= sig_len / 200; i++) {
    size_t at = i < sig_len / 200 ? i * 200 : sig_len - 1;
    sig[at] ^= 1;
    CHECK_STATUS(pqrtc_verify(algorithm, pk, pk_len, text, 7, text, sizeof text, sig, sig_len), PQRTC_BAD_SIGNATURE);
    sig[at] ^= 1;
  }
  CHECK_OK(pqrtc_artifact_hasher_new(PQRTC_ARTIFACT_SUMMARY, &hasher));
  for (size_t at = 0; at < sizeof text; at++) {
    CHECK_OK(pqrtc_artifact_hasher_update(hasher, text + at, 1));
  }
  CHECK_OK(pqrtc_artifact_hasher_sign(hasher, key, sig, sig_len));
  CHECK_OK(pqrtc_artifact_verify(algorithm, pk, pk_len, PQRTC_ARTIFACT_SUMMARY, text, sizeof text, sig, sig_len));
  CHECK_STATUS(pqrtc_artifact_verify(algorithm, pk, pk_len, PQRTC_ARTIFACT_TRANSCRIPT, text, sizeof text, sig, sig_len), PQRTC_BAD_SIGNATURE);
  CHECK_OK(pqrtc_artifact_sign(key, PQRTC_ARTIFACT_SUMMARY, text, sizeof text, sig, sig_len));
  CHECK_OK(pqrtc_artifact_hasher_verify(hasher, algorithm, pk, pk_len, sig, sig_len));
  pk[3] ^= 1;
  CHECK_OK(pqrtc_public_key_fingerprint(algorithm, pk, pk_len, other, sizeof other));
  CHECK(memcmp(fingerprint, other, 32) != 0);
  pqrtc_artifact_hasher_free(hasher);
  pqrtc_signing_key_free(key);
  pqrtc_signing_key_free(same);
}

/* A base key for another engine is one that a sender of ours may not use. */
static void base_key(void) {
  struct test_pair pair = test_exchange(PQRTC_SUITE_X_WING);
  uint8_t a[32], b[32];
  pqrtc_sframe_sender *sender;
  CHECK_OK(pqrtc_session_sframe_base_key(pair.initiator, 1, 7, a, sizeof a));
  CHECK_OK(pqrtc_session_sframe_base_key(pair.initiator, 1, 7, b, sizeof b));
  CHECK_SAME(a, b, 32);
  CHECK_OK(pqrtc_session_sframe_base_key(pair.responder, 1, 7, b, sizeof b));
  CHECK_SAME(a, b, 32);
  CHECK_OK(pqrtc_session_sframe_base_key(pair.responder, 2, 7, b, sizeof b));
  CHECK(memcmp(a, b, 32) != 0);
  CHECK_STATUS(pqrtc_sframe_sender_new(pair.initiator, 7, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender), PQRTC_KEY_REUSED);
  CHECK_STATUS(pqrtc_sframe_sender_from_key(a, 32, 7, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender), PQRTC_KEY_REUSED);
  CHECK_OK(pqrtc_sframe_sender_new(pair.initiator, 8, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  CHECK_STATUS(pqrtc_session_sframe_base_key(pair.initiator, 1, 8, a, sizeof a), PQRTC_KEY_REUSED);
  CHECK_OK(pqrtc_session_sframe_base_key(pair.responder, 1, 8, a, sizeof a));
  for (uint32_t role = 0; role < 5; role += 3) {
    CHECK_STATUS(pqrtc_session_sframe_base_key(pair.initiator, role, 7, a, sizeof a), PQRTC_INVALID_ARGUMENT);
  }
  CHECK_STATUS(pqrtc_session_sframe_base_key(pair.initiator, 1, 9, a, 31), PQRTC_INVALID_LENGTH);
  pqrtc_sframe_sender_free(sender);
  test_pair_free(pair);
}

/* An exchange that is answered twice would give the same session and the same SRTP keys. */
static void answered_twice(uint32_t suite) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  pqrtc_hybrid_keypair *keys;
  pqrtc_session *a, *b, *c;
  CHECK_OK(pqrtc_hybrid_keypair_generate(suite, &keys));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(keys, bundle, sizeof bundle));
  CHECK_OK(pqrtc_hybrid_initiate(suite, bundle, sizeof bundle, exchange, sizeof exchange, &a));
  CHECK_OK(pqrtc_hybrid_respond(keys, exchange, sizeof exchange, &b));
  CHECK_STATUS(pqrtc_hybrid_respond(keys, exchange, sizeof exchange, &c), PQRTC_KEY_REUSED);
  CHECK(c == NULL);
  pqrtc_session_free(a);
  pqrtc_session_free(b);
  pqrtc_hybrid_keypair_free(keys);
}

int main(void) {
  kem();
  for (uint32_t suite = PQRTC_SUITE_V100_HYBRID_KX_V1; suite <= PQRTC_SUITE_X_WING; suite++) {
    hybrid(suite);
    session(suite);
    answered_twice(suite);
  }
  kem_algorithm(PQRTC_KEM_ML_KEM_768, PQRTC_KEM_ML_KEM_1024);
  kem_algorithm(PQRTC_KEM_ML_KEM_1024, PQRTC_KEM_ML_KEM_768);
  for (uint32_t algorithm = PQRTC_SIGNATURE_ML_DSA_65; algorithm <= PQRTC_SIGNATURE_ML_DSA_65_ED25519; algorithm++) {
    signature_algorithm(algorithm);
  }
  base_key();
  turn();
  signatures();
  return test_end("roundtrip");
}
