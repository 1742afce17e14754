/* The meeting server. It publishes a bundle, answers the exchange of the one who joins, and gives out TURN credentials, wrapped for
   their owner alone. usage: join_responder PORT_FILE    PQRTC_TURN_SECRET is the secret it shares with the TURN server. */
#include "demo.h"

static int wait_for_peer(const char *port_file) {
  unsigned port = 0;
  char temporary[4096];
  int listener = bound(SOCK_STREAM, &port);
  REQUIRE(listen(listener, 1) == 0);
  REQUIRE(snprintf(temporary, sizeof temporary, "%s.new", port_file) < (int)sizeof temporary);
  FILE *file = fopen(temporary, "w");
  REQUIRE(file != NULL && fprintf(file, "%u\n", port) > 0 && fclose(file) == 0 && rename(temporary, port_file) == 0);
  printf("pqrtc %s, provider %s. Two processes, server and alice; signaling over TCP, 127.0.0.1:%u.\n", pqrtc_version(),
         pqrtc_provider(), port);
  int peer = accept(listener, NULL, NULL);
  REQUIRE(peer >= 0);
  close(listener);
  return peer;
}

static void answer_join(int peer, uint32_t suite) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES], mine[4], theirs[4];
  pqrtc_hybrid_keypair *keys = NULL;
  pqrtc_session *session = NULL;
  double us;

  heading(suite == PQRTC_SUITE_X_WING ? "Join, suite X-Wing (the one to choose)" : "Join, suite V100-HYBRID-KX-V1");
  MEDIAN(us, pqrtc_hybrid_keypair_free(keys); MUST(pqrtc_hybrid_keypair_generate(suite, &keys)));
  MUST(pqrtc_hybrid_keypair_bundle(keys, bundle, sizeof bundle));
  row("server", sizeof bundle, 1216, us, "makes keys and sends the bundle");
  tell(peer, bundle, sizeof bundle);

  REQUIRE(hear(peer, exchange, sizeof exchange) == sizeof exchange);
  us = now_us();
  MUST(pqrtc_hybrid_respond(keys, exchange, sizeof exchange, &session)); /* once: a pair answers one exchange */
  us = now_us() - us;
  fingerprint(session, mine);
  row("server", 0, 0, us, "responds; session fingerprint %02x%02x %02x%02x", mine[0], mine[1], mine[2], mine[3]);
  tell(peer, mine, sizeof mine);
  REQUIRE(hear(peer, theirs, sizeof theirs) == sizeof theirs);
  REQUIRE(memcmp(mine, theirs, sizeof mine) == 0);

  pqrtc_session_free(session);
  pqrtc_hybrid_keypair_free(keys);
}

static void give_credential(int peer, const char *secret) {
  uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES], wrapped[PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES + 256];
  char username[128], password[64], credential[256];
  size_t username_len, password_len, wrapped_len;
  double us;
  REQUIRE(hear(peer, ek, sizeof ek) == sizeof ek);

  MEDIAN(us, MUST(pqrtc_turn_credential_mint((const uint8_t *)secret, strlen(secret), "alice", 5, (uint64_t)time(NULL) + 600,
                                             username, sizeof username, &username_len, password, sizeof password, &password_len)));
  int len = snprintf(credential, sizeof credential, "%.*s\n%.*s", (int)username_len, username, (int)password_len, password);
  row("server", (size_t)len, 0, us, "mints a credential, valid for ten minutes");
  MEDIAN(us, MUST(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, (const uint8_t *)credential, (size_t)len, wrapped, sizeof wrapped, &wrapped_len)));
  row("server", wrapped_len, 0, us, "wraps it for alice's ML-KEM-768 key");
  tell(peer, wrapped, wrapped_len);
}

int main(int argc, char **argv) {
  const char *secret = getenv("PQRTC_TURN_SECRET");
  if (argc != 2) {
    stop("usage", "join_responder PORT_FILE");
  }
  int peer = wait_for_peer(argv[1]);
  answer_join(peer, PQRTC_SUITE_V100_HYBRID_KX_V1);
  answer_join(peer, PQRTC_SUITE_X_WING);
  give_credential(peer, secret != NULL ? secret : "a secret shared with the TURN server");
  close(peer);
  return 0;
}
