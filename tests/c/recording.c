/* Recordings in segments: a whole one verifies, also after a crash; a spliced, cut, altered or foreign one does not; and wrong calls change
   nothing. */
#include "test.h"

enum { SEGMENTS = 4, ENTRY_MAX = 4710, STATE_MAX = 75 };

static const char *const segments[SEGMENTS] = {"the first", "the second, which is longer", "", "the last"};
static const uint8_t id[] = {'m', 'e', 'e', 't', 'i', 'n', 'g', ' ', '7'};

struct recording {
  uint32_t algorithm;
  pqrtc_signing_key *key;
  uint8_t pk[PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES];
  size_t pk_len, entry_len;
  uint8_t entries[SEGMENTS][ENTRY_MAX];
};

static pqrtc_recording_verifier *verifier_of(const struct recording *r) {
  pqrtc_recording_verifier *v = NULL;
  CHECK_OK(pqrtc_recording_verifier_new(r->algorithm, r->pk, r->pk_len, id, sizeof id, &v));
  return v;
}

static pqrtc_status show(pqrtc_recording_verifier *v, const char *segment, const uint8_t *entry, size_t entry_len) {
  /* in two pieces */
  const size_t len = strlen(segment), half = len / 2;
  CHECK_OK(pqrtc_recording_verifier_update(v, (const uint8_t *)segment, half));
  CHECK_OK(pqrtc_recording_verifier_update(v, (const uint8_t *)segment + half, len - half));
  return pqrtc_recording_verifier_entry(v, entry, entry_len);
}

static pqrtc_status shown(pqrtc_recording_verifier *v, const struct recording *r, int segment, int entry) {
  return show(v, segments[segment], r->entries[entry], r->entry_len);
}

/* The recorder crashes before each entry, and goes on from its stored state. */
static void make(struct recording *r, uint32_t algorithm) {
  pqrtc_recording_signer *s = NULL;
  uint8_t state[STATE_MAX];
  size_t state_len = 0, wanted = 0, n;
  r->algorithm = algorithm;
  CHECK_OK(pqrtc_signature_sizes(algorithm, &r->pk_len, &n, &wanted));
  CHECK_OK(pqrtc_signing_key_generate(algorithm, &r->key));
  CHECK_OK(pqrtc_signing_key_public_key(r->key, r->pk, r->pk_len));
  CHECK_OK(pqrtc_recording_signer_new(r->key, id, sizeof id, &s));
  for (int i = 0; i < SEGMENTS; i++) {
    CHECK_OK(pqrtc_recording_signer_state(s, state, sizeof state, &state_len));
    CHECK(state_len == (algorithm == PQRTC_SIGNATURE_ML_DSA_87 ? 75u : 43u));
    CHECK_OK(pqrtc_recording_signer_update(s, (const uint8_t *)"lost in the crash", 17));
    CHECK_STATUS(pqrtc_recording_signer_state(s, state, sizeof state, &n), PQRTC_UNEXPECTED_MESSAGE);
    pqrtc_recording_signer_free(s);
    CHECK_OK(pqrtc_recording_signer_resume(r->key, id, sizeof id, state, state_len, &s));
    if (algorithm != PQRTC_SIGNATURE_ML_DSA_65_ED25519) {
      uint8_t none[5000];
      CHECK_STATUS(pqrtc_recording_signer_cose(s, none, sizeof none, &n), PQRTC_UNEXPECTED_MESSAGE);
    }
    CHECK_OK(pqrtc_recording_signer_update(s, (const uint8_t *)segments[i], strlen(segments[i])));
    CHECK_STATUS(pqrtc_recording_signer_entry(s, 0, NULL, 0, &wanted), PQRTC_BUFFER_TOO_SMALL);
    CHECK_STATUS(pqrtc_recording_signer_entry(s, 1, r->entries[i], wanted - 1, &n), PQRTC_BUFFER_TOO_SMALL);
    CHECK(n == wanted);
    CHECK_STATUS(pqrtc_recording_signer_entry(s, 2, r->entries[i], wanted, &n), PQRTC_INVALID_ARGUMENT);
    CHECK_STATUS(pqrtc_recording_signer_entry(s, UINT32_MAX, r->entries[i], wanted, &n), PQRTC_INVALID_ARGUMENT);
    CHECK_OK(pqrtc_recording_signer_entry(s, i + 1 == SEGMENTS, r->entries[i], ENTRY_MAX, &r->entry_len));
    CHECK(r->entry_len == wanted);
    uint8_t cose[5000];
    const pqrtc_status made = pqrtc_recording_signer_cose(s, cose, sizeof cose, &n);
    CHECK_STATUS(made, algorithm == PQRTC_SIGNATURE_ML_DSA_65_ED25519 ? PQRTC_UNSUPPORTED : PQRTC_OK);
    if (made == PQRTC_OK) {
      /* c_i and the head */
      const size_t c_len = state_len - 11, head_len = 19 + c_len;
      CHECK(n == 3320 + 2 + c_len + head_len + (algorithm == PQRTC_SIGNATURE_ML_DSA_87 ? 4638u - 3320u : 0u));
      CHECK_SAME(cose + 10, state + 11, c_len);
      CHECK_SAME(cose + 10 + c_len, r->entries[i], head_len);
    }
  }
  /* It has ended, and so has whoever goes on from here. */
  CHECK_OK(pqrtc_recording_signer_state(s, state, sizeof state, &state_len));
  CHECK(state[2] == 1);
  for (int resumed = 0; resumed < 2; resumed++) {
    uint8_t more[ENTRY_MAX];
    CHECK_STATUS(pqrtc_recording_signer_update(s, id, 1), PQRTC_UNEXPECTED_MESSAGE);
    CHECK_STATUS(pqrtc_recording_signer_entry(s, 1, more, sizeof more, &n), PQRTC_UNEXPECTED_MESSAGE);
    pqrtc_recording_signer_free(s);
    CHECK_OK(pqrtc_recording_signer_resume(r->key, id, sizeof id, state, state_len, &s));
  }
  pqrtc_recording_signer_free(s);
}

static void spliced(const struct recording *r) {
  pqrtc_recording_verifier *v = verifier_of(r);
  uint8_t altered[ENTRY_MAX + 1];
  for (int i = 0; i < SEGMENTS; i++) {
    /* each entry but the right one, with its own segment and with this one */
    for (int other = 0; other < SEGMENTS; other++) {
      if (other != i) {
        CHECK_STATUS(shown(v, r, other, other), PQRTC_OUT_OF_SEQUENCE);
        CHECK_STATUS(shown(v, r, i, other), PQRTC_OUT_OF_SEQUENCE);
        CHECK_STATUS(shown(v, r, other, i), PQRTC_DIGEST_MISMATCH);
      }
    }
    memcpy(altered, r->entries[i], r->entry_len);
    altered[r->entry_len] = 0;
    CHECK_STATUS(show(v, segments[i], altered, r->entry_len - 1), PQRTC_MALFORMED_MESSAGE);
    CHECK_STATUS(show(v, segments[i], altered, r->entry_len + 1), PQRTC_MALFORMED_MESSAGE);
    CHECK_STATUS(show(v, segments[i], altered, 0), PQRTC_MALFORMED_MESSAGE);
    altered[2] ^= 1; /* last or not */
    CHECK_STATUS(show(v, segments[i], altered, r->entry_len), PQRTC_BAD_SIGNATURE);
    altered[2] ^= 1;
    altered[r->entry_len - 1] ^= 1;
    CHECK_STATUS(show(v, segments[i], altered, r->entry_len), PQRTC_BAD_SIGNATURE);
    /* A NULL pointer is no refusal: the segment stays. */
    CHECK_OK(pqrtc_recording_verifier_update(v, (const uint8_t *)segments[i], strlen(segments[i])));
    CHECK_STATUS(pqrtc_recording_verifier_entry(v, NULL, r->entry_len), PQRTC_NULL_POINTER);
    CHECK_STATUS(pqrtc_recording_verifier_finish(v), PQRTC_INCOMPLETE);
    CHECK_OK(pqrtc_recording_verifier_entry(v, r->entries[i], r->entry_len));
  }
  CHECK_OK(pqrtc_recording_verifier_finish(v));
  CHECK_STATUS(shown(v, r, SEGMENTS - 1, SEGMENTS - 1), PQRTC_MALFORMED_MESSAGE);
  CHECK_OK(pqrtc_recording_verifier_finish(v));
  CHECK_OK(pqrtc_recording_verifier_update(v, id, 1));
  CHECK_STATUS(pqrtc_recording_verifier_finish(v), PQRTC_INCOMPLETE);
  pqrtc_recording_verifier_free(v);
}

static void foreign(const struct recording *r, const struct recording *other) {
  static uint8_t long_id[65];
  const uint32_t a = r->algorithm;
  pqrtc_recording_verifier *v = NULL;
  CHECK_OK(pqrtc_recording_verifier_new(a, r->pk, r->pk_len, id, sizeof id - 1, &v));
  CHECK_STATUS(shown(v, r, 0, 0), PQRTC_BAD_SIGNATURE);
  pqrtc_recording_verifier_free(v);
  /* another key of this algorithm, or another algorithm */
  v = verifier_of(other);
  CHECK_STATUS(shown(v, r, 0, 0), other->algorithm == a ? PQRTC_BAD_SIGNATURE : PQRTC_MALFORMED_MESSAGE);
  pqrtc_recording_verifier_free(v);
  CHECK_STATUS(pqrtc_recording_verifier_new(a, r->pk, r->pk_len, id, 0, &v), PQRTC_INVALID_LENGTH);
  CHECK(v == NULL);
  CHECK_STATUS(pqrtc_recording_verifier_new(a, r->pk, r->pk_len, long_id, sizeof long_id, &v), PQRTC_INVALID_LENGTH);
  CHECK_STATUS(pqrtc_recording_verifier_new(a, r->pk, r->pk_len - 1, id, sizeof id, &v), PQRTC_INVALID_LENGTH);
  CHECK_STATUS(pqrtc_recording_verifier_new(7, r->pk, r->pk_len, id, sizeof id, &v), PQRTC_INVALID_ARGUMENT);
  CHECK(v == NULL);
}

/* States that are none, of another algorithm, or of another recording. */
static void states(const struct recording *r) {
  pqrtc_recording_signer *s = NULL, *resumed = NULL;
  uint8_t state[STATE_MAX + 1] = {0};
  size_t len = 0;
  CHECK_OK(pqrtc_recording_signer_new(r->key, id, sizeof id, &s));
  CHECK_OK(pqrtc_recording_signer_state(s, state, sizeof state, &len));
  for (size_t at = 0; at < len; at++) {
    /* Before the first entry all of it is known, but for the index: another one makes the chain opaque. */
    if (at < 3 || at > 10) {
      state[at] ^= 0x40;
      CHECK_STATUS(pqrtc_recording_signer_resume(r->key, id, sizeof id, state, len, &resumed), PQRTC_MALFORMED_MESSAGE);
      CHECK(resumed == NULL);
      state[at] ^= 0x40;
    }
    CHECK_STATUS(pqrtc_recording_signer_resume(r->key, id, sizeof id, state, at, &resumed), PQRTC_MALFORMED_MESSAGE);
  }
  CHECK_STATUS(pqrtc_recording_signer_resume(r->key, id, sizeof id, state, len + 1, &resumed), PQRTC_MALFORMED_MESSAGE);
  CHECK_STATUS(pqrtc_recording_signer_resume(r->key, id, sizeof id - 1, state, len, &resumed), PQRTC_MALFORMED_MESSAGE);
  CHECK_STATUS(pqrtc_recording_signer_resume(r->key, id, 0, state, len, &resumed), PQRTC_INVALID_LENGTH);
  CHECK_STATUS(pqrtc_recording_signer_resume(NULL, id, sizeof id, state, len, &resumed), PQRTC_NULL_POINTER);
  CHECK_STATUS(pqrtc_recording_signer_state(s, state, len - 1, &len), PQRTC_BUFFER_TOO_SMALL);
  pqrtc_recording_signer_free(s);
}

int main(void) {
  static struct recording recordings[4];
  int made = 0;
  for (uint32_t algorithm = PQRTC_SIGNATURE_ML_DSA_65; algorithm <= PQRTC_SIGNATURE_ML_DSA_65_ED25519; algorithm++) {
    size_t a, b, c;
    if (pqrtc_signature_sizes(algorithm, &a, &b, &c) != PQRTC_UNSUPPORTED) {
      make(&recordings[made++], algorithm);
    }
  }
  make(&recordings[made++], PQRTC_SIGNATURE_ML_DSA_65);
  for (int i = 0; i < made; i++) {
    spliced(&recordings[i]);
    states(&recordings[i]);
    for (int other = 0; other < made; other++) {
      if (other != i) {
        foreign(&recordings[i], &recordings[other]);
      }
    }
  }
  for (int i = 0; i < made; i++) {
    pqrtc_signing_key_free(recordings[i].key);
  }
  return test_end("recording");
}
