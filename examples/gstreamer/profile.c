/* The signaling profile: what tests/vectors/signaling.json says is read, refused and written.  profile FILE */
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "signaling.h"

static int count, failed;

static void check(JsonObject *v, gboolean read, gboolean same) {
  count++;
  if (json_object_has_member(v, "refused") ? !read : read && same) return;
  failed++;
  printf("failed: signaling profile: %s\n", json_object_get_string_member(v, "name"));
}

static gboolean is(JsonObject *v, const char *name, const uint8_t *bytes, size_t len) {
  const char *hex = json_object_get_string_member_with_default(v, name, "");
  gboolean same = strlen(hex) == 2 * len;
  for (size_t i = 0; i < len && same; i++) same = g_ascii_xdigit_value(hex[2 * i]) << 4 == (bytes[i] & 0xf0) && g_ascii_xdigit_value(hex[2 * i + 1]) == (bytes[i] & 15);
  return same;
}

static gboolean message_is(JsonObject *v, const signaling_message *m) {
  return g_str_equal(json_object_get_string_member_with_default(v, "sdp", ""), m->sdp ? m->sdp : "") && is(v, "pqrtc", m->pqrtc, m->pqrtc_len);
}

static void each(JsonArray *array, guint index, JsonNode *node, gpointer kind) {
  JsonObject *v = json_node_get_object(node);
  const char *text = json_object_get_string_member(v, "text");
  signaling_message m = {0};
  uint8_t fingerprint[32];
  gboolean read;
  (void)array, (void)index;
  if (g_str_equal(kind, "fingerprints")) {
    read = signaling_fingerprint(text, fingerprint);
    check(v, read, is(v, "fingerprint", fingerprint, sizeof fingerprint));
  } else if (g_str_equal(kind, "sdp")) {
    read = signaling_from_sdp("offer", text, &m);
    check(v, read, message_is(v, &m));
  } else if (g_str_equal(kind, "messages")) {
    read = signaling_decode(text, &m);
    check(v, read, message_is(v, &m) && g_strcmp0(m.type, json_object_get_string_member_with_default(v, "type", "")) == 0);
    if (read) {
      char *again = signaling_encode(m.type, m.sdp, m.pqrtc, m.pqrtc_len);
      signaling_clear(&m);
      read = signaling_decode(again, &m);
      check(v, read, message_is(v, &m));
      g_free(again);
    }
  } else {
    const char *hex = json_object_get_string_member(v, "pqrtc");
    size_t len = strlen(hex) / 2;
    uint8_t *pqrtc = g_malloc(len);
    for (size_t i = 0; i < len; i++) pqrtc[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    char *out = signaling_into_sdp(json_object_get_string_member(v, "sdp"), pqrtc, len);
    check(v, TRUE, g_str_equal(out, text));
    g_free(out);
    g_free(pqrtc);
  }
  signaling_clear(&m);
}

int main(int argc, char **argv) {
  char *kinds[] = {"messages", "sdp", "fingerprints", "writes"};
  JsonParser *parser = json_parser_new();
  if (argc < 2 || !json_parser_load_from_file(parser, argv[1], NULL)) return puts("failed: signaling profile: no vectors"), 1;
  JsonObject *vectors = json_node_get_object(json_parser_get_root(parser));
  for (int i = 0; i < 4; i++) json_array_foreach_element(json_object_get_array_member(vectors, kinds[i]), each, kinds[i]);
  g_object_unref(parser);
  if (failed == 0) printf("signaling profile: %d vectors\n", count);
  return failed != 0 || count < 50;
}
