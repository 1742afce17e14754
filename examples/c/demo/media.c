/* Alice's camera to Bob's screen: a VP8 clip, sealed frame by frame, cut in packets, over UDP on a bad network, opened, and played back to
   the same bytes. usage: media CLIP.ivf PLAYED.ivf */
#include "demo.h"

enum { HEADER = 13, PAYLOAD = 1100, MAX_FRAMES = 1000, MAX_PACKETS = 8000, HELD = 8 };

struct packet {
  uint8_t bytes[HEADER + PAYLOAD]; /* an RTP header, one byte that says whether a frame begins here, and a piece of a sealed frame */
  size_t len;
};

struct clip {
  uint8_t *bytes; /* the whole IVF file */
  size_t len, count;
  struct {
    size_t at, len;
  } frame[MAX_FRAMES];
};

static uint32_t little32(const uint8_t *p) { return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24; }

static struct clip read_clip(const char *path) {
  struct clip clip = {malloc(1 << 24), 0, 0, {{0, 0}}};
  FILE *file = fopen(path, "rb");
  REQUIRE(file != NULL && clip.bytes != NULL);
  clip.len = fread(clip.bytes, 1, 1 << 24, file);
  fclose(file);
  REQUIRE(clip.len > 32 && memcmp(clip.bytes, "DKIF", 4) == 0 && memcmp(clip.bytes + 8, "VP80", 4) == 0);
  for (size_t at = 32; at + 12 <= clip.len && clip.count < MAX_FRAMES; clip.count++) {
    size_t len = little32(clip.bytes + at);
    REQUIRE(len <= clip.len - at - 12);
    clip.frame[clip.count].at = at + 12;
    clip.frame[clip.count].len = len;
    at += 12 + len;
  }
  REQUIRE(clip.count > 10);
  return clip;
}

/* The network: one datagram in 12 is lost, one in 30 comes twice, one in 8 comes late; the same ones on each run. */
static struct {
  int out, in;
  uint64_t state;
  const struct packet *held[HELD];
  unsigned sent, lost, doubled, late;
} network = {.state = 2026};

static unsigned chance(void) {
  network.state = network.state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(network.state >> 40);
}

static void deliver(const struct packet *p) {
  REQUIRE(send(network.out, p->bytes, p->len, 0) == (ssize_t)p->len);
}

static void release_held(void) {
  for (size_t i = 0; i < HELD; i++) {
    if (network.held[i] != NULL) {
      deliver(network.held[i]);
      network.held[i] = NULL;
    }
  }
}

static void transmit(const struct packet *p) {
  size_t slot = chance() % HELD;
  network.sent++;
  if (chance() % 12 == 0) {
    network.lost++;
    return;
  }
  if (chance() % 8 == 0 && network.held[slot] == NULL) {
    network.held[slot] = p; /* overtaken by those that come next */
    network.late++;
    return;
  }
  deliver(p);
  if (chance() % 30 == 0) {
    network.doubled++;
    deliver(p);
  }
  if (network.held[slot] != NULL) {
    deliver(network.held[slot]);
    network.held[slot] = NULL;
  }
}

/* Alice. */
static struct packet sent[MAX_PACKETS];
static size_t sent_len;
static double seal_us[MAX_FRAMES], open_us[MAX_FRAMES];

static void send_frame(const pqrtc_sframe_sender *sender, const uint8_t *frame, size_t frame_len, size_t index) {
  size_t cap = pqrtc_frame_seal_max_size(PQRTC_CODEC_VP8, frame_len), len = 0;
  uint8_t *sealed = malloc(cap);
  REQUIRE(sealed != NULL);
  double start = now_us();
  MUST(pqrtc_frame_seal(sender, PQRTC_CODEC_VP8, NULL, 0, frame, frame_len, sealed, cap, &len));
  seal_us[index] = now_us() - start;
  for (size_t at = 0; at < len; at += PAYLOAD) {
    size_t piece = len - at < PAYLOAD ? len - at : PAYLOAD;
    REQUIRE(sent_len < MAX_PACKETS);
    struct packet *p = &sent[sent_len];
    uint32_t timestamp = htonl((uint32_t)index * 3600), ssrc = htonl(0xa11ce);
    uint16_t sequence = htons((uint16_t)sent_len);
    p->bytes[0] = 0x80;
    p->bytes[1] = (uint8_t)((at + piece == len ? 0x80 : 0) | 96); /* the marker ends a frame */
    memcpy(p->bytes + 2, &sequence, 2);
    memcpy(p->bytes + 4, &timestamp, 4);
    memcpy(p->bytes + 8, &ssrc, 4);
    p->bytes[12] = at == 0 ? 0x10 : 0;
    memcpy(p->bytes + HEADER, sealed + at, piece);
    p->len = HEADER + piece;
    sent_len++;
    transmit(p);
  }
  free(sealed);
}

/* Bob. */
static struct packet got[MAX_PACKETS];
static struct {
  pqrtc_sframe_receiver *receiver;
  uint8_t *frame[MAX_FRAMES];
  size_t len[MAX_FRAMES], frames, packets, twice;
} bob;

/* Opens the frame that the packet at `sequence` belongs to, once all of it is there. */
static void try_frame(size_t sequence) {
  static uint8_t sealed[1 << 20];
  size_t first = sequence, last = sequence, len = 0, index;
  uint32_t timestamp;
  while (got[first].len != 0 && got[first].bytes[12] == 0 && first > 0) {
    first--;
  }
  while (got[last].len != 0 && (got[last].bytes[1] & 0x80) == 0 && last + 1 < MAX_PACKETS) {
    last++;
  }
  for (size_t i = first; i <= last; i++) {
    if (got[i].len == 0) {
      return;
    }
    REQUIRE(len + got[i].len <= sizeof sealed);
    memcpy(sealed + len, got[i].bytes + HEADER, got[i].len - HEADER);
    len += got[i].len - HEADER;
  }
  memcpy(&timestamp, got[first].bytes + 4, 4);
  index = ntohl(timestamp) / 3600;
  REQUIRE(index < MAX_FRAMES && bob.frame[index] == NULL);
  size_t cap = pqrtc_frame_open_max_size(PQRTC_CODEC_VP8, len);
  bob.frame[index] = malloc(cap);
  REQUIRE(bob.frame[index] != NULL);
  double start = now_us();
  MUST(pqrtc_frame_open(bob.receiver, PQRTC_CODEC_VP8, NULL, 0, sealed, len, bob.frame[index], cap, &bob.len[index], NULL, NULL));
  open_us[index] = now_us() - start;
  bob.frames++;
}

static void receive(void) {
  struct packet p;
  ssize_t n;
  while ((n = recv(network.in, p.bytes, sizeof p.bytes, MSG_DONTWAIT)) > HEADER) {
    size_t sequence = (size_t)p.bytes[2] << 8 | p.bytes[3];
    REQUIRE(sequence < MAX_PACKETS);
    if (got[sequence].len != 0) {
      bob.twice++;
      continue;
    }
    p.len = (size_t)n;
    got[sequence] = p;
    bob.packets++;
    try_frame(sequence);
  }
}

static void connect_network(void) {
  unsigned port = 0, unused = 0;
  network.in = bound(SOCK_DGRAM, &port);
  network.out = bound(SOCK_DGRAM, &unused);
  struct sockaddr_in address = loopback(port);
  REQUIRE(connect(network.out, (struct sockaddr *)&address, sizeof address) == 0);
}

/* The key exchange of the join, in one process. */
static void agree(pqrtc_session **alice, pqrtc_session **bobs) {
  uint8_t bundle[PQRTC_X_WING_BUNDLE_BYTES], exchange[PQRTC_X_WING_EXCHANGE_BYTES];
  pqrtc_hybrid_keypair *keys = NULL;
  MUST(pqrtc_hybrid_keypair_generate(PQRTC_SUITE_X_WING, &keys));
  MUST(pqrtc_hybrid_keypair_bundle(keys, bundle, sizeof bundle));
  MUST(pqrtc_hybrid_initiate(PQRTC_SUITE_X_WING, bundle, sizeof bundle, exchange, sizeof exchange, alice));
  MUST(pqrtc_hybrid_respond(keys, exchange, sizeof exchange, bobs));
  pqrtc_hybrid_keypair_free(keys);
}

static double median(double *times, size_t count) {
  qsort(times, count, sizeof *times, compare_us);
  return times[count / 2];
}

static void play_back(const struct clip *clip, const char *path) {
  FILE *file = fopen(path, "wb");
  size_t at = 0;
  REQUIRE(file != NULL);
  for (size_t i = 0; i < clip->count; i++) {
    REQUIRE(bob.len[i] == clip->frame[i].len && memcmp(bob.frame[i], clip->bytes + clip->frame[i].at, bob.len[i]) == 0);
    fwrite(clip->bytes + at, 1, clip->frame[i].at - at, file); /* the container's own bytes */
    fwrite(bob.frame[i], 1, bob.len[i], file);
    at = clip->frame[i].at + clip->frame[i].len;
  }
  REQUIRE(fclose(file) == 0);
}

/* Someone on the path flips one byte of a frame, then sends a frame again that Bob has seen. */
static void attack(const pqrtc_sframe_sender *sender, const struct clip *clip) {
  static uint8_t sealed[1 << 20], out[1 << 20];
  size_t len = 0, opened = 0;
  MUST(pqrtc_frame_seal(sender, PQRTC_CODEC_VP8, NULL, 0, clip->bytes + clip->frame[1].at, clip->frame[1].len, sealed, sizeof sealed, &len));
#define OPEN() pqrtc_frame_open(bob.receiver, PQRTC_CODEC_VP8, NULL, 0, sealed, len, out, sizeof out, &opened, NULL, NULL)
  sealed[len / 2] ^= 1;
  MUST_GIVE(OPEN(), PQRTC_DECRYPTION_FAILED);
  row("mallory", 0, 0, 0, "flips one byte of a frame: refused");
  sealed[len / 2] ^= 1;
  sealed[0] ^= 2; /* in the part that the packetizer sees */
  MUST_GIVE(OPEN(), PQRTC_DECRYPTION_FAILED);
  row("mallory", 0, 0, 0, "flips one bit of the clear prefix: refused");
  sealed[0] ^= 2;
  MUST(OPEN());
  MUST_GIVE(OPEN(), PQRTC_REPLAYED_FRAME);
  row("mallory", 0, 0, 0, "sends a frame again: refused");
}

int main(int argc, char **argv) {
  pqrtc_session *alice = NULL, *bobs = NULL;
  pqrtc_sframe_sender *sender = NULL;
  if (argc != 3) {
    stop("usage", "media CLIP.ivf PLAYED.ivf");
  }
  struct clip clip = read_clip(argv[1]);
  agree(&alice, &bobs);
  MUST(pqrtc_sframe_sender_new(alice, 1, PQRTC_SFRAME_AES_256_GCM_SHA512_128, &sender));
  MUST(pqrtc_sframe_receiver_new(PQRTC_SFRAME_AES_256_GCM_SHA512_128, &bob.receiver));
  MUST(pqrtc_sframe_receiver_add_session(bob.receiver, bobs, 1));
  connect_network();

  heading("Media, SFrame with AES-256-GCM over UDP");
  row("alice", clip.len, 0, 0, "has a VP8 clip of %zu frames", clip.count);
  for (size_t i = 0; i < clip.count; i++) {
    send_frame(sender, clip.bytes + clip.frame[i].at, clip.frame[i].len, i);
    receive();
  }
  release_held();
  receive();
  row("alice", 0, 0, median(seal_us, clip.count), "seals each frame (median time)");
  row("network", 0, 0, 0, "%u packets: %u lost, %u late, %u twice", network.sent, network.lost, network.late, network.doubled);
  REQUIRE(network.lost > 0 && network.late > 0 && network.doubled > 0);
  row("bob", 0, 0, 0, "opens %zu of %zu frames at once", bob.frames, clip.count);

  unsigned rounds = 0, again = 0;
  for (; bob.packets < sent_len; rounds++) { /* he asks for what is missing, over the same network */
    REQUIRE(rounds < 50);
    for (size_t i = 0; i < sent_len; i++) {
      if (got[i].len == 0) {
        again++;
        transmit(&sent[i]);
      }
    }
    release_held();
    receive();
  }
  REQUIRE(bob.frames == clip.count);
  row("bob", 0, 0, 0, "asks again for %u packets in %u rounds, opens all", again, rounds);
  row("bob", 0, 0, median(open_us, clip.count), "opens each frame (median time)");
  play_back(&clip, argv[2]);
  row("bob", clip.len, 0, 0, "plays back: the same bytes");
  attack(sender, &clip);

  pqrtc_sframe_stats stats = {.size = sizeof stats};
  MUST(pqrtc_sframe_receiver_stats(bob.receiver, &stats));
  REQUIRE(stats.opened == clip.count + 1 && stats.decryption_failed == 2 && stats.replayed == 1);
  for (size_t i = 0; i < clip.count; i++) {
    free(bob.frame[i]);
  }
  pqrtc_sframe_sender_free(sender);
  pqrtc_sframe_receiver_free(bob.receiver);
  pqrtc_session_free(alice);
  pqrtc_session_free(bobs);
  free(clip.bytes);
  return 0;
}
