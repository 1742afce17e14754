/* An authenticated call between two webrtcbins in one process, H.264 and Opus, every frame sealed before its payloader and opened after its
 * depayloader.
 *
 *   call right      media arrives and decodes, with 5 % loss, 10 % reordering and duplicates on the way, and a change of keys; then once more,
 *                   after a restart
 *   call wrong      the receiver holds other keys: nothing decodes, failures are counted
 *   call none       the receiver holds no key: nothing decodes
 */
#define GST_USE_UNSTABLE_API
#include "participant.h"
#include "pqrtc_gst.h"
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LONGEST = 60 /* seconds */ };

static void need(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
  }
}

typedef struct {
  GstElement *sender, *receiver, *tx, *rx; /* pipelines, and their webrtcbins */
  participant offerer, answerer;
  pqrtc_sframe_receiver *other, *opener; /* the answerer's, or another */
  char *offered; /* the message */
  const char *mode;
  gint pictures, sounds, green;
  gint rtp, clear, forged, ticks, rekeyed;
  GMutex lock;
  GByteArray *plain; /* the frame before it was sealed */
} call;

static GMainLoop *loop;

/* --- the path of the packets: loss, reordering, duplicates, forged frames, and a look at what leaves --- */

static int contains(const GstMapInfo *where, const GByteArray *what) {
  /* 24 bytes from the middle of the frame, which sealing must have changed. */
  return what->len >= 64 && memmem(where->data, where->size, what->data + what->len / 2, 24) != NULL;
}

/* What the encoders put out, remembered for the look at what leaves. */
static GstPadProbeReturn on_plain(GstPad *pad, GstPadProbeInfo *info, gpointer data) {
  call *c = data;
  GstMapInfo map;
  (void)pad;
  gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ);
  g_mutex_lock(&c->lock);
  g_byte_array_set_size(c->plain, 0);
  g_byte_array_append(c->plain, map.data, (guint)map.size);
  g_mutex_unlock(&c->lock);
  gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
  return GST_PAD_PROBE_OK;
}

static void look(call *c, GstBuffer *packet) {
  GstMapInfo map;
  gst_buffer_map(packet, &map, GST_MAP_READ);
  g_mutex_lock(&c->lock);
  g_atomic_int_inc(&c->rtp);
  if (contains(&map, c->plain)) g_atomic_int_inc(&c->clear);
  g_mutex_unlock(&c->lock);
  gst_buffer_unmap(packet, &map);
}

static gboolean look_at_each(GstBuffer **packet, guint i, gpointer data) {
  (void)i;
  look(data, *packet);
  return TRUE;
}

static GstPadProbeReturn on_packets(GstPad *pad, GstPadProbeInfo *info, gpointer data) {
  (void)pad;
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    gst_buffer_list_foreach(GST_PAD_PROBE_INFO_BUFFER_LIST(info), look_at_each, data);
  } else {
    look(data, GST_PAD_PROBE_INFO_BUFFER(info));
  }
  return GST_PAD_PROBE_OK;
}

/* Sealed frames on the receiving side, before they are opened: every 50th is followed by a forged one. */
static GstPadProbeReturn on_sealed(GstPad *pad, GstPadProbeInfo *info, gpointer data) {
  call *c = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  static gint seen;
  GstMapInfo map;
  (void)pad;
  if (g_atomic_int_add(&seen, 1) % 50 == 25 && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    uint8_t *forged = g_memdup2(map.data, map.size), *out = g_malloc(map.size);
    size_t len = 0;
    for (int i = 0; i < 20; i++) {
      forged[map.size - 1 - (gsize)i % map.size] ^= (uint8_t)(1 << (i % 7));
      pqrtc_status status = pqrtc_frame_open(c->opener, PQRTC_CODEC_OPUS, NULL, 0, forged, map.size, out, map.size, &len, NULL, NULL);
      if (status != PQRTC_OK) g_atomic_int_inc(&c->forged);
    }
    g_free(forged);
    g_free(out);
    gst_buffer_unmap(buffer, &map);
  }
  return GST_PAD_PROBE_OK;
}

/* --- decoded media --- */

static void on_picture(GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer data) {
  call *c = data;
  GstMapInfo map;
  (void)sink, (void)pad;
  g_atomic_int_inc(&c->pictures);
  /* I420, 320x240, all green: Y about 145, U 54, V 34. */
  if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    int y = map.data[320 * 120 + 160], u = map.data[320 * 240 + 160 * 60 + 80], v = map.data[320 * 240 + 160 * 120 + 160 * 60 + 80];
    if (abs(y - 145) < 12 && abs(u - 54) < 12 && abs(v - 34) < 12) g_atomic_int_inc(&c->green);
    gst_buffer_unmap(buffer, &map);
  }
}

static void on_sound(GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer data) {
  (void)sink, (void)buffer, (void)pad;
  g_atomic_int_inc(&((call *)data)->sounds);
}

static void on_receiving_pad(GstElement *webrtc, GstPad *pad, gpointer data) {
  call *c = data;
  GstCaps *caps;
  GstElement *bin, *sink, *depay;
  GstPad *end;
  int video;
  (void)webrtc;
  if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
  caps = gst_pad_get_current_caps(pad);
  video = g_str_equal(gst_structure_get_string(gst_caps_get_structure(caps, 0), "media"), "video");
  gst_caps_unref(caps);
  bin = gst_parse_bin_from_description(
      video ? "rtph264depay name=depay ! video/x-h264,stream-format=avc,alignment=au ! "
              "avdec_h264 name=dec ! videoconvert ! video/x-raw,format=I420 ! fakesink name=out signal-handoffs=true sync=false"
            : "rtpopusdepay name=depay ! opusdec ! fakesink name=out signal-handoffs=true sync=false",
      TRUE, NULL);
  sink = gst_bin_get_by_name(GST_BIN(bin), "out");
  g_signal_connect(sink, "handoff", video ? G_CALLBACK(on_picture) : G_CALLBACK(on_sound), c);
  depay = gst_bin_get_by_name(GST_BIN(bin), "depay");
  end = gst_element_get_static_pad(depay, "src");
  if (!video) gst_pad_add_probe(end, GST_PAD_PROBE_TYPE_BUFFER, on_sealed, c, NULL);
  pqrtc_gst_open(end, c->opener, video ? PQRTC_CODEC_H264_AVCC : PQRTC_CODEC_OPUS);
  gst_object_unref(end);
  gst_object_unref(depay);
  gst_object_unref(sink);
  gst_bin_add(GST_BIN(c->receiver), bin);
  gst_element_sync_state_with_parent(bin);
  end = gst_element_get_static_pad(bin, "sink");
  need(gst_pad_link(pad, end) == GST_PAD_LINK_OK, "linking a received stream");
  gst_object_unref(end);
}

/* --- the call --- */

/* A bad network: a socket in front of the answerer's. The offerer is told its port, the answerer learns of the offerer through it. Of the
 * media it loses 5 %, repeats 2 % and holds back 10 % until the next packet has passed. */
typedef struct {
  int fd;
  struct sockaddr_in answerer;
} network;

static gpointer carry(gpointer data) {
  network *n = data;
  struct sockaddr_in offerer = {0}, from;
  uint8_t packet[2048], held[2048];
  ssize_t held_len = 0;
  GRand *chance = g_rand_new_with_seed(7);
  for (;;) {
    socklen_t len = sizeof from;
    ssize_t got = recvfrom(n->fd, packet, sizeof packet, 0, (struct sockaddr *)&from, &len);
    if (got <= 0) continue;
    if (from.sin_port == n->answerer.sin_port) {
      sendto(n->fd, packet, (size_t)got, 0, (struct sockaddr *)&offerer, sizeof offerer);
      continue;
    }
    offerer = from;
    double luck = packet[0] >= 128 && packet[0] <= 191 ? g_rand_double(chance) : 1; /* RTP and RTCP, RFC 7983 */
    if (luck < 0.05) continue;
    if (luck < 0.15 && held_len == 0) {
      memcpy(held, packet, (size_t)got);
      held_len = got;
      continue;
    }
    for (int times = luck < 0.17 ? 2 : 1; times > 0; times--) {
      sendto(n->fd, packet, (size_t)got, 0, (struct sockaddr *)&n->answerer, sizeof n->answerer);
    }
    if (held_len > 0) sendto(n->fd, held, (size_t)held_len, 0, (struct sockaddr *)&n->answerer, sizeof n->answerer);
    held_len = 0;
  }
  return NULL;
}

/* foundation component transport priority address port ... */
static void on_candidate(GstElement *from, guint line, gchar *candidate, gpointer to) {
  gchar **word = g_strsplit(candidate, " ", 7);
  network *n = g_new0(network, 1);
  struct sockaddr_in own = {.sin_family = AF_INET};
  socklen_t len = sizeof own;
  (void)from;
  if (g_strv_length(word) == 7 && g_ascii_strcasecmp(word[2], "UDP") == 0) {
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    n->answerer = own;
    n->answerer.sin_port = htons((uint16_t)atoi(word[5]));
    n->fd = socket(AF_INET, SOCK_DGRAM, 0);
    need(bind(n->fd, (struct sockaddr *)&own, sizeof own) == 0 && getsockname(n->fd, (struct sockaddr *)&own, &len) == 0, "a socket");
    g_thread_unref(g_thread_new("network", carry, n));
    g_free(word[5]);
    word[5] = g_strdup_printf("%d", ntohs(own.sin_port));
    gchar *through = g_strjoinv(" ", word);
    g_signal_emit_by_name(to, "add-ice-candidate", line, through);
    g_free(through);
  } else {
    g_free(n);
  }
  g_strfreev(word);
}

static void keep_on_loopback(GstElement *webrtc) {
  GObject *ice = NULL;
  gboolean ok = FALSE;
  g_object_get(webrtc, "ice-agent", &ice, NULL);
  g_signal_emit_by_name(ice, "add-local-ip-address", "127.0.0.1", &ok);
  need(ok, "ICE on 127.0.0.1");
  g_object_unref(ice);
}

static void describe(GstElement *webrtc, const char *local_or_remote, GstWebRTCSessionDescription *description) {
  GstPromise *promise = gst_promise_new();
  g_signal_emit_by_name(webrtc, local_or_remote, description, promise);
  gst_promise_interrupt(promise);
  gst_promise_unref(promise);
}

static GstWebRTCSessionDescription *answered(GstPromise *promise, const char *field) {
  GstWebRTCSessionDescription *description = NULL;
  gst_structure_get(gst_promise_get_reply(promise), field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  gst_promise_unref(promise);
  need(description != NULL, field);
  return description;
}

static void probe(call *c, const char *element, GstPadProbeType type, GstPadProbeCallback callback) {
  GstElement *found = gst_bin_get_by_name(GST_BIN(c->sender), element);
  GstPad *pad = gst_element_get_static_pad(found, "src");
  gst_pad_add_probe(pad, type, callback, c, NULL);
  gst_object_unref(pad);
  gst_object_unref(found);
}

static void seal(call *c, const char *encoder, pqrtc_sframe_sender **sender, uint32_t codec) {
  GstElement *found = gst_bin_get_by_name(GST_BIN(c->sender), encoder);
  GstPad *pad = gst_element_get_static_pad(found, "src");
  pqrtc_gst_seal(pad, sender, codec);
  gst_object_unref(pad);
  gst_object_unref(found);
}

static pqrtc_signing_key *alice, *bob;

static participant who(const pqrtc_signing_key *me, const pqrtc_signing_key *peer) {
  participant p = {.me = me};
  uint8_t public_key[PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES];
  need(pqrtc_signing_key_public_key(peer, public_key, sizeof public_key) == PQRTC_OK &&
           pqrtc_public_key_fingerprint(PQRTC_SIGNATURE_ML_DSA_65_ED25519, public_key, sizeof public_key, p.pin, sizeof p.pin) == PQRTC_OK,
       "a fingerprint");
  return p;
}

/* What signaling carries from one to the other, and the reply. */
static char *carry_to(participant *to, char *text, const char *answer) {
  signaling_message heard;
  char *reply = NULL;
  need(signaling_decode(text, &heard), "a message of the profile");
  need(participant_receive(to, &heard, answer, &reply) == PQRTC_OK, heard.type);
  signaling_clear(&heard);
  g_free(text);
  return reply;
}

static void on_answer(GstPromise *promise, gpointer data) {
  call *c = data;
  GstWebRTCSessionDescription *answer = answered(promise, "answer");
  char *sdp = gst_sdp_message_as_text(answer->sdp), *text;
  const char *mode = c->mode;

  /* The answering side. */
  need(participant_begin(&c->answerer, sdp) == PQRTC_OK, "the answerer's call");
  c->opener = g_str_equal(mode, "right") ? c->answerer.receiver : c->other;
  text = carry_to(&c->answerer, c->offered, sdp);
  describe(c->rx, "set-local-description", answer);

  /* The offerer. From here on it knows its peer, and its probes seal. */
  text = carry_to(&c->offerer, text, NULL);
  describe(c->tx, "set-remote-description", answer);

  text = carry_to(&c->answerer, text, NULL); /* the finish */
  text = carry_to(&c->offerer, text, NULL);  /* the acknowledgement */
  need(text == NULL, "the end of the handshake");
  g_free(sdp);
  gst_webrtc_session_description_free(answer);
}

static void on_offer(GstPromise *promise, gpointer data) {
  call *c = data;
  GstWebRTCSessionDescription *offer = answered(promise, "offer");
  char *sdp = gst_sdp_message_as_text(offer->sdp);
  need(participant_begin(&c->offerer, sdp) == PQRTC_OK && participant_offer(&c->offerer, sdp, &c->offered) == PQRTC_OK, "the offerer's call");
  g_free(sdp);
  describe(c->tx, "set-local-description", offer);
  describe(c->rx, "set-remote-description", offer);
  g_signal_emit_by_name(c->rx, "create-answer", NULL, gst_promise_new_with_change_func(on_answer, c, NULL));
  gst_webrtc_session_description_free(offer);
}

static void on_negotiation(GstElement *webrtc, gpointer data) {
  g_signal_emit_by_name(webrtc, "create-offer", NULL, gst_promise_new_with_change_func(on_offer, data, NULL));
}

/* Enough was seen, or it has taken too long. */
static gboolean look_whether_over(gpointer data) {
  call *c = data;
  pqrtc_sframe_stats stats = {.size = sizeof stats};
  if (c->opener) need(pqrtc_sframe_receiver_stats(c->opener, &stats) == PQRTC_OK, "counters");
  int enough = g_str_equal(c->mode, "right") ? c->green >= 30 && c->sounds >= 100 && c->forged > 0
                                             : stats.decryption_failed + stats.unknown_key_id >= 100;
  if (enough && !c->rekeyed && g_str_equal(c->mode, "right")) {
    char *text;
    need(participant_offer(&c->answerer, NULL, &text) == PQRTC_OK, "a rekey");
    for (participant *to = &c->offerer; text; to = to == &c->offerer ? &c->answerer : &c->offerer) text = carry_to(to, text, NULL);
    c->rekeyed = TRUE;
    c->green = c->sounds = 0;
    enough = FALSE;
  }
  if (!enough && ++c->ticks < LONGEST * 5) return G_SOURCE_CONTINUE;
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

static void run(call *c) {
  GError *error = NULL;
  c->sender = gst_parse_launch(
      "webrtcbin name=tx bundle-policy=max-bundle "
      "videotestsrc pattern=green is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=30/1 ! "
      "x264enc name=video tune=zerolatency key-int-max=15 bitrate=500 ! video/x-h264,stream-format=avc,alignment=au,profile=baseline ! "
      "rtph264pay name=pay0 config-interval=-1 ! application/x-rtp,media=video,encoding-name=H264,payload=96 ! tx. "
      "audiotestsrc is-live=true samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=2 ! opusenc name=audio ! "
      "rtpopuspay name=pay1 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! tx.",
      &error);
  need(error == NULL, error ? error->message : "sending pipeline");
  c->receiver = gst_parse_launch("webrtcbin name=rx bundle-policy=max-bundle latency=100", &error);
  if (GST_IS_PIPELINE(c->receiver)) {
    c->rx = gst_bin_get_by_name(GST_BIN(c->receiver), "rx");
  } else {
    c->rx = c->receiver;
    c->receiver = gst_pipeline_new(NULL);
    gst_bin_add(GST_BIN(c->receiver), c->rx);
  }
  c->tx = gst_bin_get_by_name(GST_BIN(c->sender), "tx");
  keep_on_loopback(c->tx);
  keep_on_loopback(c->rx);
  g_signal_connect(c->tx, "on-negotiation-needed", G_CALLBACK(on_negotiation), c);
  g_signal_connect(c->rx, "on-ice-candidate", G_CALLBACK(on_candidate), c->tx);
  g_signal_connect(c->rx, "pad-added", G_CALLBACK(on_receiving_pad), c);
  probe(c, "video", GST_PAD_PROBE_TYPE_BUFFER, on_plain);
  probe(c, "audio", GST_PAD_PROBE_TYPE_BUFFER, on_plain);
  seal(c, "video", &c->offerer.video, PQRTC_CODEC_H264_AVCC);
  seal(c, "audio", &c->offerer.audio, PQRTC_CODEC_OPUS);
  probe(c, "pay0", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packets);
  probe(c, "pay1", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packets);
  gst_element_set_state(c->receiver, GST_STATE_PLAYING);
  gst_element_set_state(c->sender, GST_STATE_PLAYING);
  g_timeout_add(200, look_whether_over, c);
  g_main_loop_run(loop);
  gst_element_set_state(c->sender, GST_STATE_NULL);
  gst_element_set_state(c->receiver, GST_STATE_NULL);
}

static void play(const char *mode) {
  call *c = g_new0(call, 1);
  pqrtc_sframe_stats stats = {.size = sizeof stats};
  c->mode = mode;
  c->plain = g_byte_array_new();
  c->offerer = who(alice, bob);
  c->answerer = who(bob, alice);
  need(pqrtc_sframe_receiver_new(PARTICIPANT_CIPHER, &c->other) == PQRTC_OK, "receiver");
  if (g_str_equal(mode, "wrong")) {
    uint8_t key[PQRTC_SFRAME_BASE_KEY_BYTES];
    /* The KIDs of the offerer's streams in the first epoch. */
    need(pqrtc_random(key, sizeof key) == PQRTC_OK && pqrtc_sframe_receiver_add_key(c->other, 0, key, sizeof key) == PQRTC_OK &&
             pqrtc_sframe_receiver_add_key(c->other, 1 << 3, key, sizeof key) == PQRTC_OK, "other keys");
  }
  run(c);
  need(pqrtc_sframe_receiver_stats(c->opener, &stats) == PQRTC_OK, "counters");
  printf("%-6s %d RTP packets, %d with a frame in the clear; opened %llu, refused %llu, unknown KID %llu; %d pictures (%d green), %d sounds; "
         "%d forged frames refused\n",
         mode, c->rtp, c->clear, (unsigned long long)stats.opened, (unsigned long long)stats.decryption_failed,
         (unsigned long long)stats.unknown_key_id, c->pictures, c->green, c->sounds, c->forged);
  need(c->rtp >= 30 && c->clear == 0, "only sealed frames leave");
  if (g_str_equal(mode, "right")) {
    /* Pictures between a loss and the next key frame are not green. */
    need(c->green >= 30 && c->sounds >= 100, "media decodes with the key");
    need(c->forged > 0, "forged frames are refused");
    need(c->rekeyed && stats.unknown_key_id == 0, "the change of keys cost no frame");
  } else {
    need(c->pictures == 0 && c->sounds == 0 && stats.opened == 0, "nothing decodes without the key");
    need(g_str_equal(mode, "wrong") ? stats.decryption_failed >= 30 : stats.unknown_key_id >= 30, "failures are counted");
  }
  /* The pipelines have stopped: nothing uses the handles any more. */
  gst_object_unref(c->sender);
  gst_object_unref(c->receiver);
  participant_end(&c->offerer);
  participant_end(&c->answerer);
  pqrtc_sframe_receiver_free(c->other);
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  loop = g_main_loop_new(NULL, FALSE);
  const char *mode = argc > 1 ? argv[1] : "right";
  need(pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65_ED25519, &alice) == PQRTC_OK &&
           pqrtc_signing_key_generate(PQRTC_SIGNATURE_ML_DSA_65_ED25519, &bob) == PQRTC_OK, "identities");
  play(mode);
  /* Both peers start again, with a call of its own. */
  if (g_str_equal(mode, "right")) play(mode);
  return 0;
}
