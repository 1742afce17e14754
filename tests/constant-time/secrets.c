/* What the library does with secrets, under valgrind's memcheck: secrets are marked as undefined, so that each branch and each memory access
   that depends on one is reported. All randomness of the library comes marked too, by way of the getrandom() below.

   What an attacker sees anyway is marked as defined at the boundary (OPEN): messages, public keys, signatures, lengths and statuses. What is
   public inside of a call, such as the matrix of an ML-KEM key, is reported, and explained in known.supp.

   secrets SCENARIO...; with "fault" the program itself branches on a secret, which memcheck has to report. */
#define _GNU_SOURCE
#include <pqrtc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

#define SECRET(p, len) VALGRIND_MAKE_MEM_UNDEFINED((p), (len))
#define OPEN(p, len) VALGRIND_MAKE_MEM_DEFINED((p), (len))
#define TRY(call) expect((call), PQRTC_OK, __LINE__, #call)
#define REFUSED(call, status) expect((call), (status), __LINE__, #call)

static void expect(pqrtc_status got, pqrtc_status wanted, int line, const char *what) {
  OPEN(&got, sizeof got);
  if (got != wanted) {
    fprintf(stderr, "secrets.c:%d: %s: %s\n", line, what, pqrtc_status_string(got));
    exit(3);
  }
}

/* Whether the provider has it: pqclean lacks some algorithms. */
static int has(pqrtc_status got) {
  OPEN(&got, sizeof got);
  if (got != PQRTC_UNSUPPORTED) expect(got, PQRTC_OK, 0, "an algorithm");
  return got == PQRTC_OK;
}

static size_t drawn;

/* Takes the place of the C library's, for libpqrtc too. */
ssize_t getrandom(void *p, size_t len, unsigned flags) {
  ssize_t n = syscall(SYS_getrandom, p, len, flags);
  if (n > 0) {
    SECRET(p, (size_t)n);
    drawn += (size_t)n;
  }
  return n;
}

/* A secret of the application's own. */
static uint8_t *secret(size_t len) {
  static uint8_t bytes[4096];
  for (size_t i = 0; i < len; i++) bytes[i] = (uint8_t)(i * 37 + 11);
  SECRET(bytes, len);
  return bytes;
}

static const uint8_t text[1200] = "what is protected";
static uint8_t out[1 << 16], message[1 << 16], more[1 << 16];
static size_t len, message_len;
enum { CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128 };

/* Of a key file in `message` only the seed is secret, not what is around it. */
static void seed_is_secret(uint32_t format, const uint8_t *seed, size_t seed_len) {
  static size_t der; /* where the seed is in the DER file, which comes first */
  OPEN(message, message_len);
  if (format == PQRTC_FORMAT_DER) {
    OPEN(seed, seed_len);
    uint8_t *at = memmem(message, message_len, seed, seed_len);
    if (at == NULL) exit(3);
    der = (size_t)(at - message);
    SECRET(at, seed_len);
    SECRET(seed, seed_len);
    return;
  }
  uint8_t *base64 = (uint8_t *)memchr(message, '\n', message_len) + 1;
  for (size_t c = (der + 2) / 3 * 4; c + 4 < (der + seed_len) / 3 * 4; c++) SECRET(&base64[c + c / 64], 1); /* lines of 64; the last four say how long it is */
}

static void kem_algorithm(uint32_t algorithm, size_t ek_len, size_t ct_len) {
  pqrtc_kem_keypair *kp = NULL;
  if (!has(pqrtc_kem_keypair_generate(algorithm, &kp))) return;
  pqrtc_kem_keypair_free(kp);
  TRY(pqrtc_kem_keypair_from_seed(algorithm, secret(64), 64, &kp));
  TRY(pqrtc_kem_keypair_public_key(kp, message, ek_len));
  OPEN(message, ek_len);
  TRY(pqrtc_kem_encapsulate(algorithm, message, ek_len, more, ct_len, out, 32));
  OPEN(more, ct_len);
  TRY(pqrtc_kem_decapsulate(kp, more, ct_len, out, 32));
  more[7] ^= 1; /* implicit rejection */
  TRY(pqrtc_kem_decapsulate(kp, more, ct_len, out, 32));
  for (uint32_t format = PQRTC_FORMAT_DER; format <= PQRTC_FORMAT_PEM; format++) {
    pqrtc_kem_keypair *imported = NULL;
    TRY(pqrtc_kem_keypair_export(kp, format, message, sizeof message, &message_len));
    seed_is_secret(format, secret(64), 64);
    TRY(pqrtc_kem_keypair_import(message, message_len, &imported));
    pqrtc_kem_keypair_free(imported);
  }
  pqrtc_kem_keypair_free(kp);
}

static void kem(void) {
  size_t before = drawn;
  kem_algorithm(PQRTC_KEM_ML_KEM_768, PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES, PQRTC_ML_KEM_768_CIPHERTEXT_BYTES);
  kem_algorithm(PQRTC_KEM_ML_KEM_1024, PQRTC_ML_KEM_1024_PUBLIC_KEY_BYTES, PQRTC_ML_KEM_1024_CIPHERTEXT_BYTES);
  if (drawn == before) {
    fputs("the library drew its randomness past this program\n", stderr);
    exit(3);
  }
}

static void sessions(uint32_t suite) {
  pqrtc_hybrid_keypair *kp = NULL;
  pqrtc_session *initiator = NULL, *responder = NULL;
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  TRY(pqrtc_hybrid_keypair_generate(suite, &kp));
  TRY(pqrtc_hybrid_keypair_bundle(kp, bundle, sizeof bundle));
  OPEN(bundle, sizeof bundle);
  TRY(pqrtc_hybrid_initiate(suite, bundle, sizeof bundle, exchange, sizeof exchange, &initiator));
  OPEN(exchange, sizeof exchange);
  TRY(pqrtc_hybrid_respond(kp, exchange, sizeof exchange, &responder));
  TRY(pqrtc_session_export(initiator, text, 12, text, 5, out, 100));
  TRY(pqrtc_session_srtp_keys(initiator, PQRTC_SRTP_AEAD_AES_256_GCM, out, sizeof out, &len));
  TRY(pqrtc_session_sframe_base_key(initiator, 1, 1, out, PQRTC_SFRAME_BASE_KEY_BYTES));
  SECRET(memcpy(more, text, 200), 200);
  TRY(pqrtc_session_seal(initiator, text, 5, more, 200, message, sizeof message, &message_len));
  OPEN(message, message_len);
  message[20] ^= 1;
  REFUSED(pqrtc_session_open(responder, text, 5, message, message_len, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  message[20] ^= 1;
  TRY(pqrtc_session_open(responder, text, 5, message, message_len, out, sizeof out, &len));
  pqrtc_session_free(initiator);
  pqrtc_session_free(responder);
  pqrtc_hybrid_keypair_free(kp);
}

static void exchange(void) {
  sessions(PQRTC_SUITE_V100_HYBRID_KX_V1);
  sessions(PQRTC_SUITE_X_WING);
}

static pqrtc_call *new_call(const pqrtc_signing_key *me, const uint8_t *pin, const uint8_t *psk) {
  pqrtc_policy *policy = NULL;
  pqrtc_call *call = NULL;
  static const uint8_t dtls[32] = {1};
  TRY(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  TRY(pqrtc_policy_set(policy, PQRTC_POLICY_PIN, pin, PQRTC_FINGERPRINT_BYTES));
  if (psk != NULL) TRY(pqrtc_policy_set(policy, PQRTC_POLICY_PSK, psk, 32));
  TRY(pqrtc_call_new(me, NULL, policy, dtls, sizeof dtls, NULL, 0, &call));
  pqrtc_policy_free(policy);
  return call;
}

static void receive(pqrtc_call *c) {
  static const uint8_t dtls[32] = {1};
  TRY(pqrtc_call_receive(c, message, message_len, dtls, sizeof dtls, more, sizeof more, &len));
  OPEN(more, len);
  memcpy(message, more, message_len = len);
}

static void handshake(void) {
  const uint32_t identity = PQRTC_SIGNATURE_ML_DSA_65_ED25519;
  pqrtc_signing_key *alice = NULL, *bob = NULL;
  uint8_t pk[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES], pins[2][PQRTC_FINGERPRINT_BYTES];
  if (!has(pqrtc_signing_key_generate(identity, &alice))) return;
  TRY(pqrtc_signing_key_generate(identity, &bob));
  for (int i = 0; i < 2; i++) {
    TRY(pqrtc_signing_key_public_key(i == 0 ? alice : bob, pk, sizeof pk));
    OPEN(pk, sizeof pk);
    TRY(pqrtc_public_key_fingerprint(identity, pk, sizeof pk, pins[i], sizeof pins[i]));
  }
  for (int with_psk = 0; with_psk < 2; with_psk++) {
    pqrtc_call *a = new_call(alice, pins[1], with_psk ? secret(32) : NULL), *b = new_call(bob, pins[0], with_psk ? secret(32) : NULL);
    TRY(pqrtc_call_offer(a, message, sizeof message, &message_len));
    OPEN(message, message_len);
    receive(b);
    receive(a);
    receive(b);
    TRY(pqrtc_call_offer(a, message, sizeof message, &message_len)); /* a rekey */
    OPEN(message, message_len);
    receive(b);
    receive(a);
    char digits[10];
    TRY(pqrtc_call_sas(a, digits, sizeof digits));
    pqrtc_call_free(a);
    pqrtc_call_free(b);
  }
  pqrtc_signing_key_free(alice);
  pqrtc_signing_key_free(bob);
}

static void turn(void) {
  char username[64], password[64];
  size_t username_len = 0, password_len = 0;
  TRY(pqrtc_turn_credential_mint(secret(40), 40, "alice", 5, 2000000000, username, sizeof username, &username_len, password, sizeof password, &password_len));
  OPEN(username, username_len);
  TRY(pqrtc_turn_credential_verify(secret(40), 40, username, username_len, password, password_len, 1900000000));
  password[3] ^= 1;
  REFUSED(pqrtc_turn_credential_verify(secret(40), 40, username, username_len, password, password_len, 1900000000), PQRTC_CREDENTIAL_REJECTED);
  pqrtc_kem_keypair *kp = NULL;
  TRY(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, secret(64), 64, &kp));
  TRY(pqrtc_kem_keypair_public_key(kp, more, PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES));
  OPEN(more, PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES);
  TRY(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, more, PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES, secret(60), 60, message, sizeof message, &message_len));
  OPEN(message, message_len);
  TRY(pqrtc_turn_unwrap(kp, message, message_len, out, sizeof out, &len));
  message[message_len - 1] ^= 1;
  REFUSED(pqrtc_turn_unwrap(kp, message, message_len, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  pqrtc_kem_keypair_free(kp);
}

static void sign_with(uint32_t algorithm, size_t seed_len, size_t pk_len, size_t sig_len) {
  pqrtc_signing_key *k = NULL;
  if (!has(pqrtc_signing_key_generate(algorithm, &k))) return;
  pqrtc_signing_key_free(k);
  TRY(pqrtc_signing_key_from_seed(algorithm, secret(seed_len), seed_len, &k));
  TRY(pqrtc_signing_key_public_key(k, more, pk_len));
  OPEN(more, pk_len);
  /* Rejection sampling differs from one signature to the next. */
  for (int i = 0; i < 3; i++) {
    TRY(pqrtc_sign(k, text, 10, text + i, 200, message, sig_len));
    OPEN(message, sig_len);
    TRY(pqrtc_verify(algorithm, more, pk_len, text, 10, text + i, 200, message, sig_len));
  }
  TRY(pqrtc_artifact_sign(k, PQRTC_ARTIFACT_TRANSCRIPT, text, 100, message, sig_len));
  for (uint32_t format = PQRTC_FORMAT_DER; format <= PQRTC_FORMAT_PEM; format++) {
    pqrtc_signing_key *imported = NULL;
    TRY(pqrtc_signing_key_export(k, format, message, sizeof message, &message_len));
    seed_is_secret(format, secret(seed_len), seed_len);
    TRY(pqrtc_signing_key_import(message, message_len, &imported));
    pqrtc_signing_key_free(imported);
  }
  pqrtc_signing_key_free(k);
}

static void sign(void) {
  sign_with(PQRTC_SIGNATURE_ML_DSA_65, PQRTC_ML_DSA_65_SEED_BYTES, PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES, PQRTC_ML_DSA_65_SIGNATURE_BYTES);
  sign_with(PQRTC_SIGNATURE_ML_DSA_87, PQRTC_ML_DSA_87_SEED_BYTES, PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES, PQRTC_ML_DSA_87_SIGNATURE_BYTES);
  sign_with(PQRTC_SIGNATURE_ML_DSA_65_ED25519, PQRTC_ML_DSA_65_ED25519_SEED_BYTES, PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES, PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES);
}

static void media(void) {
  for (uint32_t cipher = PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80; cipher <= PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_32; cipher++) {
    pqrtc_sframe_sender *s = NULL;
    pqrtc_sframe_receiver *r = NULL;
    TRY(pqrtc_sframe_sender_from_key(secret(32), 32, cipher << 8, cipher, &s));
    TRY(pqrtc_sframe_sender_set_ratchet(s, 4));
    TRY(pqrtc_sframe_receiver_new(cipher, &r));
    TRY(pqrtc_sframe_receiver_set_ratchet(r, 4, 3, 10));
    TRY(pqrtc_sframe_receiver_add_key(r, cipher << 8, secret(32), 32));
    for (int i = 0; i < 2; i++) {
      uint64_t kid = 0, counter = 0;
      SECRET(memcpy(more, text, 1000), 1000);
      TRY(pqrtc_sframe_seal(s, text, 5, more, 1000, message, sizeof message, &message_len));
      OPEN(message, message_len);
      TRY(pqrtc_sframe_open(r, text, 5, message, message_len, out, sizeof out, &len, &kid, &counter));
      TRY(pqrtc_sframe_seal(s, text, 5, more, 1000, message, sizeof message, &message_len));
      OPEN(message, message_len);
      message[40] ^= 1;
      REFUSED(pqrtc_sframe_open(r, text, 5, message, message_len, out, sizeof out, &len, &kid, &counter), PQRTC_DECRYPTION_FAILED);
      TRY(pqrtc_sframe_sender_ratchet(s, &kid));
    }
    /* A VP8 frame: its first bytes are public, and stay clear. */
    SECRET(memcpy(more, text, 1000), 1000);
    OPEN(more, 10);
    TRY(pqrtc_frame_seal(s, PQRTC_CODEC_VP8, NULL, 0, more, 1000, message, sizeof message, &message_len));
    OPEN(message, message_len);
    TRY(pqrtc_frame_open(r, PQRTC_CODEC_VP8, NULL, 0, message, message_len, out, sizeof out, &len, NULL, NULL));
    pqrtc_sframe_sender_free(s);
    pqrtc_sframe_receiver_free(r);
  }
}

static void envelopes(void) {
  pqrtc_hybrid_keypair *kp = NULL;
  TRY(pqrtc_hybrid_keypair_from_seed(PQRTC_SUITE_X_WING, secret(32), 32, &kp));
  TRY(pqrtc_hybrid_keypair_bundle(kp, more, PQRTC_X_WING_BUNDLE_BYTES));
  OPEN(more, PQRTC_X_WING_BUNDLE_BYTES);
  TRY(pqrtc_envelope_seal(PQRTC_PROFILE_DEFAULT, more, PQRTC_X_WING_BUNDLE_BYTES, text, 9, secret(100), 100, message, sizeof message, &message_len));
  OPEN(message, message_len);
  TRY(pqrtc_envelope_open(kp, NULL, text, 9, message, message_len, out, sizeof out, &len));
  message[message_len - 1] ^= 1;
  REFUSED(pqrtc_envelope_open(kp, NULL, text, 9, message, message_len, out, sizeof out, &len), PQRTC_DECRYPTION_FAILED);
  pqrtc_hybrid_keypair_free(kp);
}

static void fault(void) {
  if (secret(32)[5] == 7) puts("a branch on a secret");
}

static const struct {
  const char *name;
  void (*run)(void);
} scenarios[] = {
  {"kem", kem}, {"exchange", exchange}, {"handshake", handshake}, {"turn", turn}, {"sign", sign}, {"media", media}, {"envelopes", envelopes}, {"fault", fault},
};

int main(int argc, char **argv) {
  int known = 0;
  for (int i = 1; i < argc; i++) {
    for (size_t at = 0; at < sizeof scenarios / sizeof *scenarios; at++) {
      if (strcmp(argv[i], scenarios[at].name) == 0) {
        known++;
        scenarios[at].run();
      }
    }
  }
  if (known == 0 || known != argc - 1) return 2;
  return 0;
}
