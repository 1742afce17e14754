// The C++ binding of pqrtc: owners, views and results over pqrtc.h, and nothing else. Header only, C++17 or later, also with
// -fno-exceptions -fno-rtti. Threads, zeroing and the order of checks are as pqrtc.h says for the C function that each call names.
//
// - An owner (session, kem_keypair, ...) is move-only and frees its handle. An empty or moved-from owner answers null_pointer.
// - A call gives a `status`, or a `result<T>`: a value or a status. Neither may be ignored. Nothing here throws by itself; the few
//   functions that are not noexcept return a std::vector, whose allocation may.
// - Inputs are `bytes`, outputs `mutable_bytes`: any contiguous container or view of uint8_t, char or std::byte converts to them.
// - Fixed-size public values are std::array, fixed-size secrets are `secret<N>`, which wipes itself. A view of a temporary that wipes itself
//   does not compile: it would show zeros. Name the secret first. (clang warns of views of other temporaries, too.)
// - Frames go from the caller's buffer to the caller's buffer: no allocation, no copy.
#ifndef PQRTC_HPP
#define PQRTC_HPP

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pqrtc.h"

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define PQRTC_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef PQRTC_LIFETIMEBOUND
#define PQRTC_LIFETIMEBOUND
#endif

namespace pqrtc {

// ---- Status and result ----------------------------------------------------------------------------------------------------------

// generated: statuses (make api)
enum class [[nodiscard]] status : std::uint32_t {
  ok = PQRTC_OK,  ///< Success.
  null_pointer = PQRTC_NULL_POINTER,  ///< A required pointer is NULL.
  invalid_length = PQRTC_INVALID_LENGTH,  ///< A length differs from the one required, or is out of range.
  buffer_too_small = PQRTC_BUFFER_TOO_SMALL,  ///< The output buffer is too small; `*out_len` says what is needed, and nothing else was done.
  invalid_argument = PQRTC_INVALID_ARGUMENT,  ///< Unknown suite, kind, profile, codec or cipher suite; text that is not what it must be; buffers that overlap where they may not.
  unsupported = PQRTC_UNSUPPORTED,  ///< Known, but not in this build or not for this key.
  invalid_key = PQRTC_INVALID_KEY,  ///< A key that fails its standard's checks.
  non_contributory = PQRTC_NON_CONTRIBUTORY,  ///< X25519 gave the all-zero result.
  decryption_failed = PQRTC_DECRYPTION_FAILED,  ///< Authentication failed: altered data or another key.
  bad_signature = PQRTC_BAD_SIGNATURE,  ///< The signature does not verify.
  credential_expired = PQRTC_CREDENTIAL_EXPIRED,  ///< Right password, expiry not in the future.
  credential_rejected = PQRTC_CREDENTIAL_REJECTED,  ///< Wrong password or malformed username.
  malformed_frame = PQRTC_MALFORMED_FRAME,  ///< Not an SFrame ciphertext.
  unknown_key_id = PQRTC_UNKNOWN_KEY_ID,  ///< No key for the frame's KID.
  replayed_frame = PQRTC_REPLAYED_FRAME,  ///< Counter seen before, or older than the window.
  key_reused = PQRTC_KEY_REUSED,  ///< A second sender for the same key and KID, or a KID that the receiver has.
  counter_exhausted = PQRTC_COUNTER_EXHAUSTED,  ///< The sender has used up its counters.
  nothing_to_seal = PQRTC_NOTHING_TO_SEAL,  ///< A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame.
  incomplete = PQRTC_INCOMPLETE,  ///< A recording without its last entry, or with bytes that no entry covers.
  out_of_sequence = PQRTC_OUT_OF_SEQUENCE,  ///< An entry whose index is not the next: a segment is missing, repeated or moved.
  digest_mismatch = PQRTC_DIGEST_MISMATCH,  ///< A segment is not the one that its entry names.
  malformed_message = PQRTC_MALFORMED_MESSAGE,  ///< Not a message of this protocol, or one that breaks its format.
  unexpected_message = PQRTC_UNEXPECTED_MESSAGE,  ///< A message or call that does not fit the state.
  version_refused = PQRTC_VERSION_REFUSED,  ///< A protocol version that is not spoken here.
  policy_refused = PQRTC_POLICY_REFUSED,  ///< The policy allows none of what the peer offers.
  peer_anonymous = PQRTC_PEER_ANONYMOUS,  ///< The peer shows no identity, and the policy asks for one.
  peer_rejected = PQRTC_PEER_REJECTED,  ///< The peer proved an identity that is not a pinned one.
  binding_mismatch = PQRTC_BINDING_MISMATCH,  ///< The binding that the peer signed is not the one given.
  handshake_failed = PQRTC_HANDSHAKE_FAILED,  ///< A message of the handshake does not authenticate.
  rng_failed = PQRTC_RNG_FAILED,  ///< The operating system gave no randomness.
  out_of_memory = PQRTC_OUT_OF_MEMORY,  ///< Allocation failed.
  internal = PQRTC_INTERNAL,  ///< A bug in the library, caught.
};
// generated: end

/// The status in words, never null. (pqrtc_status_string)
[[nodiscard]] inline const char* to_string(status s) noexcept { return pqrtc_status_string(static_cast<std::uint32_t>(s)); }

/// A value, or the status that says why there is none. value(), * and -> need success: asserted in debug builds; with NDEBUG a failed
/// result yields a default T (an empty owner, zero bytes), never an indeterminate one. A result that has no name is moved from, not pointed
/// into: -> is not for it.
template <class T>
class [[nodiscard]] result {
 public:
  constexpr result(T&& value) noexcept : value_(std::move(value)) {}
  constexpr result(const T& value) noexcept : value_(value) {}
  constexpr result(status failure) noexcept : code_(failure) { assert(failure != status::ok); }

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return code_ == status::ok; }
  [[nodiscard]] constexpr bool ok() const noexcept { return code_ == status::ok; }
  constexpr status code() const noexcept { return code_; }

  [[nodiscard]] constexpr T& value() & noexcept { return assert(ok()), value_; }
  [[nodiscard]] constexpr const T& value() const& noexcept { return assert(ok()), value_; }
  [[nodiscard]] constexpr T&& value() && noexcept { return assert(ok()), std::move(value_); }
  [[nodiscard]] constexpr T& operator*() & noexcept { return value(); }
  [[nodiscard]] constexpr const T& operator*() const& noexcept { return value(); }
  [[nodiscard]] constexpr T&& operator*() && noexcept { return std::move(*this).value(); }
  [[nodiscard]] constexpr T* operator->() & noexcept { return &value(); }
  [[nodiscard]] constexpr const T* operator->() const& noexcept { return &value(); }
  T* operator->() && = delete;
  const T* operator->() const&& = delete;

 private:
  T value_{};
  status code_ = status::ok;
};

// ---- What arguments may be ------------------------------------------------------------------------------------------------------

// generated: enums (make api)
/// What a participant offers and accepts in the large.
enum class profile : std::uint32_t {
  standard = PQRTC_PROFILE_DEFAULT,  ///< Suite 1: X-Wing, and the composite signature of ML-DSA-65 and Ed25519. The peer shows an identity.
  cnsa2 = PQRTC_PROFILE_CNSA2,  ///< Suite 2 alone: ML-KEM-1024 and ML-DSA-87, and in SFrame AES-256-GCM alone. The peer shows an identity.
  sas = PQRTC_PROFILE_SAS,  ///< Suite 1. Any identity is accepted and none as well: people compare the digits of pqrtc_call_sas().
  default_or_cnsa2 = PQRTC_PROFILE_DEFAULT_OR_CNSA2,  ///< Suites 1 and 2, in that order. The peer shows an identity.
};

/// What a policy can be told beside its profile.
enum class policy_option : std::uint32_t {
  pin = PQRTC_POLICY_PIN,  ///< Accept the peer whose identity has this fingerprint: 32 bytes, as pqrtc_public_key_fingerprint() gives them. May be set many times.
  psk = PQRTC_POLICY_PSK,  ///< Mix in this secret of 32 bytes, which both sides have. A second factor beside identities or a SAS.
  require_binding = PQRTC_POLICY_REQUIRE_BINDING,  ///< Refuse a peer that binds no DTLS certificate. No value.
  anonymous_peer = PQRTC_POLICY_ANONYMOUS_PEER,  ///< Accept a peer without identity: of a server whose guests have none. No value.
  any_peer = PQRTC_POLICY_ANY_PEER,  ///< Accept any identity that signs; check its credential or the SAS afterwards. No value.
};

/// Where a call is.
enum class call_state : std::uint32_t {
  fresh = PQRTC_CALL_NEW,  ///< Nothing was sent or taken.
  offered = PQRTC_CALL_OFFERED,  ///< The offer (M1) was made.
  answered = PQRTC_CALL_ANSWERED,  ///< An offer was answered (M2).
  done = PQRTC_CALL_DONE,  ///< The peer is authenticated, and the session is there.
  confirmed = PQRTC_CALL_CONFIRMED,  ///< As DONE, and the initiator knows that the responder has the session too.
};

/// Which way an SFrame key is for.
enum class direction : std::uint32_t {
  sending = PQRTC_DIRECTION_SENDING,  ///< For what this side sends.
  receiving = PQRTC_DIRECTION_RECEIVING,  ///< For what the peer sends.
};

/// How frames are laid out.
enum class codec : std::uint32_t {
  opaque = PQRTC_CODEC_OPAQUE,  ///< Anything: sealed whole.
  opus = PQRTC_CODEC_OPUS,  ///< Opus: sealed whole.
  vp8 = PQRTC_CODEC_VP8,  ///< VP8: 10 bytes of a key frame stay clear, 3 of a delta frame.
  vp9 = PQRTC_CODEC_VP9,  ///< VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other.
  h264 = PQRTC_CODEC_H264,  ///< H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear.
  h264_avcc = PQRTC_CODEC_H264_AVCC,  ///< The same with four-byte lengths.
  h265 = PQRTC_CODEC_H265,  ///< H.265 with start codes (Annex B): as H.264.
  h265_hvcc = PQRTC_CODEC_H265_HVCC,  ///< The same with four-byte lengths.
  av1 = PQRTC_CODEC_AV1,  ///< AV1 as a low-overhead stream of OBUs: OBU headers, the first byte of frame headers, sequence headers and delimiters stay clear.
};

/// An ML-KEM parameter set (FIPS 203).
enum class kem_algorithm : std::uint32_t {
  ml_kem_768 = PQRTC_KEM_ML_KEM_768,  ///< ML-KEM-768.
  ml_kem_1024 = PQRTC_KEM_ML_KEM_1024,  ///< ML-KEM-1024, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
};

/// How a key is written.
enum class key_format : std::uint32_t {
  der = PQRTC_FORMAT_DER,  ///< Binary.
  pem = PQRTC_FORMAT_PEM,  ///< Text (RFC 7468), in lines of 64 characters that end in a line feed. No NUL at its end.
};

/// What pqrtc_meeting_outgoing() gives.
enum class meeting_message : std::uint32_t {
  box = PQRTC_MEETING_BOX,  ///< A box: the fresh secret of a commit, for one member.
  welcome = PQRTC_MEETING_WELCOME,  ///< A welcome: what a new member joins with.
};

/// An SRTP protection profile, by its IANA number.
enum class srtp_profile : std::uint32_t {
  aes128_cm_hmac_sha1_80 = PQRTC_SRTP_AES128_CM_HMAC_SHA1_80,  ///< 16-byte keys, 14-byte salts: 60 bytes in all.
  aead_aes_128_gcm = PQRTC_SRTP_AEAD_AES_128_GCM,  ///< 16-byte keys, 12-byte salts: 56 bytes in all.
  aead_aes_256_gcm = PQRTC_SRTP_AEAD_AES_256_GCM,  ///< 32-byte keys, 12-byte salts: 88 bytes in all.
};

/// An SFrame cipher suite, by its IANA number. The last number of a name is the length of the tag in bits.
enum class cipher : std::uint32_t {
  aes_128_ctr_hmac_sha256_80 = PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80,  ///< A tag of 10 bytes.
  aes_128_ctr_hmac_sha256_64 = PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_64,  ///< A tag of 8 bytes.
  aes_128_ctr_hmac_sha256_32 = PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_32,  ///< A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
  aes_128_gcm_sha256_128 = PQRTC_SFRAME_AES_128_GCM_SHA256_128,  ///< A tag of 16 bytes.
  aes_256_gcm_sha512_128 = PQRTC_SFRAME_AES_256_GCM_SHA512_128,  ///< A tag of 16 bytes. The one to choose against a quantum computer.
  aes_256_ctr_hmac_sha512_80 = PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_80,  ///< A tag of 10 bytes (draft-barnes-sframe-iana-256).
  aes_256_ctr_hmac_sha512_64 = PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_64,  ///< A tag of 8 bytes.
  aes_256_ctr_hmac_sha512_32 = PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_32,  ///< A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
};

/// A signature algorithm.
enum class signature_algorithm : std::uint32_t {
  ml_dsa_65 = PQRTC_SIGNATURE_ML_DSA_65,  ///< ML-DSA-65 (FIPS 204).
  ml_dsa_87 = PQRTC_SIGNATURE_ML_DSA_87,  ///< ML-DSA-87, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
  ml_dsa_65_ed25519 = PQRTC_SIGNATURE_ML_DSA_65_ED25519,  ///< The composite of ML-DSA-65 and Ed25519 (id-MLDSA65-Ed25519-SHA512, draft-ietf-lamps-pq-composite-sigs): both halves must verify. Keys, seeds and signatures are the ML-DSA part and then the Ed25519 part.
};

/// What kind of artifact a signature is for. A signature of one kind never verifies as another.
enum class artifact : std::uint32_t {
  recording_manifest = PQRTC_ARTIFACT_RECORDING_MANIFEST,  ///< The manifest of a recording, or the recording itself.
  transcript = PQRTC_ARTIFACT_TRANSCRIPT,  ///< A transcript.
  summary = PQRTC_ARTIFACT_SUMMARY,  ///< A meeting summary.
  api_key_envelope = PQRTC_ARTIFACT_API_KEY_ENVELOPE,  ///< An envelope around an API key.
};

/// How the shared secrets of X25519 and ML-KEM-768 become a session key.
enum class suite : std::uint32_t {
  v100_hybrid_kx_v1 = PQRTC_SUITE_V100_HYBRID_KX_V1,  ///< The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys.
  x_wing = PQRTC_SUITE_X_WING,  ///< X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments.
};
// generated: end

// ---- Views and secrets ----------------------------------------------------------------------------------------------------------

namespace detail {

template <class E>
inline constexpr bool is_byte = std::is_same_v<E, std::uint8_t> || std::is_same_v<E, char> || std::is_same_v<E, std::byte>;

// A contiguous range that a view of T may show. Arrays of char are left out: a literal would bring its NUL along.
template <class R, class T, class = void>
inline constexpr bool is_viewable = false;
template <class R, class T>
inline constexpr bool is_viewable<R, T, std::void_t<decltype(std::data(std::declval<R&>())), decltype(std::size(std::declval<R&>()))>> = [] {
  using element = std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>;
  using plain = std::remove_cv_t<element>;
  constexpr bool same = std::is_same_v<plain, std::remove_cv_t<T>> || (is_byte<plain> && is_byte<std::remove_cv_t<T>>);
  constexpr bool literal = std::is_array_v<std::remove_reference_t<R>> && std::is_same_v<plain, char>;
  return same && !literal && (std::is_const_v<T> || !std::is_const_v<element>);
}();

// Owners that wipe their bytes when they end.
template <class R>
inline constexpr bool wipes = false;
template <class R>
inline constexpr bool is_dying_secret = wipes<std::decay_t<R>> && !std::is_lvalue_reference_v<R>;

}  // namespace detail

/// A pointer and a length, like std::span; of bytes, over whatever byte type the container has. Does not own what it shows.
template <class T>
class view {
 public:
  constexpr view() noexcept = default;
  constexpr view(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <class R, std::enable_if_t<detail::is_viewable<R, T> && !std::is_same_v<std::decay_t<R>, view> && !detail::is_dying_secret<R>, int> = 0>
  view(R&& range PQRTC_LIFETIMEBOUND) noexcept : data_(reinterpret_cast<T*>(std::data(range))), size_(std::size(range)) {}
  /// The secret would be wiped before the view is used.
  template <class R, std::enable_if_t<detail::is_dying_secret<R>, int> = 0>
  view(R&&) = delete;

  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr T* begin() const noexcept { return data_; }
  [[nodiscard]] constexpr T* end() const noexcept { return data_ + size_; }
  [[nodiscard]] constexpr T& operator[](std::size_t i) const noexcept { return assert(i < size_), data_[i]; }
  [[nodiscard]] constexpr view first(std::size_t n) const noexcept { return assert(n <= size_), view(data_, n); }
  [[nodiscard]] constexpr view subspan(std::size_t at, std::size_t n) const noexcept {
    return assert(at <= size_ && n <= size_ - at), view(data_ + at, n);
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

using bytes = view<const std::uint8_t>;
using mutable_bytes = view<std::uint8_t>;

/// Wipes memory in a way that a compiler does not remove. (pqrtc_cleanse)
inline void cleanse(mutable_bytes memory) noexcept { pqrtc_cleanse(memory.data(), memory.size()); }

/// N secret bytes, wiped when they go out of scope and when they are moved from. Move-only: a copy is made on purpose or not at all.
template <std::size_t N>
class secret {
 public:
  secret() noexcept = default;
  secret(secret&& other) noexcept : value_(other.value_) { cleanse(other.value_); }
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      value_ = other.value_;
      cleanse(other.value_);
    }
    return *this;
  }
  ~secret() { cleanse(value_); }

  [[nodiscard]] std::uint8_t* data() noexcept { return value_.data(); }
  [[nodiscard]] const std::uint8_t* data() const noexcept { return value_.data(); }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }

 private:
  std::array<std::uint8_t, N> value_{};
};

namespace detail {
template <std::size_t N>
inline constexpr bool wipes<secret<N>> = true;

template <class T>
struct wiping_allocator {
  using value_type = T;
  wiping_allocator() noexcept = default;
  template <class U>
  wiping_allocator(const wiping_allocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T* p, std::size_t n) noexcept {
    pqrtc_cleanse(p, n * sizeof(T));
    std::allocator<T>().deallocate(p, n);
  }
  template <class U>
  friend bool operator==(const wiping_allocator&, const wiping_allocator<U>&) noexcept { return true; }
  template <class U>
  friend bool operator!=(const wiping_allocator&, const wiping_allocator<U>&) noexcept { return false; }
};
template <class T>
inline constexpr bool wipes<std::vector<T, wiping_allocator<T>>> = true;
}  // namespace detail

/// A vector that wipes its memory before it gives it back.
using secret_bytes = std::vector<std::uint8_t, detail::wiping_allocator<std::uint8_t>>;

using byte_vector = std::vector<std::uint8_t>;

using kem_shared_secret = secret<PQRTC_KEM_SHARED_SECRET_BYTES>;
using kem_seed = secret<PQRTC_ML_KEM_768_SEED_BYTES>;
using hybrid_bundle = std::array<std::uint8_t, PQRTC_X_WING_BUNDLE_BYTES>;
using hybrid_exchange = std::array<std::uint8_t, PQRTC_X_WING_EXCHANGE_BYTES>;
using session_key = secret<PQRTC_SESSION_KEY_BYTES>;
using sframe_base_key = secret<PQRTC_SFRAME_BASE_KEY_BYTES>;
using key_fingerprint = std::array<std::uint8_t, PQRTC_FINGERPRINT_BYTES>;
static_assert(PQRTC_ML_KEM_1024_SEED_BYTES == PQRTC_ML_KEM_768_SEED_BYTES && PQRTC_V100_HYBRID_KX_V1_BUNDLE_BYTES == PQRTC_X_WING_BUNDLE_BYTES &&
              PQRTC_V100_HYBRID_KX_V1_EXCHANGE_BYTES == PQRTC_X_WING_EXCHANGE_BYTES);

// ---- C calls to owners and results ------------------ ----------------------------------------------------------------------------

namespace detail {

/// Owns one C handle. get() lends it to C, release() gives it away.
template <class C, void (*Free)(C*)>
class owner {
 public:
  using c_type = C;
  [[nodiscard]] C* get() const noexcept { return handle_.get(); }
  [[nodiscard]] C* release() noexcept { return handle_.release(); }
  [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

 protected:
  owner() noexcept = default;
  explicit owner(C* handle) noexcept : handle_(handle) {}

 private:
  struct deleter {
    void operator()(C* handle) const noexcept { Free(handle); }
  };
  std::unique_ptr<C, deleter> handle_;
};

constexpr status check(pqrtc_status s) noexcept { return static_cast<status>(s); }

// By reference: the call that gives `s` is also the one that writes the value.
template <class T>
result<T> value_if(pqrtc_status s, const T& value) noexcept {
  if (s != PQRTC_OK) return check(s);
  return value;
}

// f(args..., &handle) -> Owner
template <class Owner, class F, class... Args>
result<Owner> make(F f, Args... args) noexcept {
  typename Owner::c_type* handle = nullptr;
  const status s = check(f(args..., &handle));
  if (s != status::ok) return s;
  return Owner(handle);
}

// f(args..., out, length) -> a value of fixed size
template <class T, class F, class... Args>
result<T> fixed(F f, Args... args) noexcept {
  T out{};
  const status s = check(f(args..., out.data(), out.size()));
  if (s != status::ok) return s;
  return out;
}

// f(args..., out, capacity, &written) -> written
template <class F, class... Args>
result<std::size_t> written(F f, mutable_bytes out, Args... args) noexcept {
  std::size_t n = 0;
  return value_if(f(args..., out.data(), out.size(), &n), n);
}

// f(args..., out, length) -> a vector of `size` bytes
template <class V, class F, class... Args>
result<V> filled(F f, std::size_t size, Args... args) {
  V out(size);
  const status s = check(f(args..., out.data(), out.size()));
  if (s != status::ok) return s;
  return out;
}

// f(handle, &number) -> an enum
template <class E, class F, class C>
result<E> number(F f, const C* handle) noexcept {
  std::uint32_t value = 0;
  const status s = check(f(handle, &value));
  if (s != status::ok) return s;
  return static_cast<E>(value);
}

// The same into a vector that becomes as large as C says: `guess` first.
template <class V, class F, class... Args>
result<V> asked(F f, std::size_t guess, Args... args) {
  V out(guess);
  std::size_t n = 0;
  status s = check(f(args..., out.data(), out.size(), &n));
  if (s == status::buffer_too_small) {
    out.resize(n);
    s = check(f(args..., out.data(), out.size(), &n));
  }
  if (s != status::ok) return s;
  out.resize(n);
  return out;
}

// f(&structure), whose first field is its size
template <class T, class F>
result<T> sized_struct(F f) noexcept {
  T value{};
  value.size = sizeof value;
  const status s = check(f(&value));
  if (s != status::ok) return s;
  return value;
}

// The same into a vector of at most `capacity` bytes. Never (nullptr, 0), which would ask for the size.
template <class V, class F, class... Args>
result<V> grown(F f, std::size_t capacity, Args... args) {
  V out(capacity == 0 ? 1 : capacity);
  const result<std::size_t> n = written(f, out, args...);
  if (!n) return n.code();
  out.resize(*n);
  return out;
}

}  // namespace detail

// ---- Library --------------------------------------------------------------------------------------------------------------------

[[nodiscard]] inline std::string_view version() noexcept { return pqrtc_version(); }
[[nodiscard]] inline std::uint32_t abi_version() noexcept { return pqrtc_abi_version(); }
/// "aws-lc", "rustcrypto" or "pqclean".
[[nodiscard]] inline std::string_view provider() noexcept { return pqrtc_provider(); }
/// Known answers for every primitive in use.
inline status self_test() noexcept { return detail::check(pqrtc_self_test()); }
/// Fills `out` (1 byte to 1 MiB) from the operating system.
inline status random(mutable_bytes out) noexcept { return detail::check(pqrtc_random(out.data(), out.size())); }

/// Whether the library found at run time has the ABI and the sizes that this header was compiled with.
[[nodiscard]] inline bool matches_library() noexcept {
  // generated: sizes (make api)
  return pqrtc_abi_version() == PQRTC_ABI_VERSION &&
         pqrtc_kem_shared_secret_bytes() == PQRTC_KEM_SHARED_SECRET_BYTES &&
         pqrtc_fingerprint_bytes() == PQRTC_FINGERPRINT_BYTES &&
         pqrtc_session_key_bytes() == PQRTC_SESSION_KEY_BYTES &&
         pqrtc_session_seal_overhead_bytes() == PQRTC_SESSION_SEAL_OVERHEAD_BYTES &&
         pqrtc_sframe_base_key_bytes() == PQRTC_SFRAME_BASE_KEY_BYTES &&
         pqrtc_sframe_max_overhead_bytes() == PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
  // generated: end
}

// ---- ML-KEM ---------------------------------------------------------------------------------------------------------------------

struct kem_sizes {
  std::size_t public_key, ciphertext, seed;
};

inline result<kem_sizes> sizes(kem_algorithm a) noexcept {
  kem_sizes out{};
  return detail::value_if(pqrtc_kem_sizes(static_cast<std::uint32_t>(a), &out.public_key, &out.ciphertext, &out.seed), out);
}

class kem_keypair : public detail::owner<pqrtc_kem_keypair, pqrtc_kem_keypair_free> {
 public:
  kem_keypair() noexcept = default;
  explicit kem_keypair(pqrtc_kem_keypair* adopted) noexcept : owner(adopted) {}

  static result<kem_keypair> generate(kem_algorithm a) noexcept {
    return detail::make<kem_keypair>(pqrtc_kem_keypair_generate, static_cast<std::uint32_t>(a));
  }
  /// From the 64-byte seed d || z.
  static result<kem_keypair> from_seed(kem_algorithm a, bytes seed) noexcept {
    return detail::make<kem_keypair>(pqrtc_kem_keypair_from_seed, static_cast<std::uint32_t>(a), seed.data(), seed.size());
  }
  /// From a FIPS 203 decapsulation key; invalid_key if it fails the checks of section 7.3.
  static result<kem_keypair> from_expanded(kem_algorithm a, bytes dk) noexcept {
    return detail::make<kem_keypair>(pqrtc_kem_keypair_from_expanded, static_cast<std::uint32_t>(a), dk.data(), dk.size());
  }

  /// From a PKCS#8 file, DER or PEM (RFC 9935); invalid_key for what is none.
  static result<kem_keypair> import_file(bytes file) noexcept {
    return detail::make<kem_keypair>(pqrtc_kem_keypair_import, file.data(), file.size());
  }
  /// As a PKCS#8 file, a secret.
  result<secret_bytes> export_file(key_format format) const {
    return detail::asked<secret_bytes>(pqrtc_kem_keypair_export, 4096, get(), static_cast<std::uint32_t>(format));
  }

  result<kem_algorithm> algorithm() const noexcept { return detail::number<kem_algorithm>(pqrtc_kem_keypair_algorithm, get()); }
  result<byte_vector> public_key() const {
    const auto a = algorithm();
    if (!a) return a.code();
    const auto n = sizes(*a);
    if (!n) return n.code();
    return detail::filled<byte_vector>(pqrtc_kem_keypair_public_key, n->public_key, get());
  }
  /// unsupported if the pair was imported expanded.
  result<kem_seed> seed() const noexcept { return detail::fixed<kem_seed>(pqrtc_kem_keypair_seed, get()); }
  /// A ciphertext that was altered gives another secret, not an error (implicit rejection).
  result<kem_shared_secret> decapsulate(bytes ciphertext) const noexcept {
    return detail::fixed<kem_shared_secret>(pqrtc_kem_decapsulate, get(), ciphertext.data(), ciphertext.size());
  }
};

struct encapsulated {
  byte_vector ciphertext;
  kem_shared_secret secret;
};

inline result<encapsulated> kem_encapsulate(kem_algorithm a, bytes public_key) {
  const auto n = sizes(a);
  if (!n) return n.code();
  encapsulated out;
  out.ciphertext.resize(n->ciphertext);
  const status s = detail::check(pqrtc_kem_encapsulate(static_cast<std::uint32_t>(a), public_key.data(), public_key.size(),
                                                       out.ciphertext.data(), out.ciphertext.size(), out.secret.data(), out.secret.size()));
  if (s != status::ok) return s;
  return out;
}

// ---- Session --------------------------------------------------------------------------------------------------------------------

/// SRTP master keys and salts of both sides, in the order of RFC 5764 section 4.2. The client is the initiator.
class srtp_keys {
 public:
  [[nodiscard]] bytes client_key() const& noexcept { return all().subspan(0, key_); }
  bytes client_key() const&& = delete;
  [[nodiscard]] bytes server_key() const& noexcept { return all().subspan(key_, key_); }
  bytes server_key() const&& = delete;
  [[nodiscard]] bytes client_salt() const& noexcept { return all().subspan(2 * key_, salt_); }
  bytes client_salt() const&& = delete;
  [[nodiscard]] bytes server_salt() const& noexcept { return all().subspan(2 * key_ + salt_, salt_); }
  bytes server_salt() const&& = delete;
  [[nodiscard]] bytes all() const& noexcept { return {material_.data(), 2 * (key_ + salt_)}; }
  bytes all() const&& = delete;

 private:
  friend class session;
  secret<88> material_;
  std::size_t key_ = 0, salt_ = 0;
};

/// The sides of a key exchange.
enum class role : std::uint32_t { initiator = 1, responder = 2 };

/// What both sides of a key exchange hold.
class session : public detail::owner<pqrtc_session, pqrtc_session_free> {
 public:
  session() noexcept = default;
  explicit session(pqrtc_session* adopted) noexcept : owner(adopted) {}

  result<session_key> key() const noexcept { return detail::fixed<session_key>(pqrtc_session_key, get()); }
  /// out.size() bytes (1 to 16320) for the application's own use, one label (1 to 124 bytes) for one purpose.
  status export_key(std::string_view label, bytes context, mutable_bytes out) const noexcept {
    const bytes l = label;
    return detail::check(pqrtc_session_export(get(), l.data(), l.size(), context.data(), context.size(), out.data(), out.size()));
  }
  template <std::size_t N>
  result<secret<N>> export_key(std::string_view label, bytes context = {}) const noexcept {
    secret<N> out;
    const status s = export_key(label, context, out);
    if (s != status::ok) return s;
    return out;
  }
  result<pqrtc::srtp_keys> srtp_keys(srtp_profile profile) const noexcept {
    pqrtc::srtp_keys out;
    const auto n = detail::written(pqrtc_session_srtp_keys, out.material_, get(), static_cast<std::uint32_t>(profile));
    if (!n) return n.code();
    out.salt_ = profile == srtp_profile::aes128_cm_hmac_sha1_80 ? 14 : 12;
    out.key_ = *n / 2 - out.salt_;
    return out;
  }

  /// The base key of a sender, for an SFrame engine that is not this library's. This side's own is used up with it.
  result<pqrtc::sframe_base_key> sframe_base_key(role sender, std::uint64_t kid) const noexcept {
    return detail::fixed<pqrtc::sframe_base_key>(pqrtc_session_sframe_base_key, get(), static_cast<std::uint32_t>(sender), kid);
  }

  /// Seals a small payload (at most 1 MiB) for the peer; needs plaintext + PQRTC_SESSION_SEAL_OVERHEAD_BYTES of room.
  result<std::size_t> seal(bytes aad, bytes plaintext, mutable_bytes out) const noexcept {
    return detail::written(pqrtc_session_seal, out, get(), aad.data(), aad.size(), plaintext.data(), plaintext.size());
  }
  result<byte_vector> seal(bytes aad, bytes plaintext) const {
    return detail::grown<byte_vector>(pqrtc_session_seal, plaintext.size() + PQRTC_SESSION_SEAL_OVERHEAD_BYTES, get(),
                                                    aad.data(), aad.size(), plaintext.data(), plaintext.size());
  }
  /// Opens what the peer sealed, each message once.
  result<std::size_t> open(bytes aad, bytes sealed, mutable_bytes out) const noexcept {
    return detail::written(pqrtc_session_open, out, get(), aad.data(), aad.size(), sealed.data(), sealed.size());
  }
  result<secret_bytes> open(bytes aad, bytes sealed) const {
    return detail::grown<secret_bytes>(pqrtc_session_open, sealed.size(), get(), aad.data(), aad.size(), sealed.data(), sealed.size());
  }
};

// ---- Hybrid key exchange --------------------------------------------------------------------------------------------------------

struct suite_sizes {
  std::size_t bundle, exchange, seed;
};

inline result<suite_sizes> sizes(suite s) noexcept {
  suite_sizes out{};
  return detail::value_if(pqrtc_suite_sizes(static_cast<std::uint32_t>(s), &out.bundle, &out.exchange, &out.seed), out);
}

/// The responder's key pair. Publish bundle(); answer each exchange message with respond().
class hybrid_keypair : public detail::owner<pqrtc_hybrid_keypair, pqrtc_hybrid_keypair_free> {
 public:
  hybrid_keypair() noexcept = default;
  explicit hybrid_keypair(pqrtc_hybrid_keypair* adopted) noexcept : owner(adopted) {}

  static result<hybrid_keypair> generate(pqrtc::suite s) noexcept {
    return detail::make<hybrid_keypair>(pqrtc_hybrid_keypair_generate, static_cast<std::uint32_t>(s));
  }
  static result<hybrid_keypair> from_seed(pqrtc::suite s, bytes seed) noexcept {
    return detail::make<hybrid_keypair>(pqrtc_hybrid_keypair_from_seed, static_cast<std::uint32_t>(s), seed.data(), seed.size());
  }

  result<pqrtc::suite> suite() const noexcept { return detail::number<pqrtc::suite>(pqrtc_hybrid_keypair_suite, get()); }
  result<hybrid_bundle> bundle() const noexcept { return detail::fixed<hybrid_bundle>(pqrtc_hybrid_keypair_bundle, get()); }
  /// The private key as stored: exactly sizes(suite).seed bytes.
  status seed(mutable_bytes out) const noexcept { return detail::check(pqrtc_hybrid_keypair_seed(get(), out.data(), out.size())); }
  result<session> respond(bytes exchange) const noexcept {
    return detail::make<session>(pqrtc_hybrid_respond, get(), exchange.data(), exchange.size());
  }
};

struct initiated {
  hybrid_exchange exchange;
  pqrtc::session session;
};

/// Answers a bundle: send the exchange message to its owner, keep the session.
inline result<initiated> initiate(suite s, bytes bundle) noexcept {
  initiated out{};
  auto opened = detail::make<session>(pqrtc_hybrid_initiate, static_cast<std::uint32_t>(s), bundle.data(), bundle.size(),
                                      out.exchange.data(), out.exchange.size());
  if (!opened) return opened.code();
  out.session = *std::move(opened);
  return out;
}

// ---- TURN -----------------------------------------------------------------------------------------------------------------------

/// A REST credential, wiped when it goes out of scope.
class turn_credential {
 public:
  [[nodiscard]] std::string_view username() const& noexcept { return {username_.data(), username_size_}; }
  std::string_view username() const&& = delete;
  [[nodiscard]] std::string_view password() const& noexcept { return {password_.data(), password_size_}; }
  std::string_view password() const&& = delete;

  /// For `user` until `expires_at`, in Unix seconds.
  static result<turn_credential> mint(bytes secret, std::string_view user, std::uint64_t expires_at) noexcept {
    turn_credential out;
    const status s = detail::check(pqrtc_turn_credential_mint(secret.data(), secret.size(), user.data(), user.size(), expires_at,
                                                              out.username_.data(), out.username_.size(), &out.username_size_,
                                                              out.password_.data(), out.password_.size(), &out.password_size_));
    if (s != status::ok) return s;
    return out;
  }
  static status verify(bytes secret, std::string_view username, std::string_view password, std::uint64_t now) noexcept {
    return detail::check(pqrtc_turn_credential_verify(secret.data(), secret.size(), username.data(), username.size(), password.data(),
                                                      password.size(), now));
  }

  turn_credential() noexcept = default;
  turn_credential(const turn_credential&) noexcept = default;
  turn_credential& operator=(const turn_credential&) noexcept = default;
  ~turn_credential() { cleanse(password_); }

 private:
  std::array<char, 508> username_{};
  std::array<char, 28> password_{};
  std::size_t username_size_ = 0, password_size_ = 0;
};

/// Wraps a credential for the owner of an ML-KEM public key; needs credential + PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES of room, or as
/// much more as the algorithm's own macro says.
inline result<std::size_t> turn_wrap(kem_algorithm a, bytes public_key, bytes credential, mutable_bytes out) noexcept {
  return detail::written(pqrtc_turn_wrap, out, static_cast<std::uint32_t>(a), public_key.data(), public_key.size(), credential.data(),
                         credential.size());
}
inline result<byte_vector> turn_wrap(kem_algorithm a, bytes public_key, bytes credential) {
  return detail::grown<byte_vector>(pqrtc_turn_wrap, credential.size() + PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES, static_cast<std::uint32_t>(a),
                                    public_key.data(), public_key.size(), credential.data(), credential.size());
}
inline result<std::size_t> turn_unwrap(const kem_keypair& keypair, bytes wrapped, mutable_bytes out) noexcept {
  return detail::written(pqrtc_turn_unwrap, out, keypair.get(), wrapped.data(), wrapped.size());
}
inline result<secret_bytes> turn_unwrap(const kem_keypair& keypair, bytes wrapped) {
  return detail::grown<secret_bytes>(pqrtc_turn_unwrap, wrapped.size(), keypair.get(), wrapped.data(), wrapped.size());
}

// ---- Signatures -----------------------------------------------------------------------------------------------------------------

struct signature_sizes {
  std::size_t public_key, signature, seed;
};

inline result<signature_sizes> sizes(signature_algorithm a) noexcept {
  signature_sizes out{};
  return detail::value_if(pqrtc_signature_sizes(static_cast<std::uint32_t>(a), &out.public_key, &out.signature, &out.seed), out);
}

/// An ML-DSA or composite private key.
class signing_key : public detail::owner<pqrtc_signing_key, pqrtc_signing_key_free> {
 public:
  signing_key() noexcept = default;
  explicit signing_key(pqrtc_signing_key* adopted) noexcept : owner(adopted) {}

  static result<signing_key> generate(signature_algorithm a) noexcept {
    return detail::make<signing_key>(pqrtc_signing_key_generate, static_cast<std::uint32_t>(a));
  }
  static result<signing_key> from_seed(signature_algorithm a, bytes seed) noexcept {
    return detail::make<signing_key>(pqrtc_signing_key_from_seed, static_cast<std::uint32_t>(a), seed.data(), seed.size());
  }

  /// From a PKCS#8 file, DER or PEM (RFC 9881; the composite as its draft has it); invalid_key for what is none.
  static result<signing_key> import_file(bytes file) noexcept {
    return detail::make<signing_key>(pqrtc_signing_key_import, file.data(), file.size());
  }
  /// As a PKCS#8 file, a secret.
  result<secret_bytes> export_file(key_format format) const {
    return detail::asked<secret_bytes>(pqrtc_signing_key_export, 4096, get(), static_cast<std::uint32_t>(format));
  }

  result<signature_algorithm> algorithm() const noexcept {
    return detail::number<signature_algorithm>(pqrtc_signing_key_algorithm, get());
  }
  result<signature_sizes> sizes() const noexcept {
    const auto a = algorithm();
    if (!a) return a.code();
    return pqrtc::sizes(*a);
  }
  result<byte_vector> public_key() const { return sized<byte_vector>(&signature_sizes::public_key, pqrtc_signing_key_public_key); }
  /// unsupported if the key was imported expanded.
  result<secret_bytes> seed() const { return sized<secret_bytes>(&signature_sizes::seed, pqrtc_signing_key_seed); }
  /// context: the FIPS 204 context string, 0 to 255 bytes, not beginning with "pqrtc ".
  result<byte_vector> sign(bytes context, bytes message) const {
    return sized<byte_vector>(&signature_sizes::signature, pqrtc_sign, context.data(), context.size(), message.data(), message.size());
  }
  result<byte_vector> sign_artifact(artifact kind, bytes content) const {
    return sized<byte_vector>(&signature_sizes::signature, pqrtc_artifact_sign, static_cast<std::uint32_t>(kind), content.data(), content.size());
  }
  /// As a COSE_Sign1 message (RFC 9964) that contains the content; its external_aad is the context string of the kind. unsupported for the composite.
  result<byte_vector> sign_artifact_cose(artifact kind, bytes content) const {
    return detail::asked<byte_vector>(pqrtc_artifact_sign_cose, content.size() + 8192, get(), static_cast<std::uint32_t>(kind), content.data(),
                                      content.size());
  }

 private:
  template <class V, class F, class... Args>
  result<V> sized(std::size_t signature_sizes::*which, F f, Args... args) const {
    const auto n = sizes();
    if (!n) return n.code();
    return detail::filled<V>(f, (*n).*which, get(), args...);
  }
};

inline status verify(signature_algorithm a, bytes public_key, bytes context, bytes message, bytes sig) noexcept {
  return detail::check(pqrtc_verify(static_cast<std::uint32_t>(a), public_key.data(), public_key.size(), context.data(), context.size(),
                                    message.data(), message.size(), sig.data(), sig.size()));
}
inline status verify_artifact(signature_algorithm a, bytes public_key, artifact kind, bytes content, bytes sig) noexcept {
  return detail::check(pqrtc_artifact_verify(static_cast<std::uint32_t>(a), public_key.data(), public_key.size(),
                                             static_cast<std::uint32_t>(kind), content.data(), content.size(), sig.data(), sig.size()));
}
/// What a participant is known by: the first 32 bytes of SHA-512 of the key's SubjectPublicKeyInfo.
inline result<key_fingerprint> fingerprint(signature_algorithm a, bytes public_key) noexcept {
  return detail::fixed<key_fingerprint>(pqrtc_public_key_fingerprint, static_cast<std::uint32_t>(a), public_key.data(), public_key.size());
}

/// A public key from a file. algorithm is a signature_algorithm, or PQRTC_PUBLIC_KEY_KEM and a kem_algorithm.
struct imported_public_key {
  std::uint32_t algorithm;
  byte_vector raw;
};

/// From a SubjectPublicKeyInfo file, DER or PEM; invalid_key for what is none.
inline result<imported_public_key> import_public_key(bytes file) {
  std::uint32_t algorithm = 0;
  auto raw = detail::asked<byte_vector>(
      [&](std::uint8_t* out, std::size_t cap, std::size_t* n) { return pqrtc_public_key_import(file.data(), file.size(), &algorithm, out, cap, n); }, 4096);
  if (!raw) return raw.code();
  return imported_public_key{algorithm, *std::move(raw)};
}
/// As a SubjectPublicKeyInfo file. algorithm: as imported_public_key has it.
inline result<byte_vector> export_public_key(std::uint32_t algorithm, bytes raw, key_format format) {
  return detail::asked<byte_vector>(pqrtc_public_key_export, 4096, algorithm, raw.data(), raw.size(), static_cast<std::uint32_t>(format));
}
inline result<byte_vector> export_public_key(signature_algorithm a, bytes raw, key_format format) {
  return export_public_key(static_cast<std::uint32_t>(a), raw, format);
}
inline result<byte_vector> export_public_key(kem_algorithm a, bytes raw, key_format format) {
  return export_public_key(PQRTC_PUBLIC_KEY_KEM + static_cast<std::uint32_t>(a), raw, format);
}

/// Signs or verifies content that does not fit in memory: update() with each piece, then sign() or verify().
class artifact_hasher : public detail::owner<pqrtc_artifact_hasher, pqrtc_artifact_hasher_free> {
 public:
  artifact_hasher() noexcept = default;
  explicit artifact_hasher(pqrtc_artifact_hasher* adopted) noexcept : owner(adopted) {}

  static result<artifact_hasher> create(artifact kind) noexcept {
    return detail::make<artifact_hasher>(pqrtc_artifact_hasher_new, static_cast<std::uint32_t>(kind));
  }

  status update(bytes piece) noexcept { return detail::check(pqrtc_artifact_hasher_update(get(), piece.data(), piece.size())); }
  result<byte_vector> sign(const signing_key& key) const {
    const auto n = key.sizes();
    if (!n) return n.code();
    return detail::filled<byte_vector>(pqrtc_artifact_hasher_sign, n->signature, get(), key.get());
  }
  status verify(signature_algorithm a, bytes public_key, bytes sig) const noexcept {
    return detail::check(pqrtc_artifact_hasher_verify(get(), static_cast<std::uint32_t>(a), public_key.data(), public_key.size(), sig.data(),
                                                      sig.size()));
  }
};

// ---- Recordings -----------------------------------------------------------------------------------------------------------------

/// Signs a recording segment by segment, so that nobody can drop, move, repeat, alter or exchange one, or cut the recording off
/// (docs/recordings.md): update() with each piece of a segment, then entry(). It keeps a share of the key.
class recording_signer : public detail::owner<pqrtc_recording_signer, pqrtc_recording_signer_free> {
 public:
  recording_signer() noexcept = default;
  explicit recording_signer(pqrtc_recording_signer* adopted) noexcept : owner(adopted) {}

  /// id: 1 to 64 bytes that name the recording, and no other one that this key signs.
  static result<recording_signer> create(const signing_key& key, bytes id) noexcept {
    return detail::make<recording_signer>(pqrtc_recording_signer_new, key.get(), id.data(), id.size());
  }
  /// Goes on where another signer gave the state. malformed_message if that is no state, one of another algorithm, or one of another recording
  /// before its first entry; what is signed after a later wrong state does not verify.
  static result<recording_signer> resume(const signing_key& key, bytes id, bytes state) noexcept {
    return detail::make<recording_signer>(pqrtc_recording_signer_resume, key.get(), id.data(), id.size(), state.data(), state.size());
  }

  /// unexpected_message after the last entry.
  status update(bytes piece) noexcept { return detail::check(pqrtc_recording_signer_update(get(), piece.data(), piece.size())); }
  /// Ends the current segment, which may be empty, and with `last` the recording.
  result<byte_vector> entry(bool last = false) {
    return detail::asked<byte_vector>(pqrtc_recording_signer_entry, 8192, get(), last ? 1u : 0u);
  }
  /// The entry that was made last as a COSE_Sign1 message (RFC 9964; docs/recordings.md). unsupported for the composite, unexpected_message
  /// before the first entry that this signer made.
  result<byte_vector> cose() const { return detail::asked<byte_vector>(pqrtc_recording_signer_cose, 8192, get()); }
  /// What resume() goes on from; no secret. Store it after each entry, once the entry is stored. unexpected_message within a segment.
  result<byte_vector> state() const { return detail::asked<byte_vector>(pqrtc_recording_signer_state, 128, get()); }
};

/// Verifies a recording segment by segment, in constant memory: update() with each piece of a segment, then entry(), and at the end finish().
class recording_verifier : public detail::owner<pqrtc_recording_verifier, pqrtc_recording_verifier_free> {
 public:
  recording_verifier() noexcept = default;
  explicit recording_verifier(pqrtc_recording_verifier* adopted) noexcept : owner(adopted) {}

  static result<recording_verifier> create(signature_algorithm a, bytes public_key, bytes id) noexcept {
    return detail::make<recording_verifier>(pqrtc_recording_verifier_new, static_cast<std::uint32_t>(a), public_key.data(), public_key.size(),
                                            id.data(), id.size());
  }

  status update(bytes piece) noexcept { return detail::check(pqrtc_recording_verifier_update(get(), piece.data(), piece.size())); }
  /// In this order: malformed_message (no entry, another algorithm, anything after the last entry), out_of_sequence (a segment is missing,
  /// repeated or moved), digest_mismatch (another segment), bad_signature (an altered entry, another recording, key or history). The first three
  /// compare what nobody has authenticated. After a refusal the verifier stands where it stood, and the bytes of the segment are forgotten.
  status entry(bytes entry) noexcept { return detail::check(pqrtc_recording_verifier_entry(get(), entry.data(), entry.size())); }
  /// incomplete before the last entry, and if bytes were given after it.
  status finish() const noexcept { return detail::check(pqrtc_recording_verifier_finish(get())); }
};

// ---- SFrame media frames --------------------------------------------------------------------------------------------------------

/// Room that always suffices to seal a frame of this size; 0 for one over 64 MiB.
[[nodiscard]] inline std::size_t frame_seal_max_size(codec c, std::size_t frame_size) noexcept {
  return pqrtc_frame_seal_max_size(static_cast<std::uint32_t>(c), frame_size);
}
[[nodiscard]] inline std::size_t frame_open_max_size(codec c, std::size_t sealed_size) noexcept {
  return pqrtc_frame_open_max_size(static_cast<std::uint32_t>(c), sealed_size);
}

/// The base key of the ratchet step after this one, for a newcomer to a sender that ratchets: 32 or 64 bytes.
inline result<secret_bytes> sframe_ratchet_base_key(cipher c, bytes base_key) {
  return detail::grown<secret_bytes>(pqrtc_sframe_ratchet_base_key, 64, static_cast<std::uint32_t>(c), base_key.data(), base_key.size());
}

using frame_info = pqrtc_frame_info;
using sframe_stats = pqrtc_sframe_stats;
using sframe_sender_stats = pqrtc_sframe_sender_stats_t;

/// What a sealed frame looks like, without a key and not authenticated; malformed_frame for what is none.
inline result<frame_info> frame_inspect(codec c, bytes sealed) noexcept {
  return detail::sized_struct<frame_info>(
      [=](auto* info) { return pqrtc_frame_inspect(static_cast<std::uint32_t>(c), sealed.data(), sealed.size(), info); });
}

/// Seals frames under one (key, KID). Many threads may seal on one sender.
class sframe_sender : public detail::owner<pqrtc_sframe_sender, pqrtc_sframe_sender_free> {
 public:
  sframe_sender() noexcept = default;
  explicit sframe_sender(pqrtc_sframe_sender* adopted) noexcept : owner(adopted) {}

  static result<sframe_sender> from_session(const session& s, std::uint64_t kid, cipher c) noexcept {
    return detail::make<sframe_sender>(pqrtc_sframe_sender_new, s.get(), kid, static_cast<std::uint32_t>(c));
  }
  /// base_key: 16 to 64 bytes.
  static result<sframe_sender> from_key(bytes base_key, std::uint64_t kid, cipher c) noexcept {
    return detail::make<sframe_sender>(pqrtc_sframe_sender_from_key, base_key.data(), base_key.size(), kid, static_cast<std::uint32_t>(c));
  }

  /// A whole frame, opaque to the packetizer; needs frame + PQRTC_SFRAME_MAX_OVERHEAD_BYTES of room. `out` may start where `frame` does.
  result<std::size_t> seal(bytes metadata, bytes frame, mutable_bytes out) const noexcept {
    return detail::written(pqrtc_sframe_seal, out, get(), metadata.data(), metadata.size(), frame.data(), frame.size());
  }
  /// A frame that its codec's packetizer still understands; needs frame_seal_max_size() of room, apart from `frame`. nothing_to_seal for
  /// parameter sets or delimiters alone: send them as they are. metadata: what both sides know of the frame, such as the name of its track.
  result<std::size_t> seal_frame(codec c, bytes frame, mutable_bytes out, bytes metadata = {}) const noexcept {
    return detail::written(pqrtc_frame_seal, out, get(), static_cast<std::uint32_t>(c), metadata.data(), metadata.size(), frame.data(),
                           frame.size());
  }

  /// Many small frames for one call: back to back in `frames` and in `out`, `sizes` in and `out_sizes` out, as many of each. Needs
  /// frames + PQRTC_SFRAME_MAX_OVERHEAD_BYTES for each frame of room, apart from `frames`.
  result<std::size_t> seal_batch(bytes metadata, bytes frames, view<const std::size_t> sizes, mutable_bytes out,
                                 view<std::size_t> out_sizes) const noexcept {
    if (out_sizes.size() != sizes.size()) return status::invalid_length;
    std::size_t n = 0;
    return detail::value_if(pqrtc_sframe_seal_batch(get(), metadata.data(), metadata.size(), frames.data(), frames.size(), sizes.data(),
                                                    sizes.size(), out.data(), out.size(), &n, out_sizes.data()), n);
  }

  /// RFC 9605 section 5.1: before the first seal only.
  status set_ratchet(std::uint32_t ratchet_bits) noexcept { return detail::check(pqrtc_sframe_sender_set_ratchet(get(), ratchet_bits)); }
  /// One step: a new key, and the KID that belongs to it. The old key is wiped.
  result<std::uint64_t> ratchet() const noexcept {
    std::uint64_t kid = 0;
    return detail::value_if(pqrtc_sframe_sender_ratchet(get(), &kid), kid);
  }
  result<std::uint64_t> kid() const noexcept {
    std::uint64_t kid = 0;
    return detail::value_if(pqrtc_sframe_sender_kid(get(), &kid), kid);
  }
  result<sframe_sender_stats> stats() const noexcept {
    return detail::sized_struct<sframe_sender_stats>([this](auto* s) { return pqrtc_sframe_sender_stats(get(), s); });
  }
};

/// What open() wrote, and under which key and counter it was sealed.
struct opened_frame {
  std::size_t size;
  std::uint64_t kid, counter;
};

/// What a refused frame says of itself, when it can be read. Not authenticated.
struct frame_hint {
  std::uint64_t kid = 0, counter = 0;
};

namespace detail {
// f(written, kid, counter) -> opened_frame; a refusal leaves its hint.
template <class F>
result<opened_frame> opened(F f, frame_hint* hint) noexcept {
  opened_frame o{};
  const status s = check(f(&o.size, &o.kid, &o.counter));
  if (s == status::ok) return o;
  if (hint != nullptr) *hint = {o.kid, o.counter};
  return s;
}
}  // namespace detail

/// Opens frames of many senders, each with its replay window. Locks inside: any thread may call any member at any time.
class sframe_receiver : public detail::owner<pqrtc_sframe_receiver, pqrtc_sframe_receiver_free> {
 public:
  sframe_receiver() noexcept = default;
  explicit sframe_receiver(pqrtc_sframe_receiver* adopted) noexcept : owner(adopted) {}

  static result<sframe_receiver> create(cipher c) noexcept {
    return detail::make<sframe_receiver>(pqrtc_sframe_receiver_new, static_cast<std::uint32_t>(c));
  }

  /// The key of the peer's sender with this KID.
  status add_session(const session& s, std::uint64_t kid) const noexcept {
    return detail::check(pqrtc_sframe_receiver_add_session(get(), s.get(), kid));
  }
  status add_key(std::uint64_t kid, bytes base_key) const noexcept {
    return detail::check(pqrtc_sframe_receiver_add_key(get(), kid, base_key.data(), base_key.size()));
  }
  status remove_key(std::uint64_t kid) const noexcept { return detail::check(pqrtc_sframe_receiver_remove_key(get(), kid)); }

  /// Before a key is added. The receiver follows at most max_steps at once and keeps the old step for grace_frames frames of the new.
  status set_ratchet(std::uint32_t ratchet_bits, std::uint32_t max_steps = 16, std::uint32_t grace_frames = 64) const noexcept {
    return detail::check(pqrtc_sframe_receiver_set_ratchet(get(), ratchet_bits, max_steps, grace_frames));
  }
  /// Before a key is added: the replay window, a multiple of 64 from 64 to 65536.
  status set_window(std::uint32_t counters) const noexcept { return detail::check(pqrtc_sframe_receiver_set_window(get(), counters)); }

  /// `out` may start where `sealed` does. A refusal as unknown_key_id, replayed_frame or decryption_failed writes *hint.
  result<opened_frame> open(bytes metadata, bytes sealed, mutable_bytes out, frame_hint* hint = nullptr) const noexcept {
    return detail::opened(
        [&](std::size_t* n, std::uint64_t* kid, std::uint64_t* counter) {
          return pqrtc_sframe_open(get(), metadata.data(), metadata.size(), sealed.data(), sealed.size(), out.data(), out.size(), n, kid, counter);
        },
        hint);
  }
  /// Needs frame_open_max_size() of room; `out` may start where `sealed` does. The metadata is the sender's.
  result<opened_frame> open_frame(codec c, bytes sealed, mutable_bytes out, bytes metadata = {}, frame_hint* hint = nullptr) const noexcept {
    return detail::opened(
        [&](std::size_t* n, std::uint64_t* kid, std::uint64_t* counter) {
          return pqrtc_frame_open(get(), static_cast<std::uint32_t>(c), metadata.data(), metadata.size(), sealed.data(), sealed.size(), out.data(),
                                  out.size(), n, kid, counter);
        },
        hint);
  }
  /// The opposite of seal_batch(). `statuses` says of each frame whether it was opened; `kids` and `counters` may be left out.
  result<std::size_t> open_batch(bytes metadata, bytes sealed, view<const std::size_t> sizes, mutable_bytes out, view<std::size_t> out_sizes,
                                 view<status> statuses, view<std::uint64_t> kids = {}, view<std::uint64_t> counters = {}) const noexcept {
    const std::size_t count = sizes.size();
    if (out_sizes.size() != count || statuses.size() != count || (!kids.empty() && kids.size() != count) ||
        (!counters.empty() && counters.size() != count)) {
      return status::invalid_length;
    }
    std::size_t n = 0;
    return detail::value_if(pqrtc_sframe_open_batch(get(), metadata.data(), metadata.size(), sealed.data(), sealed.size(), sizes.data(), count,
                                                    out.data(), out.size(), &n, out_sizes.data(),
                                                    reinterpret_cast<pqrtc_status*>(statuses.data()), kids.data(), counters.data()), n);
  }

  result<sframe_stats> stats() const noexcept {
    return detail::sized_struct<sframe_stats>([this](auto* s) { return pqrtc_sframe_receiver_stats(get(), s); });
  }
  /// Of one KID; unknown_key_id if the receiver does not have it.
  result<sframe_stats> key_stats(std::uint64_t kid) const noexcept {
    return detail::sized_struct<sframe_stats>([this, kid](auto* s) { return pqrtc_sframe_receiver_key_stats(get(), kid, s); });
  }
};

// ---- Authenticated calls --------------------------------------------------------------------------------------------------------

/// What a participant accepts of the other side. A new one accepts nobody.
class policy : public detail::owner<pqrtc_policy, pqrtc_policy_free> {
 public:
  policy() noexcept = default;
  explicit policy(pqrtc_policy* adopted) noexcept : owner(adopted) {}

  static result<policy> create(profile p) noexcept { return detail::make<policy>(pqrtc_policy_new, static_cast<std::uint32_t>(p)); }
  /// value: 32 bytes for pin and psk, none for the rest.
  status set(policy_option option, bytes value = {}) noexcept {
    return detail::check(pqrtc_policy_set(get(), static_cast<std::uint32_t>(option), value.data(), value.size()));
  }
};

/// state, role, suite and peer_identity are numbers of the enums; the state says whether the peer is authenticated.
using call_info = pqrtc_call_info_t;

struct call_peer {
  signature_algorithm algorithm;
  byte_vector public_key, credential;
};

/// The key of one direction, for an SFrame engine that is not this library's.
struct call_key {
  std::uint64_t kid = 0;
  pqrtc::sframe_base_key base_key;
};

/// One end of an authenticated call: offer() and receive() until info() says may_send. Any thread may call any member.
class call : public detail::owner<pqrtc_call, pqrtc_call_free> {
 public:
  call() noexcept = default;
  explicit call(pqrtc_call* adopted) noexcept : owner(adopted) {}

  /// me: the identity, or nullptr; second: the one for the other suite. binding: the own DTLS fingerprint. Key and policy are copied.
  static result<call> create(const signing_key* me, const policy& p, bytes binding = {}, bytes credential = {},
                             const signing_key* second = nullptr) noexcept {
    return detail::make<call>(pqrtc_call_new, me != nullptr ? me->get() : nullptr, second != nullptr ? second->get() : nullptr, p.get(),
                              binding.data(), binding.size(), credential.data(), credential.size());
  }

  /// The offer of the call, or of a rekey in one that runs.
  result<byte_vector> offer() { return detail::asked<byte_vector>(pqrtc_call_offer, PQRTC_CALL_MESSAGE_MAX, get()); }
  /// Takes a message and gives the one to send back, empty if there is none. peer_binding: the peer's DTLS fingerprint as the SDP has it. A
  /// message that is refused changes nothing.
  result<byte_vector> receive(bytes message, bytes peer_binding = {}) {
    return detail::asked<byte_vector>(pqrtc_call_receive, PQRTC_CALL_MESSAGE_MAX, get(), message.data(), message.size(), peer_binding.data(),
                                      peer_binding.size());
  }
  /// Accepts the identity of this fingerprint: after peer_rejected, look at peer(), pin it, and give the same message again.
  status pin(bytes fingerprint) noexcept { return detail::check(pqrtc_call_pin(get(), fingerprint.data(), fingerprint.size())); }
  /// A new certificate, for the next rekey.
  status set_binding(bytes binding) noexcept { return detail::check(pqrtc_call_set_binding(get(), binding.data(), binding.size())); }

  result<call_info> info() const noexcept {
    return detail::sized_struct<call_info>([this](auto* i) { return pqrtc_call_info(get(), i); });
  }
  /// Who the peer proved to be, also after peer_rejected.
  result<call_peer> peer() const {
    call_peer out{};
    std::uint32_t algorithm = 0;
    std::size_t key = 0, credential = 0;
    status s = detail::check(pqrtc_call_peer(get(), &algorithm, nullptr, 0, &key, nullptr, 0, &credential));
    if (s != status::buffer_too_small) return s == status::ok ? status::internal : s;
    out.public_key.resize(key + 1);  // never (nullptr, 0), which would ask again
    out.credential.resize(credential + 1);
    s = detail::check(pqrtc_call_peer(get(), &algorithm, out.public_key.data(), out.public_key.size(), &key, out.credential.data(),
                                      out.credential.size(), &credential));
    if (s != status::ok) return s;
    out.public_key.resize(key);
    out.credential.resize(credential);
    out.algorithm = static_cast<signature_algorithm>(algorithm);
    return out;
  }
  /// Ten digits for people to compare.
  result<std::array<char, 10>> sas() const noexcept { return detail::fixed<std::array<char, 10>>(pqrtc_call_sas, get()); }
  /// Of the newest epoch.
  result<pqrtc::session> session() const noexcept { return detail::make<pqrtc::session>(pqrtc_call_session, get()); }
  /// Follows rekeys by itself, and refuses to seal before it may.
  result<sframe_sender> sender(std::uint64_t stream, cipher c) const noexcept {
    return detail::make<sframe_sender>(pqrtc_call_sender, get(), stream, static_cast<std::uint32_t>(c));
  }
  /// All streams of the peer, across rekeys.
  result<sframe_receiver> receiver(cipher c) const noexcept {
    return detail::make<sframe_receiver>(pqrtc_call_receiver, get(), static_cast<std::uint32_t>(c));
  }
  result<call_key> sframe_key(direction d, std::uint64_t stream) const noexcept {
    call_key out;
    const status s = detail::check(pqrtc_call_sframe_key(get(), static_cast<std::uint32_t>(d), stream, &out.kid, out.base_key.data(),
                                                         out.base_key.size()));
    if (s != status::ok) return s;
    return out;
  }
};

// ---- Meetings -------------------------------------------------------------------------------------------------------------------

namespace detail {
// Cards and commits as C takes them: for each a u32 length, big-endian, and the bytes.
inline byte_vector listed(view<const bytes> items) {
  byte_vector out;
  for (const bytes& one : items) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(one.size() >> shift));
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}
}  // namespace detail

/// What somebody who wants to be added to a meeting publishes beforehand, with its private keys. It serves once.
class meeting_card : public detail::owner<pqrtc_meeting_card, pqrtc_meeting_card_free> {
 public:
  meeting_card() noexcept = default;
  explicit meeting_card(pqrtc_meeting_card* adopted) noexcept : owner(adopted) {}

  /// me: of ml_dsa_65_ed25519 for suite 1, of ml_dsa_87 for suite 2. not_after: Unix seconds. credential: the application's own.
  static result<meeting_card> create(const signing_key& me, std::uint64_t not_after, bytes credential = {}) noexcept {
    return detail::make<meeting_card>(pqrtc_meeting_card_new, me.get(), not_after, credential.data(), credential.size());
  }

  /// The card as it is published.
  result<byte_vector> encoded() const { return detail::asked<byte_vector>(pqrtc_meeting_card_bytes, 16384, get()); }
};

/// A message to one member that goes with a commit.
struct meeting_outgoing {
  meeting_message kind;
  std::uint32_t index;
  std::array<std::uint8_t, 32> reference;  ///< Of the card that a welcome is for; zeros for a box.
  byte_vector data;
};

/// Where a member stands.
struct meeting_info {
  std::uint32_t epoch = 0;
  std::optional<std::uint32_t> index;  ///< The own; none once a commit has removed this member.
  std::uint32_t members = 0;
  std::array<std::uint8_t, 32> group_id{};
};

/// One member's view of a meeting. Lists are views of `bytes`: of a std::vector<bytes>, or of an array. `now` is in Unix seconds.
class meeting : public detail::owner<pqrtc_meeting, pqrtc_meeting_free> {
 public:
  meeting() noexcept = default;
  explicit meeting(pqrtc_meeting* adopted) noexcept : owner(adopted) {}

  /// A new meeting with one member, whose index is 0. Uses up the card: key_reused for one that was used.
  static result<meeting> create(const signing_key& me, meeting_card& card, std::uint64_t now) noexcept {
    return detail::make<meeting>(pqrtc_meeting_create, me.get(), card.get(), now);
  }
  /// With a welcome, the commit that it belongs to, and the roster after that commit as any member has it. cards: at least the committer's, and
  /// others as for receive(). Uses up the card.
  static result<meeting> join(const signing_key& me, meeting_card& card, bytes welcome, bytes commit, bytes roster, view<const bytes> cards,
                              std::uint64_t now) {
    const auto list = detail::listed(cards);
    return detail::make<meeting>(pqrtc_meeting_join, me.get(), card.get(), welcome.data(), welcome.size(), commit.data(), commit.size(),
                                 roster.data(), roster.size(), list.data(), list.size(), now);
  }

  /// Adds the owners of cards, removes members by index, and brings in a fresh secret if it is to or if somebody is removed. Send it to the
  /// delivery server with what outgoing() gives; it takes effect with accepted().
  result<byte_vector> commit(view<const bytes> add, view<const std::uint32_t> remove = {}, bool fresh = false) {
    const auto list = detail::listed(add);
    return detail::asked<byte_vector>(pqrtc_meeting_commit, 16384, get(), list.data(), list.size(), remove.data(), remove.size(),
                                      static_cast<std::uint32_t>(fresh));
  }
  /// What goes with the last own commit. There until the next commit, of anybody.
  result<std::vector<meeting_outgoing>> outgoing() const {
    std::vector<meeting_outgoing> found;
    for (;;) {
      meeting_outgoing next{};
      std::uint32_t kind = 0;
      auto data = detail::asked<byte_vector>(pqrtc_meeting_outgoing, 2048, get(), found.size(), &kind, &next.index, next.reference.data(),
                                             next.reference.size());
      if (data.code() == status::invalid_argument) return found;  // past the last
      if (!data) return data.code();
      next.kind = static_cast<meeting_message>(kind);
      next.data = *std::move(data);
      found.push_back(std::move(next));
    }
  }
  /// The server has put the own commit first. unexpected_message if none waits.
  status accepted() noexcept { return detail::check(pqrtc_meeting_accepted(get())); }
  /// The own commit will never take effect. unexpected_message if none waits.
  status dropped() noexcept { return detail::check(pqrtc_meeting_dropped(get())); }
  /// The commit of another member, and the box for this one if there is one; an own commit that waits is dropped. cards: of those that the
  /// commit adds; those of all members, and the commits with which they changed their leaf keys, before the own first fresh commit. What is
  /// refused changes nothing. A member that the commit removes learns it from info().
  status receive(bytes commit, bytes box, view<const bytes> cards, std::uint64_t now) {
    const auto list = detail::listed(cards);
    return detail::check(pqrtc_meeting_receive(get(), commit.data(), commit.size(), box.data(), box.size(), list.data(), list.size(), now));
  }

  /// For each member by rising index: u16 index, fingerprint (32 bytes) and the hash of its leaf key (32 bytes).
  result<byte_vector> roster() const { return detail::asked<byte_vector>(pqrtc_meeting_roster, 16384, get()); }
  result<meeting_info> info() const noexcept {
    const auto i = detail::sized_struct<pqrtc_meeting_info_t>([this](auto* out) { return pqrtc_meeting_info(get(), out); });
    if (!i) return i.code();
    meeting_info out{i->epoch, {}, i->members, {}};
    if (i->index != UINT32_MAX) out.index = i->index;
    std::copy(std::begin(i->group_id), std::end(i->group_id), out.group_id.begin());
    return out;
  }
  /// Thirty digits for people to compare: the same for all members of an epoch, and for nobody else.
  result<std::array<char, 30>> code() const noexcept { return detail::fixed<std::array<char, 30>>(pqrtc_meeting_code, get()); }

  /// For one of this member's streams, 0 to 2^48 - 1. Follows epochs by itself for as long as the meeting lives. key_reused for a stream that
  /// has one in this epoch.
  result<sframe_sender> sender(std::uint64_t stream, cipher c) noexcept {
    return detail::make<sframe_sender>(pqrtc_meeting_sender, get(), stream, static_cast<std::uint32_t>(c));
  }
  /// All streams of all other members, across epochs for as long as the meeting lives.
  result<sframe_receiver> receiver(cipher c) noexcept {
    return detail::make<sframe_receiver>(pqrtc_meeting_receiver, get(), static_cast<std::uint32_t>(c));
  }
  /// Of a member's stream in the newest epoch, for an SFrame engine that is not this library's. The own key is then taken: sender() for that
  /// stream is key_reused in this epoch.
  result<call_key> sframe_key(std::uint32_t index, std::uint64_t stream) noexcept {
    call_key out;
    const status s = detail::check(pqrtc_meeting_sframe_key(get(), index, stream, &out.kid, out.base_key.data(), out.base_key.size()));
    if (s != status::ok) return s;
    return out;
  }
};

/// The KID of RFC 9605 section 5.2 for an application that runs MLS (RFC 9420) itself, with index_bits as S and epoch_bits as E.
inline result<std::uint64_t> sframe_mls_kid(std::uint64_t epoch, std::uint64_t index, std::uint64_t stream, std::uint32_t index_bits,
                                            std::uint32_t epoch_bits) noexcept {
  std::uint64_t kid = 0;
  return detail::value_if(pqrtc_sframe_mls_kid(epoch, index, stream, index_bits, epoch_bits, &kid), kid);
}

// ---- Envelopes ------------------------------------------------------------------------------------------------------------------

/// HPKE: suite 1 for the bundle of an X-Wing pair, 2 for the key of an ML-KEM-1024 pair. `info` says what it is for; both sides give the same. An
/// envelope does not say who made it; envelope_sign() does.
inline result<byte_vector> envelope_seal(std::uint32_t suite, bytes public_key, bytes info, bytes plaintext) {
  return detail::asked<byte_vector>(pqrtc_envelope_seal, plaintext.size() + 2048, suite, public_key.data(), public_key.size(), info.data(), info.size(),
                                    plaintext.data(), plaintext.size());
}
inline result<secret_bytes> envelope_open(const hybrid_keypair& x_wing, bytes info, bytes envelope) {
  return detail::asked<secret_bytes>(pqrtc_envelope_open, envelope.size() + 1, x_wing.get(), static_cast<pqrtc_kem_keypair*>(nullptr), info.data(),
                                     info.size(), envelope.data(), envelope.size());
}
inline result<secret_bytes> envelope_open(const kem_keypair& ml_kem_1024, bytes info, bytes envelope) {
  return detail::asked<secret_bytes>(pqrtc_envelope_open, envelope.size() + 1, static_cast<pqrtc_hybrid_keypair*>(nullptr), ml_kem_1024.get(),
                                     info.data(), info.size(), envelope.data(), envelope.size());
}
inline result<byte_vector> envelope_sign(const signing_key& issuer, bytes info, bytes envelope) {
  const auto n = issuer.sizes();
  if (!n) return n.code();
  return detail::filled<byte_vector>(pqrtc_envelope_sign, n->signature, issuer.get(), info.data(), info.size(), envelope.data(), envelope.size());
}
inline status envelope_verify(signature_algorithm a, bytes public_key, bytes info, bytes envelope, bytes sig) noexcept {
  return detail::check(pqrtc_envelope_verify(static_cast<std::uint32_t>(a), public_key.data(), public_key.size(), info.data(), info.size(),
                                             envelope.data(), envelope.size(), sig.data(), sig.size()));
}

}  // namespace pqrtc

#endif  // PQRTC_HPP
