/* Signals and cancelled threads. A timer interrupts every function of the table, with SA_RESTART and without: all of them succeed, and what two
   sides make fits. A thread that pthread_cancel() ends is ended between its calls, however often it draws randomness in them, where the C
   library has a cancellation point; what it used can be used on. */
#define _GNU_SOURCE
#include "calls.h"
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long interval = 100; /* microseconds */
static unsigned long signals_wanted = 200;
static unsigned rounds = 50;

static atomic_ulong signals;
static void count(int number) { (void)number, atomic_fetch_add(&signals, 1); }

static void always(int flags) {
  struct sigaction action = {.sa_handler = count, .sa_flags = flags};
  struct itimerval timer = {{0, interval}, {0, interval}};
  sigaction(SIGALRM, &action, NULL);
  CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void never(void) {
  struct itimerval timer = {{0, 0}, {0, 0}};
  CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

/* Every function that can be called well. What needs a peer has one in its prepare: a signal falls into that, too. */
static void all_calls(const char *what) {
  for (size_t i = 0; i < calls_len(); i++) {
    const struct call *c = call_at(i);
    struct frame f;
    if (!call_is_known(c)) continue;
    call_prepare(c);
    frame_build(&f, c);
    pqrtc_status status = call_run(c, f.args);
    test_check(status == PQRTC_OK, __FILE__, __LINE__, "%s gave %lu under signals (%s)", c->name, (unsigned long)status, what);
    frame_check(&f, c, status, what);
  }
}

/* Both sides of an exchange, a signature, and frames: what comes out is right, not only PQRTC_OK. */
static void both_sides(void) {
  struct test_pair pair = test_exchange(PQRTC_SUITE_X_WING);
  pqrtc_signing_key *key = NULL;
  uint8_t a[32], b[32], pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES], frame[1200] = {9};
  uint8_t sealed[sizeof frame + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed];
  size_t n = 0, m = 0;
  uint64_t counter = 0;
  CHECK_OK(pqrtc_session_key(pair.initiator, a, 32));
  CHECK_OK(pqrtc_session_key(pair.responder, b, 32));
  CHECK_SAME(a, b, 32);
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &key));
  CHECK_OK(pqrtc_signing_key_public_key(key, pk, sizeof pk));
  CHECK_OK(pqrtc_sign(key, NULL, 0, a, 32, signature, sizeof signature));
  CHECK_OK(pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, pk, sizeof pk, NULL, 0, a, 32, signature, sizeof signature));
  pqrtc_signing_key_free(key);
  pqrtc_sframe_sender *tx = NULL;
  pqrtc_sframe_receiver *rx = NULL;
  CHECK_OK(pqrtc_sframe_sender_new(pair.initiator, 1, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &tx));
  CHECK_OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &rx));
  CHECK_OK(pqrtc_sframe_receiver_add_session(rx, pair.responder, 1));
  for (uint64_t i = 0; i < 100; i++) {
    CHECK_OK(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n));
    CHECK_OK(pqrtc_sframe_open(rx, NULL, 0, sealed, n, out, sizeof out, &m, NULL, &counter));
    CHECK(m == sizeof frame && counter == i && memcmp(out, frame, m) == 0);
  }
  pqrtc_sframe_sender_free(tx);
  pqrtc_sframe_receiver_free(rx);
  test_pair_free(pair);
}

static void interrupted(int flags, const char *what) {
  unsigned long before = atomic_load(&signals);
  always(flags);
  time_t end = time(NULL) + 60;
  do {
    all_calls(what);
    both_sides();
  } while (atomic_load(&signals) - before < signals_wanted && time(NULL) < end);
  never();
  unsigned long came = atomic_load(&signals) - before;
  test_check(came >= signals_wanted, __FILE__, __LINE__, "%lu signals came (%s)", came, what);
}

/* A thread is told to end while it is inside calls, over and over. */
static struct {
  atomic_int started;
  pqrtc_signing_key *key;
  pqrtc_sframe_sender *tx;
  pqrtc_sframe_receiver *rx;
  atomic_ulong calls; /* begun, and ended */
  atomic_ulong ends;
} cancelled;

static void *until_cancelled(void *unused) {
  uint8_t message[64] = {5}, signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES], sealed[64 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed];
  pqrtc_hybrid_keypair *pair = NULL;
  size_t n = 0, m = 0;
  (void)unused;
  atomic_store(&cancelled.started, 1);
  for (;;) {
    atomic_fetch_add(&cancelled.calls, 1);
    CHECK_OK(pqrtc_sign(cancelled.key, NULL, 0, message, sizeof message, signature, sizeof signature));
    CHECK_OK(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &pair));
    pqrtc_hybrid_keypair_free(pair);
    CHECK_OK(pqrtc_random(out, 64));
    CHECK_OK(pqrtc_sframe_seal(cancelled.tx, NULL, 0, out, 64, sealed, sizeof sealed, &n));
    CHECK_OK(pqrtc_sframe_open(cancelled.rx, NULL, 0, sealed, n, out, sizeof out, &m, NULL, NULL));
    atomic_fetch_add(&cancelled.ends, 1);
    pthread_testcancel();
  }
  return NULL;
}

__attribute__((unused)) static void cancelled_threads(void) {
  uint8_t base[32], sealed[64 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed] = {0};
  size_t n = 0, m = 0;
  CHECK_OK(pqrtc_random(base, sizeof base));
  CHECK_OK(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65, &cancelled.key));
  CHECK_OK(pqrtc_sframe_sender_from_key(base, sizeof base, 7, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &cancelled.tx));
  CHECK_OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &cancelled.rx));
  CHECK_OK(pqrtc_sframe_receiver_add_key(cancelled.rx, 7, base, sizeof base));
  for (unsigned i = 0; i < rounds; i++) {
    pthread_t thread;
    void *result = NULL;
    struct timespec moment = {0, 50000 + 37000 * (long)i};
    atomic_store(&cancelled.started, 0);
    CHECK(pthread_create(&thread, NULL, until_cancelled, NULL) == 0);
    while (!atomic_load(&cancelled.started)) sched_yield();
    nanosleep(&moment, NULL);
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    /* It ended between calls, and what it used goes on. */
    CHECK(atomic_load(&cancelled.calls) == atomic_load(&cancelled.ends));
    CHECK_OK(pqrtc_sframe_seal(cancelled.tx, NULL, 0, out, 64, sealed, sizeof sealed, &n));
    CHECK_OK(pqrtc_sframe_open(cancelled.rx, NULL, 0, sealed, n, out, sizeof out, &m, NULL, NULL));
  }
  pqrtc_signing_key_free(cancelled.key);
  pqrtc_sframe_sender_free(cancelled.tx);
  pqrtc_sframe_receiver_free(cancelled.rx);
}

int main(void) {
  if (getenv("PQRTC_SLOW") != NULL) { /* with sanitizers, or under valgrind */
    interval = 5000;
    signals_wanted = 20;
    rounds = 5;
  }
  calls_open();
  interrupted(SA_RESTART, "SA_RESTART");
  interrupted(0, "no SA_RESTART");
  calls_close();
#ifndef __SANITIZE_ADDRESS__ /* which takes the stack of a cancelled thread for one in use */
  cancelled_threads();
#endif
  printf("%lu signals, %lu rounds of a thread that is cancelled\n", atomic_load(&signals), atomic_load(&cancelled.ends));
  return test_end("signals");
}
