// What pqrtc.hpp costs over pqrtc.h: the same calls both ways in alternating rounds of one run, as the median ratio of the rounds.
#include <pqrtc.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
constexpr auto cipher = pqrtc::cipher::aes_128_gcm_sha256_128;

template <class F>
double time(int calls, F call) {
  const auto start = clock_type::now();
  for (int i = 0; i < calls; i++) call();
  return std::chrono::duration<double, std::nano>(clock_type::now() - start).count() / calls;
}

template <class C, class Cpp>
void compare(const char* what, int calls, C c, Cpp cpp) {
  std::vector<double> ratios, c_ns;
  for (int round = 0; round < 301; round++) {
    double a, b;
    if (round % 2 == 0) a = time(calls, c), b = time(calls, cpp);
    else b = time(calls, cpp), a = time(calls, c);
    ratios.push_back(b / a);
    c_ns.push_back(a);
  }
  std::nth_element(ratios.begin(), ratios.begin() + 150, ratios.end());
  std::nth_element(c_ns.begin(), c_ns.begin() + 150, c_ns.end());
  std::printf("%-28s C %9.0f ns   C++ / C %.3f\n", what, c_ns[150], ratios[150]);
}

bool failed = false;
void must(bool ok) { failed |= !ok; }

}  // namespace

int main() {
  const auto keypair = pqrtc::hybrid_keypair::generate(pqrtc::suite::x_wing);
  const auto bundle = keypair->bundle();
  const auto answer = pqrtc::initiate(pqrtc::suite::x_wing, *bundle);
  const auto session = keypair->respond(answer->exchange);
  const auto sender = pqrtc::sframe_sender::from_session(answer->session, 1, cipher);
  auto receiver = pqrtc::sframe_receiver::create(cipher);
  must(receiver->add_session(*session, 1) == pqrtc::status::ok);

  for (const std::size_t size : {std::size_t{120}, std::size_t{1200}}) {
    std::vector<std::uint8_t> frame(size), out(pqrtc::frame_seal_max_size(pqrtc::codec::vp8, size)), opened(out.size());
    frame[0] = 1;
    char what[40];
    std::snprintf(what, sizeof what, "seal %zu bytes", size);
    compare(what, 200, [&] {
      std::size_t n;
      must(pqrtc_sframe_seal(sender->get(), nullptr, 0, frame.data(), frame.size(), out.data(), out.size(), &n) == PQRTC_OK);
    }, [&] { must(sender->seal({}, frame, out).ok()); });
    std::snprintf(what, sizeof what, "seal and open %zu bytes, VP8", size);
    compare(what, 200, [&] {
      std::size_t n, m;
      std::uint64_t kid, counter;
      must(pqrtc_frame_seal(sender->get(), PQRTC_CODEC_VP8, nullptr, 0, frame.data(), frame.size(), out.data(), out.size(), &n) == PQRTC_OK);
      must(pqrtc_frame_open(receiver->get(), PQRTC_CODEC_VP8, nullptr, 0, out.data(), n, opened.data(), opened.size(), &m, &kid, &counter) == PQRTC_OK);
    }, [&] {
      const auto n = sender->seal_frame(pqrtc::codec::vp8, frame, out);
      must(n && receiver->open_frame(pqrtc::codec::vp8, pqrtc::bytes(out).first(*n), opened));
    });
  }
  compare("initiate", 5, [&] {
    pqrtc_session* s = nullptr;
    pqrtc::hybrid_exchange exchange;
    must(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle->data(), bundle->size(), exchange.data(), exchange.size(), &s) == PQRTC_OK);
    pqrtc_session_free(s);
  }, [&] { must(pqrtc::initiate(pqrtc::suite::x_wing, *bundle).ok()); });
  if (failed) std::puts("failed: a call was refused");
  return failed;
}
