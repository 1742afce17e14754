/* The table's first half: keys, exchange, sessions, TURN, signatures. What cannot fail is in hostile.c. */
#include "calls.h"
#include "expanded_key.h"

/* What the table points to. */
static pqrtc_kem_keypair *kem;
static pqrtc_hybrid_keypair *hybrid;
static struct test_pair pair;
static pqrtc_signing_key *signing;
static pqrtc_artifact_hasher *hasher;
static pqrtc_recording_signer *recorder, *recorded; /* recorded has made an entry */
static pqrtc_recording_verifier *watcher, *watched; /* watched has taken the last entry */
/* One of each for the rows of api.c. */
pqrtc_kem_keypair *example_kem_keypair;
pqrtc_hybrid_keypair *example_hybrid_keypair;
pqrtc_session *example_session;
pqrtc_signing_key *example_signing_key;
pqrtc_artifact_hasher *example_artifact_hasher;
pqrtc_recording_signer *example_recording_signer;
pqrtc_recording_verifier *example_recording_verifier;

static uint8_t seed[64], ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], ct[PQRTC_ML_KEM_768_CIPHERTEXT_BYTES], bundle[PQRTC_X_WING_BUNDLE_BYTES];
static uint8_t exchange[PQRTC_X_WING_EXCHANGE_BYTES], pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
static uint8_t artifact_signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES], text[100], message[200], wrapped[PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES + 40];
static uint8_t password[64], username[64];
/* A recording of one segment, which is empty: a refusal forgets its bytes. */
static uint8_t entry[51 + PQRTC_ML_DSA_65_SIGNATURE_BYTES], state[43];

/* Key files: a signing key and its public key in DER, a KEM key pair in PEM. */
static uint8_t signing_file[54], public_file[1974], kem_file[200];
static struct bytes b_signing_file = {signing_file, 0}, b_public_file = {public_file, 0}, b_kem_file = {kem_file, 0};
static uint64_t der = PQRTC_FORMAT_DER, pem = PQRTC_FORMAT_PEM;
static size_t n_pk = PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES;
enum { KEY_FILE_MAX = 65536 };

BYTES(b_kem_seed, seed);
BYTES(b_expanded, expanded);
BYTES(b_ek, ek);
BYTES(b_ct, ct);
BYTES(b_bundle, bundle);
BYTES(b_exchange, exchange);
BYTES(b_pk, pk);
BYTES(b_signature, signature);
BYTES(b_artifact_signature, artifact_signature);
BYTES(b_text, text);
BYTES(b_message, message);
BYTES(b_wrapped, wrapped);
BYTES(b_username, username);
BYTES(b_password, password);
BYTES(b_entry, entry);
BYTES(b_state, state);
static struct bytes b_seed32 = {seed, 32}, b_label = {text, 12}, b_context = {text + 20, 30}, b_aad = {text + 60, 5};
static struct bytes b_credential = {text, 40}, b_user = {(const uint8_t *)"alice", 5}, b_secret = {(const uint8_t *)"north", 5};
static struct bytes b_id = {(const uint8_t *)"meeting 7", 9};

static uint64_t suite = PQRTC_SUITE_X_WING, kind = PQRTC_ARTIFACT_TRANSCRIPT, profile = PQRTC_SRTP_AEAD_AES_256_GCM;
static uint64_t kem_algorithm = PQRTC_KEM_ML_KEM_768, signature_algorithm = PQRTC_SIGNATURE_ML_DSA_65, role = 1;
static uint64_t expiry = 2000000000, now = 1900000000;
static size_t n_username = 16, n_password = 28, n_wrapped = sizeof wrapped, n_credential = 40, n_srtp = 88, n_text = sizeof text;
static size_t n_cose = 3405, n_artifact_cose = 3320 + 2 + sizeof text;
static size_t n_entry = sizeof entry, n_state = sizeof state;
static uint64_t not_last = 0;
static size_t n_message = sizeof text + PQRTC_SESSION_SEAL_OVERHEAD_BYTES;

static void seal_message(void) {
  CHECK_OK(pqrtc_session_seal(pair.responder, b_aad.p, b_aad.len, text, sizeof text, message, sizeof message, &b_message.len));
}

/* A pair answers once. */
static void new_exchange(void) {
  pqrtc_session *session;
  CHECK_OK(pqrtc_hybrid_initiate((uint32_t)suite, bundle, sizeof bundle, exchange, sizeof exchange, &session));
  pqrtc_session_free(session);
}

static void new_hasher(void) {
  pqrtc_artifact_hasher_free(hasher);
  CHECK_OK(pqrtc_artifact_hasher_new((uint32_t)kind, &hasher));
  CHECK_OK(pqrtc_artifact_hasher_update(hasher, text, sizeof text));
  example_artifact_hasher = hasher;
}

static void new_recorder(void) {
  pqrtc_recording_signer_free(recorder);
  CHECK_OK(pqrtc_recording_signer_new(signing, b_id.p, b_id.len, &recorder));
  example_recording_signer = recorder;
}

static void new_watcher(void) {
  pqrtc_recording_verifier_free(watcher);
  CHECK_OK(pqrtc_recording_verifier_new(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, b_id.p, b_id.len, &watcher));
  example_recording_verifier = watcher;
}

static void new_recording(void) {
  new_recorder();
  CHECK_OK(pqrtc_recording_signer_state(recorder, state, sizeof state, &n_state));
  CHECK_OK(pqrtc_recording_signer_entry(recorder, 1, entry, sizeof entry, &n_entry));
  recorded = recorder, recorder = NULL;
  new_recorder();
  new_watcher();
  CHECK_OK(pqrtc_recording_verifier_entry(watcher, entry, sizeof entry));
  watched = watcher, watcher = NULL;
  new_watcher();
}

/* Spoils. */
static void coefficient(uint8_t *p, size_t len) { (void)len; p[100] = p[101] = p[102] = 0xff; }
static void hash_of_key(uint8_t *p, size_t len) { p[len - 40] ^= 1; }
static void point(uint8_t *p, size_t len) { memset(p + len - 32, 0, 32); }
static void first(uint8_t *p, size_t len) { (void)len; p[0] ^= 1; }
static void last(uint8_t *p, size_t len) { p[len - 1] ^= 1; }
static void letter(uint8_t *p, size_t len) { p[len - 5] = p[len - 5] == 'A' ? 'B' : 'A'; }

RELEASE(kem_keypair)
RELEASE(hybrid_keypair)
RELEASE(session)
RELEASE(signing_key)
RELEASE(artifact_hasher)
RELEASE(recording_signer)
RELEASE(recording_verifier)

#define CREDENTIAL_MAX ((size_t)1 << 20)

const struct call core_calls[] = {
  {F(pqrtc_self_test), {{NOTHING, NULL, 0, 0, NULL}}, NULL, 1, {{0}}},
  {F(pqrtc_random), {O_RANGE(32, 1 << 20)}, NULL, 1, {{0}}},

  {F(pqrtc_kem_keypair_generate), {E(kem_algorithm), NEW_(kem_keypair)}, NULL, 1, {{0}}},
  {F(pqrtc_kem_keypair_from_seed), {E(kem_algorithm), I(b_kem_seed, 64, 64), NEW_(kem_keypair)}, NULL, 0, {{0}}},
  {F(pqrtc_kem_keypair_from_expanded), {E(kem_algorithm), I(b_expanded, 2400, 2400), NEW_(kem_keypair)}, NULL, 0,
   {{2, hash_of_key, PQRTC_INVALID_KEY}, {2, coefficient, PQRTC_INVALID_KEY}}},
  {F(pqrtc_kem_keypair_public_key), {H(kem), O(1184)}, NULL, 0, {{0}}},
  {F(pqrtc_kem_keypair_seed), {H(kem), O(64)}, NULL, 0, {{0}}},
  {F(pqrtc_kem_encapsulate), {E(kem_algorithm), I(b_ek, 1184, 1184), O(1088), O(32)}, NULL, 1, {{2, coefficient, PQRTC_INVALID_KEY}}},
  {F(pqrtc_kem_decapsulate), {H(kem), I(b_ct, 1088, 1088), O(32)}, NULL, 0, {{0}}},

  {F(pqrtc_kem_sizes), {E(kem_algorithm), C, C, C}, NULL, 0, {{0}}},
  {F(pqrtc_signature_sizes), {E(signature_algorithm), C, C, C}, NULL, 0, {{0}}},
  {F(pqrtc_suite_sizes), {E(suite), C, C, C}, NULL, 0, {{0}}},
  {F(pqrtc_hybrid_keypair_generate), {E(suite), NEW_(hybrid_keypair)}, NULL, 1, {{0}}},
  {F(pqrtc_hybrid_keypair_from_seed), {E(suite), I(b_seed32, 32, 32), NEW_(hybrid_keypair)}, NULL, 0, {{0}}},
  {F(pqrtc_hybrid_keypair_suite), {H(hybrid), C}, NULL, 0, {{0}}},
  {F(pqrtc_hybrid_keypair_bundle), {H(hybrid), O(1216)}, NULL, 0, {{0}}},
  {F(pqrtc_hybrid_keypair_seed), {H(hybrid), O(32)}, NULL, 0, {{0}}},
  {F(pqrtc_hybrid_initiate), {E(suite), I(b_bundle, 1216, 1216), O(1120), NEW_(session)}, NULL, 1,
   {{2, coefficient, PQRTC_INVALID_KEY}, {2, point, PQRTC_NON_CONTRIBUTORY}}},
  {F(pqrtc_hybrid_respond), {H(hybrid), I(b_exchange, 1120, 1120), NEW_(session)}, new_exchange, 0,
   {{2, point, PQRTC_NON_CONTRIBUTORY}}},

  {F(pqrtc_session_key), {H(pair.initiator), O(32)}, NULL, 0, {{0}}},
  {F(pqrtc_session_export), {H(pair.initiator), I(b_label, 1, 124), I(b_context, 0, 65535), O_RANGE(48, 16320)}, NULL, 0, {{0}}},
  {F(pqrtc_session_srtp_keys), {H(pair.initiator), E(profile), V(n_srtp)}, NULL, 0, {{0}}},
  {F(pqrtc_session_sframe_base_key), {H(pair.initiator), X(role), X(now), O(32)}, NULL, 0, {{0}}},
  {F(pqrtc_session_seal), {H(pair.initiator), I(b_aad, 0, 65535), I(b_text, 0, 1 << 20), V(n_message)}, NULL, 1, {{0}}},
  {F(pqrtc_session_open), {H(pair.initiator), I(b_aad, 0, 65535), I(b_message, 36, (1 << 20) + 36), V(n_text)}, seal_message, 0,
   {{3, last, PQRTC_DECRYPTION_FAILED}, {3, first, PQRTC_DECRYPTION_FAILED}}},

  {F(pqrtc_turn_credential_mint), {I(b_secret, 1, ANY_LEN), I(b_user, 0, 497), X(expiry), V(n_username), V(n_password)}, NULL, 0, {{0}}},
  {F(pqrtc_turn_credential_verify), {I(b_secret, 1, ANY_LEN), I(b_username, 0, ANY_LEN), I(b_password, 0, ANY_LEN), X(now)}, NULL, 0,
   {{3, letter, PQRTC_CREDENTIAL_REJECTED}, {2, last, PQRTC_CREDENTIAL_REJECTED}}},
  {F(pqrtc_turn_wrap), {E(kem_algorithm), I(b_ek, 1184, 1184), I(b_credential, 0, CREDENTIAL_MAX), V(n_wrapped)}, NULL, 1,
   {{2, coefficient, PQRTC_INVALID_KEY}}},
  {F(pqrtc_turn_unwrap), {H(kem), I(b_wrapped, 1116, CREDENTIAL_MAX + 1116), V(n_credential)}, NULL, 0,
   {{2, last, PQRTC_DECRYPTION_FAILED}, {2, first, PQRTC_DECRYPTION_FAILED}}},

  {F(pqrtc_signing_key_generate), {E(signature_algorithm), NEW_(signing_key)}, NULL, 1, {{0}}},
  {F(pqrtc_signing_key_from_seed), {E(signature_algorithm), I(b_seed32, 32, 32), NEW_(signing_key)}, NULL, 0, {{0}}},
  {F(pqrtc_signing_key_public_key), {H(signing), O(1952)}, NULL, 0, {{0}}},
  {F(pqrtc_signing_key_seed), {H(signing), O(32)}, NULL, 0, {{0}}},
  {F(pqrtc_sign), {H(signing), I(b_context, 0, 255), I(b_text, 0, ANY_LEN), O(3309)}, NULL, 1, {{0}}},
  {F(pqrtc_verify), {E(signature_algorithm), I(b_pk, 1952, 1952), I(b_context, 0, 255), I(b_text, 0, ANY_LEN), I(b_signature, 3309, 3309)}, NULL, 0,
   {{5, last, PQRTC_BAD_SIGNATURE}, {4, first, PQRTC_BAD_SIGNATURE}}},
  {F(pqrtc_signing_key_import), {I(b_signing_file, 1, KEY_FILE_MAX), NEW_(signing_key)}, NULL, 0, {{1, first, PQRTC_INVALID_KEY}}},
  {F(pqrtc_signing_key_export), {H(signing), E(der), V(b_signing_file.len)}, NULL, 0, {{0}}},
  {F(pqrtc_kem_keypair_import), {I(b_kem_file, 1, KEY_FILE_MAX), NEW_(kem_keypair)}, NULL, 0, {{1, first, PQRTC_INVALID_KEY}}},
  {F(pqrtc_kem_keypair_export), {H(kem), E(pem), V(b_kem_file.len)}, NULL, 0, {{0}}},
  /* No spoil: what the file holds decides how long the output is. interop/keyfiles.py has bad ones. */
  {F(pqrtc_public_key_import), {I(b_public_file, 1, KEY_FILE_MAX), C, V(n_pk)}, NULL, 0, {{0}}},
  {F(pqrtc_public_key_export), {E(signature_algorithm), I(b_pk, 1952, 1952), E(der), V(b_public_file.len)}, NULL, 0, {{0}}},
  {F(pqrtc_public_key_fingerprint), {E(signature_algorithm), I(b_pk, 1952, 1952), O(32)}, NULL, 0, {{0}}},
  {F(pqrtc_artifact_sign), {H(signing), E(kind), I(b_text, 0, ANY_LEN), O(3309)}, NULL, 1, {{0}}},
  {F(pqrtc_artifact_sign_cose), {H(signing), E(kind), I(b_text, 0, ANY_LEN), V(n_artifact_cose)}, NULL, 1, {{0}}},
  {F(pqrtc_artifact_verify),
   {E(signature_algorithm), I(b_pk, 1952, 1952), E(kind), I(b_text, 0, ANY_LEN), I(b_artifact_signature, 3309, 3309)}, NULL, 0,
   {{5, first, PQRTC_BAD_SIGNATURE}, {2, first, PQRTC_BAD_SIGNATURE}}},
  {F(pqrtc_artifact_hasher_new), {E(kind), NEW_(artifact_hasher)}, NULL, 0, {{0}}},
  {F(pqrtc_artifact_hasher_verify), {H(hasher), E(signature_algorithm), I(b_pk, 1952, 1952), I(b_artifact_signature, 3309, 3309)}, new_hasher, 0,
   {{4, first, PQRTC_BAD_SIGNATURE}}},
  {F(pqrtc_artifact_hasher_sign), {H(hasher), H(signing), O(3309)}, NULL, 1, {{0}}},
  {F(pqrtc_artifact_hasher_update), {H(hasher), I(b_text, 0, ANY_LEN)}, NULL, 0, {{0}}},

  {F(pqrtc_recording_signer_new), {H(signing), I(b_id, 1, 64), NEW_(recording_signer)}, NULL, 0, {{0}}},
  {F(pqrtc_recording_signer_update), {H(recorder), I(b_text, 0, ANY_LEN)}, NULL, 0, {{0}}},
  {F(pqrtc_recording_signer_entry), {H(recorder), X(not_last), V(n_entry)}, NULL, 1, {{0}}},
  {F(pqrtc_recording_signer_state), {H(recorder), V(n_state)}, new_recorder, 0, {{0}}},
  {F(pqrtc_recording_signer_cose), {H(recorded), V(n_cose)}, NULL, 1, {{0}}},
  {F(pqrtc_recording_signer_resume), {H(signing), I(b_id, 1, 64), I_SOME(b_state, ANY_LEN), NEW_(recording_signer)}, NULL, 0,
   {{3, first, PQRTC_MALFORMED_MESSAGE}, {3, last, PQRTC_MALFORMED_MESSAGE}, {2, first, PQRTC_MALFORMED_MESSAGE}}},
  {F(pqrtc_recording_verifier_new), {E(signature_algorithm), I(b_pk, 1952, 1952), I(b_id, 1, 64), NEW_(recording_verifier)}, NULL, 0, {{0}}},
  {F(pqrtc_recording_verifier_update), {H(watcher), I(b_text, 0, ANY_LEN)}, NULL, 0, {{0}}},
  {F(pqrtc_recording_verifier_entry), {H(watcher), I_SOME(b_entry, ANY_LEN)}, new_watcher, 0,
   {{2, first, PQRTC_MALFORMED_MESSAGE}, {2, last, PQRTC_BAD_SIGNATURE}}},
  {F(pqrtc_recording_verifier_finish), {H(watched)}, NULL, 0, {{0}}},
};
const size_t core_calls_len = sizeof core_calls / sizeof *core_calls;

void core_open(void) {
  uint8_t ss[32];
  for (size_t i = 0; i < sizeof seed; i++) {
    seed[i] = (uint8_t)(i * 7 + 1); /* as in mlkem_expand.py */
  }
  for (size_t i = 0; i < sizeof text; i++) {
    text[i] = (uint8_t)(i * 31 + 0x40);
  }
  CHECK_OK(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, seed, sizeof seed, &kem));
  CHECK_OK(pqrtc_kem_keypair_public_key(kem, ek, sizeof ek));
  CHECK_SAME(ek, expanded + 1152, sizeof ek);
  CHECK_OK(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, ct, sizeof ct, ss, sizeof ss));

  CHECK_OK(pqrtc_hybrid_keypair_from_seed((uint32_t)suite, seed, 32, &hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(hybrid, bundle, sizeof bundle));
  CHECK_OK(pqrtc_hybrid_initiate((uint32_t)suite, bundle, sizeof bundle, exchange, sizeof exchange, &pair.initiator));
  CHECK_OK(pqrtc_hybrid_respond(hybrid, exchange, sizeof exchange, &pair.responder));

  CHECK_OK(pqrtc_turn_credential_mint(b_secret.p, b_secret.len, "alice", 5, expiry, (char *)username, sizeof username,
                                      &b_username.len, (char *)password, sizeof password, &b_password.len));
  CHECK_OK(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, text, 40, wrapped, sizeof wrapped, &n_wrapped));

  CHECK_OK(pqrtc_signing_key_from_seed(PQRTC_SIGNATURE_ML_DSA_65, seed, 32, &signing));
  CHECK_OK(pqrtc_signing_key_public_key(signing, pk, sizeof pk));
  CHECK_OK(pqrtc_signing_key_export(signing, PQRTC_FORMAT_DER, signing_file, sizeof signing_file, &b_signing_file.len));
  CHECK_OK(pqrtc_kem_keypair_export(kem, PQRTC_FORMAT_PEM, kem_file, sizeof kem_file, &b_kem_file.len));
  CHECK_OK(pqrtc_public_key_export(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, PQRTC_FORMAT_DER, public_file, sizeof public_file, &b_public_file.len));
  CHECK_OK(pqrtc_sign(signing, b_context.p, b_context.len, text, sizeof text, signature, sizeof signature));
  CHECK_OK(pqrtc_artifact_sign(signing, (uint32_t)kind, text, sizeof text, artifact_signature, sizeof artifact_signature));
  new_hasher();
  new_recording();
  example_kem_keypair = kem, example_hybrid_keypair = hybrid, example_session = pair.initiator;
  example_signing_key = signing;
}

void core_close(void) {
  pqrtc_kem_keypair_free(kem);
  pqrtc_hybrid_keypair_free(hybrid);
  test_pair_free(pair);
  pqrtc_signing_key_free(signing);
  pqrtc_artifact_hasher_free(hasher);
  pqrtc_recording_signer_free(recorder);
  pqrtc_recording_signer_free(recorded);
  pqrtc_recording_verifier_free(watcher);
  pqrtc_recording_verifier_free(watched);
}
