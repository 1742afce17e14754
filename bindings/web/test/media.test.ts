// What of the media of a page can be said without a browser; tests/stacks/web.sh has the rest.
import assert from "node:assert/strict";
import test from "node:test";
import { Codec } from "pqrtc";
import { protect, unprotect } from "pqrtc/media";

test("where there is no WebRTC, nothing is a sender or a receiver", () => {
  for (const value of [undefined, null, {}, 1]) {
    assert.throws(() => protect(value as never, null, Codec.VP8), TypeError);
    assert.throws(() => unprotect(value as never, null, Codec.VP8), TypeError);
  }
});
