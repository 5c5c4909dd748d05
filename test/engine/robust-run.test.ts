import { type EmitResult, type Engine, onRunState, project } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const place = { entity: 'my-team', project: 'my-project' };
const scope = project('my-team', 'my-project');

/** Something that can be thrown, and can't be made a text. */
const untellable = (): unknown => Object.create(null);

/** The events of runs whose state changed, oldest first. */
async function statesOf(engine: Engine): Promise<EmitResult['fired'][number]['event'][]> {
  const { items: executions } = await engine.executions.list();
  return executions.map(({ event }) => event).reverse();
}

async function openWatched(options: Parameters<typeof openEngine>[0] = {}) {
  const opened = await openEngine(options);
  const event = onRunState({ scope });
  await opened.engine.automations.create({ name: 'all', event, action: { type: 'none' }, policy: { cooldown: 0 } });
  return opened;
}

describe('a run that is given what throws when it is read', () => {
  test('reports it, and throws nothing', async () => {
    const { engine, logger } = await openEngine();
    const run = engine.startRun(place);
    run.log(
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw untellable();
          },
        },
      ),
    );
    await run.flush();
    expect(logger.lines).toEqual([expect.stringContaining('A call of a run failed: something that cannot be told')]);
  });

  test('starts without readable options, and its calls are reported', async () => {
    const { engine, logger } = await openEngine();
    const run = engine.startRun({
      get entity(): string {
        throw untellable();
      },
      project: 'my-project',
    });
    run.log({ loss: 1 });
    await run.flush();
    expect(logger.lines[0]).toContain('something that cannot be told');
    expect(logger.lines.slice(1)).toEqual([expect.stringContaining('entity'), expect.stringContaining('entity')]);
  });
});

describe('a run that fails', () => {
  test.each([
    ['an endless message', new Error('x'.repeat(300_000)), 'x'.repeat(4000)],
    ['one whose kind says more than Error', new TypeError('no tensor'), 'TypeError: no tensor'],
    ['a text that only looks like one', 'Error: x', 'Error: x'],
    ['what can not be told', untellable(), 'something that cannot be told'],
    ['an error that throws', { toString: () => untellable() }, 'something that cannot be told'],
  ])('says so, whatever the error: %s', async (_, error, text) => {
    const { engine } = await openWatched();
    const run = engine.startRun(place);
    run.fail(error);
    await run.flush();
    expect(await statesOf(engine)).toMatchObject([{ state: 'running' }, { state: 'failed', error: text }]);
  });
});

describe('a config that is no JSON', () => {
  test('costs the run only what is at fault, which is reported with its path', async () => {
    const { engine, logger } = await openWatched();
    const cycle: Record<string, unknown> = { name: 'round' };
    cycle['self'] = cycle;
    const config = {
      lr: Number.NaN,
      epochs: 3,
      f() {},
      when: new Date(),
      optimizer: { name: 'adam', momentum: Number.POSITIVE_INFINITY },
      cycle,
      ['__proto__']: { polluted: true },
      get dead() {
        throw untellable();
      },
    };
    const run = engine.startRun({ ...place, name: 'baseline', user: 'ada', tags: ['a'], config: config as never });
    await run.flush();
    const [event] = await statesOf(engine);
    expect(event).toMatchObject({ state: 'running', run: { name: 'baseline', user: 'ada', tags: ['a'] } });
    expect((event?.['run'] as { config: unknown } | undefined)?.config).toEqual({
      epochs: 3,
      optimizer: { name: 'adam' },
      cycle: { name: 'round' },
    });
    expect(logger.lines).toHaveLength(1);
    for (const path of ['lr', 'f', 'when', 'optimizer.momentum', 'cycle.self', '__proto__', 'dead']) {
      expect(logger.lines[0]).toContain(` at config.${path}`);
    }
  });

  test.each([5, 'text', [1], new Map()])('is left out when it is no object: %j', async (config) => {
    const { engine, logger } = await openWatched();
    await engine.startRun({ ...place, name: 'baseline', config: config as never }).flush();
    expect(await statesOf(engine)).toMatchObject([{ state: 'running', run: { name: 'baseline' } }]);
    expect(logger.lines).toEqual([expect.stringContaining('Expected an object')]);
  });

  test('is cut to what an event may hold', async () => {
    const { engine, logger } = await openWatched();
    const config = { note: 'x'.repeat(300_000), epochs: 3 };
    await engine.startRun({ ...place, name: 'baseline', config }).flush();
    expect(await statesOf(engine)).toMatchObject([{ run: { name: 'baseline', config: { epochs: 3 } } }]);
    expect(logger.lines).toEqual([expect.stringContaining('at config.note')]);
  });
});

describe('flushing', () => {
  test('ends although another loop goes on logging', async () => {
    const fate: CommitFate = { type: 'slow', turns: 3 };
    const { engine } = await openWatched({ storage: unreliableStorage(memoryStorage(), () => fate) });
    const run = engine.startRun(place);
    let isLogging = true;
    const loop = (async () => {
      for (let turn = 0; isLogging && turn < 1000; turn += 1) {
        run.fail();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return isLogging;
    })();
    await run.flush();
    isLogging = false;
    expect(await loop).toBe(false);
    await run.flush();
  });
});

test('a loop that goes on logging after the engine has closed is told so once', async () => {
  const { engine, logger } = await openEngine();
  const run = engine.startRun(place);
  await engine.close();
  for (let step = 0; step < 100; step += 1) run.log({ loss: 1 }, { step });
  await run.flush();
  expect(logger.lines).toEqual([expect.stringContaining('engine_closed')]);
});
