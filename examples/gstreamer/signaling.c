#include "signaling.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const char SHA_256[] = "a=fingerprint:sha-256 ", LINE[] = "a=pqrtc:";

static gboolean begins(const char *line, const char *with) { return g_ascii_strncasecmp(line, with, strlen(with)) == 0; }

/* Lines without the carriage return before their end. */
static char **lines_of(const char *sdp) {
  char **lines = g_strsplit(sdp, "\n", -1);
  for (char **line = lines; *line; line++) {
    size_t len = strlen(*line);
    if (len > 0 && line[1] != NULL && (*line)[len - 1] == '\r') (*line)[len - 1] = 0;
  }
  return lines;
}

/* Strict: the standard alphabet with its padding, in the one form that encoders write. */
static gboolean unbase64(const char *text, signaling_message *message) {
  message->pqrtc = g_base64_decode(text, &message->pqrtc_len);
  char *again = g_base64_encode(message->pqrtc, message->pqrtc_len);
  gboolean same = message->pqrtc_len > 0 && message->pqrtc_len <= SIGNALING_MESSAGE_MAX && strcmp(text, again) == 0;
  g_free(again);
  return same;
}

/* docs:begin fingerprint */
gboolean signaling_fingerprint(const char *sdp, uint8_t fingerprint[32]) {
  char **lines = lines_of(sdp);
  gboolean found = FALSE, good = TRUE;
  for (char **line = lines; *line && good; line++) {
    uint8_t read[32];
    const char *value = *line + strlen(SHA_256);
    if (!begins(*line, SHA_256)) continue;
    good = strlen(value) == 3 * sizeof read - 1;
    for (size_t i = 0; i < sizeof read && good; i++) {
      int high = g_ascii_xdigit_value(value[3 * i]), low = g_ascii_xdigit_value(value[3 * i + 1]);
      good = high >= 0 && low >= 0 && value[3 * i + 2] == (i + 1 < sizeof read ? ':' : 0);
      if (good) read[i] = (uint8_t)(high << 4 | low);
    }
    good = good && (!found || memcmp(read, fingerprint, sizeof read) == 0);
    if (good) memcpy(fingerprint, read, sizeof read);
    found = TRUE;
  }
  g_strfreev(lines);
  return found && good;
}

/* The description to set, or NULL. Only the SHA-256 fingerprint is bound, and a stack may go by another: those go. Parsers do not agree on
 * characters beyond printable ASCII, so that one could see a fingerprint where another sees none: refused. */
static char *clean(const char *sdp) {
  GString *kept = g_string_new(NULL);
  char **whole = g_strsplit(sdp, "\n", -1), **lines = lines_of(sdp);
  gboolean good = TRUE;
  for (int i = 0; lines[i]; i++) {
    for (const char *c = lines[i]; *c; c++) good = good && *c >= ' ' && *c <= '~';
    if (begins(lines[i], LINE) || (begins(lines[i], "a=fingerprint") && !begins(lines[i], SHA_256))) continue;
    g_string_append(kept, whole[i]);
    if (lines[i + 1]) g_string_append_c(kept, '\n');
  }
  g_strfreev(whole);
  g_strfreev(lines);
  return g_string_free(kept, !good);
}
/* docs:end fingerprint */

void signaling_clear(signaling_message *message) {
  g_free(message->type);
  g_free(message->sdp);
  g_free(message->pqrtc);
  memset(message, 0, sizeof *message);
}

char *signaling_encode(const char *type, const char *sdp, const uint8_t *pqrtc, size_t len) {
  JsonObject *object = json_object_new();
  char *base64 = g_base64_encode(pqrtc, len);
  json_object_set_string_member(object, "type", type);
  if (sdp != NULL) json_object_set_string_member(object, "sdp", sdp);
  json_object_set_string_member(object, "pqrtc", base64);
  JsonNode *node = json_node_init_object(json_node_alloc(), object);
  char *text = json_to_string(node, FALSE);
  json_node_unref(node);
  json_object_unref(object);
  g_free(base64);
  return text;
}

static const char *member(JsonNode *node, const char *name) {
  JsonNode *found = JSON_NODE_HOLDS_OBJECT(node) ? json_object_get_member(json_node_get_object(node), name) : NULL;
  return found && JSON_NODE_HOLDS_VALUE(found) && json_node_get_value_type(found) == G_TYPE_STRING ? json_node_get_string(found) : "";
}

gboolean signaling_decode(const char *text, signaling_message *message) {
  JsonNode *node = json_from_string(text, NULL);
  memset(message, 0, sizeof *message);
  if (node == NULL) return FALSE;
  message->type = g_strdup(member(node, "type"));
  gboolean with_sdp = g_str_equal(message->type, "offer") || g_str_equal(message->type, "answer");
  if (with_sdp && *member(node, "sdp")) message->sdp = clean(member(node, "sdp"));
  /* Without pqrtc the call does not go on. */
  gboolean good = (with_sdp ? message->sdp != NULL : g_str_equal(message->type, "pqrtc")) && unbase64(member(node, "pqrtc"), message);
  json_node_unref(node);
  if (!good) signaling_clear(message);
  return good;
}

char *signaling_into_sdp(const char *sdp, const uint8_t *pqrtc, size_t len) {
  char *base64 = g_base64_encode(pqrtc, len);
  size_t size = strlen(base64), n = (size + SIGNALING_LINE_MAX - 1) / SIGNALING_LINE_MAX;
  const char *media = g_str_has_prefix(sdp, "m=") ? sdp : strstr(sdp, "\nm=");
  size_t at = media == NULL ? strlen(sdp) : (size_t)(media - sdp) + (*media == '\n');
  GString *out = g_string_new_len(sdp, (gssize)at);
  for (size_t i = 0; i < n; i++) {
    g_string_append_printf(out, "%s%zu/%zu %.*s\r\n", LINE, i + 1, n, SIGNALING_LINE_MAX, base64 + i * SIGNALING_LINE_MAX);
  }
  g_string_append(out, sdp + at);
  g_free(base64);
  return g_string_free(out, FALSE);
}

gboolean signaling_from_sdp(const char *type, const char *sdp, signaling_message *message) {
  char **lines = lines_of(sdp);
  GString *text = g_string_new(NULL);
  gboolean media = FALSE, good = TRUE;
  int n = 0, i = 0;
  memset(message, 0, sizeof *message);
  for (char **line = lines; *line; line++) {
    media = media || g_str_has_prefix(*line, "m=");
    if (!g_str_has_prefix(*line, LINE)) continue;
    good = good && !media;
    n++;
  }
  for (char **line = lines; *line && good; line++) {
    if (!g_str_has_prefix(*line, LINE)) continue;
    char *begin = g_strdup_printf("%s%d/%d ", LINE, ++i, n);
    size_t part = strlen(*line) - MIN(strlen(*line), strlen(begin));
    good = g_str_has_prefix(*line, begin) && part > 0 && part <= SIGNALING_LINE_MAX;
    if (good) g_string_append(text, *line + strlen(begin));
    g_free(begin);
  }
  message->type = g_strdup(type);
  message->sdp = clean(sdp);
  good = good && message->sdp != NULL && unbase64(text->str, message);
  g_string_free(text, TRUE);
  g_strfreev(lines);
  if (!good) signaling_clear(message);
  return good;
}
