/* One side of a conversation, in C: a filter that reads a command a line and answers a line. tests/matrix/README.md has the commands.
 * Fields are separated by a space; binary is lower-case hex, "-" when empty; numbers are decimal. A failure answers `error <code>`. */
#define _GNU_SOURCE /* getline, strsep */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 6 };

typedef struct {
  const char *text;
  uint8_t *p;
  size_t n;
} field;

static pqrtc_hybrid_keypair *keypair;
static pqrtc_session *session;
static pqrtc_kem_keypair *kem;
static pqrtc_signing_key *signer;
static pqrtc_sframe_sender *sender;
static pqrtc_sframe_receiver *receiver;
static uint32_t receiver_cipher;
static pqrtc_call *call;
static pqrtc_meeting_card *card;
static pqrtc_meeting *meeting;

/* The answer: `out_len` bytes at `out` as hex, or `ok` when `out` is NULL. */
static uint8_t *out;
static size_t out_len;

static uint8_t *room(size_t n) {
  out_len = n;
  return out = malloc(n ? n : 1);
}

static uint32_t number(field f) { return (uint32_t)strtoul(f.text, NULL, 10); }

static void new_session(void) {
  pqrtc_sframe_sender_free(sender), sender = NULL;
  pqrtc_sframe_receiver_free(receiver), receiver = NULL;
  pqrtc_session_free(session), session = NULL;
}

static pqrtc_status do_keypair(field *f) {
  pqrtc_hybrid_keypair_free(keypair);
  pqrtc_status s = pqrtc_hybrid_keypair_from_seed(number(f[0]), f[1].p, f[1].n, &keypair);
  return s ? s : pqrtc_hybrid_keypair_bundle(keypair, room(PQRTC_X_WING_BUNDLE_BYTES), PQRTC_X_WING_BUNDLE_BYTES);
}

static pqrtc_status do_respond(field *f) {
  new_session();
  return pqrtc_hybrid_respond(keypair, f[0].p, f[0].n, &session);
}

static pqrtc_status do_initiate(field *f) {
  new_session();
  return pqrtc_hybrid_initiate(number(f[0]), f[1].p, f[1].n, room(PQRTC_X_WING_EXCHANGE_BYTES), PQRTC_X_WING_EXCHANGE_BYTES, &session);
}

static pqrtc_status do_export(field *f) {
  size_t n = number(f[2]);
  if (n > 1 << 20) return PQRTC_INVALID_LENGTH;
  return pqrtc_session_export(session, f[0].p, f[0].n, f[1].p, f[1].n, room(n), n);
}

static pqrtc_status do_srtp(field *f) { return pqrtc_session_srtp_keys(session, number(f[0]), room(88), 88, &out_len); }

static pqrtc_status do_basekey(field *f) {
  return pqrtc_session_sframe_base_key(session, number(f[0]), strtoull(f[1].text, NULL, 10), room(PQRTC_SFRAME_BASE_KEY_BYTES),
                                       PQRTC_SFRAME_BASE_KEY_BYTES);
}

static pqrtc_status do_kem(field *f) {
  size_t public_key, ciphertext, seed;
  pqrtc_status s = pqrtc_kem_sizes(number(f[0]), &public_key, &ciphertext, &seed);
  if (s) return s;
  pqrtc_kem_keypair_free(kem);
  s = pqrtc_kem_keypair_from_seed(number(f[0]), f[1].p, f[1].n, &kem);
  return s ? s : pqrtc_kem_keypair_public_key(kem, room(public_key), public_key);
}

static pqrtc_status do_encapsulate(field *f) {
  size_t public_key, ciphertext, seed;
  pqrtc_status s = pqrtc_kem_sizes(number(f[0]), &public_key, &ciphertext, &seed);
  if (s) return s;
  uint8_t *both = room(ciphertext + PQRTC_KEM_SHARED_SECRET_BYTES);
  return pqrtc_kem_encapsulate(number(f[0]), f[1].p, f[1].n, both, ciphertext, both + ciphertext, PQRTC_KEM_SHARED_SECRET_BYTES);
}

static pqrtc_status do_decapsulate(field *f) {
  return pqrtc_kem_decapsulate(kem, f[0].p, f[0].n, room(PQRTC_KEM_SHARED_SECRET_BYTES), PQRTC_KEM_SHARED_SECRET_BYTES);
}

static pqrtc_status do_key(field *f) {
  (void)f;
  return pqrtc_session_key(session, room(PQRTC_SESSION_KEY_BYTES), PQRTC_SESSION_KEY_BYTES);
}

static pqrtc_status do_receiverkey(field *f) {
  pqrtc_sframe_receiver_free(receiver), receiver = NULL, receiver_cipher = 0;
  pqrtc_status s = pqrtc_sframe_receiver_new(number(f[0]), &receiver);
  return s ? s : pqrtc_sframe_receiver_add_key(receiver, strtoull(f[1].text, NULL, 10), f[2].p, f[2].n);
}

static pqrtc_status do_wrap(field *f) {
  size_t cap = f[2].n + PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES;
  return pqrtc_turn_wrap(number(f[0]), f[1].p, f[1].n, f[2].p, f[2].n, room(cap), cap, &out_len);
}

static pqrtc_status do_unwrap(field *f) { return pqrtc_turn_unwrap(kem, f[0].p, f[0].n, room(f[0].n), f[0].n, &out_len); }

/* The length of the signatures of `signer`. */
static size_t signature;

static pqrtc_status do_signer(field *f) {
  size_t public_key, seed;
  pqrtc_status s = pqrtc_signature_sizes(number(f[0]), &public_key, &signature, &seed);
  if (s) return s;
  pqrtc_signing_key_free(signer);
  s = pqrtc_signing_key_from_seed(number(f[0]), f[1].p, f[1].n, &signer);
  return s ? s : pqrtc_signing_key_public_key(signer, room(public_key), public_key);
}

static pqrtc_status do_sign(field *f) {
  return pqrtc_artifact_sign(signer, number(f[0]), f[1].p, f[1].n, room(signature), signature);
}

static pqrtc_status do_verify(field *f) {
  return pqrtc_artifact_verify(number(f[0]), f[1].p, f[1].n, number(f[2]), f[3].p, f[3].n, f[4].p, f[4].n);
}

static pqrtc_status do_signctx(field *f) {
  return pqrtc_sign(signer, f[0].p, f[0].n, f[1].p, f[1].n, room(signature), signature);
}

static pqrtc_status do_verifyctx(field *f) {
  return pqrtc_verify(number(f[0]), f[1].p, f[1].n, f[2].p, f[2].n, f[3].p, f[3].n, f[4].p, f[4].n);
}

static pqrtc_status do_sender(field *f) {
  pqrtc_sframe_sender_free(sender);
  return pqrtc_sframe_sender_new(session, strtoull(f[0].text, NULL, 10), number(f[1]), &sender);
}

static pqrtc_status do_receiver(field *f) {
  if (receiver == NULL || receiver_cipher != number(f[0])) {
    pqrtc_sframe_receiver_free(receiver);
    pqrtc_status s = pqrtc_sframe_receiver_new(receiver_cipher = number(f[0]), &receiver);
    if (s) return s;
  }
  return pqrtc_sframe_receiver_add_session(receiver, session, strtoull(f[1].text, NULL, 10));
}

static pqrtc_status do_seal(field *f) {
  size_t cap = f[1].n + PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
  return pqrtc_sframe_seal(sender, f[0].p, f[0].n, f[1].p, f[1].n, room(cap), cap, &out_len);
}

static pqrtc_status do_open(field *f) {
  return pqrtc_sframe_open(receiver, f[0].p, f[0].n, f[1].p, f[1].n, room(f[1].n), f[1].n, &out_len, NULL, NULL);
}

static pqrtc_status do_fseal(field *f) {
  size_t cap = pqrtc_frame_seal_max_size(number(f[0]), f[2].n);
  return pqrtc_frame_seal(sender, number(f[0]), f[1].p, f[1].n, f[2].p, f[2].n, room(cap), cap, &out_len);
}

static pqrtc_status do_fopen(field *f) {
  size_t cap = pqrtc_frame_open_max_size(number(f[0]), f[2].n);
  return pqrtc_frame_open(receiver, number(f[0]), f[1].p, f[1].n, f[2].p, f[2].n, room(cap), cap, &out_len, NULL, NULL);
}

static pqrtc_status do_sseal(field *f) {
  size_t cap = f[1].n + PQRTC_SESSION_SEAL_OVERHEAD_BYTES;
  return pqrtc_session_seal(session, f[0].p, f[0].n, f[1].p, f[1].n, room(cap), cap, &out_len);
}

static pqrtc_status do_sopen(field *f) {
  return pqrtc_session_open(session, f[0].p, f[0].n, f[1].p, f[1].n, room(f[1].n), f[1].n, &out_len);
}

static pqrtc_status do_fingerprint(field *f) {
  return pqrtc_public_key_fingerprint(number(f[0]), f[1].p, f[1].n, room(PQRTC_FINGERPRINT_BYTES), PQRTC_FINGERPRINT_BYTES);
}

static pqrtc_status do_call(field *f) {
  pqrtc_policy *policy = NULL;
  pqrtc_call_free(call), call = NULL;
  pqrtc_status s = pqrtc_policy_new(number(f[0]), &policy);
  if (s == PQRTC_OK) s = pqrtc_policy_set(policy, PQRTC_POLICY_PIN, f[1].p, f[1].n);
  if (s == PQRTC_OK) s = pqrtc_call_new(signer, NULL, policy, f[2].p, f[2].n, NULL, 0, &call);
  pqrtc_policy_free(policy);
  return s;
}

static pqrtc_status do_offer(field *f) {
  (void)f;
  return pqrtc_call_offer(call, room(PQRTC_CALL_MESSAGE_MAX), PQRTC_CALL_MESSAGE_MAX, &out_len);
}

static pqrtc_status do_receive(field *f) {
  return pqrtc_call_receive(call, f[1].p, f[1].n, f[0].p, f[0].n, room(PQRTC_CALL_MESSAGE_MAX), PQRTC_CALL_MESSAGE_MAX, &out_len);
}

static pqrtc_status do_sas(field *f) {
  (void)f;
  return pqrtc_call_sas(call, (char *)room(10), 10);
}

static pqrtc_status do_callsession(field *f) {
  (void)f;
  new_session();
  return pqrtc_call_session(call, &session);
}

static pqrtc_status do_callsender(field *f) {
  pqrtc_sframe_sender_free(sender), sender = NULL;
  return pqrtc_call_sender(call, number(f[0]), number(f[1]), &sender);
}

static pqrtc_status do_callreceiver(field *f) {
  pqrtc_sframe_receiver_free(receiver), receiver = NULL, receiver_cipher = 0;
  return pqrtc_call_receiver(call, number(f[0]), &receiver);
}

static pqrtc_status do_card(field *f) {
  pqrtc_meeting_card_free(card), card = NULL;
  pqrtc_status s = pqrtc_meeting_card_new(signer, number(f[0]), NULL, 0, &card);
  return s ? s : pqrtc_meeting_card_bytes(card, room(16384), 16384, &out_len);
}

static void no_meeting(void) { pqrtc_meeting_free(meeting), meeting = NULL; }

static pqrtc_status do_create(field *f) {
  no_meeting();
  return pqrtc_meeting_create(signer, card, number(f[0]), &meeting);
}

static pqrtc_status do_join(field *f) {
  no_meeting();
  return pqrtc_meeting_join(signer, card, f[0].p, f[0].n, f[1].p, f[1].n, f[2].p, f[2].n, f[3].p, f[3].n, number(f[4]), &meeting);
}

static pqrtc_status do_commit(field *f) {
  uint32_t indexes[255];
  if (f[1].n > 255) return PQRTC_INVALID_LENGTH;
  for (size_t i = 0; i < f[1].n; i++) indexes[i] = f[1].p[i];
  return pqrtc_meeting_commit(meeting, f[0].p, f[0].n, indexes, f[1].n, number(f[2]), room(16384), 16384, &out_len);
}

static pqrtc_status do_outgoing(field *f) {
  uint32_t kind = 0, index = 0;
  uint8_t reference[32], *to = room(2048);
  pqrtc_status s = pqrtc_meeting_outgoing(meeting, number(f[0]), &kind, &index, reference, 32, to + 2, 2046, &out_len);
  to[0] = (uint8_t)kind, to[1] = (uint8_t)index, out_len += 2;
  return s;
}

static pqrtc_status do_accepted(field *f) {
  (void)f;
  return pqrtc_meeting_accepted(meeting);
}

static pqrtc_status do_take(field *f) {
  return pqrtc_meeting_receive(meeting, f[0].p, f[0].n, f[1].p, f[1].n, f[2].p, f[2].n, number(f[3]));
}

static pqrtc_status do_roster(field *f) {
  (void)f;
  return pqrtc_meeting_roster(meeting, room(16384), 16384, &out_len);
}

static pqrtc_status do_code(field *f) {
  (void)f;
  return pqrtc_meeting_code(meeting, (char *)room(30), 30);
}

static pqrtc_status do_meetsender(field *f) {
  pqrtc_sframe_sender_free(sender), sender = NULL;
  return pqrtc_meeting_sender(meeting, number(f[0]), number(f[1]), &sender);
}

static pqrtc_status do_meetreceiver(field *f) {
  pqrtc_sframe_receiver_free(receiver), receiver = NULL, receiver_cipher = 0;
  return pqrtc_meeting_receiver(meeting, number(f[0]), &receiver);
}

/* fields: b for binary, n for a number */
static const struct {
  const char *name, *fields;
  pqrtc_status (*run)(field *);
} commands[] = {
    {"keypair", "nb", do_keypair}, {"respond", "b", do_respond},   {"initiate", "nb", do_initiate}, {"export", "bbn", do_export},
    {"srtp", "n", do_srtp},        {"kem", "nb", do_kem},          {"wrap", "nbb", do_wrap},         {"unwrap", "b", do_unwrap},
    {"signer", "nb", do_signer},   {"sign", "nb", do_sign},        {"verify", "nbnbb", do_verify},   {"signctx", "bb", do_signctx},
    {"verifyctx", "nbbbb", do_verifyctx}, {"sender", "nn", do_sender}, {"receiver", "nn", do_receiver}, {"seal", "bb", do_seal},
    {"open", "bb", do_open},       {"fseal", "nbb", do_fseal},     {"fopen", "nbb", do_fopen},       {"sseal", "bb", do_sseal},
    {"sopen", "bb", do_sopen},     {"basekey", "nn", do_basekey},   {"encapsulate", "nb", do_encapsulate}, {"decapsulate", "b", do_decapsulate},
    {"key", "", do_key},           {"receiverkey", "nnb", do_receiverkey},
    {"fingerprint", "nb", do_fingerprint}, {"call", "nbb", do_call}, {"offer", "", do_offer},        {"receive", "bb", do_receive},
    {"sas", "", do_sas},           {"callsession", "", do_callsession}, {"callsender", "nn", do_callsender}, {"callreceiver", "n", do_callreceiver},
    {"card", "n", do_card},        {"create", "n", do_create},     {"join", "bbbbn", do_join},       {"commit", "bbn", do_commit},
    {"outgoing", "n", do_outgoing}, {"accepted", "", do_accepted}, {"take", "bbbn", do_take},        {"roster", "", do_roster},
    {"code", "", do_code},         {"meetsender", "nn", do_meetsender}, {"meetreceiver", "n", do_meetreceiver},
};

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static int unhex(field *f) {
  size_t digits = strcmp(f->text, "-") == 0 ? 0 : strlen(f->text);
  f->n = digits / 2;
  f->p = malloc(f->n + 1);
  for (size_t i = 0; i < digits; i++) {
    int d = digit(f->text[i]);
    if (d < 0 || digits % 2 != 0 || f->p == NULL) return 0;
    f->p[i / 2] = (uint8_t)(i % 2 ? f->p[i / 2] | d : d << 4);
  }
  return f->p != NULL;
}

static pqrtc_status obey(char *line, field *f) {
  char *rest = line, *name = strsep(&rest, " ");
  size_t n = 0;
  for (; n < MAX_FIELDS && rest != NULL; n++) f[n].text = strsep(&rest, " ");
  for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
    if (strcmp(name, commands[c].name) != 0) continue;
    if (rest != NULL || strlen(commands[c].fields) != n) break;
    for (size_t i = 0; i < n; i++)
      if (commands[c].fields[i] == 'b' && !unhex(&f[i])) return PQRTC_INVALID_ARGUMENT;
    return commands[c].run(f);
  }
  return PQRTC_INVALID_ARGUMENT;
}

int main(void) {
  char *line = NULL;
  size_t cap = 0;
  ssize_t len;
  while ((len = getline(&line, &cap, stdin)) > 0) {
    field f[MAX_FIELDS] = {{NULL, NULL, 0}};
    if (line[len - 1] == '\n') line[len - 1] = '\0';
    if (strcmp(line, "quit") == 0) break;
    pqrtc_status s = obey(line, f);
    if (s != PQRTC_OK) {
      printf("error %u", (unsigned)s);
    } else if (out == NULL) {
      printf("ok");
    } else {
      for (size_t i = 0; i < out_len; i++) printf("%02x", out[i]);
      if (out_len == 0) printf("-");
    }
    putchar('\n');
    fflush(stdout);
    free(out), out = NULL;
    for (size_t i = 0; i < MAX_FIELDS; i++) free(f[i].p);
  }
  new_session();
  no_meeting();
  pqrtc_meeting_card_free(card);
  pqrtc_call_free(call);
  pqrtc_hybrid_keypair_free(keypair);
  pqrtc_kem_keypair_free(kem);
  pqrtc_signing_key_free(signer);
  free(line);
  return 0;
}
