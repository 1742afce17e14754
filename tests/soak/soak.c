/* Long runs over the C ABI: handshakes, frames of 64 senders whose keys come and go, joins and leaves of a meeting. Everything opens, no
   counter comes twice under a key, and memory stays what it was after the first fifth, but for what pqrtc.h says is remembered.

   soak handshakes|frames|meetings COUNT */
#define _GNU_SOURCE
#include "../c/test.h"
#include <malloc.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

enum {
  IDENTITY = PQRTC_SIGNATURE_ML_DSA_65_ED25519,
  CIPHER = PQRTC_SFRAME_AES_256_GCM_SHA512_128,
  /* What pqrtc.h says at most of a used pair of key and KID, and of a key that a receiver had. */
  REMEMBERED = 80,
  SLACK = 1 << 20 /* of what is resident; a quarter of it for what malloc() has given out */
};

static uint64_t total;
static atomic_size_t remembered; /* in bytes, at most */

/* Memory of this process: what is resident, and what malloc() has given out. */
struct memory {
  size_t resident, heap;
};

static struct memory memory_now(void) {
  struct memory m = {0, 0};
  FILE *f = fopen("/proc/self/statm", "r");
  if (f == NULL || fscanf(f, "%*u %zu", &m.resident) != 1) CHECK(!"/proc/self/statm");
  if (f != NULL) fclose(f);
  m.resident *= (size_t)sysconf(_SC_PAGESIZE);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  m.heap = mallinfo2().uordblks;
#endif
  return m;
}

/* Called a hundred times in a run, by one thread. */
static void sample(uint64_t done) {
  static struct memory warm;
  static size_t warm_remembered;
  struct memory now = memory_now();
  if (done <= total / 5) {
    if (now.resident > warm.resident) warm.resident = now.resident;
    if (now.heap > warm.heap) warm.heap = now.heap;
    warm_remembered = atomic_load(&remembered);
    return;
  }
  size_t more = atomic_load(&remembered) - warm_remembered + SLACK;
  test_check(now.resident <= warm.resident + more, __FILE__, __LINE__, "%zu kB resident after %llu, %zu kB after the first fifth",
             now.resident >> 10, (unsigned long long)done, warm.resident >> 10);
  test_check(now.heap <= warm.heap + more - SLACK / 4 * 3, __FILE__, __LINE__, "%zu kB of heap after %llu, %zu kB after the first fifth",
             now.heap >> 10, (unsigned long long)done, warm.heap >> 10);
  if (done == total) {
    printf("memory: resident %zu kB after a fifth, %zu kB at the end; heap %zu kB and %zu kB; at most %zu kB of used keys in between\n",
           warm.resident >> 10, now.resident >> 10, warm.heap >> 10, now.heap >> 10, (more - SLACK) >> 10);
  }
}

/* After a failure the rest says nothing. */
static void sample_at(uint64_t done) {
  if (done % (total / 100) == 0) sample(done);
  if (atomic_load(&test_failed) != 0) exit(test_end("soak"));
}

/* Calls. */

static pqrtc_signing_key *alice, *bob;

static pqrtc_call *new_call(const pqrtc_signing_key *me, const pqrtc_signing_key *peer) {
  uint8_t pk[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES], pin[32];
  pqrtc_policy *policy = NULL;
  pqrtc_call *call = NULL;
  CHECK_OK(pqrtc_signing_key_public_key(peer, pk, sizeof pk));
  CHECK_OK(pqrtc_public_key_fingerprint(IDENTITY, pk, sizeof pk, pin, 32));
  CHECK_OK(pqrtc_policy_new(PQRTC_PROFILE_DEFAULT, &policy));
  CHECK_OK(pqrtc_policy_set(policy, PQRTC_POLICY_PIN, pin, 32));
  CHECK_OK(pqrtc_call_new(me, NULL, policy, NULL, 0, NULL, 0, &call));
  pqrtc_policy_free(policy);
  return call;
}

/* A handshake, or a rekey. */
static void shake(pqrtc_call *from, pqrtc_call *to) {
  static _Thread_local uint8_t a[PQRTC_CALL_MESSAGE_MAX], b[PQRTC_CALL_MESSAGE_MAX];
  size_t n = 0, m = 0;
  CHECK_OK(pqrtc_call_offer(from, a, sizeof a, &n));
  CHECK_OK(pqrtc_call_receive(to, a, n, NULL, 0, b, sizeof b, &m));
  CHECK_OK(pqrtc_call_receive(from, b, m, NULL, 0, a, sizeof a, &n));
  CHECK_OK(pqrtc_call_receive(to, a, n, NULL, 0, b, sizeof b, &m));
  CHECK_OK(pqrtc_call_receive(from, b, m, NULL, 0, NULL, 0, &n));
}

static void agree(pqrtc_call *one, pqrtc_call *two) {
  pqrtc_session *a = NULL, *b = NULL;
  uint8_t x[32], y[32], sealed[5 + PQRTC_SESSION_SEAL_OVERHEAD_BYTES], opened[sizeof sealed];
  size_t n = 0, m = 0;
  CHECK_OK(pqrtc_call_session(one, &a));
  CHECK_OK(pqrtc_call_session(two, &b));
  CHECK_OK(pqrtc_session_key(a, x, 32));
  CHECK_OK(pqrtc_session_key(b, y, 32));
  CHECK_SAME(x, y, 32);
  CHECK_OK(pqrtc_session_seal(a, NULL, 0, (const uint8_t *)"hello", 5, sealed, sizeof sealed, &n));
  CHECK_OK(pqrtc_session_open(b, NULL, 0, sealed, n, opened, sizeof opened, &m));
  CHECK(m == 5 && memcmp(opened, "hello", 5) == 0);
  pqrtc_session_free(a);
  pqrtc_session_free(b);
}

/* Three of four are of a new call, the fourth is a rekey of it. */
static void handshakes(void) {
  pqrtc_call *a = NULL, *b = NULL;
  for (uint64_t i = 0; i < total; i++) {
    if (i % 4 < 3) {
      pqrtc_call_free(a);
      pqrtc_call_free(b);
      a = new_call(alice, bob), b = new_call(bob, alice);
    }
    shake(i % 2 ? a : b, i % 2 ? b : a);
    agree(a, b);
    sample_at(i + 1);
  }
  pqrtc_call_free(a);
  pqrtc_call_free(b);
}

/* Frames. */

enum { SLOTS = 64, CALLS = 16, THREADS = 4, CIPHERS = 3, BITS = 4, STEPS = 1 << BITS, PER_STEP = 500, PER_KEY = 4000, COUNTERS = 1 << 15, LARGEST = 1200 };

/* A sender, and what has been sealed under its key. The last CALLS are those of calls, whose rekeys replace it; the others have keys of
   their own, which ratchet and are replaced in a receiver that many of them share. */
static struct slot {
  pthread_rwlock_t lock; /* held for writing by who replaces the key */
  pqrtc_sframe_sender *tx;
  pqrtc_sframe_receiver *rx;
  pqrtc_call *ours, *theirs;
  uint64_t kid, generation;
  atomic_ulong frames; /* under this key, all its steps */
  atomic_ulong seen[STEPS][COUNTERS / 64];
} slots[SLOTS];
static pqrtc_sframe_receiver *receivers[CIPHERS];
static const uint32_t ciphers[CIPHERS] = {CIPHER, PQRTC_SFRAME_AES_128_GCM_SHA256_128, PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80};
static atomic_ulong opened, keys, steps, rekeys;

static uint64_t xorshift(uint64_t *state) {
  *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
  return *state;
}

/* A number of an SFrame header (RFC 9605 section 4.3): in three bits, or in as many bytes as those say. */
static uint64_t number(unsigned field, const uint8_t **at) {
  uint64_t value = field & 7;
  if (field & 8) {
    value = 0;
    for (unsigned left = (field & 7) + 1; left > 0; left--) value = value << 8 | *(*at)++;
  }
  return value;
}

/* With the lock held for writing. */
static void replace_key(struct slot *s, size_t at) {
  uint8_t key[32];
  uint64_t kid = (s->generation++ * SLOTS + at) << BITS;
  pqrtc_sframe_sender *tx = NULL;
  CHECK_OK(pqrtc_random(key, sizeof key));
  CHECK_OK(pqrtc_sframe_sender_from_key(key, sizeof key, kid, ciphers[at % CIPHERS], &tx));
  CHECK_OK(pqrtc_sframe_sender_set_ratchet(tx, BITS));
  CHECK_OK(pqrtc_sframe_receiver_add_key(s->rx, kid, key, sizeof key));
  if (s->tx != NULL) CHECK_OK(pqrtc_sframe_receiver_remove_key(s->rx, s->kid));
  pqrtc_sframe_sender_free(s->tx);
  pqrtc_cleanse(key, sizeof key);
  s->tx = tx, s->kid = kid;
  atomic_fetch_add(&keys, 1);
  /* the sender's, and in the receiver that as it was added and the step at the end */
  atomic_fetch_add(&remembered, 3 * REMEMBERED);
}

static void forget_counters(struct slot *s) {
  atomic_store(&s->frames, 0);
  for (size_t i = 0; i < STEPS; i++)
    for (size_t j = 0; j < COUNTERS / 64; j++) atomic_store(&s->seen[i][j], 0);
}

static void one_frame(struct slot *s, uint64_t *random) {
  uint8_t frame[LARGEST], sealed[LARGEST + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed];
  const uint8_t *at = sealed + 1;
  size_t len = xorshift(random) % (LARGEST + 1), n = 0, m = 0;
  uint64_t kid = 0, counter = 0;
  memset(frame, (int)(*random & 0xff), len);
  CHECK_OK(pqrtc_sframe_seal(s->tx, (const uint8_t *)"meta", 4, frame, len, sealed, sizeof sealed, &n));
  uint64_t header_kid = number(sealed[0] >> 4, &at), header_counter = number(sealed[0] & 0xf, &at);
  unsigned long bit = 1ul << header_counter % 64;
  CHECK(header_counter < COUNTERS);
  CHECK(!(atomic_fetch_or(&s->seen[header_kid % STEPS][header_counter / 64 % (COUNTERS / 64)], bit) & bit));
  CHECK_OK(pqrtc_sframe_open(s->rx, (const uint8_t *)"meta", 4, sealed, n, out, sizeof out, &m, &kid, &counter));
  CHECK(m == len && kid == header_kid && counter == header_counter && memcmp(out, frame, len) == 0);
  if (*random % 16 == 0) {
    CHECK_STATUS(pqrtc_sframe_open(s->rx, (const uint8_t *)"meta", 4, sealed, n, out, sizeof out, &m, NULL, NULL), PQRTC_REPLAYED_FRAME);
  }
  atomic_fetch_add(&opened, 1);
}

static void *seal_and_open(void *argument) {
  size_t thread = (size_t)argument;
  uint64_t random = 0x9e3779b97f4a7c15u * (thread + 1), mine = total / THREADS;
  for (uint64_t i = 0; i < mine; i++) {
    size_t at = xorshift(&random) % SLOTS;
    struct slot *s = &slots[at];
    int of_call = s->ours != NULL;
    /* A frame is not in flight while a call changes its keys more than once, and a thread that sleeps does not fall out of the window. */
    if (of_call) pthread_rwlock_wrlock(&s->lock); else pthread_rwlock_rdlock(&s->lock);
    one_frame(s, &random);
    uint64_t frames = atomic_fetch_add(&s->frames, 1) + 1;
    if (!of_call && frames % PER_STEP == 0 && frames < PER_KEY) { /* while others seal */
      CHECK_OK(pqrtc_sframe_sender_ratchet(s->tx, NULL));
      atomic_fetch_add(&steps, 1);
      atomic_fetch_add(&remembered, REMEMBERED);
    }
    if (of_call && frames == PER_STEP) {
      shake(frames & random & 1 ? s->ours : s->theirs, frames & random & 1 ? s->theirs : s->ours);
      forget_counters(s);
      atomic_fetch_add(&rekeys, 1);
      atomic_fetch_add(&remembered, 2 * REMEMBERED);
    }
    pthread_rwlock_unlock(&s->lock);
    if (!of_call && frames == PER_KEY) {
      pthread_rwlock_wrlock(&s->lock);
      replace_key(s, at);
      forget_counters(s);
      pthread_rwlock_unlock(&s->lock);
    }
    if (thread == 0 && (i + 1) % (mine / 100) == 0) sample_at((i + 1) / (mine / 100) * (total / 100));
  }
  return NULL;
}

static void frames(void) {
  pthread_t threads[THREADS];
  for (size_t i = 0; i < CIPHERS; i++) {
    CHECK_OK(pqrtc_sframe_receiver_new(ciphers[i], &receivers[i]));
    /* A thread may sleep between sealing and opening, and others go on. */
    CHECK_OK(pqrtc_sframe_receiver_set_window(receivers[i], 8192));
    CHECK_OK(pqrtc_sframe_receiver_set_ratchet(receivers[i], BITS, STEPS, PER_KEY));
  }
  for (size_t i = 0; i < SLOTS; i++) {
    struct slot *s = &slots[i];
    pthread_rwlock_init(&s->lock, NULL);
    forget_counters(s); /* so that all of it is resident */
    if (i < SLOTS - CALLS) {
      s->rx = receivers[i % CIPHERS];
      replace_key(s, i);
    } else {
      s->ours = new_call(alice, bob), s->theirs = new_call(bob, alice);
      shake(s->ours, s->theirs);
      CHECK_OK(pqrtc_call_sender(s->ours, 0, CIPHER, &s->tx));
      CHECK_OK(pqrtc_call_receiver(s->theirs, CIPHER, &s->rx));
    }
  }
  for (size_t i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, seal_and_open, (void *)i) == 0);
  for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  CHECK(atomic_load(&opened) == total / THREADS * THREADS);
  for (size_t i = 0; i < SLOTS; i++) {
    struct slot *s = &slots[i];
    pqrtc_sframe_sender_free(s->tx);
    if (s->ours != NULL) pqrtc_sframe_receiver_free(s->rx);
    pqrtc_call_free(s->ours);
    pqrtc_call_free(s->theirs);
  }
  for (size_t i = 0; i < CIPHERS; i++) {
    pqrtc_sframe_stats stats = {.size = sizeof stats};
    CHECK_OK(pqrtc_sframe_receiver_stats(receivers[i], &stats));
    CHECK(stats.unknown_key_id == 0 && stats.decryption_failed == 0);
    pqrtc_sframe_receiver_free(receivers[i]);
  }
  printf("frames: %lu opened, %lu keys added, %lu ratchet steps, %lu rekeys of %d calls\n", atomic_load(&opened), atomic_load(&keys),
         atomic_load(&steps), atomic_load(&rekeys), CALLS);
}

/* Meetings. */

enum { MEMBERS = 8, CARD = 16384, COMMIT = 16384, ROSTER = MEMBERS * 66, BOX = 4096, NOW = 1000, HOST = 0 };

static struct member {
  pqrtc_signing_key *me;
  pqrtc_meeting *meeting; /* NULL who is not there */
  pqrtc_sframe_receiver *rx;
  uint8_t card[CARD];     /* u32 length || card, as it was when it joined */
  size_t card_len;
  uint32_t index;
} members[MEMBERS];
static size_t present;
static uint8_t commit[COMMIT], boxes[MEMBERS][BOX];
static size_t commit_len, box_lens[MEMBERS];

static pqrtc_meeting_info_t info_of(const struct member *m) {
  pqrtc_meeting_info_t info = {.size = sizeof info};
  CHECK_OK(pqrtc_meeting_info(m->meeting, &info));
  return info;
}

static pqrtc_meeting_card *new_card(struct member *m) {
  pqrtc_meeting_card *card = NULL;
  CHECK_OK(pqrtc_meeting_card_new(m->me, 2 * NOW, (const uint8_t *)"soak", 4, &card));
  CHECK_OK(pqrtc_meeting_card_bytes(card, m->card + 4, CARD - 4, &m->card_len));
  m->card[0] = m->card[1] = 0, m->card[2] = (uint8_t)(m->card_len >> 8), m->card[3] = (uint8_t)m->card_len;
  m->card_len += 4;
  return card;
}

/* What goes with the last commit of `from`, by receiver; the welcome to `joining`. */
static void collect(const struct member *from, const struct member *joining, uint8_t *welcome, size_t *welcome_len) {
  static uint8_t message[BOX];
  uint8_t ref[32];
  uint32_t kind = 0, index = 0;
  size_t n = 0;
  memset(box_lens, 0, sizeof box_lens);
  for (size_t i = 0; pqrtc_meeting_outgoing(from->meeting, i, &kind, &index, ref, sizeof ref, message, sizeof message, &n) == PQRTC_OK; i++) {
    if (kind == PQRTC_MEETING_WELCOME) {
      CHECK(joining != NULL);
      if (joining == NULL) return;
      memcpy(welcome, message, n);
      *welcome_len = n;
      continue;
    }
    for (size_t k = 0; k < MEMBERS; k++) {
      if (members[k].meeting != NULL && members[k].index == index) {
        memcpy(boxes[k], message, n);
        box_lens[k] = n;
      }
    }
  }
}

static void others_receive(const struct member *from, const struct member *joining) {
  for (size_t k = 0; k < MEMBERS; k++) {
    struct member *m = &members[k];
    if (m->meeting == NULL || m == from || m == joining) continue;
    CHECK_OK(pqrtc_meeting_receive(m->meeting, commit, commit_len, boxes[k], box_lens[k], joining ? joining->card : NULL,
                                   joining ? joining->card_len : 0, NOW));
  }
}

static void leave(struct member *m) {
  pqrtc_meeting_free(m->meeting);
  pqrtc_sframe_receiver_free(m->rx);
  m->meeting = NULL, m->rx = NULL;
  present--;
}

static void enter(struct member *m) {
  m->index = info_of(m).index;
  CHECK_OK(pqrtc_meeting_receiver(m->meeting, CIPHER, &m->rx));
  present++;
}

/* Somebody who is there adds one who is not. */
static void join_one(struct member *from, struct member *m) {
  static uint8_t welcome[BOX], roster[ROSTER], cards[MEMBERS * CARD];
  size_t welcome_len = 0, roster_len = 0, cards_len = 0;
  pqrtc_meeting_card *card = new_card(m);
  CHECK_OK(pqrtc_meeting_commit(from->meeting, m->card, m->card_len, NULL, 0, 0, commit, sizeof commit, &commit_len));
  collect(from, m, welcome, &welcome_len);
  CHECK_OK(pqrtc_meeting_accepted(from->meeting));
  CHECK_OK(pqrtc_meeting_roster(from->meeting, roster, sizeof roster, &roster_len));
  others_receive(from, m);
  for (size_t k = 0; k < MEMBERS; k++) {
    if (members[k].meeting == NULL) continue;
    memcpy(cards + cards_len, members[k].card, members[k].card_len);
    cards_len += members[k].card_len;
  }
  CHECK_OK(pqrtc_meeting_join(m->me, card, welcome, welcome_len, commit, commit_len, roster, roster_len, cards, cards_len, NOW, &m->meeting));
  pqrtc_meeting_card_free(card);
  enter(m);
}

/* The host, who has seen every card and every change of a leaf key, removes one. */
static void remove_one(struct member *m) {
  struct member *host = &members[HOST];
  CHECK_OK(pqrtc_meeting_commit(host->meeting, NULL, 0, &m->index, 1, 0, commit, sizeof commit, &commit_len));
  collect(host, NULL, NULL, NULL);
  CHECK_OK(pqrtc_meeting_accepted(host->meeting));
  others_receive(host, NULL);
  CHECK(info_of(m).index == UINT32_MAX);
  leave(m);
}

/* A frame of the host's, opened by who was there before the change, and the code of all. */
static void check_meeting(pqrtc_sframe_sender *tx, const struct member *new) {
  static uint64_t last_kid = UINT64_MAX, last_counter;
  char code[30], other[30];
  uint8_t sealed[8 + PQRTC_SFRAME_MAX_OVERHEAD_BYTES], out[sizeof sealed];
  uint64_t kid = 0, counter = 0;
  size_t n = 0, k = 0;
  CHECK_OK(pqrtc_meeting_code(members[HOST].meeting, code, sizeof code));
  for (int i = 0; i < 3; i++) {
    const uint8_t *at = sealed + 1;
    CHECK_OK(pqrtc_sframe_seal(tx, NULL, 0, (const uint8_t *)"8 bytes!", 8, sealed, sizeof sealed, &n));
    uint64_t sealed_kid = number(sealed[0] >> 4, &at), sealed_counter = number(sealed[0] & 0xf, &at);
    /* Under one key counters only rise; another epoch has another key. */
    CHECK(sealed_kid == last_kid ? sealed_counter == last_counter + 1 : sealed_counter == 0);
    last_kid = sealed_kid, last_counter = sealed_counter;
    for (size_t j = 1; j < MEMBERS; j++) {
      const struct member *m = &members[j];
      if (m->meeting == NULL || m == new) continue;
      CHECK_OK(pqrtc_sframe_open(m->rx, NULL, 0, sealed, n, out, sizeof out, &k, &kid, &counter));
      CHECK(k == 8 && memcmp(out, "8 bytes!", 8) == 0 && kid == sealed_kid && counter == sealed_counter);
      CHECK_OK(pqrtc_meeting_code(m->meeting, other, sizeof other));
      CHECK_SAME(code, other, sizeof code);
    }
  }
}

static void meetings(void) {
  uint64_t random = 0x2545f4914f6cdd1d, joins = 0, leaves = 0;
  pqrtc_sframe_sender *tx = NULL;
  for (size_t i = 0; i < MEMBERS; i++) CHECK_OK(pqrtc_signing_key_generate(IDENTITY, &members[i].me));
  pqrtc_meeting_card *card = new_card(&members[HOST]);
  CHECK_OK(pqrtc_meeting_create(members[HOST].me, card, NOW, &members[HOST].meeting));
  pqrtc_meeting_card_free(card);
  enter(&members[HOST]);
  CHECK_OK(pqrtc_meeting_sender(members[HOST].meeting, 0, CIPHER, &tx));
  for (uint64_t i = 0; i < total; i++) {
    size_t at = 1 + xorshift(&random) % (MEMBERS - 1), from = xorshift(&random) % MEMBERS;
    struct member *m = &members[at];
    if (m->meeting == NULL) {
      while (members[from].meeting == NULL) from = (from + 1) % MEMBERS;
      join_one(&members[from], m);
      joins++;
    } else {
      remove_one(m);
      leaves++;
    }
    CHECK(info_of(&members[HOST]).epoch == i + 1 && info_of(&members[HOST]).members == present);
    check_meeting(tx, m);
    atomic_fetch_add(&remembered, REMEMBERED);
    sample_at(i + 1);
  }
  printf("meetings: %llu joins, %llu leaves of at most %d members\n", (unsigned long long)joins, (unsigned long long)leaves, MEMBERS);
  for (size_t i = 0; i < MEMBERS; i++) {
    if (members[i].meeting != NULL) leave(&members[i]);
    pqrtc_signing_key_free(members[i].me);
  }
  pqrtc_sframe_sender_free(tx);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(void);
  } parts[] = {{"handshakes", handshakes}, {"frames", frames}, {"meetings", meetings}};
  struct timespec cpu;
  total = argc == 3 ? strtoull(argv[2], NULL, 10) / 100 * 100 : 0;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (total < 400 || strcmp(argv[1], parts[i].name) != 0) continue;
    CHECK_OK(pqrtc_signing_key_generate(IDENTITY, &alice));
    CHECK_OK(pqrtc_signing_key_generate(IDENTITY, &bob));
    parts[i].run();
    pqrtc_signing_key_free(alice);
    pqrtc_signing_key_free(bob);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    printf("%llu %s, %.1f s of processor time: ", (unsigned long long)total, argv[1], (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9);
    return test_end("soak");
  }
  fprintf(stderr, "soak handshakes|frames|meetings COUNT, of at least 400\n");
  return 2;
}
