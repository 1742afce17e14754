/* Scalable video by libaom and libvpx: `svc CODEC SPATIAL TEMPORAL INPUT.y4m OUTPUT.ivf`, with CODEC av1 or vp9. Each frame in the output is a
   whole superframe, all its spatial layers. The input is I420. */
#include <aom/aom_encoder.h>
#include <aom/aomcx.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

enum { WIDTH = 320, HEIGHT = 240, SIZE = WIDTH * HEIGHT * 3 / 2, MOST = 1 << 22 };

static uint8_t picture[SIZE], frame[MOST];
static size_t frame_len;
static FILE *in, *out;
static int spatial, temporal, count;

static void need(int condition, const char *what) {
  if (!condition) {
    fprintf(stderr, "%s\n", what);
    exit(1);
  }
}

static void put(uint64_t value, int bytes) {
  for (; bytes > 0; bytes--, value >>= 8) fputc((int)(value & 255), out);
}

static void append(const void *p, size_t len) {
  need(frame_len + len <= MOST, "a frame too large");
  memcpy(frame + frame_len, p, len);
  frame_len += len;
}

static void end_frame(void) {
  if (frame_len == 0) return;
  put(frame_len, 4);
  put((uint64_t)count++, 8);
  fwrite(frame, 1, frame_len, out);
  frame_len = 0;
}

static int next_picture(void) {
  char line[64];
  return fgets(line, sizeof line, in) != NULL && fread(picture, 1, SIZE, in) == SIZE;
}

static int temporal_id(int n) { return temporal == 1 ? 0 : n % 2; }

static void av1(void) {
  aom_codec_enc_cfg_t cfg;
  aom_codec_ctx_t codec;
  aom_image_t image;
  aom_codec_iface_t *iface = aom_codec_av1_cx();
  need(aom_codec_enc_config_default(iface, &cfg, AOM_USAGE_REALTIME) == 0, "configuration");
  cfg.g_w = WIDTH, cfg.g_h = HEIGHT, cfg.g_timebase.num = 1, cfg.g_timebase.den = 25;
  cfg.g_lag_in_frames = 0, cfg.rc_end_usage = AOM_CBR, cfg.rc_target_bitrate = 600, cfg.g_error_resilient = 0, cfg.kf_max_dist = 8;
  need(aom_codec_enc_init(&codec, iface, &cfg, 0) == 0, "encoder");
  aom_svc_params_t svc = {.number_spatial_layers = spatial, .number_temporal_layers = temporal};
  for (int s = 0; s < spatial; s++) {
    svc.scaling_factor_num[s] = 1, svc.scaling_factor_den[s] = 1 << (spatial - 1 - s);
    for (int t = 0; t < temporal; t++) {
      int layer = s * temporal + t;
      svc.max_quantizers[layer] = 56, svc.min_quantizers[layer] = 10;
      svc.layer_target_bitrate[layer] = 200 * (s + 1) * (t + 1) / temporal;
    }
  }
  for (int t = 0; t < temporal; t++) svc.framerate_factor[t] = temporal == 2 && t == 0 ? 2 : 1;
  need(aom_codec_control(&codec, AOME_SET_CPUUSED, 9) == 0, "speed");
  need(aom_codec_control(&codec, AV1E_SET_SVC_PARAMS, &svc) == 0, "layers");
  need(aom_img_wrap(&image, AOM_IMG_FMT_I420, WIDTH, HEIGHT, 1, picture) != NULL, "image");
  for (int n = 0; next_picture(); n++) {
    for (int s = 0; s < spatial; s++) {
      aom_svc_layer_id_t id = {.spatial_layer_id = s, .temporal_layer_id = temporal_id(n)};
      need(aom_codec_control(&codec, AV1E_SET_SVC_LAYER_ID, &id) == 0, "layer");
      /* Slot s has the last picture of layer s; a layer refers to its own and to the one below. Upper temporal layers are referred to by nobody. */
      aom_svc_ref_frame_config_t refs;
      memset(&refs, 0, sizeof refs);
      for (int i = 0; i < 7; i++) refs.ref_idx[i] = s;
      refs.reference[0] = 1;
      if (s > 0) refs.ref_idx[3] = s - 1, refs.reference[3] = 1;
      if (id.temporal_layer_id == 0) {
        refs.refresh[s] = 1;
      } else {
        refs.refresh[4 + s] = s + 1 < spatial;
        if (s > 0) refs.ref_idx[3] = 4 + s - 1;
      }
      need(aom_codec_control(&codec, AV1E_SET_SVC_REF_FRAME_CONFIG, &refs) == 0, "references");
      need(aom_codec_encode(&codec, &image, n, 1, 0) == 0, aom_codec_error_detail(&codec) ? aom_codec_error_detail(&codec) : "encode");
      const aom_codec_cx_pkt_t *packet;
      aom_codec_iter_t iter = NULL;
      while ((packet = aom_codec_get_cx_data(&codec, &iter)) != NULL) {
        if (packet->kind == AOM_CODEC_CX_FRAME_PKT) append(packet->data.frame.buf, packet->data.frame.sz);
      }
    }
    end_frame();
  }
  aom_codec_destroy(&codec);
}

static void vp9(void) {
  vpx_codec_enc_cfg_t cfg;
  vpx_codec_ctx_t codec;
  vpx_image_t image;
  need(vpx_codec_enc_config_default(vpx_codec_vp9_cx(), &cfg, 0) == 0, "configuration");
  cfg.g_w = WIDTH, cfg.g_h = HEIGHT, cfg.g_timebase.num = 1, cfg.g_timebase.den = 25;
  cfg.g_lag_in_frames = 0, cfg.rc_end_usage = VPX_CBR, cfg.g_pass = VPX_RC_ONE_PASS, cfg.g_error_resilient = 1, cfg.kf_max_dist = 8;
  cfg.ss_number_layers = (unsigned)spatial, cfg.ts_number_layers = (unsigned)temporal;
  cfg.temporal_layering_mode = temporal == 2 ? VP9E_TEMPORAL_LAYERING_MODE_0101 : VP9E_TEMPORAL_LAYERING_MODE_NOLAYERING;
  vpx_svc_extra_cfg_t svc;
  memset(&svc, 0, sizeof svc);
  for (int t = 0; t < temporal; t++) cfg.ts_rate_decimator[t] = temporal == 2 && t == 0 ? 2 : 1;
  for (int s = 0; s < spatial; s++) {
    svc.scaling_factor_num[s] = 1, svc.scaling_factor_den[s] = 1 << (spatial - 1 - s), svc.max_quantizers[s] = 56, svc.min_quantizers[s] = 10;
    for (int t = 0; t < temporal; t++) cfg.layer_target_bitrate[s * temporal + t] = (unsigned)(200 * (s + 1) * (t + 1) / temporal);
    cfg.ss_target_bitrate[s] = (unsigned)(200 * (s + 1));
    cfg.rc_target_bitrate += s == 0 ? 0 : cfg.ss_target_bitrate[s];
  }
  need(vpx_codec_enc_init(&codec, vpx_codec_vp9_cx(), &cfg, 0) == 0, vpx_codec_error_detail(&codec) ? vpx_codec_error_detail(&codec) : "encoder");
  need(vpx_codec_control(&codec, VP8E_SET_CPUUSED, 8) == 0 && vpx_codec_control(&codec, VP9E_SET_SVC, 1) == 0, "SVC");
  need(vpx_codec_control(&codec, VP9E_SET_SVC_PARAMETERS, &svc) == 0, "layers");
  need(vpx_img_wrap(&image, VPX_IMG_FMT_I420, WIDTH, HEIGHT, 1, picture) != NULL, "image");
  for (int n = 0; next_picture(); n++) {
    need(vpx_codec_encode(&codec, &image, n, 1, 0, VPX_DL_REALTIME) == 0, "encode");
    const vpx_codec_cx_pkt_t *packet;
    vpx_codec_iter_t iter = NULL;
    while ((packet = vpx_codec_get_cx_data(&codec, &iter)) != NULL) {
      if (packet->kind == VPX_CODEC_CX_FRAME_PKT) append(packet->data.frame.buf, packet->data.frame.sz);
    }
    end_frame();
  }
  vpx_codec_destroy(&codec);
}

int main(int argc, char **argv) {
  char line[256];
  need(argc == 6, "svc CODEC SPATIAL TEMPORAL INPUT OUTPUT");
  spatial = atoi(argv[2]), temporal = atoi(argv[3]);
  need((in = fopen(argv[4], "rb")) != NULL && fgets(line, sizeof line, in) != NULL, "input");
  need((out = fopen(argv[5], "wb")) != NULL, "output");
  int is_av1 = strcmp(argv[1], "av1") == 0;
  fwrite("DKIF\0\0\40\0", 1, 8, out);
  fwrite(is_av1 ? "AV01" : "VP90", 1, 4, out);
  put(WIDTH, 2), put(HEIGHT, 2), put(25, 4), put(1, 4), put(0, 8);
  is_av1 ? av1() : vp9();
  need(fclose(out) == 0, "output");
  return 0;
}
