// TURN: the service mints a REST credential and wraps it for one client, so that who records the signaling never learns it.
#include <pqrtc.hpp>

#include <cstdio>
#include <ctime>
#include <string_view>

int main() {
  constexpr std::string_view secret = "coturn's static-auth-secret";
  const auto now = static_cast<std::uint64_t>(std::time(nullptr));

  // Client: its public key goes to the service.
  const auto keypair = pqrtc::kem_keypair::generate(pqrtc::kem_algorithm::ml_kem_768);
  if (!keypair) return std::fprintf(stderr, "%s\n", pqrtc::to_string(keypair.code())), 1;
  const auto public_key = keypair->public_key();
  if (!public_key) return 1;

  // Service: good for ten minutes.
  const auto credential = pqrtc::turn_credential::mint(secret, "alice", now + 600);
  if (!credential) return 1;
  const auto wrapped = pqrtc::turn_wrap(pqrtc::kem_algorithm::ml_kem_768, *public_key, credential->password());
  if (!wrapped) return 1;

  // Client: the password comes out, ready for the ICE configuration.
  const auto password = pqrtc::turn_unwrap(*keypair, *wrapped);
  if (!password) return std::fprintf(stderr, "%s\n", pqrtc::to_string(password.code())), 1;

  // TURN server: what coturn does with use-auth-secret.
  const std::string_view shown(reinterpret_cast<const char*>(password->data()), password->size());
  const auto verdict = pqrtc::turn_credential::verify(secret, credential->username(), shown, now);
  std::printf("user %.*s: %s; %zu bytes of credential travelled in %zu\n", static_cast<int>(credential->username().size()),
              credential->username().data(), pqrtc::to_string(verdict), password->size(), wrapped->size());
  return verdict == pqrtc::status::ok ? 0 : 1;
}
