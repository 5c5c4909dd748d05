import { TocsinError } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openMutes } from '../mutes/open-mutes.js';
import { unreliableStorage } from '../support/unreliable-storage.js';

describe('a message of one’s own', () => {
  test('arrives as it was given, and is an execution like all others', async () => {
    const { engine, ops, arrived, runtime } = await openMutes();
    const created: string[] = [];
    engine.on('execution-created', ({ id }) => created.push(id));
    const links = [{ text: 'Settings', url: 'https://example.com/settings' }];
    const execution = await engine.integrations.notify(ops.id, {
      title: 'Hello ${run_name}',
      message: 'It works',
      severity: 'WARN',
      links,
    });
    expect(execution).toMatchObject({
      status: 'pending',
      automationId: 'notice',
      automationName: 'tocsin',
      action: { type: 'notification', integrationId: ops.id },
    });
    expect(created).toEqual([execution.id]);
    await engine.idle();
    expect(arrived).toEqual([
      {
        channel: '#ops',
        message: {
          title: 'Hello ${run_name}',
          text: 'It works',
          severity: 'WARN',
          links,
          fields: [],
          automationName: 'tocsin',
          atMs: runtime.now(),
        },
      },
    ]);
    expect((await engine.executions.get(execution.id)).status).toBe('finished');
    expect((await engine.executions.list({ automationId: 'notice' })).items.map(({ id }) => id)).toEqual([
      execution.id,
    ]);
  });

  test('needs no more than a title', async () => {
    const { engine, ops, arrived } = await openMutes();
    await engine.integrations.notify(ops.id, { title: 'Hello' });
    await engine.idle();
    expect(arrived[0]?.message).toMatchObject({ title: 'Hello', text: '', severity: 'INFO', links: [] });
  });

  test('waits behind what waits there, and can be called off and sent again', async () => {
    const { engine, ops, down, detect, runtime, in: arrivedIn } = await openMutes();
    down.add('#ops');
    await detect('first');
    await engine.integrations.notify(ops.id, { title: 'second' });
    const { id } = await engine.integrations.notify(ops.id, { title: 'third' });
    expect(await engine.executions.cancel({ id })).toBe(1);
    down.clear();
    await runtime.advance(600_000);
    expect(arrivedIn('#ops')).toEqual(['first', 'second']);
    await engine.executions.retry(id);
    await engine.idle();
    expect(arrivedIn('#ops')).toEqual(['first', 'second', 'third']);
  });

  test('goes out after a restart when the process ended before', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const before = await openMutes({ storage, runtime });
    before.down.add('#ops');
    await before.engine.integrations.notify(before.ops.id, { title: 'Hello' });
    await before.engine.close();
    const after = await openMutes({ storage, runtime });
    await runtime.advance(600_000);
    expect(after.in('#ops')).toEqual(['Hello']);
  });

  test("may go to an integration that is an entity's own", async () => {
    const { engine, in: arrivedIn } = await openMutes();
    const own = await engine.integrations.create({
      type: 'custom',
      name: '#own',
      delivery: 'channels',
      entity: 'a-team',
    });
    await engine.integrations.notify(own.id, { title: 'Hello' });
    await engine.idle();
    expect(arrivedIn('#own')).toEqual(['Hello']);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'object'],
    ['no title', {}, 'title'],
    ['an empty title', { title: '' }, 'title'],
    ['a long title', { title: 'a'.repeat(1001) }, 'title'],
    ['a long message', { title: 'a', message: 'a'.repeat(2001) }, 'message'],
    ['an unknown severity', { title: 'a', severity: 'FATAL' }, 'severity'],
    ['an unknown key', { title: 'a', text: 'b' }, 'text'],
    ['a link that runs code', { title: 'a', links: [{ text: 'b', url: 'javascript:alert(1)' }] }, 'links[0].url'],
    ['a link that ends itself', { title: 'a', links: [{ text: 'b', url: 'https://example.com/>' }] }, 'links[0].url'],
    ['a link without words', { title: 'a', links: [{ text: '', url: 'https://example.com' }] }, 'links[0].text'],
    ['many links', { title: 'a', links: Array(17).fill({ text: 'b', url: 'https://example.com' }) }, 'links'],
  ])('with %s is refused', async (_, options, named) => {
    const { engine, ops } = await openMutes();
    const refused: unknown = await engine.integrations
      .notify(ops.id, options as never)
      .catch((error: unknown) => error);
    if (!TocsinError.is(refused)) throw new Error('It was not refused');
    expect(refused.code).toBe('invalid_options');
    expect(refused.message).toContain(named);
    expect((await engine.executions.list()).items).toEqual([]);
  });

  test('to nobody is refused', async () => {
    const { engine } = await openMutes();
    for (const id of ['nobody', undefined, 7]) {
      await expect(engine.integrations.notify(id as never, { title: 'a' })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  test('that can not be stored is refused', async () => {
    const runtime = manualRuntime();
    let fails = false;
    const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () =>
      fails ? { type: 'fails' } : undefined,
    );
    const { engine, ops, arrived } = await openMutes({ storage, runtime });
    fails = true;
    await expect(engine.integrations.notify(ops.id, { title: 'a' })).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    fails = false;
    await engine.idle();
    expect(arrived).toEqual([]);
  });
});
