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
#include "rtc_base/thread.h"

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
    How how = How::kEncryptor;
    bool dtls = true;                // off: RTP travels as it is, so that a test can look at it
    bool attach = true;              // off: nothing is attached to senders and receivers
    int width = 320, height = 240;
    const char* video = "VP8";       // as in SDP
    pqrtc::codec codec = pqrtc::codec::vp8;
  };

  explicit Peer(const Options& options);
  ~Peer() override;

  // Signaling: what an application sends to the other side, in whatever form it likes.
  std::string CreateOffer();
  std::string AnswerTo(const std::string& offer);
  void Accept(const std::string& answer);
  // The port of a loopback candidate, and a candidate line made of another port.
  std::function<void(uint16_t port, const std::string& candidate)> on_candidate;
  void AddCandidate(const std::string& candidate);

  // Encoding begins: call it when the description is set and there is a key. Until then nothing is sent.
  void Send();

  CallKeys& keys() { return keys_; }
  Seen& seen() { return seen_; }
  // CPU time spent in sealing, in nanoseconds, and the frames sealed; with How::kEncryptor.
  std::atomic<int64_t>& seal_ns() { return seal_ns_; }
  // Called with each frame before it is sealed.
  void WatchFrames(std::function<void(rtc::ArrayView<const uint8_t>)> watch) { watch_ = std::move(watch); }

 private:
  rtc::scoped_refptr<webrtc::FrameEncryptorInterface> NewEncryptor(pqrtc::codec codec);
  void Protect(webrtc::RtpSenderInterface& sender, pqrtc::codec codec);
  static void SetActive(webrtc::RtpSenderInterface& sender, bool active);
  void Unprotect(webrtc::RtpReceiverInterface& receiver, pqrtc::codec codec);
  void Show(webrtc::RtpReceiverInterface& receiver);
  std::string Describe(bool offer);

  void OnSignalingChange(webrtc::PeerConnectionInterface::SignalingState) override {}
  void OnDataChannel(rtc::scoped_refptr<webrtc::DataChannelInterface>) override {}
  void OnIceGatheringChange(webrtc::PeerConnectionInterface::IceGatheringState) override {}
  void OnIceCandidate(const webrtc::IceCandidateInterface* candidate) override;
  void OnTrack(rtc::scoped_refptr<webrtc::RtpTransceiverInterface> transceiver) override;
  void OnFrame(const webrtc::VideoFrame& frame) override;

  const Options options_;
  CallKeys keys_;
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
