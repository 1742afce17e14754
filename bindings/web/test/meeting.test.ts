import assert from "node:assert/strict";
import { test } from "node:test";
import { CipherSuite, Meeting, MeetingCard, MeetingMessage, SignatureAlgorithm, SframeReceiver, SigningKey, init } from "pqrtc";
import { ascii, flipped, refused } from "./common.js";

await init();
const [GCM, NOW] = [CipherSuite.AES_256_GCM_SHA512_128, 1000];

for (const algorithm of [SignatureAlgorithm.ML_DSA_65_ED25519, SignatureAlgorithm.ML_DSA_87]) {
  test(`a meeting of three, algorithm ${algorithm}: one joins later, one is removed`, () => {
    const keys = [0, 1, 2].map(() => SigningKey.generate(algorithm));
    const cards = keys.map((key) => new MeetingCard(key, 5000, ascii("member")));
    const published = cards.map((card) => card.encoded);
    const first = Meeting.create(keys[0]!, cards[0]!, NOW);
    refused("KEY_REUSED", () => Meeting.create(keys[0]!, cards[0]!, NOW));
    refused("CREDENTIAL_EXPIRED", () => Meeting.create(keys[1]!, new MeetingCard(keys[1]!, 10), NOW));

    const sender = first.sender(0, GCM);
    const members: Meeting[] = [first];
    const early = sender.seal(ascii("early"));
    for (const i of [1, 2]) {
      refused("MALFORMED_MESSAGE", () => first.commit({ add: [new Uint8Array(9)] }));
      const commit = first.commit({ add: [published[i]!], fresh: i === 2 });
      const messages = first.outgoing();
      const welcome = messages.find(({ kind }) => kind === MeetingMessage.WELCOME)!;
      assert.equal(welcome.reference!.length, 32);
      first.accepted();
      for (const [index, member] of members.entries()) {
        if (index === 0) continue;
        const box = messages.find(({ kind, member: to }) => kind === MeetingMessage.BOX && to === index);
        refused("BAD_SIGNATURE", () => member.receive(flipped(commit), NOW, { box: box!.data, cards: published }));
        member.receive(commit, NOW, { box: box!.data, cards: published });
      }
      const roster = first.roster();
      const invitation = { welcome: welcome.data, commit, roster, cards: published };
      assert.throws(() => Meeting.join(keys[i]!, cards[i]!, { ...invitation, welcome: flipped(welcome.data) }, NOW));
      members.push(Meeting.join(keys[i]!, cards[i]!, invitation, NOW));
    }
    const [a, b, c] = members as [Meeting, Meeting, Meeting];
    assert.match(a.code(), /^\d{30}$/);
    assert.deepEqual([b.code(), c.code()], [a.code(), a.code()]);
    assert.deepEqual(c.info(), { epoch: 2, ownIndex: 2, members: 3, groupId: a.info().groupId });

    const receivers = [b.receiver(GCM), c.receiver(GCM)];
    const frame = sender.seal(ascii("to all"));
    for (const receiver of receivers) assert.deepEqual(receiver.open(frame), ascii("to all"));
    assert.throws(() => receivers[1]!.open(early));
    const key = a.sframeKey(2, 3);
    assert.deepEqual(b.sframeKey(2, 3), key);
    new SframeReceiver(GCM).addKey(key.kid, key.baseKey);

    const removal = a.commit({ remove: [2] });
    const boxes = a.outgoing();
    a.accepted();
    b.receive(removal, NOW, { box: boxes.find(({ member }) => member === 1)!.data, cards: published });
    c.receive(removal, NOW, { cards: published });
    assert.equal(c.info().ownIndex, undefined);
    const later = sender.seal(ascii("without c"));
    assert.deepEqual(receivers[0]!.open(later), ascii("without c"));
    assert.throws(() => receivers[1]!.open(later));
    refused("UNEXPECTED_MESSAGE", () => a.accepted());
    a.commit({ fresh: true });
    a.dropped();
    refused("UNEXPECTED_MESSAGE", () => a.dropped());
  });
}
