/* TURN: the service mints a REST credential and wraps it for one client, so that who records the signaling never learns it. */
#include <pqrtc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(pqrtc_status s) {
  if (s == PQRTC_OK) return;
  fprintf(stderr, "pqrtc: %s\n", pqrtc_status_string(s));
  exit(1);
}

int main(void) {
  const uint8_t secret[] = "coturn's static-auth-secret";
  const size_t secret_len = sizeof secret - 1;
  const uint64_t now = (uint64_t)time(NULL);

  /* Client: its public key goes to the service. */
  uint8_t ek[PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES];
  pqrtc_kem_keypair *keypair = NULL;
  must(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &keypair));
  must(pqrtc_kem_keypair_public_key(keypair, ek, sizeof ek));

  /* Service: good for ten minutes. */
  char username[508], password[28];
  size_t username_len, password_len;
  must(pqrtc_turn_credential_mint(secret, secret_len, "alice", 5, now + 600, username, sizeof username, &username_len, password,
                                  sizeof password, &password_len));
  uint8_t wrapped[sizeof password + PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES];
  size_t wrapped_len;
  must(pqrtc_turn_wrap(PQRTC_KEM_ML_KEM_768, ek, sizeof ek, (const uint8_t *)password, password_len, wrapped, sizeof wrapped, &wrapped_len));

  /* Client: the password comes out, ready for the ICE configuration. */
  char unwrapped[sizeof password];
  size_t unwrapped_len;
  must(pqrtc_turn_unwrap(keypair, wrapped, wrapped_len, (uint8_t *)unwrapped, sizeof unwrapped, &unwrapped_len));

  /* TURN server: what coturn does with use-auth-secret. */
  must(pqrtc_turn_credential_verify(secret, secret_len, username, username_len, unwrapped, unwrapped_len, now));
  printf("user %.*s accepted; %zu bytes of credential travelled in %zu\n", (int)username_len, username, unwrapped_len, wrapped_len);

  pqrtc_cleanse(password, sizeof password);
  pqrtc_cleanse(unwrapped, sizeof unwrapped);
  pqrtc_kem_keypair_free(keypair);
  return 0;
}
