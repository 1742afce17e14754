/* Randomness that fails at the n-th draw, for every n. This program brings the getrandom() and syscall() that the library and its providers
   draw through.

   Every function of the table is called so, in a process of its own: it says PQRTC_RNG_FAILED, its outputs are untouched or zeroed, memory
   is as it was, and the same call with the same handles works afterwards. Then whole calls, meetings, recordings and exchanges are run in
   which one draw fails: the step is refused, no handle has changed, the step is done again, and both sides agree at the end.

   A draw that a provider makes by itself, after the library has seen that there is randomness, aborts the process (SECURITY.md); aws-lc makes
   one with the first signature of a thread or a process, and tries ten times. Nothing else aborts. */
#define _GNU_SOURCE
#include "../c/calls.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Shared with the children. `fail_at` counts from 1. */
static struct {
  int counting, for_good; /* those after it fail too */
  size_t draws, fail_at;
  size_t failed_len, len_before; /* of the draw that failed, and of the one before it */
  int by_provider;               /* through syscall(), which aws-lc uses and the library does not */
} *state;

static long raw(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
  register long result __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  register long x8 __asm__("x8") = number;
  __asm__ volatile("svc 0" : "+r"(result) : "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x8) : "memory");
#else
#error "needs x86-64 or aarch64"
#endif
  if (result < 0 && result > -4096) return errno = (int)-result, -1;
  return result;
}

static int fails(size_t len, int by_provider) {
  static size_t before;
  if (state == NULL || !state->counting || len == 0) return 0;
  if (++state->draws == state->fail_at) state->failed_len = len, state->len_before = before, state->by_provider = by_provider;
  before = len;
  return state->draws == state->fail_at || (state->for_good && state->draws > state->fail_at);
}

ssize_t getrandom(void *out, size_t len, unsigned flags) {
  if (fails(len, 0)) return errno = EIO, -1;
  return raw(SYS_getrandom, (long)out, (long)len, (long)flags, 0, 0, 0);
}

long syscall(long number, ...) {
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_getrandom && fails((size_t)a[1], 1)) return errno = EIO, -1;
  return raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* aws-lc waits between its attempts. */
int nanosleep(const struct timespec *time, struct timespec *left) { return (void)time, (void)left, 0; }

static void fail_at(size_t n, int for_good) { state->draws = 0, state->fail_at = n, state->for_good = for_good, state->counting = 1; }
static void fail_no_more(void) { state->counting = 0; }

/* What malloc() has given out; 0 where that cannot be told, and a sanitizer or valgrind watches instead. */
static size_t heap(void) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  return mallinfo2().uordblks;
#else
  return 0;
#endif
}

/* Of LeakSanitizer, where that is linked in. */
extern int leaks(void) __asm__("__lsan_do_recoverable_leak_check") __attribute__((weak));
static size_t aborted;

/* Runs `body` in a process for each draw, which fails there, until it makes no more. Returns how many it makes. */
static size_t each_draw(const char *name, void (*body)(const void *argument, size_t at), const void *argument) {
  for (size_t at = 1; at < 1000; at++) {
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
      atomic_store(&test_failed, 0);
      test_out = stdout;
      fclose(stderr); /* where providers say why they abort */
      body(argument, at);
      calls_close();
      fflush(NULL);
      if (leaks != NULL && leaks() != 0) _exit(2);
      _exit(atomic_load(&test_failed) != 0);
    }
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    fail_no_more();
    int good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
      /* PQClean's hedge of a signature is drawn by getrandom() too, right after the library's probe of the same length. */
      good = state->by_provider || (strcmp(pqrtc_provider(), "pqclean") == 0 && state->failed_len == 32 && state->len_before == 32);
      aborted++;
    }
    test_check(good, __FILE__, __LINE__, "%s: draw %zu, of %zu bytes: process ended with %#x", name, at, state->failed_len, (unsigned)status);
    if (state->draws < at) return at - 1;
  }
  return 1000;
}

/* Every function. */

/* The call, with randomness that fails at `at`, and then with randomness. */
static void refused_then_done(const struct call *c, size_t at, int for_good) {
  struct frame f;
  frame_build(&f, c);
  size_t before = heap();
  fail_at(at, for_good);
  pqrtc_status status = call_run(c, f.args);
  fail_no_more();
  if (state->draws >= at) {
    int code = status == PQRTC_RNG_FAILED || (status == PQRTC_INTERNAL && strcmp(c->name, "pqrtc_self_test") == 0) ||
               (status == PQRTC_OK && state->by_provider && !for_good); /* it tried again */
    test_check(code, __FILE__, __LINE__, "%s gave %lu when draw %zu failed", c->name, (unsigned long)status, at);
    test_check(for_good || heap() == before, __FILE__, __LINE__, "%s: %zu bytes of heap, and %zu after draw %zu failed", c->name, before,
               heap(), at);
  }
  frame_check(&f, c, status, "without randomness");
  if (status == PQRTC_OK) return;
  frame_build(&f, c);
  status = call_run(c, f.args);
  test_check(status == PQRTC_OK, __FILE__, __LINE__, "%s gave %lu after draw %zu had failed", c->name, (unsigned long)status, at);
  frame_check(&f, c, status, "after a lack of randomness");
}

/* One draw fails, after what is made once in a process has been made, and the provider has a seed. */
static void one_fails(const void *argument, size_t at) {
  const struct call *c = argument;
  struct frame f;
  call_prepare(c);
  frame_build(&f, c);
  frame_check(&f, c, call_run(c, f.args), "with randomness");
  call_prepare(c);
  refused_then_done(c, at, 0);
}

/* All draws fail from one on, in the first call of a process. */
static void all_fail(const void *argument, size_t at) {
  call_prepare(argument);
  refused_then_done(argument, at, 1);
}

/* Whole protocols. */

enum { IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519, NOW = 1000, CARD = 8192, MESSAGE = PQRTC_CALL_MESSAGE_MAX };

/* What can be changed by a step. */
static struct {
  pqrtc_signing_key *a, *b;
  pqrtc_call *calls[2];
  pqrtc_meeting *host, *guest, *third;
  pqrtc_recording_signer *recorder;
  pqrtc_session *session, *other_session;
} on;
static size_t refused;

struct scenario {
  const char *name;
  void (*run)(void);
};

/* All that can be asked of them. */
static size_t look(uint8_t out[4096]) {
  size_t n = 0, written;
  memset(out, 0, 4096);
  for (int i = 0; i < 2; i++) {
    pqrtc_call_info_t info;
    memset(&info, 0, sizeof info), info.size = sizeof info;
    if (on.calls[i] == NULL) continue;
    CHECK_OK(pqrtc_call_info(on.calls[i], &info));
    memcpy(out + n, &info, sizeof info), n += sizeof info;
    if (pqrtc_call_sas(on.calls[i], (char *)out + n, 10) == PQRTC_OK) n += 10;
  }
  pqrtc_meeting *meetings[3] = {on.host, on.guest, on.third};
  for (int i = 0; i < 3; i++) {
    pqrtc_meeting_info_t info;
    memset(&info, 0, sizeof info), info.size = sizeof info;
    if (meetings[i] == NULL) continue;
    CHECK_OK(pqrtc_meeting_info(meetings[i], &info));
    memcpy(out + n, &info, sizeof info), n += sizeof info;
    if (info.index == UINT32_MAX) continue;
    CHECK_OK(pqrtc_meeting_code(meetings[i], (char *)out + n, 30)), n += 30;
    CHECK_OK(pqrtc_meeting_roster(meetings[i], out + n, 300, &written)), n += written;
  }
  if (on.recorder != NULL) {
    CHECK_OK(pqrtc_recording_signer_state(on.recorder, out + n, 100, &written));
    n += written;
  }
  return n;
}

/* Does a step, and again if its randomness failed: then nothing has changed. */
#define STEP(call)                                                               \
  do {                                                                           \
    uint8_t was_[4096], is_[4096];                                               \
    size_t n_ = look(was_);                                                      \
    pqrtc_status status_ = (call);                                               \
    if (status_ == PQRTC_RNG_FAILED) {                                           \
      refused++;                                                                 \
      test_check(look(is_) == n_ && memcmp(was_, is_, n_) == 0, __FILE__, __LINE__, "changed by a refused %s", #call); \
      status_ = (call);                                                          \
    }                                                                            \
    test_status(status_, PQRTC_OK, __FILE__, __LINE__, #call);                   \
  } while (0)

static void in_a_call(void) {
  static uint8_t m[MESSAGE], r[MESSAGE];
  uint8_t x[32], y[32], sealed[4 + PQRTC_SESSION_SEAL_OVERHEAD_BYTES], opened[4];
  size_t n = 0, k = 0;
  pqrtc_policy *policy = NULL;
  CHECK_OK(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  CHECK_OK(pqrtc_policy_set(policy, PQRTC_POLICY_ANY_PEER, NULL, 0));
  CHECK_OK(pqrtc_call_new(on.a, NULL, policy, NULL, 0, NULL, 0, &on.calls[0]));
  CHECK_OK(pqrtc_call_new(on.b, NULL, policy, NULL, 0, NULL, 0, &on.calls[1]));
  pqrtc_policy_free(policy);
  for (int round = 0; round < 3; round++) { /* a handshake and a rekey by each side */
    pqrtc_call *from = on.calls[round == 1], *to = on.calls[round != 1];
    STEP(pqrtc_call_offer(from, m, sizeof m, &n));
    STEP(pqrtc_call_receive(to, m, n, NULL, 0, r, sizeof r, &k));
    STEP(pqrtc_call_receive(from, r, k, NULL, 0, m, sizeof m, &n));
    STEP(pqrtc_call_receive(to, m, n, NULL, 0, r, sizeof r, &k));
    STEP(pqrtc_call_receive(from, r, k, NULL, 0, NULL, 0, &n));
    STEP(pqrtc_call_session(on.calls[0], &on.session));
    STEP(pqrtc_call_session(on.calls[1], &on.other_session));
    CHECK_OK(pqrtc_session_key(on.session, x, 32));
    CHECK_OK(pqrtc_session_key(on.other_session, y, 32));
    CHECK_SAME(x, y, 32);
    STEP(pqrtc_session_seal(on.session, NULL, 0, (const uint8_t *)"text", 4, sealed, sizeof sealed, &n));
    CHECK_OK(pqrtc_session_open(on.other_session, NULL, 0, sealed, n, opened, sizeof opened, &k));
    pqrtc_session_free(on.session), pqrtc_session_free(on.other_session);
    on.session = on.other_session = NULL;
  }
  pqrtc_call_free(on.calls[0]), pqrtc_call_free(on.calls[1]);
  on.calls[0] = on.calls[1] = NULL;
}

/* u32 length || card */
static size_t card_of(const pqrtc_meeting_card *card, uint8_t *at) {
  size_t n = 0;
  CHECK_OK(pqrtc_meeting_card_bytes(card, at + 4, CARD - 4, &n));
  at[0] = at[1] = 0, at[2] = (uint8_t)(n >> 8), at[3] = (uint8_t)n;
  return 4 + n;
}

static void in_a_meeting(void) {
  static uint8_t cards[3 * CARD], commit[16384], welcome[2][4096], box[4096], roster[300];
  pqrtc_meeting_card *one = NULL, *two = NULL, *three = NULL;
  pqrtc_signing_key *c = NULL;
  uint8_t ref[32];
  char codes[2][30];
  uint32_t kind = 0, to = 0, leaves = 2;
  size_t n = 0, n_roster = 0, first, all, welcome_len[2];
  STEP(pqrtc_signing_key_generate(IDENTITY, &c));
  STEP(pqrtc_meeting_card_new(on.a, 2 * NOW, NULL, 0, &one));
  STEP(pqrtc_meeting_card_new(on.b, 2 * NOW, NULL, 0, &two));
  STEP(pqrtc_meeting_card_new(c, 2 * NOW, NULL, 0, &three));
  first = all = card_of(one, cards);
  all += card_of(two, cards + all);
  all += card_of(three, cards + all);
  STEP(pqrtc_meeting_create(on.a, one, NOW, &on.host));
  STEP(pqrtc_meeting_commit(on.host, cards + first, all - first, NULL, 0, 0, commit, sizeof commit, &n));
  for (size_t i = 0; i < 2; i++)
    CHECK_OK(pqrtc_meeting_outgoing(on.host, i, &kind, &to, ref, sizeof ref, welcome[i], sizeof welcome[i], &welcome_len[i]));
  STEP(pqrtc_meeting_accepted(on.host));
  CHECK_OK(pqrtc_meeting_roster(on.host, roster, sizeof roster, &n_roster));
  STEP(pqrtc_meeting_join(on.b, two, welcome[0], welcome_len[0], commit, n, roster, n_roster, cards, all, NOW, &on.guest));
  STEP(pqrtc_meeting_join(c, three, welcome[1], welcome_len[1], commit, n, roster, n_roster, cards, all, NOW, &on.third));
  /* A leave, with a fresh secret. */
  STEP(pqrtc_meeting_commit(on.guest, NULL, 0, &leaves, 1, 1, commit, sizeof commit, &n));
  CHECK_OK(pqrtc_meeting_outgoing(on.guest, 0, &kind, &to, ref, sizeof ref, box, sizeof box, &welcome_len[0]));
  CHECK(kind == PQRTC_MEETING_BOX && to == 0);
  STEP(pqrtc_meeting_accepted(on.guest));
  STEP(pqrtc_meeting_receive(on.host, commit, n, box, welcome_len[0], NULL, 0, NOW));
  STEP(pqrtc_meeting_receive(on.third, commit, n, NULL, 0, NULL, 0, NOW));
  CHECK_OK(pqrtc_meeting_code(on.host, codes[0], 30));
  CHECK_OK(pqrtc_meeting_code(on.guest, codes[1], 30));
  CHECK_SAME(codes[0], codes[1], 30);
  pqrtc_meeting_free(on.host), pqrtc_meeting_free(on.guest), pqrtc_meeting_free(on.third);
  on.host = on.guest = on.third = NULL;
  pqrtc_meeting_card_free(one), pqrtc_meeting_card_free(two), pqrtc_meeting_card_free(three);
  pqrtc_signing_key_free(c);
}

static void in_a_recording(void) {
  static uint8_t pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], entry[51 + PQRTC_ML_DSA_65_SIGNATURE_BYTES], cose[4096];
  pqrtc_signing_key *key = NULL;
  pqrtc_recording_verifier *verifier = NULL;
  size_t n = 0;
  STEP(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key));
  CHECK_OK(pqrtc_signing_key_public_key(key, pk, sizeof pk));
  STEP(pqrtc_recording_signer_new(key, (const uint8_t *)"id", 2, &on.recorder));
  CHECK_OK(pqrtc_recording_verifier_new(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, (const uint8_t *)"id", 2, &verifier));
  for (uint32_t last = 0; last < 2; last++) {
    CHECK_OK(pqrtc_recording_verifier_update(verifier, (const uint8_t *)"segment", last * 7));
    if (last == 0) {
      STEP(pqrtc_recording_signer_entry(on.recorder, 0, entry, sizeof entry, &n));
    } else { /* within a segment there is no state to look at; its bytes are kept through a refusal */
      pqrtc_recording_signer *recorder = on.recorder;
      CHECK_OK(pqrtc_recording_signer_update(recorder, (const uint8_t *)"segment", 7));
      on.recorder = NULL;
      STEP(pqrtc_recording_signer_entry(recorder, 1, entry, sizeof entry, &n));
      on.recorder = recorder;
    }
    STEP(pqrtc_recording_signer_cose(on.recorder, cose, sizeof cose, &n));
    CHECK_OK(pqrtc_recording_verifier_entry(verifier, entry, sizeof entry));
  }
  CHECK_OK(pqrtc_recording_verifier_finish(verifier));
  pqrtc_recording_verifier_free(verifier);
  pqrtc_recording_signer_free(on.recorder);
  on.recorder = NULL;
  pqrtc_signing_key_free(key);
}

static void in_an_exchange(void) {
  static uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES], envelope[4 + 1136], opened[4];
  uint8_t x[32], y[32];
  pqrtc_hybrid_keypair *keys = NULL;
  size_t n = 0, k = 0;
  STEP(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keys));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(keys, bundle, sizeof bundle));
  STEP(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, &on.session));
  STEP(pqrtc_hybrid_respond(keys, exchange, sizeof exchange, &on.other_session));
  CHECK_OK(pqrtc_session_key(on.session, x, 32));
  CHECK_OK(pqrtc_session_key(on.other_session, y, 32));
  CHECK_SAME(x, y, 32);
  STEP(pqrtc_envelope_seal(1, bundle, sizeof bundle, NULL, 0, (const uint8_t *)"text", 4, envelope, sizeof envelope, &n));
  CHECK_OK(pqrtc_envelope_open(keys, NULL, NULL, 0, envelope, n, opened, sizeof opened, &k));
  CHECK(k == 4 && memcmp(opened, "text", 4) == 0);
  pqrtc_session_free(on.session), pqrtc_session_free(on.other_session);
  on.session = on.other_session = NULL;
  pqrtc_hybrid_keypair_free(keys);
}

/* As one_fails(), of a whole run. */
static void one_fails_in(const void *argument, size_t at) {
  const struct scenario *s = argument;
  s->run();
  s->run();
  size_t before = heap();
  refused = 0;
  fail_at(at, 0);
  s->run();
  fail_no_more();
  test_check(state->draws < at || refused == 1, __FILE__, __LINE__, "%s: draw %zu failed and %zu steps were refused", s->name, at, refused);
  test_check(heap() == before, __FILE__, __LINE__, "%s: %zu bytes of heap, and %zu after draw %zu failed", s->name, before, heap(), at);
  pqrtc_signing_key_free(on.a), pqrtc_signing_key_free(on.b);
}

int main(int argc, char **argv) {
  static const struct scenario scenarios[] = {
    {"a call", in_a_call}, {"a meeting", in_a_meeting}, {"a recording", in_a_recording}, {"an exchange", in_an_exchange}};
  size_t functions_drawing = 0, draws = 0, protocol_draws = 0;
  (void)argc;
  if (getenv("GLIBC_TUNABLES") == NULL) { /* what malloc() keeps for this thread would count as given out */
    setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
    execv("/proc/self/exe", argv);
    return 1;
  }
  state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (state == MAP_FAILED) return 1;
  memset(state, 0, sizeof *state);
  calls_open();
  for (size_t i = 0; i < calls_len(); i++) {
    const struct call *c = call_at(i);
    if (!call_is_known(c)) continue;
    size_t own = each_draw(c->name, one_fails, c);
    test_check(c->random == (own != 0), __FILE__, __LINE__, "%s draws %zu times", c->name, own);
    if (own != 0) draws += own + each_draw(c->name, all_fail, c), functions_drawing++;
  }
  CHECK_OK(pqrtc_signing_key_generate(IDENTITY, &on.a));
  CHECK_OK(pqrtc_signing_key_generate(IDENTITY, &on.b));
  for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) protocol_draws += each_draw(scenarios[i].name, one_fails_in, &scenarios[i]);
  pqrtc_signing_key_free(on.a), pqrtc_signing_key_free(on.b);
  calls_close();
  CHECK(functions_drawing > 10 && protocol_draws > 40);
  printf("%s: %zu functions draw; %zu draws failed in them and %zu in whole protocols; %zu abort\n", pqrtc_provider(), functions_drawing, draws,
         protocol_draws, aborted);
  return test_end("nth");
}
