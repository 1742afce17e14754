/* The table's third part: policies and calls. */
#define _GNU_SOURCE
#include "calls.h"
#include <unistd.h>

static pqrtc_policy *policy;
static pqrtc_signing_key *me, *peer, *nobody;
static pqrtc_call *fresh, *answering, *done_i, *done_r;
pqrtc_policy *example_policy;
pqrtc_call *example_call;
static uint8_t pin[32] = {7}, binding[32] = {1, 2}, offer[1260], credential[] = "alice@example.org";
static uint64_t profile = PQRTC_PROFILE_DEFAULT, option = PQRTC_POLICY_PIN, direction = PQRTC_DIRECTION_RECEIVING, stream;
static uint64_t cipher = PQRTC_SFRAME_AES_256_GCM_SHA512_128;
static size_t n_offer = sizeof offer, n_answer = 7716, n_key = 1984, n_credential = sizeof credential - 1;
static pqrtc_call_info_t info;

BYTES(b_pin, pin);
BYTES(b_binding, binding);
BYTES(b_offer, offer);
static struct bytes b_credential = {credential, sizeof credential - 1};

static pqrtc_call *new_call(const pqrtc_signing_key *key) {
  pqrtc_call *call = NULL;
  CHECK_OK(pqrtc_call_new(key, NULL, policy, NULL, 0, credential, key == me ? b_credential.len : 0, &call));
  return call;
}

static void new_fresh(void) {
  pqrtc_call_free(fresh);
  fresh = new_call(me);
}

static void new_answering(void) {
  pqrtc_call_free(answering);
  answering = new_call(peer);
}

/* A call that is done. In the child of a fork the parent's refuses everything. */
static void new_done(void) {
  static uint8_t m[PQRTC_CALL_MESSAGE_MAX], r[PQRTC_CALL_MESSAGE_MAX];
  static pid_t made_by;
  size_t n = 0, k = 0;
  if (made_by == getpid()) {
    return;
  }
  made_by = getpid();
  pqrtc_call_free(done_i);
  pqrtc_call_free(done_r);
  done_i = new_call(me), done_r = new_call(peer);
  CHECK_OK(pqrtc_call_offer(done_i, m, sizeof m, &n));
  CHECK_OK(pqrtc_call_receive(done_r, m, n, NULL, 0, r, sizeof r, &k));
  CHECK_OK(pqrtc_call_receive(done_i, r, k, NULL, 0, m, sizeof m, &n));
  CHECK_OK(pqrtc_call_receive(done_r, m, n, NULL, 0, r, sizeof r, &k));
}

static void next_stream(void) {
  new_done();
  stream++;
}

static void coefficient(uint8_t *p, size_t len) { (void)len; p[44] = p[45] = p[46] = 0xff; }
static void point(uint8_t *p, size_t len) { memset(p + len - 32, 0, 32); }

RELEASE(policy)
RELEASE(call)
RELEASE(session)
RELEASE(sframe_sender)
RELEASE(sframe_receiver)

const struct call handshake_calls[] = {
  {F(pqrtc_policy_new), {E(profile), NEW_(policy)}, NULL, 0, {{0}}},
  {F(pqrtc_policy_set), {H(policy), E(option), I(b_pin, 0, 32)}, NULL, 0, {{0}}},
  {F(pqrtc_call_new), {H_OPT(me), H_OPT(nobody), H(policy), I(b_binding, 0, 64), I(b_credential, 0, 55093), NEW_(call)}, NULL, 0, {{0}}},
  {F(pqrtc_call_offer), {H(fresh), V(n_offer)}, new_fresh, 1, {{0}}},
  {F(pqrtc_call_receive), {H(answering), I_SOME(b_offer, ANY_LEN), I(b_binding, 0, 64), V(n_answer)}, new_answering, 1,
   {{2, coefficient, PQRTC_INVALID_KEY}, {2, point, PQRTC_NON_CONTRIBUTORY}}},
  {F(pqrtc_call_pin), {H(fresh), I(b_pin, 32, 32)}, new_fresh, 0, {{0}}},
  {F(pqrtc_call_set_binding), {H(fresh), I(b_binding, 0, 64)}, new_fresh, 0, {{0}}},
  {F(pqrtc_call_info), {H(done_r), {CELL_IN_OUT, &info, sizeof info, 0, NULL}}, new_done, 0, {{0}}},
  {F(pqrtc_call_peer), {H(done_r), C, V(n_key), V(n_credential)}, new_done, 0, {{0}}},
  {F(pqrtc_call_sas), {H(done_r), O(10)}, new_done, 0, {{0}}},
  {F(pqrtc_call_session), {H(done_r), NEW_(session)}, new_done, 0, {{0}}},
  {F(pqrtc_call_sender), {H(done_r), X(stream), E(cipher), NEW_(sframe_sender)}, next_stream, 0, {{0}}},
  {F(pqrtc_call_receiver), {H(done_r), E(cipher), NEW_(sframe_receiver)}, new_done, 0, {{0}}},
  {F(pqrtc_call_sframe_key), {H(done_r), E(direction), X(stream), C, O(32)}, new_done, 0, {{0}}},
};
const size_t handshake_calls_len = sizeof handshake_calls / sizeof *handshake_calls;

void handshake_open(void) {
  size_t n = 0;
  CHECK_OK(pqrtc_policy_new((uint32_t)profile, &policy));
  CHECK_OK(pqrtc_policy_set(policy, PQRTC_POLICY_ANY_PEER, NULL, 0));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65_ED25519, &me));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65_ED25519, &peer));
  new_done();
  new_fresh();
  CHECK_OK(pqrtc_call_offer(fresh, offer, sizeof offer, &n));
  new_fresh();
  new_answering();
  info.size = sizeof info;
  example_policy = policy, example_call = done_r;
}

void handshake_close(void) {
  pqrtc_call_free(fresh);
  pqrtc_call_free(answering);
  pqrtc_call_free(done_i);
  pqrtc_call_free(done_r);
  pqrtc_policy_free(policy);
  pqrtc_signing_key_free(me);
  pqrtc_signing_key_free(peer);
}
