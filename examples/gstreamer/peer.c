/* One end of a call as a process, for a peer of any stack: messages of the signaling profile are lines of its input and output.
 *
 *   peer --role offerer|answerer --identity KEY.pem --pin FINGERPRINT [--codec H264] [--rekeys 1]
 *
 * H.264 and Opus both ways, on 127.0.0.1. The offerer changes the keys in mid-call. When enough frames have been opened under the last ones a line
 * {"type": "report", ...} says so; the call goes on until {"type": "bye"} or the end of the input. A message that is refused ends it:
 * {"type": "error", ...}, exit code 1. */
#define GST_USE_UNSTABLE_API
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "participant.h"
#include "pqrtc_gst.h"

enum { EACH = 60, LAST = 30, ALL = 100 }; /* frames: before a change of keys, after the last one, in all */

typedef struct {
  participant p;
  GstElement *pipeline, *webrtc;
  GMainLoop *loop;
  GstWebRTCSessionDescription *offer; /* the remote one, while it is answered */
  signaling_message heard;
  gboolean offerer, told, reported;
  uint32_t rekeys, begun;
  int code;
} end;

static void say(char *line) {
  puts(line);
  fflush(stdout);
  g_free(line);
}

static gboolean refuse(end *e, pqrtc_status status) {
  say(g_strdup_printf("{\"type\": \"error\", \"code\": %u, \"text\": \"%s\"}", status, pqrtc_status_string(status)));
  e->code = 1;
  g_main_loop_quit(e->loop);
  return FALSE;
}

/* --- descriptions --- */

static void set(end *e, const char *local_or_remote, GstWebRTCSDPType type, const char *sdp) {
  GstSDPMessage *parsed;
  if (gst_sdp_message_new_from_text(sdp, &parsed) != GST_SDP_OK) {
    refuse(e, PQRTC_MALFORMED_MESSAGE);
    return;
  }
  GstWebRTCSessionDescription *description = gst_webrtc_session_description_new(type, parsed);
  GstPromise *promise = gst_promise_new();
  g_signal_emit_by_name(e->webrtc, local_or_remote, description, promise);
  gst_promise_wait(promise);
  gst_promise_unref(promise);
  gst_webrtc_session_description_free(description);
}

static char *made(GstPromise *promise, const char *field) {
  GstWebRTCSessionDescription *description = NULL;
  gst_structure_get(gst_promise_get_reply(promise), field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  gst_promise_unref(promise);
  if (description == NULL) g_error("no %s", field);
  char *sdp = gst_sdp_message_as_text(description->sdp);
  gst_webrtc_session_description_free(description);
  return sdp;
}

static char *create(end *e, const char *offer_or_answer) {
  GstPromise *promise = gst_promise_new();
  char *signal = g_strdup_printf("create-%s", offer_or_answer);
  g_signal_emit_by_name(e->webrtc, signal, NULL, promise);
  g_free(signal);
  gst_promise_wait(promise);
  return made(promise, offer_or_answer);
}

/* Candidates go with the description: it is told when all are known. */
static gboolean on_gathered(gpointer data) {
  end *e = data;
  GstWebRTCICEGatheringState state;
  g_object_get(e->webrtc, "ice-gathering-state", &state, NULL);
  if (state != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE) return G_SOURCE_CONTINUE;
  GstWebRTCSessionDescription *local = NULL;
  g_object_get(e->webrtc, "local-description", &local, NULL);
  char *sdp = gst_sdp_message_as_text(local->sdp), *text = NULL;
  pqrtc_status status = e->offerer ? participant_offer(&e->p, sdp, &text) : participant_receive(&e->p, &e->heard, sdp, &text);
  gst_webrtc_session_description_free(local);
  g_free(sdp);
  if (status != PQRTC_OK) return refuse(e, status);
  say(text);
  return G_SOURCE_REMOVE;
}

/* --- media --- */

static void seal(end *e, const char *element, pqrtc_sframe_sender **sender, uint32_t codec) {
  GstElement *found = gst_bin_get_by_name(GST_BIN(e->pipeline), element);
  GstPad *pad = gst_element_get_static_pad(found, "src");
  pqrtc_gst_seal(pad, sender, codec);
  gst_object_unref(pad);
  gst_object_unref(found);
}

static void on_pad(GstElement *webrtc, GstPad *pad, gpointer data) {
  end *e = data;
  (void)webrtc;
  if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
  GstCaps *caps = gst_pad_get_current_caps(pad);
  gboolean video = g_str_equal(gst_structure_get_string(gst_caps_get_structure(caps, 0), "media"), "video");
  gst_caps_unref(caps);
  GstElement *bin = gst_parse_bin_from_description(
      video ? "rtph264depay name=depay ! video/x-h264,stream-format=avc,alignment=au ! avdec_h264 ! fakesink sync=false"
            : "rtpopusdepay name=depay ! opusdec ! fakesink sync=false", TRUE, NULL);
  GstElement *depay = gst_bin_get_by_name(GST_BIN(bin), "depay");
  GstPad *out = gst_element_get_static_pad(depay, "src"), *in = gst_element_get_static_pad(bin, "sink");
  pqrtc_gst_open(out, e->p.receiver, video ? PQRTC_CODEC_H264_AVCC : PQRTC_CODEC_OPUS);
  gst_bin_add(GST_BIN(e->pipeline), bin);
  gst_element_sync_state_with_parent(bin);
  gst_pad_link(pad, in);
  gst_object_unref(in);
  gst_object_unref(out);
  gst_object_unref(depay);
}

/* The payload type of a codec in an offer. */
static int payload_type(const char *sdp, const char *codec, int otherwise) {
  char *pattern = g_strdup_printf("a=rtpmap:([0-9]+) %s/", codec);
  GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
  GMatchInfo *match;
  if (sdp && g_regex_match(regex, sdp, 0, &match)) otherwise = atoi(g_match_info_fetch(match, 1));
  g_regex_unref(regex);
  g_free(pattern);
  return otherwise;
}

static void start(end *e, const char *offer) {
  int h264 = payload_type(offer, "H264", 96);
  char *text = g_strdup_printf(
      "webrtcbin name=rtc bundle-policy=max-compat latency=100 "
      "audiotestsrc is-live=true samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=2 ! opusenc name=audio ! "
      "rtpopuspay ! application/x-rtp,media=audio,encoding-name=OPUS,payload=%d ! rtc. "
      "videotestsrc pattern=green is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=30/1 ! "
      "x264enc name=video tune=zerolatency key-int-max=15 bitrate=500 ! video/x-h264,stream-format=avc,alignment=au,profile=constrained-baseline ! "
      /* Without the profile-level-id of the encoder, which is another than that of an offer even if both are constrained baseline. */
      "rtph264pay config-interval=-1 pt=%d ! capssetter replace=true "
      "caps=application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,packetization-mode=(string)1,payload=%d ! rtc. ",
      payload_type(offer, "opus", 97), h264, h264);
  GError *error = NULL;
  GObject *ice;
  gboolean ok;
  e->pipeline = gst_parse_launch(text, &error);
  if (error) g_error("%s", error->message);
  g_free(text);
  e->webrtc = gst_bin_get_by_name(GST_BIN(e->pipeline), "rtc");
  g_object_get(e->webrtc, "ice-agent", &ice, NULL);
  g_signal_emit_by_name(ice, "add-local-ip-address", "127.0.0.1", &ok);
  g_object_unref(ice);
  g_signal_connect(e->webrtc, "pad-added", G_CALLBACK(on_pad), e);
  seal(e, "video", &e->p.video, PQRTC_CODEC_H264_AVCC);
  seal(e, "audio", &e->p.audio, PQRTC_CODEC_OPUS);
  gst_element_set_state(e->pipeline, GST_STATE_PLAYING);
}

/* --- the call --- */

static gboolean begin(end *e, const char *sdp) {
  pqrtc_status status = participant_begin(&e->p, sdp);
  return status == PQRTC_OK || refuse(e, status);
}

static gboolean on_caps(gpointer data) { /* the payloaders know what they send: an offer can be made */
  end *e = data;
  /* As the DTLS client: webrtcbin's certificate is RSA, which a client that wants ECDSA, such as aiortc, does not take. */
  char *made = create(e, "offer"), **parts = g_strsplit(made, "a=setup:actpass", -1), *sdp = g_strjoinv("a=setup:active", parts);
  g_strfreev(parts);
  g_free(made);
  if (begin(e, sdp)) {
    set(e, "set-local-description", GST_WEBRTC_SDP_TYPE_OFFER, sdp);
    g_timeout_add(20, on_gathered, e);
  }
  g_free(sdp);
  return G_SOURCE_REMOVE;
}

static void on_negotiation(GstElement *webrtc, gpointer data) {
  end *e = data;
  (void)webrtc;
  if (e->offerer && !e->told) g_idle_add(on_caps, e);
  e->told = TRUE;
}

static gboolean take(end *e, const char *line) {
  signaling_message heard;
  char *reply = NULL;
  if (!signaling_decode(line, &heard)) return refuse(e, PQRTC_MALFORMED_MESSAGE);
  if (g_str_equal(heard.type, "offer")) {
    if (e->offerer || e->pipeline) return refuse(e, PQRTC_UNEXPECTED_MESSAGE);
    start(e, heard.sdp);
    set(e, "set-remote-description", GST_WEBRTC_SDP_TYPE_OFFER, heard.sdp);
    char *answer = create(e, "answer");
    e->heard = heard;
    if (begin(e, answer)) {
      set(e, "set-local-description", GST_WEBRTC_SDP_TYPE_ANSWER, answer);
      g_timeout_add(20, on_gathered, e);
    }
    g_free(answer);
    return TRUE;
  }
  pqrtc_status status = participant_receive(&e->p, &heard, NULL, &reply);
  if (status == PQRTC_OK && heard.sdp) set(e, "set-remote-description", GST_WEBRTC_SDP_TYPE_ANSWER, heard.sdp);
  signaling_clear(&heard);
  if (status != PQRTC_OK) return refuse(e, status);
  if (reply) say(reply);
  return TRUE;
}

static gboolean on_line(GIOChannel *input, GIOCondition condition, gpointer data) {
  end *e = data;
  char *line = NULL;
  (void)condition;
  if (g_io_channel_read_line(input, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit(e->loop);
    return FALSE;
  }
  JsonNode *node = json_from_string(line, NULL);
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
  gboolean bye = object && g_strcmp0(json_object_get_string_member_with_default(object, "type", ""), "bye") == 0;
  g_clear_pointer(&node, json_node_unref);
  gboolean more = !bye && take(e, line);
  if (!more) g_main_loop_quit(e->loop);
  g_free(line);
  return more;
}

/* Changes the keys, if it is up to this end, and reports when there was enough video under the last ones. */
static gboolean watch(gpointer data) {
  end *e = data;
  pqrtc_call_info_t info = {.size = sizeof info};
  pqrtc_sframe_stats all = {.size = sizeof all}, newest = {.size = sizeof newest};
  uint8_t key[PQRTC_SFRAME_BASE_KEY_BYTES];
  uint64_t kid;
  char sas[11] = "", fingerprint[2 * PQRTC_FINGERPRINT_BYTES + 1];
  if (!participant_may_send(&e->p) || pqrtc_call_info(e->p.call, &info) != PQRTC_OK ||
      pqrtc_call_sframe_key(e->p.call, PQRTC_DIRECTION_RECEIVING, 0, &kid, key, sizeof key) != PQRTC_OK ||
      pqrtc_sframe_receiver_stats(e->p.receiver, &all) != PQRTC_OK ||
      pqrtc_sframe_receiver_key_stats(e->p.receiver, kid, &newest) != PQRTC_OK) {
    return G_SOURCE_CONTINUE;
  }
  pqrtc_cleanse(key, sizeof key);
  if (e->offerer && info.epoch == e->begun && e->begun < e->rekeys && newest.opened >= EACH) {
    char *text;
    pqrtc_status status = participant_offer(&e->p, NULL, &text);
    if (status != PQRTC_OK) return refuse(e, status);
    e->begun++;
    say(text);
  }
  if (info.epoch < e->rekeys || newest.opened < LAST || all.opened < ALL) return G_SOURCE_CONTINUE;
  if (pqrtc_call_sas(e->p.call, sas, 10) != PQRTC_OK) return refuse(e, PQRTC_INTERNAL);
  for (int i = 0; i < PQRTC_FINGERPRINT_BYTES; i++) sprintf(fingerprint + 2 * i, "%02x", info.peer_fingerprint[i]);
  say(g_strdup_printf("{\"type\": \"report\", \"state\": \"%s\", \"epoch\": %u, \"sas\": \"%s\", \"peer\": \"%s\", \"opened\": %llu, \"refused\": %llu}",
                      info.state == PQRTC_CALL_CONFIRMED ? "confirmed" : "done", info.epoch, sas, fingerprint, (unsigned long long)all.opened,
                      (unsigned long long)(all.malformed + all.unknown_key_id + all.replayed + all.decryption_failed)));
  return G_SOURCE_REMOVE;
}

int main(int argc, char **argv) {
  end e = {.rekeys = 1};
  char *role = NULL, *identity = NULL, *pin = NULL, *codec = NULL, *pem = NULL;
  pqrtc_signing_key *me = NULL;
  gsize pem_len = 0;
  GError *error = NULL;
  const GOptionEntry entries[] = {
      {"role", 0, 0, G_OPTION_ARG_STRING, &role, "offerer or answerer", NULL}, {"identity", 0, 0, G_OPTION_ARG_FILENAME, &identity, "file of the own key", NULL},
      {"pin", 0, 0, G_OPTION_ARG_STRING, &pin, "fingerprint of the other end", NULL}, {"codec", 0, 0, G_OPTION_ARG_STRING, &codec, "H264", NULL},
      {"rekeys", 0, 0, G_OPTION_ARG_INT, &e.rekeys, "changes of keys", NULL}, {0}};
  GOptionContext *options = g_option_context_new(NULL);
  g_option_context_add_main_entries(options, entries, NULL);
  if (!g_option_context_parse(options, &argc, &argv, &error) || !role || !identity || !pin || strlen(pin) != 2 * sizeof e.p.pin ||
      g_strcmp0(codec ? codec : "H264", "H264") != 0 || !g_file_get_contents(identity, &pem, &pem_len, &error)) {
    fprintf(stderr, "%s\n", error ? error->message : "--role, --identity, --pin (64 digits), --codec H264");
    return 2;
  }
  gst_init(NULL, NULL);
  for (size_t i = 0; i < sizeof e.p.pin; i++) e.p.pin[i] = (uint8_t)(g_ascii_xdigit_value(pin[2 * i]) << 4 | g_ascii_xdigit_value(pin[2 * i + 1]));
  e.loop = g_main_loop_new(NULL, FALSE);
  e.offerer = g_str_equal(role, "offerer");
  pqrtc_status status = pqrtc_signing_key_import((const uint8_t *)pem, pem_len, &me);
  pqrtc_cleanse((uint8_t *)pem, pem_len);
  if (status != PQRTC_OK) {
    refuse(&e, status);
    return 1;
  }
  e.p.me = me;
  GIOChannel *input = g_io_channel_unix_new(0);
  g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_line, &e);
  g_timeout_add(20, watch, &e);
  if (e.offerer) {
    start(&e, NULL);
    g_signal_connect(e.webrtc, "on-negotiation-needed", G_CALLBACK(on_negotiation), &e);
  }
  g_main_loop_run(e.loop);
  if (e.pipeline) gst_element_set_state(e.pipeline, GST_STATE_NULL);
  participant_end(&e.p);
  pqrtc_signing_key_free(me);
  return e.code;
}
