/* SRTP keyed by a pqrtc session: srtpenc and srtpdec with AES-256-GCM over UDP on loopback. With the peer's key audio arrives, with
 * another nothing does. */
#include <gst/gst.h>
#include <pqrtc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 32, SALT = 12, MATERIAL = 2 * (KEY + SALT) };

static void need(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
  }
}

static void exchange(pqrtc_session **alice, pqrtc_session **bob) {
  pqrtc_hybrid_keypair *kp;
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], message[PQRTC_X_WING_EXCHANGE_BYTES];
  need(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &kp) == PQRTC_OK &&
           pqrtc_hybrid_keypair_bundle(kp, bundle, sizeof bundle) == PQRTC_OK &&
           pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, message, sizeof message, alice) == PQRTC_OK &&
           pqrtc_hybrid_respond(kp, message, sizeof message, bob) == PQRTC_OK,
       "key exchange");
  pqrtc_hybrid_keypair_free(kp);
}

/* docs:begin key */
/* The initiator's sending key and salt as GStreamer wants them: 88 hexadecimal digits. */
static void client_key(const pqrtc_session *s, char hex[2 * (KEY + SALT) + 1]) {
  uint8_t all[MATERIAL]; /* client_key || server_key || client_salt || server_salt */
  size_t len;
  need(pqrtc_session_srtp_keys(s, PQRTC_SRTP_AEAD_AES_256_GCM, all, sizeof all, &len) == PQRTC_OK, "SRTP keys");
  for (size_t i = 0; i < KEY; i++) sprintf(hex + 2 * i, "%02x", all[i]);
  for (size_t i = 0; i < SALT; i++) sprintf(hex + 2 * (KEY + i), "%02x", all[2 * KEY + i]);
  pqrtc_cleanse(all, sizeof all);
}
/* docs:end key */

static void count(GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer received) {
  (void)sink, (void)buffer, (void)pad;
  g_atomic_int_inc((gint *)received);
}

/* Sends two seconds of audio and counts the decoded buffers. */
static int play(const char *sending, const char *receiving) {
  gint received = 0;
  GError *error = NULL;
  GstElement *rx, *tx, *sink, *source;
  GstBus *bus;
  GstMessage *end;
  gint port = 0;
  char *text = g_strdup_printf(
      "udpsrc name=in address=127.0.0.1 port=0 caps=\"application/x-srtp,media=audio,encoding-name=OPUS,clock-rate=48000,"
      "payload=96,ssrc=(uint)4711,srtp-key=(buffer)%s,srtp-cipher=aes-256-gcm,srtp-auth=null,srtcp-cipher=aes-256-gcm,"
      "srtcp-auth=null\" ! srtpdec ! rtpopusdepay ! opusdec ! fakesink name=out signal-handoffs=true sync=false",
      receiving);
  rx = gst_parse_launch(text, &error);
  g_free(text);
  need(error == NULL, error ? error->message : "receiving pipeline");
  sink = gst_bin_get_by_name(GST_BIN(rx), "out");
  g_signal_connect(sink, "handoff", G_CALLBACK(count), &received);
  gst_element_set_state(rx, GST_STATE_PLAYING);
  gst_element_get_state(rx, NULL, NULL, 5 * GST_SECOND);
  source = gst_bin_get_by_name(GST_BIN(rx), "in");
  g_object_get(source, "port", &port, NULL);

  text = g_strdup_printf(
      "audiotestsrc num-buffers=100 samplesperbuffer=960 is-live=true ! audio/x-raw,rate=48000,channels=1 ! opusenc ! "
      "rtpopuspay ssrc=4711 pt=96 ! srtpenc key=%s rtp-cipher=aes-256-gcm rtp-auth=null rtcp-cipher=aes-256-gcm "
      "rtcp-auth=null ! udpsink host=127.0.0.1 port=%d",
      sending, port);
  tx = gst_parse_launch(text, &error);
  g_free(text);
  need(error == NULL, error ? error->message : "sending pipeline");
  gst_element_set_state(tx, GST_STATE_PLAYING);
  bus = gst_element_get_bus(tx);
  end = gst_bus_timed_pop_filtered(bus, 15 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  need(end != NULL && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS, "sending two seconds");
  g_usleep(300000);
  gst_message_unref(end);
  gst_object_unref(bus);
  gst_element_set_state(tx, GST_STATE_NULL);
  gst_element_set_state(rx, GST_STATE_NULL);
  gst_object_unref(tx);
  gst_object_unref(rx);
  gst_object_unref(sink);
  gst_object_unref(source);
  return g_atomic_int_get(&received);
}

int main(int argc, char **argv) {
  pqrtc_session *alice, *bob, *mallory, *other;
  char sending[89], receiving[89], wrong[89];
  gst_init(&argc, &argv);
  exchange(&alice, &bob);
  exchange(&mallory, &other);
  client_key(alice, sending);
  client_key(bob, receiving);
  client_key(other, wrong);
  int with_key = play(sending, receiving), with_wrong_key = play(sending, wrong);
  printf("SRTP, AES-256-GCM, keys from the session: %d of 100 blocks with the key, %d with another\n", with_key, with_wrong_key);
  pqrtc_session_free(alice);
  pqrtc_session_free(bob);
  pqrtc_session_free(mallory);
  pqrtc_session_free(other);
  return with_key >= 90 && with_wrong_key == 0 ? 0 : 1;
}
