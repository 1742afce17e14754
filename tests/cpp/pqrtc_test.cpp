// pqrtc.hpp: what the types promise, and that every call does what its C function does.
#include <pqrtc.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>
#if __cplusplus >= 202002L
#include <span>
#endif

extern std::atomic<std::size_t> allocations;  // allocations.cpp

namespace {

using namespace pqrtc;
using std::string_view;
using blob = std::vector<std::uint8_t>;
constexpr auto ml_kem = kem_algorithm::ml_kem_768;
constexpr auto ml_dsa = signature_algorithm::ml_dsa_65;
constexpr auto composite = signature_algorithm::ml_dsa_65_ed25519;
constexpr auto gcm = cipher::aes_256_gcm_sha512_128;

blob copy(bytes b) { return blob(b.begin(), b.end()); }
template <class T>
blob copy(const T& owner) { return copy(bytes(owner)); }
template <class T>
T good(result<T> r) {
  EXPECT_TRUE(r) << to_string(r.code());
  return *std::move(r);
}
#define EXPECT_OK(call) EXPECT_EQ((call), status::ok)

struct pair {
  session initiator, responder;
};

pair join(suite s = suite::x_wing) {
  const auto keypair = good(hybrid_keypair::generate(s));
  auto answer = good(initiate(s, good(keypair.bundle())));
  return {std::move(answer.session), good(keypair.respond(answer.exchange))};
}

// ---- Types ----

template <class T>
constexpr bool owns = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> && std::is_nothrow_move_constructible_v<T> &&
                      std::is_nothrow_move_assignable_v<T> && std::is_nothrow_default_constructible_v<T> && sizeof(T) == sizeof(void*);
static_assert(owns<kem_keypair> && owns<hybrid_keypair> && owns<session> && owns<signing_key> && owns<artifact_hasher> &&
              owns<recording_signer> && owns<recording_verifier> &&
              owns<sframe_sender> && owns<sframe_receiver> && owns<meeting_card> && owns<meeting>);
static_assert(!std::is_convertible_v<pqrtc_session*, session>, "adopting a handle is said, not implied");
static_assert(!std::is_copy_constructible_v<secret<32>> && std::is_nothrow_move_constructible_v<secret<32>>);

static_assert(std::is_convertible_v<const blob&, bytes> && std::is_convertible_v<std::string, bytes> && std::is_convertible_v<string_view, bytes>);
static_assert(std::is_convertible_v<std::array<std::byte, 3>&, mutable_bytes> && std::is_convertible_v<std::uint8_t (&)[3], mutable_bytes>);
static_assert(std::is_convertible_v<mutable_bytes, bytes> && !std::is_convertible_v<bytes, mutable_bytes>);
static_assert(!std::is_convertible_v<const blob&, mutable_bytes> && !std::is_convertible_v<string_view, mutable_bytes>);
static_assert(!std::is_convertible_v<const char (&)[4], bytes>, "a literal would bring its NUL along");
static_assert(!std::is_convertible_v<std::vector<int>&, bytes> && !std::is_convertible_v<const char*, bytes>);
static_assert(std::is_convertible_v<const std::vector<std::size_t>&, view<const std::size_t>> && !std::is_convertible_v<blob&, view<std::size_t>>);
static_assert(!std::is_convertible_v<result<std::size_t>, bool>, "a result is asked, not converted");
static_assert(std::is_trivially_copyable_v<result<std::size_t>>, "returned in registers");
#if __cplusplus >= 202002L
static_assert(std::is_convertible_v<bytes, std::span<const std::uint8_t>> && std::is_convertible_v<std::span<std::byte>, mutable_bytes>);
#endif

TEST(Types, EmptyAndMovedFromOwnersAnswerNullPointer) {
  session s = join().initiator;
  const session taken = std::move(s);
  EXPECT_TRUE(taken);
  EXPECT_FALSE(s);  // NOLINT: what is left behind is the point
  EXPECT_EQ(s.key().code(), status::null_pointer);
  EXPECT_EQ(kem_keypair().public_key().code(), status::null_pointer);
  EXPECT_EQ(hybrid_keypair().respond(hybrid_exchange{}).code(), status::null_pointer);
  EXPECT_EQ(signing_key().sign({}, {}).code(), status::null_pointer);
  EXPECT_EQ(artifact_hasher().update({}), status::null_pointer);
  EXPECT_EQ(recording_signer().entry().code(), status::null_pointer);
  EXPECT_EQ(recording_signer::create(signing_key(), string_view("id")).code(), status::null_pointer);
  EXPECT_EQ(recording_verifier().finish(), status::null_pointer);
  blob out(100);
  EXPECT_EQ(sframe_sender().seal({}, {}, out).code(), status::null_pointer);
  EXPECT_EQ(sframe_receiver().open({}, {}, out).code(), status::null_pointer);
  EXPECT_EQ(sframe_sender::from_session(session(), 1, gcm).code(), status::null_pointer);
}

TEST(Types, HandlesAreAdoptedLentAndReleased) {
  pqrtc_kem_keypair* raw = nullptr;
  ASSERT_EQ(pqrtc_kem_keypair_generate(PQRTC_KEM_ML_KEM_768, &raw), PQRTC_OK);
  kem_keypair owner(raw);
  EXPECT_EQ(owner.get(), raw);
  EXPECT_EQ(owner.release(), raw);
  EXPECT_FALSE(owner);
  pqrtc_kem_keypair_free(raw);
}

TEST(Types, AFailedResultHoldsADefaultValueAndItsCode) {
  const result<std::size_t> failed = status::invalid_key;
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.code(), status::invalid_key);
  const result<std::size_t> fine = std::size_t{7};
  EXPECT_TRUE(fine);
  EXPECT_EQ(*fine, 7u);
  EXPECT_EQ(fine.code(), status::ok);
}

TEST(Types, SecretsAreWipedWhenMovedFromAndWhenTheyEnd) {
  secret<32> a;
  std::memset(a.data(), 0xa5, a.size());
  secret<32> b = std::move(a);
  EXPECT_EQ(b.data()[31], 0xa5);
  EXPECT_EQ(copy(a), blob(32)) << "moved from";
  alignas(secret<32>) unsigned char place[sizeof(secret<32>)];
  auto* c = new (place) secret<32>(std::move(b));
  EXPECT_EQ(place[0], 0xa5);
  c->~secret<32>();
  EXPECT_TRUE(std::all_of(std::begin(place), std::end(place), [](unsigned char x) { return x == 0; })) << "ended";
}

// ---- Library ----

TEST(Library, SaysWhatItIs) {
  EXPECT_TRUE(matches_library());
  EXPECT_EQ(abi_version(), 2u);
  EXPECT_FALSE(version().empty());
  EXPECT_TRUE(provider() == "aws-lc" || provider() == "pqclean" || provider() == "rustcrypto");
  EXPECT_OK(self_test());
  EXPECT_STRNE(to_string(status::bad_signature), to_string(status::ok));
  EXPECT_NE(to_string(static_cast<status>(77)), nullptr);
}

TEST(Library, Random) {
  std::array<std::uint8_t, 32> a{}, b{};
  EXPECT_OK(random(a));
  EXPECT_OK(random(b));
  EXPECT_NE(a, b);
  EXPECT_EQ(random(mutable_bytes(a.data(), 0)), status::invalid_length);
  cleanse(a);
  EXPECT_EQ(a, (std::array<std::uint8_t, 32>{}));
}

// ---- Keys and sessions ----

TEST(Kem, RoundTripSeedAndExpanded) {
  const auto keypair = good(kem_keypair::generate(ml_kem));
  const auto [ciphertext, secret] = good(kem_encapsulate(ml_kem, good(keypair.public_key())));
  EXPECT_EQ(copy(good(keypair.decapsulate(ciphertext))), copy(secret));

  const auto seed = good(keypair.seed());
  const auto again = good(kem_keypair::from_seed(ml_kem, seed));
  EXPECT_EQ(good(again.public_key()), good(keypair.public_key()));

  auto altered = ciphertext;
  altered[0] ^= 1;
  EXPECT_NE(copy(good(keypair.decapsulate(altered))), copy(secret)) << "implicit rejection";
  EXPECT_EQ(kem_keypair::from_expanded(ml_kem, blob(PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES, 0xff)).code(), status::invalid_key);
}

TEST(Hybrid, BothSuites) {
  for (const suite s : {suite::v100_hybrid_kx_v1, suite::x_wing}) {
    const auto [ours, theirs] = join(s);
    EXPECT_EQ(copy(good(ours.key())), copy(good(theirs.key())));

    const auto size = good(sizes(s));
    EXPECT_EQ(size.bundle, sizeof(hybrid_bundle));
    EXPECT_EQ(size.exchange, sizeof(hybrid_exchange));
    blob seed(size.seed, 7), out(size.seed);
    const auto stored = good(hybrid_keypair::from_seed(s, seed));
    EXPECT_EQ(good(stored.suite()), s);
    EXPECT_OK(stored.seed(out));
    EXPECT_EQ(out, seed);
    EXPECT_EQ(good(stored.bundle()), good(good(hybrid_keypair::from_seed(s, seed)).bundle()));
  }
}

TEST(Session, ExportsAreSeparatedByLabelAndContext) {
  const auto [ours, theirs] = join();
  const auto a = good(ours.export_key<48>("chat"));
  EXPECT_EQ(copy(a), copy(good(theirs.export_key<48>("chat"))));
  EXPECT_NE(copy(a), copy(good(ours.export_key<48>("file"))));
  EXPECT_NE(copy(a), copy(good(ours.export_key<48>("chat", string_view("room 1")))));
  blob out(48);
  EXPECT_OK(ours.export_key("chat", {}, out));
  EXPECT_EQ(copy(a), out);
}

TEST(Session, SrtpKeysAreSplitAsRfc5764Says) {
  const auto [ours, theirs] = join();
  const struct { srtp_profile profile; std::size_t key, salt; } table[] = {
      {srtp_profile::aes128_cm_hmac_sha1_80, 16, 14}, {srtp_profile::aead_aes_128_gcm, 16, 12}, {srtp_profile::aead_aes_256_gcm, 32, 12}};
  for (const auto& row : table) {
    const auto a = good(ours.srtp_keys(row.profile)), b = good(theirs.srtp_keys(row.profile));
    EXPECT_EQ(copy(a.all()), copy(b.all()));
    EXPECT_EQ(a.client_key().size(), row.key);
    EXPECT_EQ(a.server_salt().size(), row.salt);
    blob joined = copy(a.client_key());
    for (bytes part : {a.server_key(), a.client_salt(), a.server_salt()}) joined.insert(joined.end(), part.begin(), part.end());
    EXPECT_EQ(joined, copy(a.all()));
  }
}

TEST(Session, SealedPayloadsOpenOnceAtThePeer) {
  const auto [ours, theirs] = join();
  const string_view aad = "room 1", text = "base key";
  const auto sealed = good(ours.seal(aad, text));
  EXPECT_EQ(sealed.size(), text.size() + PQRTC_SESSION_SEAL_OVERHEAD_BYTES);
  EXPECT_EQ(copy(good(theirs.open(aad, sealed))), copy(text));
  EXPECT_EQ(theirs.open(aad, sealed).code(), status::replayed_frame);
  EXPECT_EQ(ours.open(aad, sealed).code(), status::decryption_failed) << "one's own message";
  EXPECT_TRUE(good(theirs.open({}, good(ours.seal({}, {})))).empty());
  blob out(100);
  const auto n = good(ours.seal(aad, text, out));
  blob opened(100);
  EXPECT_EQ(good(theirs.open(aad, bytes(out).first(n), opened)), text.size());
}

// ---- Every algorithm ----

// Those that the provider has: an algorithm that is known and not in this build is unsupported.
template <class A>
std::vector<A> built(std::initializer_list<A> all) {
  std::vector<A> out;
  for (const A a : all) {
    const auto n = sizes(a);
    if (n) {
      out.push_back(a);
    } else {
      EXPECT_EQ(n.code(), status::unsupported);
    }
  }
  return out;
}

TEST(Algorithms, Kem) {
  const auto all = built({kem_algorithm::ml_kem_768, kem_algorithm::ml_kem_1024});
  EXPECT_GE(all.size(), provider() == "pqclean" ? 1u : 2u);
  for (const auto a : all) {
    const auto n = good(sizes(a));
    const auto keypair = good(kem_keypair::generate(a));
    EXPECT_EQ(good(keypair.algorithm()), a);
    const auto pk = good(keypair.public_key());
    EXPECT_EQ(pk.size(), n.public_key);
    const auto [ciphertext, secret] = good(kem_encapsulate(a, pk));
    EXPECT_EQ(ciphertext.size(), n.ciphertext);
    EXPECT_EQ(copy(good(keypair.decapsulate(ciphertext))), copy(secret));
    EXPECT_EQ(keypair.decapsulate(bytes(ciphertext).first(n.ciphertext - 1)).code(), status::invalid_length);
    const auto seed = good(keypair.seed());
    EXPECT_EQ(seed.size(), n.seed);
    EXPECT_EQ(good(good(kem_keypair::from_seed(a, seed)).public_key()), pk);
    const auto wrapped = good(turn_wrap(a, pk, string_view("password")));
    EXPECT_EQ(wrapped.size(), n.ciphertext + 28 + 8);
    EXPECT_EQ(copy(good(turn_unwrap(keypair, wrapped))), copy(string_view("password")));
    for (const auto other : all) {
      if (other != a) { EXPECT_EQ(kem_encapsulate(other, pk).code(), status::invalid_length); }
    }
  }
  for (const std::uint32_t unknown : {0u, 3u, 99u}) {
    const auto a = static_cast<kem_algorithm>(unknown);
    EXPECT_EQ(sizes(a).code(), status::invalid_argument);
    EXPECT_EQ(kem_keypair::generate(a).code(), status::invalid_argument);
    EXPECT_EQ(kem_encapsulate(a, {}).code(), status::invalid_argument);
  }
  EXPECT_EQ(kem_keypair().algorithm().code(), status::null_pointer);
  EXPECT_EQ(kem_keypair().public_key().code(), status::null_pointer);
}

TEST(Algorithms, Signatures) {
  const auto all = built({signature_algorithm::ml_dsa_65, signature_algorithm::ml_dsa_87, signature_algorithm::ml_dsa_65_ed25519});
  EXPECT_GE(all.size(), provider() == "pqclean" ? 1u : 3u);
  for (const auto a : all) {
    const auto n = good(sizes(a));
    const auto key = good(signing_key::generate(a));
    EXPECT_EQ(good(key.algorithm()), a);
    const auto pk = good(key.public_key());
    EXPECT_EQ(pk.size(), n.public_key);
    const auto sig = good(key.sign(string_view("context"), string_view("message")));
    EXPECT_EQ(sig.size(), n.signature);
    EXPECT_OK(verify(a, pk, string_view("context"), string_view("message"), sig));
    EXPECT_EQ(verify(a, pk, string_view("context"), string_view("massage"), sig), status::bad_signature);
    const auto signed_artifact = good(key.sign_artifact(artifact::transcript, string_view("text")));
    EXPECT_OK(verify_artifact(a, pk, artifact::transcript, string_view("text"), signed_artifact));
    const auto cose = key.sign_artifact_cose(artifact::transcript, string_view("text"));
    EXPECT_EQ(cose.code(), a == signature_algorithm::ml_dsa_65_ed25519 ? status::unsupported : status::ok);
    if (cose) {
      EXPECT_EQ(string_view(reinterpret_cast<const char*>(cose->data()) + 9, 4), "text");
    }
    auto recorder = good(recording_signer::create(key, string_view("id")));
    good(recorder.entry());
    EXPECT_EQ(recorder.cose().code(), cose.code());
    auto hasher = good(artifact_hasher::create(artifact::transcript));
    EXPECT_OK(hasher.update(string_view("text")));
    EXPECT_OK(hasher.verify(a, pk, signed_artifact));
    EXPECT_OK(verify_artifact(a, pk, artifact::transcript, string_view("text"), good(hasher.sign(key))));
    const auto seed = good(key.seed());
    EXPECT_EQ(seed.size(), n.seed);
    EXPECT_EQ(good(good(signing_key::from_seed(a, seed)).public_key()), pk);
    EXPECT_NE(good(fingerprint(a, pk)), key_fingerprint{});
    for (const auto other : all) {
      if (other != a) { EXPECT_EQ(verify(other, pk, {}, {}, sig), status::invalid_length); }
    }
  }
  const auto unknown = static_cast<signature_algorithm>(99);
  EXPECT_EQ(sizes(unknown).code(), status::invalid_argument);
  EXPECT_EQ(signing_key::generate(unknown).code(), status::invalid_argument);
  EXPECT_EQ(verify(unknown, {}, {}, {}, {}), status::null_pointer);
  EXPECT_EQ(signing_key().public_key().code(), status::null_pointer);
  EXPECT_EQ(signing_key().sign({}, {}).code(), status::null_pointer);
}

TEST(Algorithms, SframeCiphers) {
  std::array<std::uint8_t, 32> base{};
  ASSERT_EQ(random(base), status::ok);
  for (std::uint32_t number = 1; number <= 8; number++) {
    const auto c = static_cast<cipher>(number);
    const auto sender = good(sframe_sender::from_key(base, 1000 + number, c));
    auto receiver = good(sframe_receiver::create(c));
    EXPECT_OK(receiver.add_key(1000 + number, base));
    blob sealed(100), opened(100);
    const auto n = good(sender.seal({}, string_view("frame"), sealed));
    EXPECT_EQ(good(receiver.open({}, bytes(sealed).first(n), opened)).size, 5u);
  }
  EXPECT_EQ(sframe_receiver::create(static_cast<cipher>(9)).code(), status::invalid_argument);
}

TEST(Sframe, MetadataHintsAndInspection) {
  std::array<std::uint8_t, 32> base{};
  ASSERT_EQ(random(base), status::ok);
  const auto sender = good(sframe_sender::from_key(base, 900, gcm));
  const auto receiver = good(sframe_receiver::create(gcm));
  EXPECT_OK(receiver.add_key(900, base));
  blob frame(200, 7), sealed(frame_seal_max_size(codec::vp8, 200)), opened(sealed.size());
  frame[0] = 1;
  sealed.resize(good(sender.seal_frame(codec::vp8, frame, sealed, string_view("track"))));
  const auto info = good(frame_inspect(codec::vp8, sealed));
  EXPECT_EQ(info.kid, 900u);
  EXPECT_EQ(info.sealed_units, 1u);
  EXPECT_EQ(frame_inspect(codec::vp8, bytes(sealed).first(2)).code(), status::malformed_frame);
  frame_hint hint;
  EXPECT_EQ(receiver.open_frame(codec::vp8, sealed, opened, string_view("another"), &hint).code(), status::decryption_failed);
  EXPECT_EQ(hint.kid, 900u);
  EXPECT_EQ(hint.counter, info.first_counter);
  blob in_place = sealed;
  const auto n = good(receiver.open_frame(codec::vp8, in_place, in_place, string_view("track"))).size;
  EXPECT_EQ(copy(bytes(in_place).first(n)), frame);
  EXPECT_EQ(receiver.open_frame(codec::vp8, sealed, opened, string_view("track"), &hint).code(), status::replayed_frame);
  const blob sets = {0, 0, 0, 1, 0x67, 1, 2, 3};
  blob large(frame_seal_max_size(codec::h264, sets.size()));
  EXPECT_EQ(sender.seal_frame(codec::h264, sets, large).code(), status::nothing_to_seal);
  const auto done = good(sender.stats());
  EXPECT_EQ(done.kid, 900u);
  EXPECT_EQ(done.sealed, 1u);
  EXPECT_EQ(good(receiver.key_stats(900)).opened, 1u);
  EXPECT_EQ(receiver.key_stats(901).code(), status::unknown_key_id);
}

TEST(Session, BaseKeysForOtherEngines) {
  const auto [ours, theirs] = join();
  const auto a = good(ours.sframe_base_key(role::initiator, 7));
  const auto b = good(theirs.sframe_base_key(role::initiator, 7));
  EXPECT_EQ(copy(a), copy(b));
  EXPECT_NE(copy(a), copy(good(ours.sframe_base_key(role::responder, 7))));
  EXPECT_EQ(sframe_sender::from_session(ours, 7, gcm).code(), status::key_reused);
  EXPECT_TRUE(sframe_sender::from_session(theirs, 7, gcm));
  EXPECT_EQ(ours.sframe_base_key(static_cast<role>(3), 7).code(), status::invalid_argument);
}

TEST(Call, SignedCallAndRekey) {
  if (!sizes(composite)) GTEST_SKIP() << "the provider has no composite signature";
  const auto me = good(signing_key::generate(composite)), you = good(signing_key::generate(composite));
  const auto accepts = [](const signing_key& who) {
    auto p = good(policy::create(profile::standard));
    EXPECT_OK(p.set(policy_option::pin, good(fingerprint(composite, good(who.public_key())))));
    return p;
  };
  const blob a(32, 'a'), b(32, 'b');
  auto alice = good(call::create(&me, accepts(you), a, string_view("alice"))), bob = good(call::create(&you, accepts(me), b));
  EXPECT_EQ(alice.session().code(), status::unexpected_message);
  for (std::uint32_t epoch = 0; epoch < 2; epoch++) {
    const auto answer = good(bob.receive(good(alice.offer()), a));
    EXPECT_EQ(alice.receive(answer, a).code(), status::binding_mismatch);
    const auto finish = good(alice.receive(answer, b));
    EXPECT_TRUE(good(alice.receive(good(bob.receive(finish, a)), b)).empty());
    const auto info = good(bob.info());
    EXPECT_EQ(info.epoch, epoch);
    EXPECT_EQ(info.may_send, 1u);
    const auto ours = good(good(alice.session()).export_key<32>("x")), theirs = good(good(bob.session()).export_key<32>("x"));
    EXPECT_EQ(copy(ours), copy(theirs));
  }
  EXPECT_EQ(good(alice.sas()), good(bob.sas()));
  const auto peer = good(bob.peer());
  EXPECT_EQ(peer.public_key, good(me.public_key()));
  EXPECT_EQ(peer.credential, copy(string_view("alice")));
  const auto sender = good(alice.sender(0, gcm));
  const auto receiver = good(bob.receiver(gcm));
  blob sealed(100), opened(100);
  const auto n = good(sender.seal({}, string_view("frame"), sealed));
  EXPECT_TRUE(receiver.open({}, bytes(sealed).first(n), opened));
  const auto given = good(alice.sframe_key(direction::sending, 1)), taken = good(bob.sframe_key(direction::receiving, 1));
  EXPECT_EQ(given.kid, taken.kid);
  EXPECT_EQ(copy(given.base_key), copy(taken.base_key));
  EXPECT_EQ(bob.receive(string_view("xyz")).code(), status::malformed_message);
  EXPECT_EQ(alice.pin(bytes(a).first(3)), status::invalid_length);
  EXPECT_OK(alice.set_binding(b));
  EXPECT_EQ(call().info().code(), status::null_pointer);
}

TEST(Keys, Files) {
  const auto key = good(signing_key::generate(ml_dsa));
  const auto pair = good(kem_keypair::generate(ml_kem));
  for (const auto format : {key_format::der, key_format::pem}) {
    const auto file = good(key.export_file(format)), pair_file = good(pair.export_file(format));
    EXPECT_EQ(good(good(signing_key::import_file(file)).public_key()), good(key.public_key()));
    EXPECT_EQ(good(good(kem_keypair::import_file(pair_file)).public_key()), good(pair.public_key()));
    EXPECT_EQ(signing_key::import_file(pair_file).code(), status::invalid_key);
    const auto pk = good(pair.public_key());
    const auto back = good(import_public_key(good(export_public_key(ml_kem, pk, format))));
    EXPECT_EQ(back.algorithm, PQRTC_PUBLIC_KEY_KEM + 1u);
    EXPECT_EQ(back.raw, pk);
    EXPECT_EQ(good(import_public_key(good(export_public_key(ml_dsa, good(key.public_key()), format)))).algorithm, 1u);
  }
  EXPECT_EQ(import_public_key(string_view("no key")).code(), status::invalid_key);
}

// ---- Meetings and envelopes ----

constexpr std::uint64_t meeting_now = 1000, meeting_not_after = 2000;

struct member {
  signing_key identity;
  meeting_card card;
  blob encoded;
  meeting in;
};

member applicant() {
  member m{good(signing_key::generate(composite)), {}, {}, {}};
  m.card = good(meeting_card::create(m.identity, meeting_not_after, string_view("credential")));
  m.encoded = good(m.card.encoded());
  return m;
}

// A fresh commit of the first. Senders, which are an epoch behind for two seconds, then use at least the one before it.
void refresh(std::vector<meeting*> members) {
  const auto commit = good(members[0]->commit({}, {}, true));
  const auto boxes = good(members[0]->outgoing());
  EXPECT_OK(members[0]->accepted());
  EXPECT_EQ(boxes.size(), members.size() - 1);
  for (std::size_t i = 1; i < members.size(); i++) {
    EXPECT_EQ(boxes[i - 1].kind, meeting_message::box);
    EXPECT_EQ(boxes[i - 1].index, *good(members[i]->info()).index);
    EXPECT_OK(members[i]->receive(commit, boxes[i - 1].data, {}, meeting_now));
  }
}

// A meeting of three, whose creator has added the other two at once.
std::array<member, 3> meeting_of_three() {
  std::array<member, 3> m{applicant(), applicant(), applicant()};
  m[0].in = good(meeting::create(m[0].identity, m[0].card, meeting_now));
  const std::vector<bytes> cards{m[0].encoded, m[1].encoded, m[2].encoded};
  const auto commit = good(m[0].in.commit(view<const bytes>(cards).subspan(1, 2)));
  const auto welcomes = good(m[0].in.outgoing());
  EXPECT_OK(m[0].in.accepted());
  const auto roster = good(m[0].in.roster());
  EXPECT_EQ(roster.size(), 3 * 66u);
  for (std::size_t i = 1; i < 3; i++) {
    EXPECT_EQ(welcomes[i - 1].kind, meeting_message::welcome);
    EXPECT_EQ(welcomes[i - 1].index, i);
    m[i].in = good(meeting::join(m[i].identity, m[i].card, welcomes[i - 1].data, commit, roster, cards, meeting_now));
  }
  return m;
}

status opens(const sframe_receiver& receiver, const sframe_sender& sender) {
  blob sealed(100), frame(100);
  const auto n = good(sender.seal({}, string_view("frame"), sealed));
  const auto got = receiver.open({}, bytes(sealed).first(n), frame);
  if (got) { EXPECT_EQ(copy(bytes(frame).first(got->size)), copy(string_view("frame"))); }
  return got.code();
}

TEST(Meeting, OfThreeAndALeave) {
  if (!sizes(composite)) GTEST_SKIP() << "the provider has no composite signature";
  auto m = meeting_of_three();
  refresh({&m[0].in, &m[1].in, &m[2].in});
  const auto before = good(m[0].in.code());
  std::vector<sframe_sender> senders;
  std::vector<sframe_receiver> receivers;
  for (std::uint32_t i = 0; i < 3; i++) {
    const auto info = good(m[i].in.info());
    EXPECT_EQ(info.index, i);
    EXPECT_EQ(info.epoch, 2u);
    EXPECT_EQ(info.members, 3u);
    EXPECT_EQ(info.group_id, good(m[0].in.info()).group_id);
    EXPECT_EQ(good(m[i].in.code()), before);
    senders.push_back(good(m[i].in.sender(0, gcm)));
    receivers.push_back(good(m[i].in.receiver(gcm)));
  }
  for (std::size_t i = 0; i < 3; i++) {
    for (std::size_t j = 0; j < 3; j++) EXPECT_EQ(opens(receivers[j], senders[i]), i == j ? status::unknown_key_id : status::ok);
  }
  const auto given = good(m[0].in.sframe_key(0, 7)), taken = good(m[1].in.sframe_key(0, 7));
  EXPECT_EQ(given.kid, taken.kid);
  EXPECT_EQ(copy(given.base_key), copy(taken.base_key));

  const std::array<std::uint32_t, 1> leaves{2};
  const auto commit = good(m[0].in.commit({}, leaves));
  const auto boxes = good(m[0].in.outgoing());
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_OK(m[0].in.accepted());
  EXPECT_OK(m[1].in.receive(commit, boxes[0].data, {}, meeting_now));
  EXPECT_OK(m[2].in.receive(commit, {}, {}, meeting_now));
  EXPECT_FALSE(good(m[2].in.info()).index);
  EXPECT_EQ(good(m[1].in.info()).members, 2u);
  refresh({&m[0].in, &m[1].in});
  EXPECT_EQ(good(m[0].in.code()), good(m[1].in.code()));
  EXPECT_NE(good(m[0].in.code()), before);
  for (std::size_t i = 0; i < 2; i++) {
    EXPECT_OK(opens(receivers[1 - i], senders[i]));
    EXPECT_EQ(opens(receivers[2], senders[i]), status::unknown_key_id);
  }
  blob sealed(100);
  EXPECT_EQ(senders[2].seal({}, string_view("frame"), sealed).code(), status::unexpected_message);
  EXPECT_EQ(m[2].in.code().code(), status::unexpected_message);
  EXPECT_EQ(m[2].in.sender(1, gcm).code(), status::unexpected_message);
}

TEST(Meeting, Refusals) {
  if (!sizes(composite)) GTEST_SKIP() << "the provider has no composite signature";
  auto m = meeting_of_three();
  EXPECT_EQ(meeting::create(m[0].identity, m[0].card, meeting_now).code(), status::key_reused);
  auto other = applicant();
  EXPECT_EQ(meeting::create(m[0].identity, other.card, meeting_now).code(), status::invalid_key);
  EXPECT_EQ(meeting::create(other.identity, other.card, meeting_not_after + 1).code(), status::credential_expired);
  auto alone = good(meeting::create(other.identity, other.card, meeting_now));
  EXPECT_TRUE(alone.sframe_key(0, 7));
  EXPECT_EQ(alone.sender(7, gcm).code(), status::key_reused);
  EXPECT_TRUE(good(alone.outgoing()).empty());
  EXPECT_EQ(alone.commit({}).code(), status::invalid_argument);
  const std::array<bytes, 1> nothing{};
  EXPECT_EQ(alone.commit(nothing).code(), status::malformed_message);
  EXPECT_EQ(alone.accepted(), status::unexpected_message);
  EXPECT_TRUE(alone.commit({}, {}, true));
  EXPECT_OK(alone.dropped());

  const auto before = good(m[1].in.info());
  auto commit = good(m[0].in.commit({}, {}, true));
  const auto boxes = good(m[0].in.outgoing());
  EXPECT_EQ(m[1].in.receive(commit, boxes[1].data, {}, meeting_now), status::decryption_failed);
  commit.back() ^= 1;
  EXPECT_EQ(m[1].in.receive(commit, boxes[0].data, {}, meeting_now), status::bad_signature);
  EXPECT_EQ(good(m[1].in.info()).epoch, before.epoch);
  commit.back() ^= 1;
  EXPECT_OK(m[1].in.receive(commit, boxes[0].data, {}, meeting_now));

  meeting none;
  EXPECT_EQ(none.info().code(), status::null_pointer);
  EXPECT_EQ(none.outgoing().code(), status::null_pointer);
  EXPECT_EQ(none.commit({}).code(), status::null_pointer);
  EXPECT_EQ(good(sframe_mls_kid(17, 3, 5, 12, 4)), 5u << 16 | 3u << 4 | 1u);
  EXPECT_EQ(sframe_mls_kid(0, 1 << 12, 0, 12, 4).code(), status::invalid_argument);
}

template <class P>
void envelopes(std::uint32_t suite, const P& pair, bytes public_key, std::size_t overhead) {
  const string_view info = "context";
  for (const auto& payload : {blob(), blob(100000, 7)}) {
    auto sealed = good(envelope_seal(suite, public_key, info, payload));
    EXPECT_EQ(sealed.size(), payload.size() + overhead);
    EXPECT_EQ(copy(good(envelope_open(pair, info, sealed))), payload);
    EXPECT_EQ(envelope_open(pair, {}, sealed).code(), status::decryption_failed);
    sealed.back() ^= 1;
    EXPECT_EQ(envelope_open(pair, info, sealed).code(), status::decryption_failed);
  }
  EXPECT_EQ(envelope_open(pair, info, string_view("short")).code(), status::invalid_length);
}

TEST(Envelope, BothSuitesAndSignatures) {
  const auto xwing = good(hybrid_keypair::generate(suite::x_wing));
  const auto bundle = good(xwing.bundle());
  envelopes(1, xwing, bundle, 1136);
  EXPECT_EQ(envelope_seal(1, blob(1216, 0xff), {}, {}).code(), status::invalid_key);
  EXPECT_EQ(envelope_seal(2, bundle, {}, {}).code(), sizes(kem_algorithm::ml_kem_1024) ? status::invalid_length : status::unsupported);
  EXPECT_EQ(envelope_seal(3, bundle, {}, {}).code(), status::invalid_argument);
  EXPECT_EQ(envelope_open(good(kem_keypair::generate(ml_kem)), {}, blob(2000)).code(), status::invalid_argument);
  if (sizes(kem_algorithm::ml_kem_1024)) {
    const auto pair = good(kem_keypair::generate(kem_algorithm::ml_kem_1024));
    envelopes(2, pair, good(pair.public_key()), 1584);
  }
  const auto issuer = good(signing_key::generate(ml_dsa));
  const auto pk = good(issuer.public_key());
  const string_view info = "for Bob", envelope = "envelope";
  const auto signature = good(envelope_sign(issuer, info, envelope));
  EXPECT_OK(envelope_verify(ml_dsa, pk, info, envelope, signature));
  EXPECT_EQ(envelope_verify(ml_dsa, pk, {}, envelope, signature), status::bad_signature);
  EXPECT_EQ(envelope_verify(ml_dsa, pk, info, info, signature), status::bad_signature);
}

// ---- TURN and signatures ----

TEST(Turn, MintVerifyWrapUnwrap) {
  const string_view secret = "static-auth-secret";
  const auto credential = good(turn_credential::mint(secret, "alice", 2000));
  EXPECT_EQ(credential.username(), "2000:alice");
  EXPECT_EQ(credential.password().size(), 28u);
  EXPECT_OK(turn_credential::verify(secret, credential.username(), credential.password(), 1999));
  EXPECT_EQ(turn_credential::verify(secret, credential.username(), credential.password(), 2000), status::credential_expired);
  EXPECT_EQ(turn_credential::verify(secret, "2000:bob", credential.password(), 1999), status::credential_rejected);

  const auto keypair = good(kem_keypair::generate(ml_kem));
  const auto wrapped = good(turn_wrap(ml_kem, good(keypair.public_key()), credential.password()));
  EXPECT_EQ(copy(good(turn_unwrap(keypair, wrapped))), copy(credential.password()));
  EXPECT_TRUE(good(turn_unwrap(keypair, good(turn_wrap(ml_kem, good(keypair.public_key()), {})))).empty());
  auto altered = wrapped;
  altered.back() ^= 1;
  EXPECT_EQ(turn_unwrap(keypair, altered).code(), status::decryption_failed);
  blob room(wrapped.size() - 1);
  EXPECT_EQ(turn_wrap(ml_kem, good(keypair.public_key()), credential.password(), room).code(), status::buffer_too_small);
}

TEST(Signing, ContextKindsAndStreaming) {
  const auto key = good(signing_key::generate(ml_dsa));
  const auto pk = good(key.public_key());
  const auto seed = good(key.seed());
  EXPECT_EQ(good(good(signing_key::from_seed(ml_dsa, seed)).public_key()), pk);

  const string_view message = "minutes";
  const auto sig = good(key.sign(string_view("ctx"), message));
  EXPECT_OK(verify(ml_dsa, pk, string_view("ctx"), message, sig));
  EXPECT_EQ(verify(ml_dsa, pk, {}, message, sig), status::bad_signature);
  EXPECT_EQ(key.sign(string_view("pqrtc x"), message).code(), status::invalid_argument);

  const auto typed = good(key.sign_artifact(artifact::transcript, message));
  EXPECT_OK(verify_artifact(ml_dsa, pk, artifact::transcript, message, typed));
  EXPECT_EQ(verify_artifact(ml_dsa, pk, artifact::summary, message, typed), status::bad_signature);
  auto hasher = good(artifact_hasher::create(artifact::transcript));
  EXPECT_OK(hasher.update(message.substr(0, 3)));
  EXPECT_OK(hasher.update(message.substr(3)));
  EXPECT_OK(hasher.verify(ml_dsa, pk, typed));
  EXPECT_OK(verify_artifact(ml_dsa, pk, artifact::transcript, message, good(hasher.sign(key))));
}

// ---- Frames ----

TEST(Sframe, SealOpenReplayForgeAndStats) {
  const auto [ours, theirs] = join();
  const auto sender = good(sframe_sender::from_session(ours, 5, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  EXPECT_OK(receiver.set_window(64));
  EXPECT_OK(receiver.add_session(theirs, 5));
  EXPECT_EQ(good(sender.kid()), 5u);
  EXPECT_EQ(sframe_sender::from_session(ours, 5, gcm).code(), status::key_reused);

  const string_view frame = "a frame", metadata = "m";
  blob sealed(frame.size() + PQRTC_SFRAME_MAX_OVERHEAD_BYTES), opened(sealed.size());
  const auto n = good(sender.seal(metadata, frame, sealed));
  const auto f = good(receiver.open(metadata, bytes(sealed).first(n), opened));
  EXPECT_EQ(copy(bytes(opened).first(f.size)), copy(frame));
  EXPECT_EQ(f.kid, 5u);
  EXPECT_EQ(f.counter, 0u);
  EXPECT_EQ(receiver.open(metadata, bytes(sealed).first(n), opened).code(), status::replayed_frame);
  const auto m = good(sender.seal(metadata, frame, sealed));
  EXPECT_EQ(receiver.open({}, bytes(sealed).first(m), opened).code(), status::decryption_failed);
  EXPECT_OK(receiver.remove_key(5));
  EXPECT_EQ(receiver.open(metadata, bytes(sealed).first(m), opened).code(), status::unknown_key_id);
  const auto stats = good(receiver.stats());
  EXPECT_EQ(stats.opened, 1u);
  EXPECT_EQ(stats.replayed, 1u);
  EXPECT_EQ(stats.decryption_failed, 1u);
  EXPECT_EQ(stats.unknown_key_id, 1u);
  EXPECT_EQ(stats.keys, 0u);
}

TEST(Sframe, OwnKeysAndRatchet) {
  std::array<std::uint8_t, 32> base{};
  ASSERT_EQ(random(base), status::ok);
  auto sender = good(sframe_sender::from_key(base, 1 << 4, gcm));
  EXPECT_OK(sender.set_ratchet(4));
  auto receiver = good(sframe_receiver::create(gcm));
  EXPECT_OK(receiver.set_ratchet(4, 8, 0));
  EXPECT_OK(receiver.add_key(1 << 4, base));
  blob sealed(100), opened(100);
  for (std::uint64_t step = 0; step < 3; step++) {
    if (step != 0) {
      EXPECT_EQ(good(sender.ratchet()), (1u << 4) + step);
    }
    const auto n = good(sender.seal({}, string_view("x"), sealed));
    EXPECT_EQ(good(receiver.open({}, bytes(sealed).first(n), opened)).kid, (1u << 4) + step);
  }
  // The defaults: a late frame opens, and so does one sixteen steps ahead.
  auto patient = good(sframe_receiver::create(gcm));
  EXPECT_OK(patient.set_ratchet(4));
  EXPECT_OK(patient.add_key(2 << 4, base));
  auto other = good(sframe_sender::from_key(base, 2 << 4, gcm));
  EXPECT_OK(other.set_ratchet(4));
  blob late(100);
  late.resize(good(other.seal({}, string_view("late"), late)));
  for (int step = 0; step < 15; step++) good(other.ratchet());
  const auto ahead = good(other.seal({}, string_view("ahead"), sealed));
  EXPECT_TRUE(patient.open({}, bytes(sealed).first(ahead), opened));
  EXPECT_TRUE(patient.open({}, late, opened));
  // Who joins at step 2 is given that step's key and opens from there on.
  const auto step1 = good(sframe_ratchet_base_key(gcm, base));
  const auto step2 = good(sframe_ratchet_base_key(gcm, step1));
  auto newcomer = good(sframe_receiver::create(gcm));
  EXPECT_OK(newcomer.add_key((1 << 4) + 2, step2));
  const auto n = good(sender.seal({}, string_view("x"), sealed));
  EXPECT_TRUE(newcomer.open({}, bytes(sealed).first(n), opened));
}

TEST(Sframe, CodecFramesWithoutAllocation) {
  const auto [ours, theirs] = join();
  const auto sender = good(sframe_sender::from_session(ours, 6, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  ASSERT_EQ(receiver.add_session(theirs, 6), status::ok);
  for (const codec c : {codec::opaque, codec::opus, codec::vp8, codec::vp9, codec::h264, codec::h264_avcc, codec::h265, codec::h265_hvcc, codec::av1}) {
    // A frame that each of them takes: four bytes of start code or length, a NAL or OBU header, and a payload.
    blob frame(200, 0x55);
    const bool avcc = c == codec::h264_avcc || c == codec::h265_hvcc, annexb = c == codec::h264 || c == codec::h265;
    if (annexb || avcc) frame[0] = frame[1] = frame[2] = 0, frame[3] = avcc ? 196 : 1, frame[4] = c == codec::h264 || c == codec::h264_avcc ? 0x65 : 0x26, frame[5] = 1;
    if (c == codec::vp9) frame[0] = 0x82;  // a key frame of profile 0
    if (c == codec::av1) frame[0] = 0x32, frame[1] = 0xc6, frame[2] = 0x01;  // OBU_FRAME, a size field of two bytes
    if (c == codec::av1) frame.resize(201, 0x55);
    if (c == codec::vp9) frame[0] = 0x82;  // the frame marker
    blob sealed(frame_seal_max_size(c, frame.size())), opened(sealed.size());
    ASSERT_NE(sealed.size(), 0u);
    const std::size_t before = allocations;
    const auto n = sender.seal_frame(c, frame, sealed);
    const auto f = n ? receiver.open_frame(c, bytes(sealed).first(*n), opened) : result<opened_frame>(n.code());
    EXPECT_EQ(allocations, before);
    ASSERT_TRUE(f) << "codec " << static_cast<unsigned>(c) << ": " << to_string(f.code());
    EXPECT_GE(frame_open_max_size(c, *n), f->size);
    opened.resize(f->size);
    EXPECT_EQ(opened, frame) << "codec " << static_cast<unsigned>(c);
  }
}

TEST(Sframe, Batches) {
  const auto [ours, theirs] = join();
  const auto sender = good(sframe_sender::from_session(ours, 8, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  ASSERT_EQ(receiver.add_session(theirs, 8), status::ok);
  const string_view frames = "onetwothree";
  const std::array<std::size_t, 3> sizes = {3, 3, 5};
  std::array<std::size_t, 3> sealed_sizes{}, opened_sizes{};
  std::array<status, 3> statuses{};
  std::array<std::uint64_t, 3> kids{}, counters{};
  blob sealed(frames.size() + 3 * PQRTC_SFRAME_MAX_OVERHEAD_BYTES);
  sealed.resize(good(sender.seal_batch({}, frames, sizes, sealed, sealed_sizes)));
  sealed[sealed_sizes[0] + sealed_sizes[1] - 1] ^= 1;
  blob opened(sealed.size());
  opened.resize(good(receiver.open_batch({}, sealed, sealed_sizes, opened, opened_sizes, statuses, kids, counters)));
  EXPECT_EQ(copy(string_view("onethree")), opened);
  EXPECT_EQ(opened_sizes, (std::array<std::size_t, 3>{3, 0, 5}));
  EXPECT_EQ(statuses, (std::array<status, 3>{status::ok, status::decryption_failed, status::ok}));
  EXPECT_EQ(kids[2], 8u);
  EXPECT_EQ(counters[2], 2u);
  EXPECT_EQ(sender.seal_batch({}, frames, sizes, sealed, view<std::size_t>(sealed_sizes).first(2)).code(), status::invalid_length);
  EXPECT_EQ(receiver.open_batch({}, sealed, sealed_sizes, opened, opened_sizes, view<status>(statuses).first(2)).code(), status::invalid_length);
}

TEST(Sframe, ManyThreadsOneSenderOneReceiver) {
  const auto [ours, theirs] = join();
  const auto sender = good(sframe_sender::from_session(ours, 7, gcm));
  auto receiver = good(sframe_receiver::create(gcm));
  ASSERT_EQ(receiver.add_session(theirs, 7), status::ok);
  std::atomic<unsigned> fine{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; t++) {
    threads.emplace_back([&] {
      std::array<std::uint8_t, 100> frame{}, sealed{}, opened{};
      for (int i = 0; i < 100; i++) {
        const auto n = sender.seal({}, bytes(frame).first(60), sealed);
        if (n && receiver.open({}, bytes(sealed).first(*n), opened)) fine++;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(fine, 800u);
}

}  // namespace
