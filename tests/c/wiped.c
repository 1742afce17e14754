/* Secrets do not outlive the call and the handle: every function that touches one is called alone on a stack of its own, which is looked at
 * afterwards, and every block of the heap is looked at when it is freed. Neither may hold 8 bytes in a row of what the test knows to be
 * secret. Linux with glibc, no sanitizers: it stands before free(). */
#define _GNU_SOURCE
#include "test.h"
#include "expanded_key.h"
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

enum { STACK = 512 * 1024, WINDOW = 8, SECRETS = 12 };

static struct {
  uint8_t bytes[1200];
  size_t len;
  const char *name;
} secrets[SECRETS];
static size_t known;
static atomic_int watching;
static atomic_ulong freed_blocks;
static const char *_Atomic leaked_to_heap;

static void remember(const char *name, const void *bytes, size_t len) {
  if (known == SECRETS || len > sizeof secrets[0].bytes) {
    abort();
  }
  memcpy(secrets[known].bytes, bytes, len);
  secrets[known].len = len;
  secrets[known++].name = name;
}

/* The name of a secret of which WINDOW bytes in a row are in memory. */
static const char *found_in(const uint8_t *memory, size_t len) {
  for (size_t i = 0; i < known; i++) {
    for (size_t at = 0; at + WINDOW <= secrets[i].len; at++) {
      if (len >= WINDOW && memmem(memory, len, secrets[i].bytes + at, WINDOW) != NULL) {
        return secrets[i].name;
      }
    }
  }
  return NULL;
}

extern void __libc_free(void *);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_malloc(size_t);

static void look(void *p) {
  if (p != NULL && atomic_load(&watching)) {
    const char *name = found_in(p, malloc_usable_size(p));
    atomic_fetch_add(&freed_blocks, 1);
    if (name != NULL) {
      leaked_to_heap = name;
    }
  }
}

void free(void *p) {
  look(p);
  __libc_free(p);
}

void *realloc(void *p, size_t len) {
  /* Moved always, so that the old block is seen. */
  void *moved = __libc_malloc(len);
  if (moved != NULL && p != NULL) {
    size_t old = malloc_usable_size(p);
    memcpy(moved, p, old < len ? old : len);
    free(p);
  }
  return moved;
}

/* One call. `before` makes what it needs and says which secrets are known already, `after` which ones it made. */
struct one_call {
  const char *name;
  void (*before)(void), (*call)(void), (*after)(void);
};

#define CALL(id, before_, call_, after_)                                                                                                 \
  static void id##_before(void) { before_; }                                                                                             \
  static void id##_call(void) { status = (call_); }                                                                                      \
  static void id##_after(void) { after_; }
#define ROW(id) {#id, id##_before, id##_call, id##_after}

static pqrtc_status status;
static uint32_t number; /* the algorithm, suite or cipher of this round */
static pqrtc_kem_keypair *kem, *new_kem;
static pqrtc_hybrid_keypair *hybrid, *new_hybrid;
static pqrtc_session *session, *peer, *new_session;
static pqrtc_signing_key *signer, *new_signer;
static pqrtc_artifact_hasher *hasher;
static pqrtc_recording_signer *recorder;
static pqrtc_sframe_sender *sender;
static pqrtc_sframe_receiver *receiver;
static uint8_t seed[96], other_seed[96], ek[1600], ct[1600], dk[3200], bundle[1216], exchange[1120], sealed[4096], out[4096], sig[5000];
static uint8_t secret32[32], label[] = "label", base_key[64];
static char username[64], password[64];
static size_t seed_len, ek_len, ct_len, sig_len, len, other_len;
static uint64_t kid, new_kid;
static const char text[] = "Of this text nothing may stay behind: 0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ, and so on to its end.";
#define TEXT (const uint8_t *)text, sizeof text
#define PASSWORD_SECRET (const uint8_t *)"the static-auth-secret of coturn", 32

static void fill_seed(void) {
  CHECK_OK(pqrtc_random(seed, sizeof seed));
  remember("seed", seed, seed_len);
}

/* KEM */
static void new_pair(void) {
  size_t unused;
  CHECK_OK(pqrtc_kem_sizes(number, &ek_len, &ct_len, &seed_len));
  CHECK_OK(pqrtc_random(seed, sizeof seed));
  pqrtc_kem_keypair_free(kem);
  CHECK_OK(pqrtc_kem_keypair_from_seed(number, seed, seed_len, &kem));
  CHECK_OK(pqrtc_kem_keypair_public_key(kem, ek, ek_len));
  CHECK_OK(pqrtc_kem_encapsulate(number, ek, ek_len, ct, ct_len, secret32, 32));
  CHECK_OK(pqrtc_turn_wrap(number, ek, ek_len, TEXT, sealed, sizeof sealed, &len));
  remember("seed", seed, seed_len);
  (void)unused;
}
static void made_pair(void) {
  CHECK_OK(pqrtc_kem_keypair_seed(new_kem, other_seed, 64));
  remember("new seed", other_seed, 64);
  pqrtc_kem_keypair_free(new_kem);
}
CALL(kem_keypair_generate, (void)0, pqrtc_kem_keypair_generate(number, &new_kem), made_pair())
CALL(kem_keypair_from_seed, new_pair(), pqrtc_kem_keypair_from_seed(number, seed, seed_len, &new_kem), made_pair())
CALL(kem_keypair_seed, new_pair(), pqrtc_kem_keypair_seed(kem, out, 64), (void)0)
CALL(kem_encapsulate, new_pair(), pqrtc_kem_encapsulate(number, ek, ek_len, ct, ct_len, out, 32), remember("shared secret", out, 32))
CALL(kem_decapsulate, new_pair(); remember("shared secret", secret32, 32), pqrtc_kem_decapsulate(kem, ct, ct_len, out, 32), (void)0)
CALL(turn_wrap, new_pair(); remember("credential", text, sizeof text), pqrtc_turn_wrap(number, ek, ek_len, TEXT, sealed, sizeof sealed, &len), (void)0)
CALL(turn_unwrap, new_pair(); remember("credential", text, sizeof text), pqrtc_turn_unwrap(kem, sealed, len, out, sizeof out, &other_len), (void)0)

/* An expanded key: s and z are its secrets. The seed is that of expanded_key.h. */
static void from_expanded_before(void) {
  memcpy(dk, expanded, sizeof expanded);
  remember("s", dk, 1152);
  remember("z", dk + sizeof expanded - 32, 32);
}
static void from_expanded_call(void) { status = pqrtc_kem_keypair_from_expanded(PQRTC_KEM_ML_KEM_768, dk, sizeof expanded, &new_kem); }
static void from_expanded_after(void) { pqrtc_kem_keypair_free(new_kem); }

/* The exchange */
static void new_exchange(void) {
  size_t unused;
  CHECK_OK(pqrtc_suite_sizes(number, &unused, &unused, &seed_len));
  fill_seed();
  pqrtc_hybrid_keypair_free(hybrid);
  CHECK_OK(pqrtc_hybrid_keypair_from_seed(number, seed, seed_len, &hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(hybrid, bundle, sizeof bundle));
  pqrtc_session_free(session);
  CHECK_OK(pqrtc_hybrid_initiate(number, bundle, sizeof bundle, exchange, sizeof exchange, &session));
  CHECK_OK(pqrtc_session_key(session, secret32, 32));
}
static void new_sessions(void) {
  new_exchange();
  pqrtc_session_free(peer);
  CHECK_OK(pqrtc_hybrid_respond(hybrid, exchange, sizeof exchange, &peer));
  remember("session key", secret32, 32);
}
static void made_hybrid(void) {
  CHECK_OK(pqrtc_hybrid_keypair_seed(new_hybrid, other_seed, seed_len));
  remember("new seed", other_seed, seed_len);
  pqrtc_hybrid_keypair_free(new_hybrid);
}
static void made_session(void) {
  CHECK_OK(pqrtc_session_key(new_session, out, 32));
  remember("new session key", out, 32);
  pqrtc_session_free(new_session);
}
CALL(hybrid_keypair_generate, new_exchange(), pqrtc_hybrid_keypair_generate(number, &new_hybrid), made_hybrid())
CALL(hybrid_keypair_from_seed, new_exchange(), pqrtc_hybrid_keypair_from_seed(number, seed, seed_len, &new_hybrid), made_hybrid())
CALL(hybrid_keypair_seed, new_exchange(), pqrtc_hybrid_keypair_seed(hybrid, out, seed_len), (void)0)
CALL(hybrid_initiate, new_exchange(), pqrtc_hybrid_initiate(number, bundle, sizeof bundle, exchange, sizeof exchange, &new_session), made_session())
CALL(hybrid_respond, new_exchange(); remember("session key", secret32, 32), pqrtc_hybrid_respond(hybrid, exchange, sizeof exchange, &new_session), made_session())

/* Sessions */
static void message(void) {
  new_sessions();
  CHECK_OK(pqrtc_session_seal(peer, label, 5, TEXT, sealed, sizeof sealed, &len));
  remember("message", text, sizeof text);
}
CALL(session_key, new_sessions(), pqrtc_session_key(session, out, 32), (void)0)
CALL(session_export, new_sessions(), pqrtc_session_export(session, label, 5, NULL, 0, out, 100), remember("exported key", out, 100))
CALL(session_srtp_keys, new_sessions(), pqrtc_session_srtp_keys(session, PQRTC_SRTP_AEAD_AES_256_GCM, out, sizeof out, &len), remember("SRTP keys", out, 88))
CALL(session_sframe_base_key, new_sessions(), pqrtc_session_sframe_base_key(session, 1, 5, out, 32), remember("base key", out, 32))
CALL(session_seal, new_sessions(); remember("message", text, sizeof text), pqrtc_session_seal(session, label, 5, TEXT, sealed, sizeof sealed, &len), (void)0)
CALL(session_open, message(), pqrtc_session_open(session, label, 5, sealed, len, out, sizeof out, &other_len), (void)0)

/* TURN */
static uint8_t mac[21];
static void remember_password(void) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < 7; i++) {
    uint32_t group = 0;
    for (size_t j = 0; j < 4; j++) {
      char c = password[4 * i + j];
      group = group << 6 | (c == '=' ? 0 : (uint32_t)(strchr(digits, c) - digits));
    }
    mac[3 * i] = (uint8_t)(group >> 16), mac[3 * i + 1] = (uint8_t)(group >> 8), mac[3 * i + 2] = (uint8_t)group;
  }
  remember("password", password, 28);
  remember("MAC", mac, 20);
  remember("TURN secret", "the static-auth-secret of coturn", 32);
}
static pqrtc_status mint(void) {
  return pqrtc_turn_credential_mint(PASSWORD_SECRET, "alice", 5, 2000000000, username, sizeof username, &len, password, sizeof password, &other_len);
}
static pqrtc_status verify(const char *given) {
  return pqrtc_turn_credential_verify(PASSWORD_SECRET, username, len, given, 28, 1900000000);
}
CALL(turn_credential_mint, (void)0, mint(), remember_password())
CALL(turn_credential_verify, CHECK_OK(mint()); remember_password(), verify(password), (void)0)
CALL(turn_credential_refuse, CHECK_OK(mint()); remember_password(),
     verify("xxxxxxxxxxxxxxxxxxxxxxxxxxxx") == PQRTC_CREDENTIAL_REJECTED ? PQRTC_OK : PQRTC_INTERNAL, (void)0)

/* Signatures */
static void new_signing_key(void) {
  CHECK_OK(pqrtc_signature_sizes(number, &ek_len, &sig_len, &seed_len));
  fill_seed();
  pqrtc_signing_key_free(signer);
  CHECK_OK(pqrtc_signing_key_from_seed(number, seed, seed_len, &signer));
  pqrtc_artifact_hasher_free(hasher);
  CHECK_OK(pqrtc_artifact_hasher_new(PQRTC_ARTIFACT_SUMMARY, &hasher));
  CHECK_OK(pqrtc_artifact_hasher_update(hasher, TEXT));
  pqrtc_recording_signer_free(recorder);
  CHECK_OK(pqrtc_recording_signer_new(signer, label, 5, &recorder));
}
static void made_signer(void) {
  CHECK_OK(pqrtc_signing_key_seed(new_signer, other_seed, seed_len));
  remember("new seed", other_seed, seed_len);
  pqrtc_signing_key_free(new_signer);
}
CALL(signing_key_generate, new_signing_key(), pqrtc_signing_key_generate(number, &new_signer), made_signer())
CALL(signing_key_from_seed, new_signing_key(), pqrtc_signing_key_from_seed(number, seed, seed_len, &new_signer), made_signer())
CALL(signing_key_seed, new_signing_key(), pqrtc_signing_key_seed(signer, out, seed_len), (void)0)
CALL(sign, new_signing_key(), pqrtc_sign(signer, label, 5, TEXT, sig, sig_len), (void)0)
CALL(artifact_sign, new_signing_key(), pqrtc_artifact_sign(signer, PQRTC_ARTIFACT_SUMMARY, TEXT, sig, sig_len), (void)0)
CALL(artifact_hasher_sign, new_signing_key(), pqrtc_artifact_hasher_sign(hasher, signer, sig, sig_len), (void)0)
CALL(recording_signer_entry, new_signing_key(), pqrtc_recording_signer_entry(recorder, 0, sig, sizeof sig, &len), (void)0)

/* Media */
static void new_base_key(void) {
  kid += 256;
  CHECK_OK(pqrtc_random(base_key, sizeof base_key));
  remember("base key", base_key, sizeof base_key);
}
static void new_media(void) {
  new_base_key();
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  CHECK_OK(pqrtc_sframe_sender_from_key(base_key, sizeof base_key, kid, number, &sender));
  CHECK_OK(pqrtc_sframe_sender_set_ratchet(sender, 8));
  CHECK_OK(pqrtc_sframe_receiver_new(number, &receiver));
  CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, kid, base_key, sizeof base_key));
  remember("frame", text, sizeof text);
}
static void sealed_frame(void) {
  new_media();
  CHECK_OK(pqrtc_sframe_seal(sender, label, 5, TEXT, sealed, sizeof sealed, &len));
}
static void coded_frame(void) {
  new_media();
  CHECK_OK(pqrtc_frame_seal(sender, PQRTC_CODEC_OPAQUE, label, 5, TEXT, sealed, sizeof sealed, &len));
}
static pqrtc_sframe_sender *new_sender;
static void made_sender(void) { pqrtc_sframe_sender_free(new_sender); }
CALL(sframe_sender_from_key, new_base_key(), pqrtc_sframe_sender_from_key(base_key, sizeof base_key, kid, number, &new_sender), made_sender())
CALL(sframe_receiver_add_key, new_media(); new_base_key(), pqrtc_sframe_receiver_add_key(receiver, kid, base_key, sizeof base_key), (void)0)
CALL(sframe_sender_ratchet, new_media(), pqrtc_sframe_sender_ratchet(sender, &new_kid), (void)0)
CALL(sframe_seal, new_media(), pqrtc_sframe_seal(sender, label, 5, TEXT, sealed, sizeof sealed, &len), (void)0)
CALL(sframe_open, sealed_frame(), pqrtc_sframe_open(receiver, label, 5, sealed, len, out, sizeof out, &other_len, NULL, NULL), (void)0)
CALL(frame_seal, new_media(), pqrtc_frame_seal(sender, PQRTC_CODEC_OPAQUE, label, 5, TEXT, sealed, sizeof sealed, &len), (void)0)
CALL(frame_open, coded_frame(), pqrtc_frame_open(receiver, PQRTC_CODEC_OPAQUE, label, 5, sealed, len, out, sizeof out, &other_len, NULL, NULL), (void)0)

/* Key files: as DER and as PEM. Of a PEM file the base64 text is not looked for, as its caller holds it. */
static uint32_t format;
static void written_kem(void) {
  new_pair();
  CHECK_OK(pqrtc_kem_keypair_export(kem, format, sealed, sizeof sealed, &len));
}
static void written_signer(void) {
  new_signing_key();
  CHECK_OK(pqrtc_signing_key_export(signer, format, sealed, sizeof sealed, &len));
}
CALL(kem_keypair_export, new_pair(), pqrtc_kem_keypair_export(kem, format, out, sizeof out, &len), (void)0)
CALL(kem_keypair_import, written_kem(), pqrtc_kem_keypair_import(sealed, len, &new_kem), pqrtc_kem_keypair_free(new_kem))
CALL(signing_key_export, new_signing_key(), pqrtc_signing_key_export(signer, format, out, sizeof out, &len), (void)0)
CALL(signing_key_import, written_signer(), pqrtc_signing_key_import(sealed, len, &new_signer), pqrtc_signing_key_free(new_signer))

/* Envelopes and calls */
static void new_envelope(void) {
  new_exchange();
  CHECK_OK(pqrtc_envelope_seal(1, bundle, sizeof bundle, label, 5, TEXT, sealed, sizeof sealed, &len));
  remember("payload", text, sizeof text);
}
CALL(envelope_seal, new_envelope(), pqrtc_envelope_seal(1, bundle, sizeof bundle, label, 5, TEXT, sealed, sizeof sealed, &len), (void)0)
CALL(envelope_open, new_envelope(), pqrtc_envelope_open(hybrid, NULL, label, 5, sealed, len, out, sizeof out, &other_len), (void)0)

static pqrtc_policy *policy;
static pqrtc_call *offerer, *answerer;
static uint8_t offer[PQRTC_CALL_MESSAGE_MAX], reply[PQRTC_CALL_MESSAGE_MAX];
static void new_calls(void) {
  number = PQRTC_SIGNATURE_ML_DSA_65_ED25519;
  new_signing_key();
  pqrtc_call_free(offerer);
  pqrtc_call_free(answerer);
  offerer = answerer = NULL;
  CHECK_OK(pqrtc_call_new(signer, NULL, policy, NULL, 0, NULL, 0, &offerer));
  CHECK_OK(pqrtc_signing_key_generate(number, &new_signer));
  CHECK_OK(pqrtc_call_new(new_signer, NULL, policy, NULL, 0, NULL, 0, &answerer));
  pqrtc_signing_key_free(new_signer);
  CHECK_OK(pqrtc_call_offer(offerer, offer, sizeof offer, &len));
}
static void answered_call(void) {
  new_calls();
  CHECK_OK(pqrtc_call_receive(answerer, offer, len, NULL, 0, reply, sizeof reply, &other_len));
}
static void call_key(const pqrtc_call *call) {
  CHECK_OK(pqrtc_call_session(call, &new_session));
  CHECK_OK(pqrtc_session_key(new_session, out, 32));
  remember("call's session key", out, 32);
  pqrtc_session_free(new_session);
}
/* The offerer's signing key is known. The call's key comes to be in the call that is watched, and is known after it. */
static void finished_call(void) {
  CHECK_OK(pqrtc_call_receive(answerer, offer, len, NULL, 0, reply, sizeof reply, &other_len));
  call_key(answerer);
}
CALL(call_receive_answer, answered_call(), pqrtc_call_receive(offerer, reply, other_len, NULL, 0, offer, sizeof offer, &len), finished_call())
CALL(call_receive_last, answered_call(); CHECK_OK(pqrtc_call_receive(offerer, reply, other_len, NULL, 0, offer, sizeof offer, &len)); call_key(offerer),
     pqrtc_call_receive(answerer, offer, len, NULL, 0, reply, sizeof reply, &other_len), (void)0)

/* Meetings. Host and guest have one identity, whose seed is known. Of an epoch the base keys of streams are known. */
static pqrtc_meeting_card *card, *guest_card, *new_card;
static pqrtc_meeting *host, *guest, *new_meeting;
static uint8_t cards[2 * (4 + 7802)], commit[8192], single[2048], roster[132];
static size_t commit_len, single_len;
static uint32_t kind, index_of;

static void list_card(const pqrtc_meeting_card *from, uint8_t *at) {
  CHECK_OK(pqrtc_meeting_card_bytes(from, at + 4, 7802, &len));
  at[0] = at[1] = 0, at[2] = (uint8_t)(len >> 8), at[3] = (uint8_t)len;
}
static void new_cards(void) {
  number = PQRTC_SIGNATURE_ML_DSA_65_ED25519;
  new_signing_key();
  pqrtc_meeting_free(host), pqrtc_meeting_free(guest);
  pqrtc_meeting_card_free(card), pqrtc_meeting_card_free(guest_card);
  host = guest = NULL;
  CHECK_OK(pqrtc_meeting_card_new(signer, 2000, NULL, 0, &card));
  CHECK_OK(pqrtc_meeting_card_new(signer, 2000, NULL, 0, &guest_card));
  list_card(card, cards);
  list_card(guest_card, cards + sizeof cards / 2);
}
static void stream_key(pqrtc_meeting *of, uint32_t member, uint64_t stream) {
  CHECK_OK(pqrtc_meeting_sframe_key(of, member, stream, &kid, base_key, 32));
  remember("meeting's base key", base_key, 32);
}
static void created(void) {
  new_cards();
  CHECK_OK(pqrtc_meeting_create(signer, card, 1000, &host));
}
static pqrtc_status add_guest(void) {
  return pqrtc_meeting_commit(host, cards + sizeof cards / 2, sizeof cards / 2, NULL, 0, 0, commit, sizeof commit, &commit_len);
}
static void outgoing(void) {
  CHECK_OK(pqrtc_meeting_outgoing(host, 0, &kind, &index_of, out, 32, single, sizeof single, &single_len));
}
static void added(void) {
  created();
  CHECK_OK(add_guest());
  outgoing();
  CHECK_OK(pqrtc_meeting_accepted(host));
  CHECK_OK(pqrtc_meeting_roster(host, roster, sizeof roster, &len));
}
static pqrtc_status join(pqrtc_meeting **to) {
  return pqrtc_meeting_join(signer, guest_card, single, single_len, commit, commit_len, roster, sizeof roster, cards, sizeof cards, 1000, to);
}
static void joined(void) {
  added();
  CHECK_OK(join(&guest));
}
static pqrtc_status refresh(void) { return pqrtc_meeting_commit(host, NULL, 0, NULL, 0, 1, commit, sizeof commit, &commit_len); }
static void refreshed(void) {
  joined();
  CHECK_OK(refresh());
  outgoing();
}
/* What the host seals for stream 5, under the key that the guest has for it. */
static void met(void) {
  joined();
  stream_key(guest, 0, 5);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  CHECK_OK(pqrtc_sframe_sender_from_key(base_key, 32, kid, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  CHECK_OK(pqrtc_meeting_receiver(guest, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &receiver));
  CHECK_OK(pqrtc_sframe_seal(sender, label, 5, TEXT, sealed, sizeof sealed, &len));
  remember("frame", text, sizeof text);
}
CALL(meeting_card_new, new_cards(), pqrtc_meeting_card_new(signer, 2000, NULL, 0, &new_card), pqrtc_meeting_card_free(new_card))
CALL(meeting_create, new_cards(), pqrtc_meeting_create(signer, card, 1000, &new_meeting), stream_key(new_meeting, 0, 3); pqrtc_meeting_free(new_meeting))
CALL(meeting_add, created(), add_guest(), (void)0)
CALL(meeting_join, added(), join(&new_meeting), stream_key(new_meeting, 0, 3); pqrtc_meeting_free(new_meeting))
CALL(meeting_refresh, joined(), refresh(), (void)0)
CALL(meeting_accepted, refreshed(), pqrtc_meeting_accepted(host), stream_key(host, 1, 3))
CALL(meeting_receive, refreshed(), pqrtc_meeting_receive(guest, commit, commit_len, single, single_len, NULL, 0, 1000), stream_key(guest, 0, 3))
CALL(meeting_sframe_key, joined(), pqrtc_meeting_sframe_key(guest, 0, 3, &kid, out, 32), remember("meeting's base key", out, 32))
CALL(meeting_sender, joined(), pqrtc_meeting_sender(guest, 4, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &new_sender), stream_key(host, 1, 4); made_sender())
CALL(meeting_open, met(), pqrtc_sframe_open(receiver, label, 5, sealed, len, out, sizeof out, &other_len, NULL, NULL), (void)0)

static const struct one_call kem_calls[] = {ROW(kem_keypair_generate), ROW(kem_keypair_from_seed), ROW(kem_keypair_seed),
                                            ROW(kem_encapsulate), ROW(kem_decapsulate), ROW(turn_wrap), ROW(turn_unwrap)};
static const struct one_call suite_calls[] = {ROW(hybrid_keypair_generate), ROW(hybrid_keypair_from_seed), ROW(hybrid_keypair_seed),
                                              ROW(hybrid_initiate), ROW(hybrid_respond), ROW(session_key), ROW(session_export),
                                              ROW(session_srtp_keys), ROW(session_sframe_base_key), ROW(session_seal), ROW(session_open)};
static const struct one_call turn_calls[] = {ROW(from_expanded), ROW(turn_credential_mint), ROW(turn_credential_verify), ROW(turn_credential_refuse)};
static const struct one_call signing_calls[] = {ROW(signing_key_generate), ROW(signing_key_from_seed), ROW(signing_key_seed), ROW(sign),
                                                ROW(artifact_sign), ROW(artifact_hasher_sign), ROW(recording_signer_entry)};
static const struct one_call media_calls[] = {ROW(sframe_sender_from_key), ROW(sframe_receiver_add_key), ROW(sframe_sender_ratchet),
                                              ROW(sframe_seal), ROW(sframe_open), ROW(frame_seal), ROW(frame_open)};

static const struct one_call kem_file_calls[] = {ROW(kem_keypair_export), ROW(kem_keypair_import)};
static const struct one_call signing_file_calls[] = {ROW(signing_key_export), ROW(signing_key_import)};
static const struct one_call envelope_calls[] = {ROW(envelope_seal), ROW(envelope_open)};
static const struct one_call call_calls[] = {ROW(call_receive_answer), ROW(call_receive_last)};
static const struct one_call meeting_calls[] = {ROW(meeting_card_new), ROW(meeting_create),     ROW(meeting_add),    ROW(meeting_join),
                                                ROW(meeting_refresh),  ROW(meeting_accepted),   ROW(meeting_receive), ROW(meeting_sframe_key),
                                                ROW(meeting_sender),   ROW(meeting_open)};

static void *run_call(void *row) {
  ((const struct one_call *)row)->call();
  return NULL;
}

/* So that the test is known to see something. */
static void leak_before(void) { fill_seed(); }
static void __attribute__((noinline)) leak_call(void) {
  volatile uint8_t copy[8192]; /* the far end of it is not overwritten by what follows */
  uint8_t *block = malloc(32);
  for (size_t i = 0; i < 32; i++) {
    copy[i] = seed[i];
    block[i] = copy[i];
  }
  __asm__ volatile("" : : "r"(block), "r"(copy) : "memory");
  free(block);
  status = PQRTC_OK;
}
static void leak_after(void) {}
static const struct one_call leak = ROW(leak);

static void on_own_stack(const struct one_call *row, int leaks) {
  pthread_attr_t attr;
  pthread_t thread;
  uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(stack != MAP_FAILED);
  pthread_attr_init(&attr);
  CHECK(pthread_attr_setstack(&attr, stack, STACK) == 0);
  known = 0;
  row->before();
  leaked_to_heap = NULL;
  atomic_store(&watching, 1);
  CHECK(pthread_create(&thread, &attr, run_call, (void *)(uintptr_t)row) == 0);
  pthread_join(thread, NULL);
  atomic_store(&watching, 0);
  pthread_attr_destroy(&attr);
  CHECK_OK(status);
  row->after();
  const char *left = found_in(stack, STACK), *heap = leaked_to_heap;
  test_check((left != NULL) == leaks, __FILE__, __LINE__, "%s (%u) left its %s on the stack", row->name, (unsigned)number, left ? left : "secret nowhere");
  test_check((heap != NULL) == leaks, __FILE__, __LINE__, "%s (%u) left its %s on the heap", row->name, (unsigned)number, heap ? heap : "secret nowhere");
  munmap(stack, STACK);
}

static void all(const struct one_call *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    on_own_stack(&rows[i], 0);
  }
}
#define ALL(rows) all(rows, sizeof rows / sizeof *rows)

int main(void) {
  if (getenv("PQRTC_SLOW") != NULL) return test_skip("wiped", "valgrind stands before free() itself");
  seed_len = 32;
  on_own_stack(&leak, 1);
  size_t n;
  for (number = 1; number <= 2; number++) {
    if (pqrtc_kem_sizes(number, &n, &n, &n) == PQRTC_OK) {
      ALL(kem_calls);
      for (format = 1; format <= 2; format++) ALL(kem_file_calls);
    }
    ALL(suite_calls);
  }
  for (number = 1; number <= 3; number++) {
    if (pqrtc_signature_sizes(number, &n, &n, &n) == PQRTC_OK) {
      ALL(signing_calls);
      for (format = 1; format <= 2; format++) ALL(signing_file_calls);
    }
  }
  for (number = 1; number <= 8; number++) {
    ALL(media_calls);
  }
  number = PQRTC_SUITE_X_WING;
  ALL(envelope_calls);
  CHECK_OK(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  CHECK_OK(pqrtc_policy_set(policy, PQRTC_POLICY_ANY_PEER, NULL, 0));
  ALL(call_calls);
  ALL(meeting_calls);
  number = 0;
  ALL(turn_calls);
  CHECK(atomic_load(&freed_blocks) > 100);
  pqrtc_kem_keypair_free(kem);
  pqrtc_hybrid_keypair_free(hybrid);
  pqrtc_session_free(session);
  pqrtc_session_free(peer);
  pqrtc_signing_key_free(signer);
  pqrtc_artifact_hasher_free(hasher);
  pqrtc_recording_signer_free(recorder);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
  pqrtc_call_free(offerer);
  pqrtc_call_free(answerer);
  pqrtc_policy_free(policy);
  pqrtc_meeting_free(host);
  pqrtc_meeting_free(guest);
  pqrtc_meeting_card_free(card);
  pqrtc_meeting_card_free(guest_card);
  return test_end("wiped");
}

#else
int main(void) { return test_skip("wiped", "not glibc, or with sanitizers"); }
#endif
