/* A random source that fails for real: a seccomp filter makes getrandom() and every open fail with EIO. What draws randomness says
   PQRTC_RNG_FAILED, everything else works, nothing aborts; in a process that has used the library before, and in one that has not. */
#define _GNU_SOURCE
#include "calls.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__) && __has_include(<linux/seccomp.h>)
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>

#define REFUSE(number)                                                         \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO)

/* Whether the source fails from now on. */
static int starve(void) {
  static struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    REFUSE(SYS_getrandom),
#ifdef SYS_open
    REFUSE(SYS_open),
#endif
    REFUSE(SYS_openat),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  uint8_t byte;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
         getrandom(&byte, 1, 0) == -1 && open("/dev/urandom", O_RDONLY) == -1;
}
#else
static int starve(void) { return 0; }
#endif

enum { CANNOT = 77 };

/* Runs `child` in a process of its own; a crash is a failure. */
static int in_child(void (*child)(const void *), const void *argument, const char *what) {
  int status = 0;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    atomic_store(&test_failed, 0);
    child(argument);
    fflush(NULL);
    _exit(atomic_load(&test_failed) != 0);
  }
  CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT) {
    return 0;
  }
  test_check(WIFEXITED(status) && WEXITSTATUS(status) == 0, __FILE__, __LINE__, "%s: process ended with %#x", what, (unsigned)status);
  return 1;
}

static void probe(const void *unused) {
  (void)unused;
  if (!starve()) {
    _exit(CANNOT);
  }
}

/* One function, in a process that has used the library. */
static void warm(const void *argument) {
  const struct call *c = argument;
  struct frame f;
  call_prepare(c);
  frame_build(&f, c);
  if (!starve()) {
    _exit(CANNOT);
  }
  pqrtc_status status = call_run(c, f.args), expected = c->random ? PQRTC_RNG_FAILED : PQRTC_OK;
  test_check(status == expected, __FILE__, __LINE__, "%s without randomness gave %lu, not %lu", c->name, (unsigned long)status,
             (unsigned long)expected);
  frame_check(&f, c, status, "without randomness");
  calls_close();
}

/* What a process needs that never had randomness; written by another process. */
struct given {
  uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], ct[PQRTC_ML_KEM_768_CIPHERTEXT_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], pk[PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES], signature[PQRTC_ML_DSA_65_SIGNATURE_BYTES];
};

static const uint8_t seed[64] = {42};
static struct given *given;

static void give(const void *unused) {
  pqrtc_kem_keypair *kem = NULL;
  pqrtc_hybrid_keypair *hybrid = NULL;
  pqrtc_session *session = NULL;
  pqrtc_signing_key *signing = NULL;
  uint8_t ss[32];
  (void)unused;
  CHECK_OK(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, seed, 64, &kem));
  CHECK_OK(pqrtc_kem_keypair_public_key(kem, given->ek, sizeof given->ek));
  CHECK_OK(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, given->ek, sizeof given->ek, given->ct, sizeof given->ct, ss, sizeof ss));
  CHECK_OK(pqrtc_hybrid_keypair_from_seed(PQRTC_SUITE_X_WING, seed, 32, &hybrid));
  CHECK_OK(pqrtc_hybrid_keypair_bundle(hybrid, given->bundle, sizeof given->bundle));
  CHECK_OK(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, given->bundle, sizeof given->bundle, given->exchange,
                                 sizeof given->exchange, &session));
  CHECK_OK(pqrtc_signing_key_from_seed(PQRTC_SIGNATURE_ML_DSA_65, seed, 32, &signing));
  CHECK_OK(pqrtc_signing_key_public_key(signing, given->pk, sizeof given->pk));
  CHECK_OK(pqrtc_sign(signing, NULL, 0, seed, 64, given->signature, sizeof given->signature));
  pqrtc_kem_keypair_free(kem);
  pqrtc_hybrid_keypair_free(hybrid);
  pqrtc_session_free(session);
  pqrtc_signing_key_free(signing);
}

/* A process whose first use of the library is without randomness. */
static void cold(const void *unused) {
  pqrtc_kem_keypair *kem = NULL;
  pqrtc_hybrid_keypair *hybrid = NULL, *none = NULL;
  pqrtc_session *session = NULL, *other = NULL;
  pqrtc_signing_key *signing = NULL;
  pqrtc_sframe_sender *sender = NULL;
  pqrtc_sframe_receiver *receiver = NULL;
  uint8_t buffer[PQRTC_ML_DSA_65_SIGNATURE_BYTES], ss[32];
  size_t len = 0, opened = 0;
  (void)unused;
  if (!starve()) {
    _exit(CANNOT);
  }
  CHECK_STATUS(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_V100_HYBRID_KX_V1, &none), PQRTC_RNG_FAILED);
  CHECK_STATUS(pqrtc_random(ss, 32), PQRTC_RNG_FAILED);
  CHECK_OK(pqrtc_kem_keypair_from_seed(PQRTC_KEM_ML_KEM_768, seed, 64, &kem));
  CHECK_OK(pqrtc_kem_decapsulate(kem, given->ct, sizeof given->ct, ss, sizeof ss));
  CHECK_STATUS(pqrtc_kem_encapsulate(PQRTC_KEM_ML_KEM_768, given->ek, sizeof given->ek, buffer, PQRTC_ML_KEM_768_CIPHERTEXT_BYTES, ss, 32), PQRTC_RNG_FAILED);
  CHECK_OK(pqrtc_hybrid_keypair_from_seed(PQRTC_SUITE_X_WING, seed, 32, &hybrid));
  CHECK_OK(pqrtc_hybrid_respond(hybrid, given->exchange, sizeof given->exchange, &session));
  CHECK_STATUS(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, given->bundle, sizeof given->bundle, buffer,
                                     PQRTC_X_WING_EXCHANGE_BYTES, &other), PQRTC_RNG_FAILED);
  CHECK_OK(pqrtc_signing_key_from_seed(PQRTC_SIGNATURE_ML_DSA_65, seed, 32, &signing));
  CHECK_STATUS(pqrtc_sign(signing, NULL, 0, seed, 64, buffer, sizeof buffer), PQRTC_RNG_FAILED);
  CHECK_OK(pqrtc_verify(PQRTC_SIGNATURE_ML_DSA_65, given->pk, sizeof given->pk, NULL, 0, seed, 64, given->signature, sizeof given->signature));
  CHECK_OK(pqrtc_sframe_sender_new(session, 1, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, seed, 64, buffer, sizeof buffer, &len));
  pqrtc_sframe_sender_free(sender);
  CHECK_OK(pqrtc_sframe_sender_from_key(seed, 32, 1, PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80, &sender));
  CHECK_OK(pqrtc_sframe_seal(sender, NULL, 0, seed, 64, buffer, sizeof buffer, &len));
  CHECK_OK(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80, &receiver));
  CHECK_OK(pqrtc_sframe_receiver_add_key(receiver, 1, seed, 32));
  CHECK_OK(pqrtc_sframe_open(receiver, NULL, 0, buffer, len, buffer, sizeof buffer, &opened, NULL, NULL));
  CHECK(opened == 64);
  pqrtc_kem_keypair_free(kem);
  pqrtc_hybrid_keypair_free(hybrid);
  pqrtc_session_free(session);
  pqrtc_signing_key_free(signing);
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(receiver);
}

int main(void) {
  /* the parent must not touch the library before the cold process has run */
  given = mmap(NULL, sizeof *given, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (given == MAP_FAILED) {
    return 1;
  }
  if (!in_child(probe, NULL, "probe")) {
    return test_skip("rng", "no seccomp filter here that makes getrandom() fail");
  }
  in_child(give, NULL, "give");
  in_child(cold, NULL, "cold");
  calls_open();
  for (size_t i = 0; i < calls_len(); i++) {
    if (call_is_known(call_at(i))) {
      in_child(warm, call_at(i), call_at(i)->name);
    }
  }
  calls_close();
  return test_end("rng");
}
