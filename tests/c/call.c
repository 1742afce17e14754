/* Calls: two who know each other, one in the middle, trust on first use, rekeys under media on eight threads, a fork. */
#define _GNU_SOURCE
#include "test.h"
#include <pthread.h>
#ifndef _WIN32
#include <sys/wait.h>
#endif
#include <unistd.h>

enum { CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128 };

static const uint8_t dtls_alice[32] = {1, 2, 3}, dtls_bob[32] = {4, 5, 6};

static pqrtc_signing_key *new_identity(uint32_t algorithm) {
  pqrtc_signing_key *key = NULL;
  CHECK_OK(pqrtc_signing_key_generate(algorithm, &key));
  return key;
}

static void fingerprint(const pqrtc_signing_key *key, uint32_t algorithm, uint8_t out[32]) {
  size_t len = 0, signature = 0, seed = 0;
  CHECK_OK(pqrtc_signature_sizes(algorithm, &len, &signature, &seed));
  uint8_t *pk = test_alloc(len);
  CHECK_OK(pqrtc_signing_key_public_key(key, pk, len));
  CHECK_OK(pqrtc_public_key_fingerprint(algorithm, pk, len, out, 32));
  free(pk);
}

static pqrtc_call *new_call(uint32_t profile, const pqrtc_signing_key *me, const uint8_t *pin, const uint8_t *binding) {
  pqrtc_policy *policy = NULL;
  pqrtc_call *call = NULL;
  CHECK_OK(pqrtc_policy_new(profile, &policy));
  if (pin != NULL) {
    CHECK_OK(pqrtc_policy_set(policy, PQRTC_POLICY_PIN, pin, 32));
  }
  CHECK_OK(pqrtc_call_new(me, NULL, policy, binding, binding == NULL ? 0 : 32, NULL, 0, &call));
  pqrtc_policy_free(policy); /* it was copied */
  return call;
}

static pqrtc_call_info_t info_of(const pqrtc_call *call) {
  pqrtc_call_info_t info = {.size = sizeof info};
  CHECK_OK(pqrtc_call_info(call, &info));
  return info;
}

struct sides {
  pqrtc_call *alice, *bob;
};

static struct sides new_sides(uint32_t profile, uint32_t algorithm) {
  pqrtc_signing_key *alice = new_identity(algorithm), *bob = new_identity(algorithm);
  uint8_t pin_alice[32], pin_bob[32];
  fingerprint(alice, algorithm, pin_alice);
  fingerprint(bob, algorithm, pin_bob);
  struct sides s = {new_call(profile, alice, pin_bob, dtls_alice), new_call(profile, bob, pin_alice, dtls_bob)};
  pqrtc_signing_key_free(alice); /* copied too */
  pqrtc_signing_key_free(bob);
  return s;
}

static void free_sides(struct sides s) {
  pqrtc_call_free(s.alice);
  pqrtc_call_free(s.bob);
}

/* A handshake or a rekey, begun by `from`. Returns the bytes on the wire. */
static size_t shake(pqrtc_call *from, const uint8_t *from_dtls, pqrtc_call *to, const uint8_t *to_dtls) {
  static uint8_t a[PQRTC_CALL_MESSAGE_MAX], b[PQRTC_CALL_MESSAGE_MAX];
  size_t n = 0, m = 0, sum = 0;
  CHECK_OK(pqrtc_call_offer(from, a, sizeof a, &n));
  sum += n;
  CHECK_OK(pqrtc_call_receive(to, a, n, from_dtls, 32, b, sizeof b, &m));
  sum += m;
  CHECK_OK(pqrtc_call_receive(from, b, m, to_dtls, 32, a, sizeof a, &n));
  sum += n;
  CHECK_OK(pqrtc_call_receive(to, a, n, from_dtls, 32, b, sizeof b, &m));
  sum += m;
  CHECK_OK(pqrtc_call_receive(from, b, m, to_dtls, 32, NULL, 0, &n));
  CHECK(n == 0);
  return sum;
}

static void agree(const struct sides *s) {
  pqrtc_session *a = NULL, *b = NULL;
  uint8_t x[32], y[32];
  char one[10], two[10];
  CHECK_OK(pqrtc_call_session(s->alice, &a));
  CHECK_OK(pqrtc_call_session(s->bob, &b));
  CHECK_OK(pqrtc_session_key(a, x, 32));
  CHECK_OK(pqrtc_session_key(b, y, 32));
  CHECK_SAME(x, y, 32);
  CHECK_OK(pqrtc_call_sas(s->alice, one, 10));
  CHECK_OK(pqrtc_call_sas(s->bob, two, 10));
  CHECK_SAME(one, two, 10);
  pqrtc_session_free(a);
  pqrtc_session_free(b);
}

static void whole(uint32_t profile, uint32_t algorithm, size_t bytes) {
  struct sides s = new_sides(profile, algorithm);
  pqrtc_sframe_sender *tx = NULL;
  pqrtc_sframe_receiver *rx = NULL;
  uint8_t frame[100], sealed[100 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed];
  size_t n = 0, m = 0;
  uint64_t kid = 0;
  memset(frame, 0x5a, sizeof frame);
  CHECK(info_of(s.alice).state == PQRTC_CALL_NEW && info_of(s.alice).may_send == 0);
  /* A sender that may not send yet refuses. */
  CHECK_OK(pqrtc_call_sender(s.alice, 0, CIPHER, &tx));
  CHECK_OK(pqrtc_call_receiver(s.bob, CIPHER, &rx));
  CHECK_STATUS(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n), PQRTC_UNEXPECTED_MESSAGE);
  CHECK(shake(s.alice, dtls_alice, s.bob, dtls_bob) == bytes);
  agree(&s);
  pqrtc_call_info_t alice = info_of(s.alice), bob = info_of(s.bob);
  CHECK(alice.state == PQRTC_CALL_CONFIRMED && bob.state == PQRTC_CALL_DONE);
  CHECK(alice.role == 1 && bob.role == 2 && alice.may_send == 1 && bob.may_send == 1 && alice.peer_identity == algorithm);
  for (uint32_t epoch = 0; epoch < 5; epoch++) {
    if (epoch > 0) {
      /* A frame that was in flight when the keys changed. */
      CHECK_OK(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n));
      if (epoch % 2) {
        shake(s.bob, dtls_bob, s.alice, dtls_alice);
      } else {
        shake(s.alice, dtls_alice, s.bob, dtls_bob);
      }
      CHECK_OK(pqrtc_sframe_open(rx, NULL, 0, sealed, n, out, sizeof out, &m, &kid, NULL));
      CHECK((kid & 3) == ((epoch - 1) & 3));
      agree(&s);
    }
    CHECK(info_of(s.bob).epoch == epoch);
    CHECK_OK(pqrtc_sframe_seal(tx, NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n));
    CHECK_OK(pqrtc_sframe_open(rx, NULL, 0, sealed, n, out, sizeof out, &m, &kid, NULL));
    CHECK(m == sizeof frame && (kid & 3) == (epoch & 3));
    CHECK_SAME(out, frame, sizeof frame);
    CHECK_STATUS(pqrtc_sframe_open(rx, NULL, 0, sealed, n, out, sizeof out, &m, NULL, NULL), PQRTC_REPLAYED_FRAME);
  }
  pqrtc_sframe_sender_free(tx);
  pqrtc_sframe_receiver_free(rx);
  free_sides(s);
}

/* Mallory has an identity of her own, and the whole of signaling. */
static void in_the_middle(void) {
  enum { A = PQRTC_SIGNATURE_ML_DSA_65_ED25519 };
  static uint8_t m[PQRTC_CALL_MESSAGE_MAX], r[PQRTC_CALL_MESSAGE_MAX];
  pqrtc_signing_key *alice = new_identity(A), *bob = new_identity(A), *mallory = new_identity(A);
  uint8_t pin_alice[32], pin_bob[32], fp_mallory[32], pk[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES], credential[8];
  size_t n = 0, k = 0, pk_len = 0, credential_len = 0;
  uint32_t algorithm = 0;
  fingerprint(alice, A, pin_alice);
  fingerprint(bob, A, pin_bob);
  fingerprint(mallory, A, fp_mallory);
  pqrtc_call *a = new_call(PQRTC_PROFILE_DEFAULT, alice, pin_bob, NULL), *b = new_call(PQRTC_PROFILE_DEFAULT, bob, pin_alice, NULL);
  pqrtc_call *to_a = new_call(PQRTC_PROFILE_DEFAULT, mallory, pin_alice, NULL);
  pqrtc_call *to_b = new_call(PQRTC_PROFILE_DEFAULT, mallory, pin_bob, NULL);
  CHECK_OK(pqrtc_call_offer(a, m, sizeof m, &n));
  CHECK_OK(pqrtc_call_receive(to_a, m, n, NULL, 0, r, sizeof r, &k));
  CHECK_STATUS(pqrtc_call_receive(a, r, k, NULL, 0, m, sizeof m, &n), PQRTC_PEER_REJECTED);
  CHECK(info_of(a).state == PQRTC_CALL_OFFERED && info_of(a).may_send == 0);
  /* Who it was can be seen. */
  CHECK_STATUS(pqrtc_call_peer(a, &algorithm, NULL, 0, &pk_len, NULL, 0, &credential_len), PQRTC_BUFFER_TOO_SMALL);
  CHECK(pk_len == sizeof pk && credential_len == 0);
  CHECK_OK(pqrtc_call_peer(a, &algorithm, pk, sizeof pk, &pk_len, credential, sizeof credential, &credential_len));
  CHECK(algorithm == A);
  CHECK_SAME(info_of(a).peer_fingerprint, fp_mallory, 32);
  /* To Bob she is nobody either. */
  CHECK_OK(pqrtc_call_offer(to_b, m, sizeof m, &n));
  CHECK_OK(pqrtc_call_receive(b, m, n, NULL, 0, r, sizeof r, &k));
  CHECK_OK(pqrtc_call_receive(to_b, r, k, NULL, 0, m, sizeof m, &n));
  CHECK_STATUS(pqrtc_call_receive(b, m, n, NULL, 0, r, sizeof r, &k), PQRTC_PEER_REJECTED);
  CHECK(info_of(b).may_send == 0);
  /* Trust on first use, of somebody who should not be trusted: it is the application's decision, and takes the same bytes again. */
  CHECK_OK(pqrtc_call_pin(b, fp_mallory, 32));
  CHECK_OK(pqrtc_call_receive(b, m, n, NULL, 0, r, sizeof r, &k));
  CHECK(k == 18 && info_of(b).may_send == 1);
  pqrtc_call_free(a), pqrtc_call_free(b), pqrtc_call_free(to_a), pqrtc_call_free(to_b);
  pqrtc_signing_key_free(alice), pqrtc_signing_key_free(bob), pqrtc_signing_key_free(mallory);

  /* Fingerprints of DTLS certificates that signaling has swapped. */
  struct sides s = new_sides(PQRTC_PROFILE_DEFAULT, A);
  CHECK_OK(pqrtc_call_offer(s.alice, m, sizeof m, &n));
  CHECK_OK(pqrtc_call_receive(s.bob, m, n, dtls_alice, 32, r, sizeof r, &k));
  CHECK_STATUS(pqrtc_call_receive(s.alice, r, k, dtls_alice, 32, m, sizeof m, &n), PQRTC_BINDING_MISMATCH);
  CHECK_OK(pqrtc_call_receive(s.alice, r, k, dtls_bob, 32, m, sizeof m, &n));
  free_sides(s);
}

/* Room that is too small is told, and nothing has changed. */
static void small_buffers(void) {
  static uint8_t m[PQRTC_CALL_MESSAGE_MAX], r[PQRTC_CALL_MESSAGE_MAX];
  struct sides s = new_sides(PQRTC_PROFILE_DEFAULT, PQRTC_SIGNATURE_ML_DSA_65_ED25519);
  size_t n = 0, k = 0;
  CHECK_STATUS(pqrtc_call_offer(s.alice, NULL, 0, &n), PQRTC_BUFFER_TOO_SMALL);
  CHECK(n == 1260 && info_of(s.alice).state == PQRTC_CALL_NEW);
  CHECK_STATUS(pqrtc_call_offer(s.alice, m, 1259, &n), PQRTC_BUFFER_TOO_SMALL);
  CHECK_OK(pqrtc_call_offer(s.alice, m, 1260, &n));
  CHECK_STATUS(pqrtc_call_receive(s.bob, m, n, dtls_alice, 32, r, 7747, &k), PQRTC_BUFFER_TOO_SMALL);
  CHECK(k == 7748 && info_of(s.bob).state == PQRTC_CALL_NEW);
  CHECK_OK(pqrtc_call_receive(s.bob, m, n, dtls_alice, 32, r, 7748, &k));
  CHECK_STATUS(pqrtc_call_receive(s.alice, r, k, dtls_bob, 32, m, 6562, &n), PQRTC_BUFFER_TOO_SMALL);
  CHECK(n == 6563 && info_of(s.alice).state == PQRTC_CALL_OFFERED);
  CHECK_OK(pqrtc_call_receive(s.alice, r, k, dtls_bob, 32, m, 6563, &n));
  CHECK_STATUS(pqrtc_call_receive(s.bob, m, n, dtls_alice, 32, r, 17, &k), PQRTC_BUFFER_TOO_SMALL);
  CHECK(k == 18 && info_of(s.bob).state == PQRTC_CALL_ANSWERED);
  CHECK_OK(pqrtc_call_receive(s.bob, m, n, dtls_alice, 32, r, 18, &k));
  free_sides(s);
}

/* Keys for an engine that is not ours are the ones of ours. */
static void foreign_engine(void) {
  struct sides s = new_sides(PQRTC_PROFILE_DEFAULT, PQRTC_SIGNATURE_ML_DSA_65_ED25519);
  uint8_t key[32], other[32];
  uint64_t kid = 0, other_kid = 0;
  pqrtc_sframe_sender *tx = NULL;
  CHECK_STATUS(pqrtc_call_sframe_key(s.alice, PQRTC_DIRECTION_SENDING, 0, &kid, key, 32), PQRTC_UNEXPECTED_MESSAGE);
  shake(s.alice, dtls_alice, s.bob, dtls_bob);
  for (uint64_t stream = 0; stream < 3; stream++) {
    CHECK_OK(pqrtc_call_sframe_key(s.alice, PQRTC_DIRECTION_SENDING, stream, &kid, key, 32));
    CHECK_OK(pqrtc_call_sframe_key(s.bob, PQRTC_DIRECTION_RECEIVING, stream, &other_kid, other, 32));
    CHECK(kid == stream << 3 && kid == other_kid);
    CHECK_SAME(key, other, 32);
  }
  CHECK_OK(pqrtc_call_sframe_key(s.bob, PQRTC_DIRECTION_SENDING, 5, &kid, key, 32));
  CHECK(kid == (5 << 3 | 4));
  CHECK_STATUS(pqrtc_call_sender(s.alice, 0, CIPHER, &tx), PQRTC_KEY_REUSED);
  CHECK_OK(pqrtc_call_sender(s.alice, 7, CIPHER, &tx));
  CHECK_STATUS(pqrtc_call_sframe_key(s.alice, PQRTC_DIRECTION_SENDING, 7, &kid, key, 32), PQRTC_KEY_REUSED);
  CHECK_STATUS(pqrtc_call_sframe_key(s.alice, PQRTC_DIRECTION_SENDING, (uint64_t)1 << 61, &kid, key, 32), PQRTC_INVALID_ARGUMENT);
  pqrtc_sframe_sender_free(tx);
  free_sides(s);
}

/* Eight threads seal and open through five rekeys. A counter that came twice, in any thread, would be refused as a replay; a frame that was
   lost would not be opened. In each round fewer frames go each way than would retire the old key, so that a thread that is not scheduled
   for a while loses nothing either. */
enum { THREADS = 8, FRAMES = 110, REKEYS = 5 };

static pqrtc_sframe_sender *many_tx[2];
static pqrtc_sframe_receiver *many_rx[2];
static atomic_ulong opened, epochs_seen[4];
static pthread_barrier_t round_begins, round_ends;

static void *seal_and_open(void *argument) {
  size_t way = (size_t)argument & 1;
  uint8_t frame[64] = {(uint8_t)way}, sealed[64 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed];
  for (int i = 0; i < REKEYS * FRAMES; i++) {
    size_t n = 0, m = 0;
    uint64_t kid = 0;
    if (i % FRAMES == 0) {
      pthread_barrier_wait(&round_begins);
    }
    CHECK_OK(pqrtc_sframe_seal(many_tx[way], NULL, 0, frame, sizeof frame, sealed, sizeof sealed, &n));
    CHECK_OK(pqrtc_sframe_open(many_rx[1 - way], NULL, 0, sealed, n, out, sizeof out, &m, &kid, NULL));
    atomic_fetch_add(&opened, 1);
    atomic_fetch_add(&epochs_seen[kid & 3], 1);
    CHECK_STATUS(pqrtc_sframe_open(many_rx[1 - way], NULL, 0, sealed, n, out, sizeof out, &m, NULL, NULL), PQRTC_REPLAYED_FRAME);
    usleep(20);
    if (i % FRAMES == FRAMES - 1) {
      pthread_barrier_wait(&round_ends);
    }
  }
  return NULL;
}

static void many_threads(void) {
  struct sides s = new_sides(PQRTC_PROFILE_DEFAULT, PQRTC_SIGNATURE_ML_DSA_65_ED25519);
  pthread_t threads[THREADS];
  pqrtc_call *calls[2] = {s.alice, s.bob};
  unsigned long sum = 0;
  shake(s.alice, dtls_alice, s.bob, dtls_bob);
  for (size_t i = 0; i < 2; i++) {
    CHECK_OK(pqrtc_call_sender(calls[i], 0, CIPHER, &many_tx[i]));
    CHECK_OK(pqrtc_call_receiver(calls[i], CIPHER, &many_rx[i]));
  }
  pthread_barrier_init(&round_begins, NULL, THREADS + 1);
  pthread_barrier_init(&round_ends, NULL, THREADS + 1);
  for (size_t i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, seal_and_open, (void *)i);
  }
  for (int i = 0; i < REKEYS; i++) {
    pthread_barrier_wait(&round_begins);
    if (i % 2) {
      shake(s.alice, dtls_alice, s.bob, dtls_bob);
    } else {
      shake(s.bob, dtls_bob, s.alice, dtls_alice);
    }
    pthread_barrier_wait(&round_ends);
  }
  for (size_t i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  agree(&s);
  CHECK(atomic_load(&opened) == THREADS * FRAMES * REKEYS);
  for (size_t i = 0; i < 2; i++) {
    pqrtc_sframe_stats stats = {.size = sizeof stats};
    CHECK_OK(pqrtc_sframe_receiver_stats(many_rx[i], &stats));
    sum += (unsigned long)stats.opened;
    CHECK(stats.keys <= 2 && stats.decryption_failed == 0 && stats.unknown_key_id == 0);
    pqrtc_sframe_sender_free(many_tx[i]);
    pqrtc_sframe_receiver_free(many_rx[i]);
  }
  CHECK(sum == atomic_load(&opened));
  pthread_barrier_destroy(&round_begins);
  pthread_barrier_destroy(&round_ends);
  free_sides(s);
}

#ifndef _WIN32
/* The call of the parent is not the child's. */
static void forked(void) {
  struct sides s = new_sides(PQRTC_PROFILE_DEFAULT, PQRTC_SIGNATURE_ML_DSA_65_ED25519);
  uint8_t m[1260];
  size_t n = 0;
  pid_t child = fork();
  if (child == 0) {
    pqrtc_call_info_t info = {.size = sizeof info};
    _exit(pqrtc_call_offer(s.alice, m, sizeof m, &n) == PQRTC_KEY_REUSED && pqrtc_call_info(s.alice, &info) == PQRTC_KEY_REUSED ? 0 : 1);
  }
  int status = 1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  shake(s.alice, dtls_alice, s.bob, dtls_bob);
  agree(&s);
  free_sides(s);
}
#endif

int main(void) {
  pqrtc_policy *policy = NULL;
  whole(PQRTC_PROFILE_DEFAULT, PQRTC_SIGNATURE_ML_DSA_65_ED25519, 15589);
  pqrtc_status cnsa2 = pqrtc_policy_new(PQRTC_PROFILE_CNSA2, &policy);
  if (cnsa2 == PQRTC_OK) {
    whole(PQRTC_PROFILE_CNSA2, PQRTC_SIGNATURE_ML_DSA_87, 20913);
  } else {
    CHECK_STATUS(cnsa2, PQRTC_UNSUPPORTED);
    CHECK(policy == NULL);
  }
  pqrtc_policy_free(policy);
  in_the_middle();
  small_buffers();
  foreign_engine();
  many_threads();
#ifndef _WIN32
  forked();
#endif
  return test_end("call");
}
