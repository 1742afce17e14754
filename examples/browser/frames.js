// The layout of sealed frames (docs/frame-format.md): what packetizers and SFUs read of a frame stays clear. By names as in RTP: 'opus', 'VP8',
// 'VP9', 'H264', 'H265' (both with start codes), 'AV1'.

import { FrameError, bigEndian, concat, parseHeader } from './sframe.js';

const LABEL = new TextEncoder().encode('pqrtc frame v1');
const FAMILY = { VP8: 3, VP9: 4, H264: 5, H265: 7, AV1: 9 };
const NONE = new Uint8Array(0);

const need = (condition, why) => {
  if (!condition) throw new FrameError('MalformedFrame', why);
};

// docs:begin prefix
// How much stays clear of a VP8 or VP9 frame.
function prefixLength(codec, frame) {
  const first = frame[0];
  let length = first & 1 ? 3 : 10;
  if (codec === 'VP9') {
    need(first >> 6 === 2, 'no VP9 frame');
    const profile = ((first >> 5) & 1) + 2 * ((first >> 4) & 1);
    const key = ((first >> (profile === 3 ? 1 : 2)) & 3) === 0;
    length = key ? (profile ? 11 : 10) : profile === 3 ? 2 : 1;
  }
  need(frame.length >= length, 'too short for its codec');
  return length;
}

const boundPrefix = (codec, prefix, metadata) => concat(LABEL, [FAMILY[codec]], bigEndian(prefix.length, 2), prefix, metadata);

// Whether a VP9 parser takes the end of the ciphertext for a superframe index.
function superframeSeen(sealed, keyFrame) {
  const marker = sealed.at(-1);
  const index = 2 + (((marker >> 3) & 3) + 1) * ((marker & 7) + 1);
  return marker >> 5 === 6 && (keyFrame || sealed.at(-index) === marker);
}

// NothingToSeal for parameter sets or delimiters alone, and for an empty frame: keep it for the next frame, or send it as it is.
export async function sealFrame(sender, codec, frame, metadata = NONE) {
  if (codec === 'opus') return sender.seal(frame, metadata);
  if (!FAMILY[codec]) throw new FrameError('NotAFrame', `${codec} is not sealed here`);
  if (!frame.length) throw new FrameError('NothingToSeal', 'an empty frame');
  try {
    if (codec !== 'VP8' && codec !== 'VP9') return await sealUnits(sender, codec, frame, metadata);
    const prefix = frame.subarray(0, prefixLength(codec, frame));
    for (;;) {
      const sealed = concat(prefix, await sender.seal(frame.subarray(prefix.length), boundPrefix(codec, prefix, metadata)));
      if (codec === 'VP8' || !superframeSeen(sealed, prefix.length >= 10)) return sealed;
    }
  } catch (why) {
    throw why.name === 'MalformedFrame' ? new FrameError('NotAFrame', why.message) : why;
  }
}

export async function openFrame(receiver, codec, sealed, metadata = NONE) {
  if (codec === 'opus') return receiver.open(sealed, metadata);
  if (!FAMILY[codec]) throw new FrameError('NotAFrame', `${codec} is not sealed here`);
  need(sealed.length, 'empty');
  if (codec !== 'VP8' && codec !== 'VP9') return openUnits(receiver, codec, sealed, metadata);
  const prefix = sealed.subarray(0, prefixLength(codec, sealed));
  return concat(prefix, await receiver.open(sealed.subarray(prefix.length), boundPrefix(codec, prefix, metadata)));
}
// docs:end prefix

// Emulation prevention; what is before counts.
function escape(before, data) {
  const out = [];
  let zeros = zerosAtEnd(before);
  for (const byte of data) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte ? 0 : zeros + 1;
  }
  return Uint8Array.from(out);
}

function unescape(before, data) {
  const out = [];
  let zeros = zerosAtEnd(before);
  data.forEach((byte, i) => {
    const escaped = zeros >= 2 && byte <= 3;
    need(!escaped || (byte === 3 && i + 1 < data.length && data[i + 1] <= 3), 'no escaped bytes');
    if (!escaped) out.push(byte);
    zeros = byte ? 0 : zeros + 1;
  });
  return Uint8Array.from(out);
}

function zerosAtEnd(data) {
  let zeros = 0;
  while (zeros < data.length && !data[data.length - 1 - zeros]) zeros++;
  return zeros;
}

function leb128(value, width = 1) {
  const out = [];
  while (value || out.length < width) {
    out.push((value % 128) | 128);
    value = Math.trunc(value / 128);
  }
  out[out.length - 1] &= 127;
  return Uint8Array.from(out);
}

// A unit: its kind ('set', 'delimiter' or 'sealed'), its layer, how many bytes of its payload stay clear; what stands before it, its
// header, the length of its size field, and its payload.
function nalUnit(codec, lead, data) {
  const length = codec === 'H265' ? 2 : 1;
  need(data.length >= length && data[0] < 128, 'no NAL unit');
  const header = data.subarray(0, length), payload = data.subarray(length);
  const type = length === 2 ? header[0] >> 1 : header[0] & 31;
  const [sets, delimiters, slices] = length === 2
    ? [[32, 33, 34], [35, 36, 37], type < 32]
    : [[7, 8, 13, 15], [9, 10, 11], [1, 2, 3, 4, 5, 14, 19, 20, 21].includes(type)];
  const kind = sets.includes(type) ? 'set' : delimiters.includes(type) ? 'delimiter' : 'sealed';
  const clear = slices ? Math.min(8, payload.length) : 0;
  const shown = kind === 'sealed' ? data.subarray(0, length + clear) : data;
  for (let i = 2; i < shown.length; i++) need(shown[i - 2] || shown[i - 1] || shown[i] > 2, 'a start code in a clear part');
  const layer = length === 2 ? ((header[0] & 1) << 5) | (header[1] >> 3) : type === 20 || type === 21 ? Symbol('its own') : 0;
  return { kind, layer, clear, lead, header, width: 0, payload };
}

function obu(data) {
  const length = data[0] & 4 ? 2 : 1;
  need(data.length >= length && data[0] < 128, 'no OBU');
  let width = 0, size = data.length - length;
  if (data[0] & 2) {
    size = 0;
    for (let more = true; more; width++) {
      const byte = data[length + width];
      need(width < 8 && byte !== undefined, 'no size');
      size += (byte & 127) * 2 ** (7 * width);
      more = byte & 128;
    }
  }
  const start = length + width, type = data[0] >> 3;
  need(start + size <= data.length, 'cut off');
  const kind = type === 1 ? 'set' : [2, 8, 15].includes(type) ? 'delimiter' : 'sealed', clear = [3, 6, 7].includes(type) ? 1 : 0;
  need(kind !== 'delimiter' || !(data[0] & 1 || (type === 2 && size)), 'no delimiter');
  need(kind !== 'sealed' || (width <= 6 && size >= clear), 'no frame header');
  const layer = length === 2 ? (data[1] >> 3) & 3 : 0, header = data.subarray(0, length), payload = data.subarray(start, start + size);
  return { unit: { kind, layer, clear, lead: NONE, header, width, payload }, rest: data.subarray(start + size) };
}

function startCode(data, from) {
  for (let i = from; i + 2 < data.length; i++) if (!data[i] && !data[i + 1] && data[i + 2] === 1) return i;
  return -1;
}

// The units of a frame and the zeros at its end.
function split(codec, frame) {
  const units = [];
  while (frame.length && codec === 'AV1') {
    const { unit, rest } = obu(frame);
    units.push(unit);
    frame = rest;
  }
  while (frame.length) {
    const code = startCode(frame, 0);
    need(frame.subarray(0, code < 0 ? undefined : code).every((byte) => !byte), 'no start code');
    if (code < 0) break;
    const next = startCode(frame, code + 3), data = frame.subarray(code + 3, next < 0 ? undefined : next);
    const end = code + 3 + data.length - zerosAtEnd(data);
    units.push(nalUnit(codec, frame.subarray(0, code + 3), frame.subarray(code + 3, end)));
    frame = frame.subarray(end);
  }
  return { units, zeros: frame };
}

const whole = ({ lead, header, width, payload }) => concat(lead, header, width ? leb128(payload.length, width) : NONE, payload);

const shownOf = (codec, { header }, clear) => concat(codec === 'AV1' ? [header[0] & ~2, ...header.subarray(1)] : header, clear);

const bound = (codec, first, last, trailer, shown, metadata) =>
  concat(LABEL, [FAMILY[codec]], bigEndian(first, 8), [last ? 1 : 0, trailer], bigEndian(shown.length, 2), shown, metadata);

// Gives each sealed unit its place in its group: how far from the first one, and whether it is the last.
function withPlaces(units) {
  const sealed = units.filter(({ kind }) => kind === 'sealed');
  sealed.forEach((unit, i) => {
    unit.at = i && sealed[i - 1].layer === unit.layer ? sealed[i - 1].at + 1 : 0;
    unit.last = i + 1 === sealed.length || sealed[i + 1].layer !== unit.layer;
  });
  return sealed.length;
}

// Parameter sets as they are sealed.
function setsInside(units) {
  const parts = [];
  let position = 0, count = 0, bytes = 0, afterSet = false;
  for (const unit of units) {
    need(unit.kind !== 'delimiter' || !afterSet, 'a delimiter after a parameter set');
    afterSet = unit.kind === 'set';
    if (unit.kind === 'sealed') position++;
    if (unit.kind !== 'set') continue;
    const data = whole({ ...unit, lead: NONE });
    count++;
    bytes += data.length;
    need(unit.lead.length < 256 && position < 65536, 'a parameter set too far off');
    parts.push(bigEndian(position, 2), [unit.lead.length], bigEndian(data.length, 4), data);
  }
  need(count <= 32 && bytes <= 8192, 'too many parameter sets');
  return concat(...parts);
}

async function sealUnits(sender, codec, frame, metadata) {
  const { units, zeros } = split(codec, frame), count = withPlaces(units);
  if (!count) throw new FrameError('NothingToSeal', 'parameter sets or delimiters alone');
  need(count <= 2048 + frame.length / 64, 'too many units');
  let blob = setsInside(units);
  const block = sender.block(count);
  let counter = block.first;
  const out = [];
  for (const unit of units) {
    if (unit.kind !== 'sealed') {
      out.push(whole(unit));
      continue;
    }
    const clear = unit.payload.subarray(0, unit.clear);
    let rest = unit.payload.subarray(unit.clear), trailer = 0x80 | (codec === 'AV1' ? unit.width : unit.clear);
    if (blob.length) {
      [rest, trailer, blob] = [concat(rest, blob, bigEndian(blob.length, 4)), trailer | 0x40, NONE];
    }
    const shown = shownOf(codec, unit, clear), first = counter - BigInt(unit.at);
    let sealed = await block.seal(rest, bound(codec, first, unit.last, trailer, shown, metadata));
    counter++;
    if (codec !== 'AV1') sealed = escape(shown, sealed);
    out.push(whole({ ...unit, width: Math.min(unit.width, 1), payload: concat(clear, sealed, [trailer]) }));
  }
  return concat(...out, zeros);
}

async function openUnits(receiver, codec, sealed, metadata) {
  const { units, zeros } = split(codec, sealed), count = withPlaces(units), out = [], opened = [];
  need(count, 'nothing sealed');
  let sets = [];
  const putBack = (position) => {
    for (; sets.length && sets[0].position <= position; sets = sets.slice(1)) {
      out.push(codec === 'AV1' ? NONE : concat(new Uint8Array(sets[0].lead - 1), [1]), sets[0].data);
    }
  };
  for (const unit of units) {
    if (unit.kind === 'delimiter') out.push(whole(unit));
    if (unit.kind !== 'sealed') continue;
    const { payload } = unit, trailer = payload[payload.length - 1] ?? 0, low = trailer & 63;
    need(trailer & 0x80 && low <= (codec === 'AV1' ? 6 : 8) && !(trailer & 0x40 && opened.length), 'no trailer');
    need(codec !== 'AV1' || low || unit === units[units.length - 1], 'an OBU without a size');
    const clear = payload.subarray(0, codec === 'AV1' ? unit.clear : low), shown = shownOf(codec, unit, clear);
    need(clear.length < payload.length, 'cut off');
    let body = payload.subarray(clear.length, -1);
    if (codec !== 'AV1') body = unescape(shown, body);
    const { kid, counter } = parseHeader(body), before = opened[opened.length - 1];
    const follows = !before || (kid === before.kid && (unit.at ? counter === before.counter + 1n : counter > before.counter));
    need(follows, 'units that do not belong together');
    opened.push({ kid, counter });
    let rest = await receiver.decrypt(body, bound(codec, counter - BigInt(unit.at), unit.last, trailer, shown, metadata));
    if (trailer & 0x40) {
      const length = (data, at) => new DataView(data.buffer, data.byteOffset).getUint32(at);
      const end = rest.length - 4, start = end - length(rest, end);
      for (let blob = rest.subarray(start, end), next; blob.length; blob = blob.subarray(next)) {
        next = 7 + length(blob, 3);
        sets.push({ position: (blob[0] << 8) | blob[1], lead: blob[2], data: blob.subarray(7, next) });
      }
      rest = rest.subarray(0, start);
    }
    putBack(opened.length - 1);
    const header = codec === 'AV1' ? Uint8Array.from([low ? unit.header[0] | 2 : unit.header[0] & ~2, ...unit.header.subarray(1)]) : unit.header;
    out.push(whole({ ...unit, header, width: codec === 'AV1' ? low : 0, payload: concat(clear, rest) }));
  }
  putBack(65536);
  receiver.accept(opened);
  return concat(...out, zeros);
}
