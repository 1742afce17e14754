// What must not compile: a view of a secret that is wiped at the end of the same statement. run.sh compiles this file once for each CASE;
// with 0, the same things done right, it must compile.
#include <pqrtc.hpp>

using namespace pqrtc;

status use(const session& s, const kem_keypair& kem, bytes blob) {
#if CASE == 0
  const auto media = s.export_key<32>("media");
  bytes key = *media;
  const auto srtp = s.srtp_keys(srtp_profile::aead_aes_256_gcm);
  bytes client = srtp->client_key();
  const auto plain = s.open({}, blob);
  bytes message = *plain;
  const auto credential = turn_credential::mint(blob, "alice", 2000000000);
  std::string_view password = credential->password();
  return client.empty() || message.empty() || password.empty() ? status::ok : sframe_sender::from_key(key, 7, cipher::aes_256_gcm_sha512_128).code();
#elif CASE == 1
  bytes key = *s.export_key<32>("media");
#elif CASE == 2
  bytes key = s.export_key<32>("media").value();
#elif CASE == 3
  bytes key = *s.key();
#elif CASE == 4
  bytes key = secret<32>();
#elif CASE == 5
  bytes key = *s.open({}, blob);
#elif CASE == 6
  bytes key = secret_bytes(32);
#elif CASE == 7
  bytes key = s.srtp_keys(srtp_profile::aead_aes_256_gcm)->client_key();
#elif CASE == 8
  bytes key = (*s.srtp_keys(srtp_profile::aead_aes_256_gcm)).all();
#elif CASE == 9
  std::string_view key = turn_credential::mint(blob, "alice", 2000000000)->password();
#elif CASE == 10
  std::string_view key = turn_credential().username();
#elif CASE == 11
  mutable_bytes key = *s.export_key<32>("media");
#elif CASE == 12
  auto key = sframe_sender::from_key(*s.export_key<32>("media"), 7, cipher::aes_256_gcm_sha512_128);
#elif CASE == 13
  const auto media = s.export_key<32>("media");
  bytes key = std::move(*media);
#elif CASE == 14
  bytes key = *turn_unwrap(kem, blob);
#elif CASE == 15
  bytes key = *kem.seed();
#else
#error "no such case"
#endif
#if CASE != 0
  return key.empty() ? status::ok : status::internal;
#endif
  (void)kem;
}
