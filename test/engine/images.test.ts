import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fileStorage } from 'tocsin/storage/file';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { isImageHandle } from '../../src/definition/image.js';
import { fromBase64, toBase64 } from '../../src/record/base64.js';
import { readImage } from '../../src/record/images.js';
import { openEngine } from '../support/open-engine.js';
import { hourMs, minuteMs, openChatEngine } from '../threads/chat-engine.js';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A picture of so many bytes, as far as can be told from its beginning. */
function png(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = signature[index] ?? (index * 31) % 256;
  return bytes;
}

describe('engine.images', () => {
  test.each([8, 9, 393_215, 393_216, 393_217, 8_388_608])('keeps a picture of %i bytes', async (length) => {
    const storage = memoryStorage();
    const { engine } = await openEngine({ storage });
    const handle = await engine.images.put(png(length));
    const kept = await readImage(storage, handle);
    expect(kept?.length).toBe(length);
    expect(Buffer.from(kept ?? []).equals(Buffer.from(png(length)))).toBe(true);
  });

  test('gives handles that tell nothing of one another', async () => {
    const { engine } = await openEngine();
    const handles = await Promise.all(Array.from({ length: 100 }, () => engine.images.put(png(8))));
    expect(new Set(handles.map((handle) => handle.slice(27))).size).toBe(100);
    expect(handles.every(isImageHandle)).toBe(true);
  });

  test('keeps what was given, whatever the caller does to it meanwhile', async () => {
    const storage = memoryStorage();
    const { engine } = await openEngine({ storage });
    const bytes = png(1_000_000);
    const putting = engine.images.put(bytes);
    bytes.fill(0);
    expect((await readImage(storage, await putting))?.[999_999]).toBe(png(1_000_000)[999_999]);
  });

  test.each([
    ['nothing', undefined],
    ['no bytes', new Uint8Array()],
    ['a text', 'PNG'],
    ['a list of numbers', signature],
    ['a buffer of another kind', new ArrayBuffer(100)],
    ['half a beginning', png(7)],
    ['another kind of picture', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0])],
    ['too much', png(8_388_609)],
  ])('refuses %s', async (_, bytes) => {
    const { engine } = await openEngine();
    await expect(engine.images.put(bytes as never)).rejects.toMatchObject({ code: 'invalid_image' });
  });

  test('takes as much as the host allows', async () => {
    const { engine } = await openEngine({ limits: { imageBytes: 10 } });
    await expect(engine.images.put(png(10))).resolves.toBeTypeOf('string');
    await expect(engine.images.put(png(11))).rejects.toThrow('Expected a PNG of up to 10 bytes, got 11 bytes');
  });

  test('keeps pictures in files, over a restart', async () => {
    const path = await mkdtemp(join(tmpdir(), 'tocsin-images-'));
    try {
      const before = await openEngine({ storage: fileStorage({ path }) });
      const handle = await before.engine.images.put(png(1_000_000));
      await before.engine.close();
      const storage = fileStorage({ path });
      expect((await readImage(storage, handle))?.length).toBe(1_000_000);
      await storage.close();
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  });

  test('lets pictures go when executions go', async () => {
    const runtime = manualRuntime();
    const storage = { ...memoryStorage({ now: runtime.now }), capabilities: { durable: true, shared: false } };
    const { engine } = await openEngine({ runtime, storage, executionRetentionMs: 3 * hourMs });
    const handles = [await engine.images.put(png(30_000_000 / 10)), await engine.images.put(png(8))];
    await runtime.advance(2 * hourMs);
    const late = await engine.images.put(png(8));
    await runtime.advance(hourMs + 2 * minuteMs);
    for (const handle of handles) expect(await readImage(storage, handle)).toBe(undefined);
    expect(await readImage(storage, late)).toEqual(png(8));
    await runtime.advance(4 * hourMs);
    expect((await storage.listKeys({ prefix: 'image/', limit: 10 })).keys).toEqual([]);
  });
});

describe('a message with a picture', () => {
  test('brings its bytes to an adapter that takes pictures', async () => {
    const chat = await openChatEngine();
    const handle = await chat.engine.images.put(png(500_000));
    const seen: (Uint8Array | undefined)[] = [];
    chat.chat.answer = async (request) => {
      seen.push(await request.image?.());
    };
    const message = { ...chat.execution({}).message, image: { type: 'stored', handle } } as never;
    const gone = { ...chat.execution({}).message, image: { type: 'stored', handle: 'no handle' } } as never;
    await chat.commit({ message }, { message: gone }, {});
    expect(seen.map((bytes) => bytes?.length)).toEqual([500_000, undefined, undefined]);
    expect(chat.chat.requests.map((request) => 'image' in request)).toEqual([true, true, false]);
  });

  test('goes without it to one that takes none, and says so', async () => {
    const chat = await openChatEngine();
    chat.chat.capabilities = {};
    const image = { type: 'stored', handle: await chat.engine.images.put(png(8)) } as const;
    const { message } = chat.execution({});
    const [stored, url] = await chat.commit(
      { message: { ...message, image } as never },
      { message: { ...message, image: { type: 'url', url: 'https://example.com/a.png' } } as never },
    );
    expect(chat.chat.requests.map((request) => 'message' in request && request.message.image?.type)).toEqual([
      undefined,
      'url',
    ]);
    expect((await chat.get(stored as never)).receipt?.note).toBe('picture left out: chat takes none');
    expect((await chat.get(url as never)).receipt?.note).toBe(undefined);
    // The record still names it.
    expect((await chat.get(stored as never)).message?.image).toEqual(image);
  });
});

test('bytes come back from a text as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect([...fromBase64(toBase64(bytes))]).toEqual([...bytes]);
    }),
  );
});
