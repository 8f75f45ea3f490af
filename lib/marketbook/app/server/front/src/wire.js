// Messages as they go over the websocket: Jupyter's protocol of version 1.
//
// A frame is a row of offsets (64 bits each, little-endian, their number first), then the channel, then four parts of
// JSON (header, parent header, metadata, content), then binary buffers.

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function write(channel, message) {
  const json = [message.header, message.parent_header, message.metadata, message.content];
  const parts = [channel, ...json.map((part) => JSON.stringify(part))].map((text) => encoder.encode(text));
  return joined([...parts, ...(message.buffers ?? []).map(bytes)]);
}

export function read(frame) {
  const view = new DataView(frame);
  const count = view.getUint32(0, true);
  const at = (place) => view.getUint32(8 * (place + 1), true);
  const part = (place) => new Uint8Array(frame, at(place), at(place + 1) - at(place));
  const json = (place) => JSON.parse(decoder.decode(part(place)));
  const buffers = [];
  for (let place = 5; place < count - 1; place += 1) buffers.push(new DataView(frame.slice(at(place), at(place + 1))));
  return { header: json(1), parent_header: json(2), metadata: json(3), content: json(4), buffers };
}

function joined(parts) {
  const first = 8 * (parts.length + 2);
  const size = parts.reduce((sum, part) => sum + part.byteLength, first);
  const frame = new Uint8Array(size);
  const view = new DataView(frame.buffer);
  view.setUint32(0, parts.length + 1, true);
  let offset = first;
  parts.forEach((part, place) => {
    view.setUint32(8 * (place + 1), offset, true);
    frame.set(part, offset);
    offset += part.byteLength;
  });
  view.setUint32(8 * (parts.length + 1), offset, true);
  return frame;
}

function bytes(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}
