const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const codes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));

const padding = '='.charCodeAt(0);

const valuesByCode = new Uint8Array(128);
for (const [value, code] of codes.entries()) valuesByCode[code] = value;

/** More arguments than this one call may not have on every host. */
const codesAtOnce = 8192;

/** Writes bytes as a text: every host has JSON, not every one has a way to put bytes into it. */
export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const first = bytes[from] ?? 0;
    const second = bytes[from + 1] ?? 0;
    const third = bytes[from + 2] ?? 0;
    text[to] = codes[first >> 2] as number;
    text[to + 1] = codes[((first & 3) << 4) | (second >> 4)] as number;
    text[to + 2] = from + 1 < bytes.length ? (codes[((second & 15) << 2) | (third >> 6)] as number) : padding;
    text[to + 3] = from + 2 < bytes.length ? (codes[third & 63] as number) : padding;
  }
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += codesAtOnce) {
    parts.push(String.fromCharCode(...text.subarray(from, from + codesAtOnce)));
  }
  return parts.join('');
}

/** Reads what {@link toBase64} wrote. */
export function fromBase64(text: string): Uint8Array {
  const left = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - left);
  const valueAt = (position: number): number => valuesByCode[text.charCodeAt(position)] as number;
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    const all = (valueAt(from) << 18) | (valueAt(from + 1) << 12) | (valueAt(from + 2) << 6) | valueAt(from + 3);
    // What is beyond the end is dropped by the array.
    bytes[to] = all >> 16;
    bytes[to + 1] = (all >> 8) & 255;
    bytes[to + 2] = all & 255;
  }
  return bytes;
}
