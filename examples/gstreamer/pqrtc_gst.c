#include "pqrtc_gst.h"

typedef struct {
  pqrtc_sframe_sender **sender;
  pqrtc_sframe_receiver *receiver;
  uint32_t codec;
} transform;

/* docs:begin probe */
/* Replaces a buffer by what it was sealed or opened to; timestamps, flags and metas stay. */
static GstPadProbeReturn on_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer data) {
  const transform *t = data;
  GstBuffer *in = GST_PAD_PROBE_INFO_BUFFER(info), *out;
  GstMapInfo from, to;
  size_t cap, len = 0;
  pqrtc_status status;
  const pqrtc_sframe_sender *sender = t->sender ? g_atomic_pointer_get(t->sender) : NULL;
  (void)pad;

  if (t->sender && !sender) return GST_PAD_PROBE_DROP; /* there is no call yet */
  if (!gst_buffer_map(in, &from, GST_MAP_READ)) return GST_PAD_PROBE_DROP;
  cap = sender ? pqrtc_frame_seal_max_size(t->codec, from.size) : pqrtc_frame_open_max_size(t->codec, from.size);
  out = gst_buffer_new_allocate(NULL, cap, NULL);
  gst_buffer_map(out, &to, GST_MAP_WRITE);
  status = sender ? pqrtc_frame_seal(sender, t->codec, NULL, 0, from.data, from.size, to.data, to.size, &len)
                     : pqrtc_frame_open(t->receiver, t->codec, NULL, 0, from.data, from.size, to.data, to.size, &len, NULL, NULL);
  gst_buffer_unmap(out, &to);
  gst_buffer_unmap(in, &from);
  if (status != PQRTC_OK) {
    gst_buffer_unref(out);
    gst_buffer_unref(in);
    GST_PAD_PROBE_INFO_DATA(info) = NULL;
    return GST_PAD_PROBE_HANDLED; /* dropped, and the pipeline goes on */
  }
  gst_buffer_set_size(out, (gssize)len);
  gst_buffer_copy_into(out, in, GST_BUFFER_COPY_METADATA, 0, -1);
  gst_buffer_unref(in);
  GST_PAD_PROBE_INFO_DATA(info) = out;
  return GST_PAD_PROBE_OK;
}
/* docs:end probe */

static void add(GstPad *pad, pqrtc_sframe_sender **sender, pqrtc_sframe_receiver *receiver, uint32_t codec) {
  transform *t = g_new0(transform, 1);
  t->sender = sender;
  t->receiver = receiver;
  t->codec = codec;
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, t, g_free);
}

void pqrtc_gst_seal(GstPad *encoder_src, pqrtc_sframe_sender **sender, uint32_t codec) {
  add(encoder_src, sender, NULL, codec);
}

void pqrtc_gst_open(GstPad *depayloader_src, pqrtc_sframe_receiver *receiver, uint32_t codec) {
  add(depayloader_src, NULL, receiver, codec);
}
