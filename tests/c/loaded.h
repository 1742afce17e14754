/* The library as dlopen gives it: one pointer for each function in use. The program is not linked to it. */
#ifndef PQRTC_LOADED_H
#define PQRTC_LOADED_H

#include "test.h"
#include <dlfcn.h>

#define FUNCTIONS(X)                                                           \
  X(provider) X(status_string) X(random)                                       \
  X(kem_keypair_generate) X(kem_keypair_from_seed) X(kem_keypair_seed) X(kem_keypair_public_key) X(kem_encapsulate)          \
  X(kem_decapsulate) X(kem_keypair_free) X(suite_sizes)                        \
  X(hybrid_keypair_generate) X(hybrid_keypair_from_seed) X(hybrid_keypair_seed) X(hybrid_keypair_bundle) X(hybrid_initiate)  \
  X(hybrid_respond) X(hybrid_keypair_free)                                     \
  X(session_key) X(session_export) X(session_srtp_keys) X(session_seal) X(session_open) X(session_free)                      \
  X(turn_credential_mint) X(turn_credential_verify) X(turn_wrap) X(turn_unwrap)                                              \
  X(signing_key_generate) X(signing_key_from_seed) X(signing_key_seed) X(signing_key_public_key) X(sign) X(verify)           \
  X(artifact_sign) X(artifact_verify) X(signing_key_free)                      \
  X(sframe_sender_new) X(sframe_sender_from_key) X(sframe_seal) X(sframe_sender_free) X(sframe_receiver_new)                 \
  X(sframe_receiver_add_session) X(sframe_receiver_add_key) X(sframe_open) X(sframe_receiver_free)                           \
  X(kem_sizes) X(signature_sizes) X(kem_keypair_import) X(kem_keypair_export) X(signing_key_import) X(signing_key_export)    \
  X(envelope_seal) X(envelope_open) X(envelope_sign) X(envelope_verify)        \
  X(policy_new) X(policy_set) X(policy_free) X(call_new) X(call_offer) X(call_receive) X(call_sas) X(call_session) X(call_free) \
  X(meeting_card_new) X(meeting_card_bytes) X(meeting_card_free) X(meeting_create) X(meeting_join) X(meeting_commit)         \
  X(meeting_outgoing) X(meeting_accepted) X(meeting_receive) X(meeting_roster) X(meeting_code)                               \
  X(meeting_sframe_key) X(meeting_free)                                        \
  X(frame_seal_max_size) X(frame_seal) X(frame_open) X(frame_inspect)

struct library {
  void *handle;
#define FIELD(name) __typeof__(&pqrtc_##name) name;
  FUNCTIONS(FIELD)
#undef FIELD
};

static inline int library_open(struct library *l, const char *path) {
  memset(l, 0, sizeof *l);
  l->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (l->handle == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 0;
  }
#define LOAD(name)                                                             \
  {                                                                            \
    void *symbol = dlsym(l->handle, "pqrtc_" #name);                           \
    memcpy(&l->name, &symbol, sizeof symbol);                                  \
    CHECK(symbol != NULL);                                                     \
  }
  FUNCTIONS(LOAD)
#undef LOAD
  return atomic_load(&test_failed) == 0;
}

/* A status without the library's words for it: the program is not linked to any. */
#define RUN(call)                                                              \
  do {                                                                         \
    pqrtc_status status_ = (call);                                             \
    test_check(status_ == PQRTC_OK, __FILE__, __LINE__, "%s gave %lu", #call, (unsigned long)status_);                       \
  } while (0)

#endif
