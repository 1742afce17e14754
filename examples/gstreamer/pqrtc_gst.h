/* SFrame for GStreamer pipelines: pad probes that seal what an encoder puts out and open what a depayloader puts out. */
#ifndef PQRTC_GST_H
#define PQRTC_GST_H

#include <gst/gst.h>
#include <pqrtc.h>

/* Seals each buffer that leaves `encoder_src`, the source pad of an encoder. H.264 needs stream-format=avc, alignment=au
 * (PQRTC_CODEC_H264_AVCC). A frame that cannot be sealed is dropped: nothing leaves in the clear. Call it before the pipeline plays, because
 * webrtcbin keeps what comes before it is connected: *sender may be NULL until the call is made. The sender outlives the pad. */
void pqrtc_gst_seal(GstPad *encoder_src, pqrtc_sframe_sender **sender, uint32_t codec);

/* Opens each buffer that leaves `depayloader_src`; what does not authenticate is dropped. The receiver outlives the pad. */
void pqrtc_gst_open(GstPad *depayloader_src, pqrtc_sframe_receiver *receiver, uint32_t codec);

#endif
