// A participant without devices: a generated picture and a tone go out, what comes in is looked at and listened to.
#ifndef PEER_H_
#define PEER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/peer_connection_interface.h"
#include "api/video/video_sink_interface.h"
#include "keys.h"
#include "rtc_base/event.h"
#include "rtc_base/thread.h"
#include "signaling.h"

class Microphone;
class Picture;

// What one side saw and heard.
struct Seen {
  std::atomic<int> frames{0};    // pictures decoded
  std::atomic<int> right{0};     // of those, ours
  std::atomic<int> tone_ms{0};   // of our tone
};

class Peer : public webrtc::PeerConnectionObserver, public rtc::VideoSinkInterface<webrtc::VideoFrame> {
 public:
  enum class How { kEncryptor, kTransformer, kUnprotected };
  struct Options {
    const pqrtc::signing_key* me = nullptr;  // this side's identity
    pqrtc::bytes pin;                        // fingerprint of the other's
    How how = How::kEncryptor;
    bool dtls = true;                // off: RTP travels as it is, so that a test can look at it
    bool attach = true;              // off: nothing is attached to senders and receivers
    int width = 320, height = 240;
    const char* video = "VP8";       // as in SDP
    pqrtc::codec codec = pqrtc::codec::vp8;
  };

  explicit Peer(const Options& options);
  ~Peer() override;

  // A call: messages of the signaling profile. Receive() takes what came and gives what has to go back, "" for nothing. What is refused has set
  // nothing.
  pqrtc::result<std::string> Offer();
  pqrtc::result<std::string> Receive(const std::string& text);
  pqrtc::result<std::string> Rekey();

  // The SDP alone. It has the candidates in it, unless there is a function to tell them: the port of a loopback candidate, and its line.
  std::string CreateOffer();
  std::string AnswerTo(const std::string& offer);
  void Accept(const std::string& answer);
  std::function<void(uint16_t port, const std::string& candidate)> on_candidate;
  void AddCandidate(const std::string& candidate);

  CallKeys& keys() { return keys_; }
  Seen& seen() { return seen_; }
  // CPU time spent in sealing, in nanoseconds, and the frames sealed; with How::kEncryptor.
  std::atomic<int64_t>& seal_ns() { return seal_ns_; }
  // Called with each frame before it is sealed.
  void WatchFrames(std::function<void(rtc::ArrayView<const uint8_t>)> watch) { watch_ = std::move(watch); }

 private:
  rtc::scoped_refptr<webrtc::FrameEncryptorInterface> NewEncryptor(pqrtc::codec codec);
  const std::shared_ptr<const pqrtc::sframe_sender>& Sender(pqrtc::codec codec) const { return codec == pqrtc::codec::opus ? keys_.audio : keys_.video; }
  void Protect(webrtc::RtpSenderInterface& sender, pqrtc::codec codec);
  void Send();
  static void SetActive(webrtc::RtpSenderInterface& sender, bool active);
  void Unprotect(webrtc::RtpReceiverInterface& receiver, pqrtc::codec codec);
  void Show(webrtc::RtpReceiverInterface& receiver);
  std::string Describe(bool offer);

  void OnSignalingChange(webrtc::PeerConnectionInterface::SignalingState) override {}
  void OnDataChannel(rtc::scoped_refptr<webrtc::DataChannelInterface>) override {}
  void OnIceGatheringChange(webrtc::PeerConnectionInterface::IceGatheringState state) override {
    if (state == webrtc::PeerConnectionInterface::kIceGatheringComplete) gathered_.Set();
  }
  void OnIceCandidate(const webrtc::IceCandidateInterface* candidate) override;
  void OnTrack(rtc::scoped_refptr<webrtc::RtpTransceiverInterface> transceiver) override;
  void OnFrame(const webrtc::VideoFrame& frame) override;

  const Options options_;
  CallKeys keys_;
  signaling::Bytes theirs_;  // fingerprint of the other side's certificate
  bool sending_ = false;
  rtc::Event gathered_;
  Seen seen_;
  std::atomic<int64_t> seal_ns_{0};
  std::function<void(rtc::ArrayView<const uint8_t>)> watch_;
  std::unique_ptr<rtc::Thread> network_, worker_, signaling_;
  rtc::scoped_refptr<Microphone> microphone_;
  rtc::scoped_refptr<Picture> picture_;
  rtc::scoped_refptr<webrtc::PeerConnectionFactoryInterface> factory_;
  rtc::scoped_refptr<webrtc::PeerConnectionInterface> connection_;
  rtc::scoped_refptr<webrtc::VideoTrackInterface> remote_video_;
};

#endif  // PEER_H_
