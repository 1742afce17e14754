/* Every function that returns a status. Generated from api/pqrtc.json by `make api`; do not edit.
   Where one of calls_*.c says how to call one well, their row takes the place of the one here. */
#include "calls.h"

enum { ANY_BYTES = 64 };
static const uint8_t any_memory[4096];
static const struct bytes any_in = {any_memory, ANY_BYTES}, any_in_some = {any_memory, ANY_BYTES}, any_array_in = {any_memory, ANY_BYTES};
static const size_t any_var = ANY_BYTES;
static const uint64_t any_number = 1, any_enum[] = {0, 1, 2, 3, 4};

extern pqrtc_artifact_hasher *example_artifact_hasher; /* a live handle: one line in one of calls_*.c */
extern pqrtc_call *example_call; /* a live handle: one line in one of calls_*.c */
extern pqrtc_hybrid_keypair *example_hybrid_keypair; /* a live handle: one line in one of calls_*.c */
extern pqrtc_kem_keypair *example_kem_keypair; /* a live handle: one line in one of calls_*.c */
extern pqrtc_meeting *example_meeting; /* a live handle: one line in one of calls_*.c */
extern pqrtc_meeting_card *example_meeting_card; /* a live handle: one line in one of calls_*.c */
extern pqrtc_policy *example_policy; /* a live handle: one line in one of calls_*.c */
extern pqrtc_recording_signer *example_recording_signer; /* a live handle: one line in one of calls_*.c */
extern pqrtc_recording_verifier *example_recording_verifier; /* a live handle: one line in one of calls_*.c */
extern pqrtc_session *example_session; /* a live handle: one line in one of calls_*.c */
extern pqrtc_sframe_receiver *example_sframe_receiver; /* a live handle: one line in one of calls_*.c */
extern pqrtc_sframe_sender *example_sframe_sender; /* a live handle: one line in one of calls_*.c */
extern pqrtc_signing_key *example_signing_key; /* a live handle: one line in one of calls_*.c */

static void release_artifact_hasher(void *p) { pqrtc_artifact_hasher_free(p); }
static void release_call(void *p) { pqrtc_call_free(p); }
static void release_hybrid_keypair(void *p) { pqrtc_hybrid_keypair_free(p); }
static void release_kem_keypair(void *p) { pqrtc_kem_keypair_free(p); }
static void release_meeting(void *p) { pqrtc_meeting_free(p); }
static void release_meeting_card(void *p) { pqrtc_meeting_card_free(p); }
static void release_policy(void *p) { pqrtc_policy_free(p); }
static void release_recording_signer(void *p) { pqrtc_recording_signer_free(p); }
static void release_recording_verifier(void *p) { pqrtc_recording_verifier_free(p); }
static void release_session(void *p) { pqrtc_session_free(p); }
static void release_sframe_receiver(void *p) { pqrtc_sframe_receiver_free(p); }
static void release_sframe_sender(void *p) { pqrtc_sframe_sender_free(p); }
static void release_signing_key(void *p) { pqrtc_signing_key_free(p); }

static pqrtc_status call_pqrtc_sframe_seal_batch(const arg *a) { return pqrtc_sframe_seal_batch(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p, a[8].n, a[9].p, a[10].p); }
static pqrtc_status call_pqrtc_sframe_open_batch(const arg *a) { return pqrtc_sframe_open_batch(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p, a[8].n, a[9].p, a[10].p, a[11].p, a[12].p, a[13].p); }
static pqrtc_status call_pqrtc_policy_new(const arg *a) { return pqrtc_policy_new(a[0].u, a[1].p); }
static pqrtc_status call_pqrtc_policy_set(const arg *a) { return pqrtc_policy_set(a[0].p, a[1].u, a[2].p, a[3].n); }
static pqrtc_status call_pqrtc_call_new(const arg *a) { return pqrtc_call_new(a[0].p, a[1].p, a[2].p, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_call_offer(const arg *a) { return pqrtc_call_offer(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_call_receive(const arg *a) { return pqrtc_call_receive(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_call_pin(const arg *a) { return pqrtc_call_pin(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_call_set_binding(const arg *a) { return pqrtc_call_set_binding(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_call_info(const arg *a) { return pqrtc_call_info(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_call_peer(const arg *a) { return pqrtc_call_peer(a[0].p, a[1].p, a[2].p, a[3].n, a[4].p, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_call_sas(const arg *a) { return pqrtc_call_sas(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_call_session(const arg *a) { return pqrtc_call_session(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_call_sender(const arg *a) { return pqrtc_call_sender(a[0].p, a[1].q, a[2].u, a[3].p); }
static pqrtc_status call_pqrtc_call_receiver(const arg *a) { return pqrtc_call_receiver(a[0].p, a[1].u, a[2].p); }
static pqrtc_status call_pqrtc_call_sframe_key(const arg *a) { return pqrtc_call_sframe_key(a[0].p, a[1].u, a[2].q, a[3].p, a[4].p, a[5].n); }
static pqrtc_status call_pqrtc_envelope_seal(const arg *a) { return pqrtc_envelope_seal(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p, a[8].n, a[9].p); }
static pqrtc_status call_pqrtc_envelope_open(const arg *a) { return pqrtc_envelope_open(a[0].p, a[1].p, a[2].p, a[3].n, a[4].p, a[5].n, a[6].p, a[7].n, a[8].p); }
static pqrtc_status call_pqrtc_envelope_sign(const arg *a) { return pqrtc_envelope_sign(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n); }
static pqrtc_status call_pqrtc_envelope_verify(const arg *a) { return pqrtc_envelope_verify(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p, a[8].n); }
static pqrtc_status call_pqrtc_frame_seal(const arg *a) { return pqrtc_frame_seal(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p, a[5].n, a[6].p, a[7].n, a[8].p); }
static pqrtc_status call_pqrtc_frame_open(const arg *a) { return pqrtc_frame_open(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p, a[5].n, a[6].p, a[7].n, a[8].p, a[9].p, a[10].p); }
static pqrtc_status call_pqrtc_frame_inspect(const arg *a) { return pqrtc_frame_inspect(a[0].u, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_kem_sizes(const arg *a) { return pqrtc_kem_sizes(a[0].u, a[1].p, a[2].p, a[3].p); }
static pqrtc_status call_pqrtc_kem_keypair_generate(const arg *a) { return pqrtc_kem_keypair_generate(a[0].u, a[1].p); }
static pqrtc_status call_pqrtc_kem_keypair_from_seed(const arg *a) { return pqrtc_kem_keypair_from_seed(a[0].u, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_kem_keypair_from_expanded(const arg *a) { return pqrtc_kem_keypair_from_expanded(a[0].u, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_kem_keypair_algorithm(const arg *a) { return pqrtc_kem_keypair_algorithm(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_kem_keypair_public_key(const arg *a) { return pqrtc_kem_keypair_public_key(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_kem_keypair_seed(const arg *a) { return pqrtc_kem_keypair_seed(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_kem_encapsulate(const arg *a) { return pqrtc_kem_encapsulate(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n); }
static pqrtc_status call_pqrtc_kem_decapsulate(const arg *a) { return pqrtc_kem_decapsulate(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n); }
static pqrtc_status call_pqrtc_signing_key_import(const arg *a) { return pqrtc_signing_key_import(a[0].p, a[1].n, a[2].p); }
static pqrtc_status call_pqrtc_signing_key_export(const arg *a) { return pqrtc_signing_key_export(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p); }
static pqrtc_status call_pqrtc_kem_keypair_import(const arg *a) { return pqrtc_kem_keypair_import(a[0].p, a[1].n, a[2].p); }
static pqrtc_status call_pqrtc_kem_keypair_export(const arg *a) { return pqrtc_kem_keypair_export(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p); }
static pqrtc_status call_pqrtc_public_key_import(const arg *a) { return pqrtc_public_key_import(a[0].p, a[1].n, a[2].p, a[3].p, a[4].n, a[5].p); }
static pqrtc_status call_pqrtc_public_key_export(const arg *a) { return pqrtc_public_key_export(a[0].u, a[1].p, a[2].n, a[3].u, a[4].p, a[5].n, a[6].p); }
static pqrtc_status call_pqrtc_self_test(const arg *a) { return (void)a, pqrtc_self_test(); }
static pqrtc_status call_pqrtc_random(const arg *a) { return pqrtc_random(a[0].p, a[1].n); }
static pqrtc_status call_pqrtc_meeting_card_new(const arg *a) { return pqrtc_meeting_card_new(a[0].p, a[1].q, a[2].p, a[3].n, a[4].p); }
static pqrtc_status call_pqrtc_meeting_card_bytes(const arg *a) { return pqrtc_meeting_card_bytes(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_meeting_create(const arg *a) { return pqrtc_meeting_create(a[0].p, a[1].p, a[2].q, a[3].p); }
static pqrtc_status call_pqrtc_meeting_commit(const arg *a) { return pqrtc_meeting_commit(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].u, a[6].p, a[7].n, a[8].p); }
static pqrtc_status call_pqrtc_meeting_outgoing(const arg *a) { return pqrtc_meeting_outgoing(a[0].p, a[1].n, a[2].p, a[3].p, a[4].p, a[5].n, a[6].p, a[7].n, a[8].p); }
static pqrtc_status call_pqrtc_meeting_accepted(const arg *a) { return pqrtc_meeting_accepted(a[0].p); }
static pqrtc_status call_pqrtc_meeting_dropped(const arg *a) { return pqrtc_meeting_dropped(a[0].p); }
static pqrtc_status call_pqrtc_meeting_receive(const arg *a) { return pqrtc_meeting_receive(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].q); }
static pqrtc_status call_pqrtc_meeting_join(const arg *a) { return pqrtc_meeting_join(a[0].p, a[1].p, a[2].p, a[3].n, a[4].p, a[5].n, a[6].p, a[7].n, a[8].p, a[9].n, a[10].q, a[11].p); }
static pqrtc_status call_pqrtc_meeting_roster(const arg *a) { return pqrtc_meeting_roster(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_meeting_info(const arg *a) { return pqrtc_meeting_info(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_meeting_code(const arg *a) { return pqrtc_meeting_code(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_meeting_sender(const arg *a) { return pqrtc_meeting_sender(a[0].p, a[1].q, a[2].u, a[3].p); }
static pqrtc_status call_pqrtc_meeting_receiver(const arg *a) { return pqrtc_meeting_receiver(a[0].p, a[1].u, a[2].p); }
static pqrtc_status call_pqrtc_meeting_sframe_key(const arg *a) { return pqrtc_meeting_sframe_key(a[0].p, a[1].u, a[2].q, a[3].p, a[4].p, a[5].n); }
static pqrtc_status call_pqrtc_sframe_mls_kid(const arg *a) { return pqrtc_sframe_mls_kid(a[0].q, a[1].q, a[2].q, a[3].u, a[4].u, a[5].p); }
static pqrtc_status call_pqrtc_recording_signer_new(const arg *a) { return pqrtc_recording_signer_new(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_recording_signer_update(const arg *a) { return pqrtc_recording_signer_update(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_recording_signer_entry(const arg *a) { return pqrtc_recording_signer_entry(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p); }
static pqrtc_status call_pqrtc_recording_signer_state(const arg *a) { return pqrtc_recording_signer_state(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_recording_signer_cose(const arg *a) { return pqrtc_recording_signer_cose(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_recording_signer_resume(const arg *a) { return pqrtc_recording_signer_resume(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p); }
static pqrtc_status call_pqrtc_recording_verifier_new(const arg *a) { return pqrtc_recording_verifier_new(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p); }
static pqrtc_status call_pqrtc_recording_verifier_update(const arg *a) { return pqrtc_recording_verifier_update(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_recording_verifier_entry(const arg *a) { return pqrtc_recording_verifier_entry(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_recording_verifier_finish(const arg *a) { return pqrtc_recording_verifier_finish(a[0].p); }
static pqrtc_status call_pqrtc_session_key(const arg *a) { return pqrtc_session_key(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_session_export(const arg *a) { return pqrtc_session_export(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n); }
static pqrtc_status call_pqrtc_session_srtp_keys(const arg *a) { return pqrtc_session_srtp_keys(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p); }
static pqrtc_status call_pqrtc_session_sframe_base_key(const arg *a) { return pqrtc_session_sframe_base_key(a[0].p, a[1].u, a[2].q, a[3].p, a[4].n); }
static pqrtc_status call_pqrtc_session_seal(const arg *a) { return pqrtc_session_seal(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_session_open(const arg *a) { return pqrtc_session_open(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_sframe_sender_new(const arg *a) { return pqrtc_sframe_sender_new(a[0].p, a[1].q, a[2].u, a[3].p); }
static pqrtc_status call_pqrtc_sframe_sender_from_key(const arg *a) { return pqrtc_sframe_sender_from_key(a[0].p, a[1].n, a[2].q, a[3].u, a[4].p); }
static pqrtc_status call_pqrtc_sframe_seal(const arg *a) { return pqrtc_sframe_seal(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_sframe_sender_kid(const arg *a) { return pqrtc_sframe_sender_kid(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_sframe_sender_stats(const arg *a) { return pqrtc_sframe_sender_stats(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_sframe_sender_set_ratchet(const arg *a) { return pqrtc_sframe_sender_set_ratchet(a[0].p, a[1].u); }
static pqrtc_status call_pqrtc_sframe_sender_ratchet(const arg *a) { return pqrtc_sframe_sender_ratchet(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_sframe_ratchet_base_key(const arg *a) { return pqrtc_sframe_ratchet_base_key(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p); }
static pqrtc_status call_pqrtc_sframe_receiver_new(const arg *a) { return pqrtc_sframe_receiver_new(a[0].u, a[1].p); }
static pqrtc_status call_pqrtc_sframe_receiver_set_window(const arg *a) { return pqrtc_sframe_receiver_set_window(a[0].p, a[1].u); }
static pqrtc_status call_pqrtc_sframe_receiver_set_ratchet(const arg *a) { return pqrtc_sframe_receiver_set_ratchet(a[0].p, a[1].u, a[2].u, a[3].u); }
static pqrtc_status call_pqrtc_sframe_receiver_add_session(const arg *a) { return pqrtc_sframe_receiver_add_session(a[0].p, a[1].p, a[2].q); }
static pqrtc_status call_pqrtc_sframe_receiver_add_key(const arg *a) { return pqrtc_sframe_receiver_add_key(a[0].p, a[1].q, a[2].p, a[3].n); }
static pqrtc_status call_pqrtc_sframe_receiver_remove_key(const arg *a) { return pqrtc_sframe_receiver_remove_key(a[0].p, a[1].q); }
static pqrtc_status call_pqrtc_sframe_open(const arg *a) { return pqrtc_sframe_open(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p, a[8].p, a[9].p); }
static pqrtc_status call_pqrtc_sframe_receiver_key_stats(const arg *a) { return pqrtc_sframe_receiver_key_stats(a[0].p, a[1].q, a[2].p); }
static pqrtc_status call_pqrtc_sframe_receiver_stats(const arg *a) { return pqrtc_sframe_receiver_stats(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_signature_sizes(const arg *a) { return pqrtc_signature_sizes(a[0].u, a[1].p, a[2].p, a[3].p); }
static pqrtc_status call_pqrtc_signing_key_generate(const arg *a) { return pqrtc_signing_key_generate(a[0].u, a[1].p); }
static pqrtc_status call_pqrtc_signing_key_from_seed(const arg *a) { return pqrtc_signing_key_from_seed(a[0].u, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_signing_key_algorithm(const arg *a) { return pqrtc_signing_key_algorithm(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_signing_key_public_key(const arg *a) { return pqrtc_signing_key_public_key(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_signing_key_seed(const arg *a) { return pqrtc_signing_key_seed(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_sign(const arg *a) { return pqrtc_sign(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n); }
static pqrtc_status call_pqrtc_verify(const arg *a) { return pqrtc_verify(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p, a[8].n); }
static pqrtc_status call_pqrtc_artifact_sign(const arg *a) { return pqrtc_artifact_sign(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p, a[5].n); }
static pqrtc_status call_pqrtc_artifact_verify(const arg *a) { return pqrtc_artifact_verify(a[0].u, a[1].p, a[2].n, a[3].u, a[4].p, a[5].n, a[6].p, a[7].n); }
static pqrtc_status call_pqrtc_artifact_sign_cose(const arg *a) { return pqrtc_artifact_sign_cose(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p, a[5].n, a[6].p); }
static pqrtc_status call_pqrtc_public_key_fingerprint(const arg *a) { return pqrtc_public_key_fingerprint(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n); }
static pqrtc_status call_pqrtc_artifact_hasher_new(const arg *a) { return pqrtc_artifact_hasher_new(a[0].u, a[1].p); }
static pqrtc_status call_pqrtc_artifact_hasher_update(const arg *a) { return pqrtc_artifact_hasher_update(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_artifact_hasher_sign(const arg *a) { return pqrtc_artifact_hasher_sign(a[0].p, a[1].p, a[2].p, a[3].n); }
static pqrtc_status call_pqrtc_artifact_hasher_verify(const arg *a) { return pqrtc_artifact_hasher_verify(a[0].p, a[1].u, a[2].p, a[3].n, a[4].p, a[5].n); }
static pqrtc_status call_pqrtc_suite_sizes(const arg *a) { return pqrtc_suite_sizes(a[0].u, a[1].p, a[2].p, a[3].p); }
static pqrtc_status call_pqrtc_hybrid_keypair_generate(const arg *a) { return pqrtc_hybrid_keypair_generate(a[0].u, a[1].p); }
static pqrtc_status call_pqrtc_hybrid_keypair_from_seed(const arg *a) { return pqrtc_hybrid_keypair_from_seed(a[0].u, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_hybrid_keypair_suite(const arg *a) { return pqrtc_hybrid_keypair_suite(a[0].p, a[1].p); }
static pqrtc_status call_pqrtc_hybrid_keypair_bundle(const arg *a) { return pqrtc_hybrid_keypair_bundle(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_hybrid_keypair_seed(const arg *a) { return pqrtc_hybrid_keypair_seed(a[0].p, a[1].p, a[2].n); }
static pqrtc_status call_pqrtc_hybrid_initiate(const arg *a) { return pqrtc_hybrid_initiate(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p); }
static pqrtc_status call_pqrtc_hybrid_respond(const arg *a) { return pqrtc_hybrid_respond(a[0].p, a[1].p, a[2].n, a[3].p); }
static pqrtc_status call_pqrtc_turn_credential_mint(const arg *a) { return pqrtc_turn_credential_mint(a[0].p, a[1].n, a[2].p, a[3].n, a[4].q, a[5].p, a[6].n, a[7].p, a[8].p, a[9].n, a[10].p); }
static pqrtc_status call_pqrtc_turn_credential_verify(const arg *a) { return pqrtc_turn_credential_verify(a[0].p, a[1].n, a[2].p, a[3].n, a[4].p, a[5].n, a[6].q); }
static pqrtc_status call_pqrtc_turn_wrap(const arg *a) { return pqrtc_turn_wrap(a[0].u, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p, a[6].n, a[7].p); }
static pqrtc_status call_pqrtc_turn_unwrap(const arg *a) { return pqrtc_turn_unwrap(a[0].p, a[1].p, a[2].n, a[3].p, a[4].n, a[5].p); }

const struct function functions[] = {
  {call_pqrtc_sframe_seal_batch,
   {"pqrtc_sframe_seal_batch", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {ARRAY_IN, &any_array_in, 0, ANY_BYTES, NULL}, {COUNT, &any_number, 1, 1, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}, {ARRAY_OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_open_batch,
   {"pqrtc_sframe_open_batch", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {ARRAY_IN, &any_array_in, 0, ANY_BYTES, NULL}, {COUNT, &any_number, 1, 1, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}, {ARRAY_OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}, {ARRAY_OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}, {ARRAY_OPTIONAL, NULL, ANY_BYTES, ANY_BYTES, NULL}, {ARRAY_OPTIONAL, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_policy_new,
   {"pqrtc_policy_new", {{ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_policy}}, NULL, 0, {{0}}}},
  {call_pqrtc_policy_set,
   {"pqrtc_policy_set", {{HANDLE, &example_policy, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_new,
   {"pqrtc_call_new", {{OPTIONAL_HANDLE, &example_signing_key, 0, 0, NULL}, {OPTIONAL_HANDLE, &example_signing_key, 0, 0, NULL}, {HANDLE, &example_policy, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_call}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_offer,
   {"pqrtc_call_offer", {{HANDLE, &example_call, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_receive,
   {"pqrtc_call_receive", {{HANDLE, &example_call, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_pin,
   {"pqrtc_call_pin", {{HANDLE, &example_call, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_set_binding,
   {"pqrtc_call_set_binding", {{HANDLE, &example_call, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_info,
   {"pqrtc_call_info", {{HANDLE, &example_call, 0, 0, NULL}, {CELL_IN_OUT, any_memory, sizeof(pqrtc_call_info_t), 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_peer,
   {"pqrtc_call_peer", {{HANDLE, &example_call, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_sas,
   {"pqrtc_call_sas", {{HANDLE, &example_call, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_session,
   {"pqrtc_call_session", {{HANDLE, &example_call, 0, 0, NULL}, {NEW, NULL, 0, 0, release_session}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_sender,
   {"pqrtc_call_sender", {{HANDLE, &example_call, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_sender}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_receiver,
   {"pqrtc_call_receiver", {{HANDLE, &example_call, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_receiver}}, NULL, 0, {{0}}}},
  {call_pqrtc_call_sframe_key,
   {"pqrtc_call_sframe_key", {{HANDLE, &example_call, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_envelope_seal,
   {"pqrtc_envelope_seal", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_envelope_open,
   {"pqrtc_envelope_open", {{HANDLE, &example_hybrid_keypair, 0, 0, NULL}, {OPTIONAL_HANDLE, &example_kem_keypair, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_envelope_sign,
   {"pqrtc_envelope_sign", {{HANDLE, &example_signing_key, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_envelope_verify,
   {"pqrtc_envelope_verify", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_frame_seal,
   {"pqrtc_frame_seal", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_frame_open,
   {"pqrtc_frame_open", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}, {OPTIONAL_CELL, NULL, 0, 0, NULL}, {OPTIONAL_CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_frame_inspect,
   {"pqrtc_frame_inspect", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {CELL_IN_OUT, any_memory, sizeof(pqrtc_frame_info), 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_sizes,
   {"pqrtc_kem_sizes", {{ENUM, &any_enum[1], 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_generate,
   {"pqrtc_kem_keypair_generate", {{ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_kem_keypair}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_from_seed,
   {"pqrtc_kem_keypair_from_seed", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_kem_keypair}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_from_expanded,
   {"pqrtc_kem_keypair_from_expanded", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_kem_keypair}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_algorithm,
   {"pqrtc_kem_keypair_algorithm", {{HANDLE, &example_kem_keypair, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_public_key,
   {"pqrtc_kem_keypair_public_key", {{HANDLE, &example_kem_keypair, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_seed,
   {"pqrtc_kem_keypair_seed", {{HANDLE, &example_kem_keypair, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_encapsulate,
   {"pqrtc_kem_encapsulate", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_decapsulate,
   {"pqrtc_kem_decapsulate", {{HANDLE, &example_kem_keypair, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_import,
   {"pqrtc_signing_key_import", {{IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_signing_key}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_export,
   {"pqrtc_signing_key_export", {{HANDLE, &example_signing_key, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_import,
   {"pqrtc_kem_keypair_import", {{IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_kem_keypair}}, NULL, 0, {{0}}}},
  {call_pqrtc_kem_keypair_export,
   {"pqrtc_kem_keypair_export", {{HANDLE, &example_kem_keypair, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_public_key_import,
   {"pqrtc_public_key_import", {{IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {CELL, NULL, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_public_key_export,
   {"pqrtc_public_key_export", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_self_test,
   {"pqrtc_self_test", {{NOTHING, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_random,
   {"pqrtc_random", {{OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_card_new,
   {"pqrtc_meeting_card_new", {{HANDLE, &example_signing_key, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_meeting_card}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_card_bytes,
   {"pqrtc_meeting_card_bytes", {{HANDLE, &example_meeting_card, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_create,
   {"pqrtc_meeting_create", {{HANDLE, &example_signing_key, 0, 0, NULL}, {HANDLE, &example_meeting_card, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {NEW, NULL, 0, 0, release_meeting}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_commit,
   {"pqrtc_meeting_commit", {{HANDLE, &example_meeting, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {ARRAY_IN, &any_array_in, 0, ANY_BYTES, NULL}, {COUNT, &any_number, 1, 1, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_outgoing,
   {"pqrtc_meeting_outgoing", {{HANDLE, &example_meeting, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_accepted,
   {"pqrtc_meeting_accepted", {{HANDLE, &example_meeting, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_dropped,
   {"pqrtc_meeting_dropped", {{HANDLE, &example_meeting, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_receive,
   {"pqrtc_meeting_receive", {{HANDLE, &example_meeting, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_join,
   {"pqrtc_meeting_join", {{HANDLE, &example_signing_key, 0, 0, NULL}, {HANDLE, &example_meeting_card, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VALUE, &any_number, 0, 0, NULL}, {NEW, NULL, 0, 0, release_meeting}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_roster,
   {"pqrtc_meeting_roster", {{HANDLE, &example_meeting, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_info,
   {"pqrtc_meeting_info", {{HANDLE, &example_meeting, 0, 0, NULL}, {CELL_IN_OUT, any_memory, sizeof(pqrtc_meeting_info_t), 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_code,
   {"pqrtc_meeting_code", {{HANDLE, &example_meeting, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_sender,
   {"pqrtc_meeting_sender", {{HANDLE, &example_meeting, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_sender}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_receiver,
   {"pqrtc_meeting_receiver", {{HANDLE, &example_meeting, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_receiver}}, NULL, 0, {{0}}}},
  {call_pqrtc_meeting_sframe_key,
   {"pqrtc_meeting_sframe_key", {{HANDLE, &example_meeting, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_mls_kid,
   {"pqrtc_sframe_mls_kid", {{VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_signer_new,
   {"pqrtc_recording_signer_new", {{HANDLE, &example_signing_key, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_recording_signer}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_signer_update,
   {"pqrtc_recording_signer_update", {{HANDLE, &example_recording_signer, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_signer_entry,
   {"pqrtc_recording_signer_entry", {{HANDLE, &example_recording_signer, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_signer_state,
   {"pqrtc_recording_signer_state", {{HANDLE, &example_recording_signer, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_signer_cose,
   {"pqrtc_recording_signer_cose", {{HANDLE, &example_recording_signer, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_signer_resume,
   {"pqrtc_recording_signer_resume", {{HANDLE, &example_signing_key, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_recording_signer}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_verifier_new,
   {"pqrtc_recording_verifier_new", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_recording_verifier}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_verifier_update,
   {"pqrtc_recording_verifier_update", {{HANDLE, &example_recording_verifier, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_verifier_entry,
   {"pqrtc_recording_verifier_entry", {{HANDLE, &example_recording_verifier, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_recording_verifier_finish,
   {"pqrtc_recording_verifier_finish", {{HANDLE, &example_recording_verifier, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_session_key,
   {"pqrtc_session_key", {{HANDLE, &example_session, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_session_export,
   {"pqrtc_session_export", {{HANDLE, &example_session, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_session_srtp_keys,
   {"pqrtc_session_srtp_keys", {{HANDLE, &example_session, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_session_sframe_base_key,
   {"pqrtc_session_sframe_base_key", {{HANDLE, &example_session, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_session_seal,
   {"pqrtc_session_seal", {{HANDLE, &example_session, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_session_open,
   {"pqrtc_session_open", {{HANDLE, &example_session, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_sender_new,
   {"pqrtc_sframe_sender_new", {{HANDLE, &example_session, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_sender}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_sender_from_key,
   {"pqrtc_sframe_sender_from_key", {{IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VALUE, &any_number, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_sender}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_seal,
   {"pqrtc_sframe_seal", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_sender_kid,
   {"pqrtc_sframe_sender_kid", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_sender_stats,
   {"pqrtc_sframe_sender_stats", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {CELL_IN_OUT, any_memory, sizeof(pqrtc_sframe_sender_stats_t), 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_sender_set_ratchet,
   {"pqrtc_sframe_sender_set_ratchet", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_sender_ratchet,
   {"pqrtc_sframe_sender_ratchet", {{HANDLE, &example_sframe_sender, 0, 0, NULL}, {OPTIONAL_CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_ratchet_base_key,
   {"pqrtc_sframe_ratchet_base_key", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_new,
   {"pqrtc_sframe_receiver_new", {{ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_sframe_receiver}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_set_window,
   {"pqrtc_sframe_receiver_set_window", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_set_ratchet,
   {"pqrtc_sframe_receiver_set_ratchet", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_add_session,
   {"pqrtc_sframe_receiver_add_session", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {HANDLE, &example_session, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_add_key,
   {"pqrtc_sframe_receiver_add_key", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_remove_key,
   {"pqrtc_sframe_receiver_remove_key", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_open,
   {"pqrtc_sframe_open", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}, {OPTIONAL_CELL, NULL, 0, 0, NULL}, {OPTIONAL_CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_key_stats,
   {"pqrtc_sframe_receiver_key_stats", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {VALUE, &any_number, 0, 0, NULL}, {CELL_IN_OUT, any_memory, sizeof(pqrtc_sframe_stats), 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sframe_receiver_stats,
   {"pqrtc_sframe_receiver_stats", {{HANDLE, &example_sframe_receiver, 0, 0, NULL}, {CELL_IN_OUT, any_memory, sizeof(pqrtc_sframe_stats), 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_signature_sizes,
   {"pqrtc_signature_sizes", {{ENUM, &any_enum[1], 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_generate,
   {"pqrtc_signing_key_generate", {{ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_signing_key}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_from_seed,
   {"pqrtc_signing_key_from_seed", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_signing_key}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_algorithm,
   {"pqrtc_signing_key_algorithm", {{HANDLE, &example_signing_key, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_public_key,
   {"pqrtc_signing_key_public_key", {{HANDLE, &example_signing_key, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_signing_key_seed,
   {"pqrtc_signing_key_seed", {{HANDLE, &example_signing_key, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_sign,
   {"pqrtc_sign", {{HANDLE, &example_signing_key, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_verify,
   {"pqrtc_verify", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_sign,
   {"pqrtc_artifact_sign", {{HANDLE, &example_signing_key, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_verify,
   {"pqrtc_artifact_verify", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_sign_cose,
   {"pqrtc_artifact_sign_cose", {{HANDLE, &example_signing_key, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_public_key_fingerprint,
   {"pqrtc_public_key_fingerprint", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_hasher_new,
   {"pqrtc_artifact_hasher_new", {{ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_artifact_hasher}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_hasher_update,
   {"pqrtc_artifact_hasher_update", {{HANDLE, &example_artifact_hasher, 0, 0, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_hasher_sign,
   {"pqrtc_artifact_hasher_sign", {{HANDLE, &example_artifact_hasher, 0, 0, NULL}, {HANDLE, &example_signing_key, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_artifact_hasher_verify,
   {"pqrtc_artifact_hasher_verify", {{HANDLE, &example_artifact_hasher, 0, 0, NULL}, {ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_suite_sizes,
   {"pqrtc_suite_sizes", {{ENUM, &any_enum[1], 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_keypair_generate,
   {"pqrtc_hybrid_keypair_generate", {{ENUM, &any_enum[1], 0, 0, NULL}, {NEW, NULL, 0, 0, release_hybrid_keypair}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_keypair_from_seed,
   {"pqrtc_hybrid_keypair_from_seed", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_hybrid_keypair}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_keypair_suite,
   {"pqrtc_hybrid_keypair_suite", {{HANDLE, &example_hybrid_keypair, 0, 0, NULL}, {CELL, NULL, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_keypair_bundle,
   {"pqrtc_hybrid_keypair_bundle", {{HANDLE, &example_hybrid_keypair, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_keypair_seed,
   {"pqrtc_hybrid_keypair_seed", {{HANDLE, &example_hybrid_keypair, 0, 0, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_initiate,
   {"pqrtc_hybrid_initiate", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_session}}, NULL, 0, {{0}}}},
  {call_pqrtc_hybrid_respond,
   {"pqrtc_hybrid_respond", {{HANDLE, &example_hybrid_keypair, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {NEW, NULL, 0, 0, release_session}}, NULL, 0, {{0}}}},
  {call_pqrtc_turn_credential_mint,
   {"pqrtc_turn_credential_mint", {{IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VALUE, &any_number, 0, 0, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_turn_credential_verify,
   {"pqrtc_turn_credential_verify", {{IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VALUE, &any_number, 0, 0, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_turn_wrap,
   {"pqrtc_turn_wrap", {{ENUM, &any_enum[1], 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {IN, &any_in, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
  {call_pqrtc_turn_unwrap,
   {"pqrtc_turn_unwrap", {{HANDLE, &example_kem_keypair, 0, 0, NULL}, {IN_SOME, &any_in_some, 0, ANY_BYTES, NULL}, {VAR, &any_var, 0, ANY_BYTES, NULL}}, NULL, 0, {{0}}}},
};
const size_t functions_len = sizeof functions / sizeof *functions;

/* Each handle's free takes NULL. */
void free_nulls(void) {
  pqrtc_policy_free(NULL);
  pqrtc_call_free(NULL);
  pqrtc_kem_keypair_free(NULL);
  pqrtc_meeting_card_free(NULL);
  pqrtc_meeting_free(NULL);
  pqrtc_recording_signer_free(NULL);
  pqrtc_recording_verifier_free(NULL);
  pqrtc_session_free(NULL);
  pqrtc_sframe_sender_free(NULL);
  pqrtc_sframe_receiver_free(NULL);
  pqrtc_signing_key_free(NULL);
  pqrtc_artifact_hasher_free(NULL);
  pqrtc_hybrid_keypair_free(NULL);
}
