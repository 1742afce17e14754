/* Alice, who joins the meeting. usage: join_initiator PORT    PQRTC_TURN_PORT, if set, is where a real TURN server listens. */
#include "demo.h"
#include <fcntl.h>
#include <sys/wait.h>

static void join(int peer, uint32_t suite) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES], mine[4], theirs[4];
  pqrtc_session *session = NULL;
  double us;
  REQUIRE(hear(peer, bundle, sizeof bundle) == sizeof bundle);
  MEDIAN(us, pqrtc_session_free(session); MUST(pqrtc_hybrid_initiate(suite, bundle, sizeof bundle, exchange, sizeof exchange, &session)));
  row("alice", sizeof exchange, 1120, us, "initiates and sends the exchange");
  tell(peer, exchange, sizeof exchange);

  REQUIRE(hear(peer, theirs, sizeof theirs) == sizeof theirs);
  fingerprint(session, mine);
  REQUIRE(memcmp(mine, theirs, sizeof mine) == 0);
  row("alice", 0, 0, 0, "has the same key: fingerprint %02x%02x %02x%02x", mine[0], mine[1], mine[2], mine[3]);
  tell(peer, mine, sizeof mine);
  pqrtc_session_free(session);
}

/* What turnutils_uclient says of a credential: 0 is accepted. */
static int try_turn(const char *port, char *username, char *password) {
  char program[] = "turnutils_uclient", n[] = "-n", one[] = "1", c[] = "-c", y[] = "-y", z[] = "-z", p[] = "-p", u[] = "-u", w[] = "-w";
  char host[] = "127.0.0.1", where[16];
  int status = 0;
  snprintf(where, sizeof where, "%s", port);
  char *args[] = {program, n, one, c, y, z, one, p, where, u, username, w, password, host, NULL};
  pid_t pid = fork();
  if (pid == 0) {
    int quiet = open("/dev/null", O_WRONLY);
    dup2(quiet, 1);
    dup2(quiet, 2);
    execvp(program, args);
    _exit(127);
  }
  REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void use_credential(int peer) {
  const char *port = getenv("PQRTC_TURN_PORT");
  uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], wrapped[PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES + 256], credential[257];
  pqrtc_kem_keypair *keys = NULL;
  size_t wrapped_len, len;
  double us;

  heading("TURN credential");
  MEDIAN(us, pqrtc_kem_keypair_free(keys); MUST(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &keys)));
  MUST(pqrtc_kem_keypair_public_key(keys, ek, sizeof ek));
  row("alice", sizeof ek, 0, us, "makes an ML-KEM-768 key and sends it");
  tell(peer, ek, sizeof ek);

  wrapped_len = hear(peer, wrapped, sizeof wrapped);
  MEDIAN(us, MUST(pqrtc_turn_unwrap(keys, wrapped, wrapped_len, credential, sizeof credential - 1, &len)));
  credential[len] = '\0';
  char *username = (char *)credential, *password = strchr(username, '\n');
  REQUIRE(password != NULL);
  *password++ = '\0';
  row("alice", len, 0, us, "unwraps it: user %s", username);
  wrapped[wrapped_len - 1] ^= 1;
  uint8_t altered[256];
  MUST_GIVE(pqrtc_turn_unwrap(keys, wrapped, wrapped_len, altered, sizeof altered, &len), PQRTC_DECRYPTION_FAILED);
  row("alice", 0, 0, 0, "one bit of it altered: refused");

  if (port == NULL) {
    printf("  %-10s skipped: turnserver is not installed (apt install coturn)\n", "coturn");
  } else if (*port == '\0') {
    printf("  %-10s skipped: turnserver did not start\n", "coturn");
  } else {
    REQUIRE(try_turn(port, username, password) == 0);
    row("coturn", 0, 0, 0, "accepts it and relays (port %s)", port);
    password[0] = password[0] == 'A' ? 'B' : 'A';
    REQUIRE(try_turn(port, username, password) != 0);
    row("coturn", 0, 0, 0, "refuses it with one letter changed");
  }
  pqrtc_cleanse(credential, sizeof credential);
  pqrtc_kem_keypair_free(keys);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    stop("usage", "join_initiator PORT");
  }
  struct sockaddr_in address = loopback((unsigned)atoi(argv[1]));
  int peer = socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(peer >= 0 && connect(peer, (struct sockaddr *)&address, sizeof address) == 0);
  join(peer, PQRTC_SUITE_V100_HYBRID_KX_V1);
  join(peer, PQRTC_SUITE_X_WING);
  use_credential(peer);
  close(peer);
  return 0;
}
