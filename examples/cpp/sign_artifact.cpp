// Signing a file of any size: FILE in, FILE.sig and FILE.pub out, verified by reading all three again.
//   sign_artifact recording.json
// A real service keeps the key (signing_key::seed, 32 bytes) and publishes FILE.pub once.
#include <pqrtc.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

constexpr auto algorithm = pqrtc::signature_algorithm::ml_dsa_65;

// The content goes through in pieces: memory does not grow with the file.
static pqrtc::result<pqrtc::artifact_hasher> hash(const std::string& path) {
  auto hasher = pqrtc::artifact_hasher::create(pqrtc::artifact::recording_manifest);
  std::ifstream in(path, std::ios::binary);
  if (!in) return pqrtc::status::invalid_argument;
  std::vector<char> piece(1 << 16);
  while (hasher && in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto s = hasher->update(pqrtc::bytes(piece).first(static_cast<std::size_t>(in.gcount())));
    if (s != pqrtc::status::ok) return s;
  }
  return hasher;
}

static bool save(const std::string& path, pqrtc::bytes value) {
  return bool(std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(value.data()), std::streamsize(value.size())));
}

static pqrtc::byte_vector load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return pqrtc::byte_vector(std::istreambuf_iterator<char>(in), {});
}

static bool sign(const std::string& path) {
  const auto key = pqrtc::signing_key::generate(algorithm);
  const auto hasher = hash(path);
  if (!key || !hasher) return false;
  const auto public_key = key->public_key();
  const auto signature = hasher->sign(*key);
  return public_key && signature && save(path + ".pub", *public_key) && save(path + ".sig", *signature);
}

static pqrtc::status verify(const std::string& path) {
  const auto hasher = hash(path);
  return hasher ? hasher->verify(algorithm, load(path + ".pub"), load(path + ".sig")) : hasher.code();
}

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: %s FILE\n", argv[0]), 2;
  if (!sign(argv[1])) return std::fprintf(stderr, "%s: cannot be signed\n", argv[1]), 1;
  const auto verdict = verify(argv[1]);
  std::printf("%s: signature of %zu bytes: %s\n", argv[1], pqrtc::sizes(algorithm).value().signature, pqrtc::to_string(verdict));
  return verdict == pqrtc::status::ok ? 0 : 1;
}
