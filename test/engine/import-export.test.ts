import fc from 'fast-check';
import {
  type AutomationDefinition,
  createEngine,
  doNothing,
  type Issue,
  onRunMetric,
  organization,
  project,
  registry,
  runEvent,
  type Storage,
  sendNotification,
  TocsinError,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const definition = (name: string, where = scope) => ({
  name,
  event: { type: 'run.metrics', scope: where, filter: { $metric: { name: 'loss', $gt: 1 } } },
  policy: { cooldown: 0 },
  action: { type: 'none' },
});

/** The issues of an import that must be refused. */
async function issuesOf(importing: Promise<unknown>): Promise<readonly Issue[]> {
  const error = await importing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!TocsinError.is(error)) throw new Error('Expected a refusal');
  expect(error.code).toBe('invalid_automation');
  return error.issues;
}

/** A storage that counts its commits, and before each does what another process might. */
function watchedStorage(before: (commits: number) => Promise<void> = async () => {}) {
  const kept = memoryStorage();
  const storage: Storage & { commits: number } = {
    ...kept,
    commits: 0,
    async commit(commit) {
      storage.commits += 1;
      await before(storage.commits);
      return kept.commit(commit);
    },
  };
  return { kept, storage };
}

describe('export', () => {
  test('gives plain definitions, oldest first, without what the engine adds', async () => {
    const { engine, terminal } = await openEngine();
    const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });
    const action = sendNotification(terminal, { title: 'High' });
    await engine.automations.create({ name: 'b', description: 'first', event, action });
    const { automation } = await engine.automations.create({ name: 'a', enabled: false, event, action: doNothing() });
    await engine.automations.update(automation.id, { description: 'changed' });
    const exported = await engine.automations.export();
    expect(exported).toEqual([
      { version: 1, name: 'b', description: 'first', enabled: true, event, action },
      { version: 1, name: 'a', description: 'changed', enabled: false, event, action: { type: 'none' } },
    ]);
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
  });

  test('can be of a scope, with or without what is inside it', async () => {
    const { engine } = await openEngine();
    const scopes = { team: team('my-team'), project: scope, other: team('other'), all: organization('acme') };
    await engine.automations.import(Object.entries(scopes).map(([name, where]) => definition(name, where as never)));
    const names = async (options: Parameters<typeof engine.automations.export>[0]) =>
      (await engine.automations.export(options)).map(({ name }) => name);
    expect(await names({})).toEqual(['team', 'project', 'other', 'all']);
    expect(await names({ scope: team('my-team') })).toEqual(['team']);
    expect(await names({ scope: team('my-team'), includeDescendants: true })).toEqual(['team', 'project']);
    // Which teams an organization has, names don't tell.
    expect(await names({ scope: organization('acme'), includeDescendants: true })).toEqual(['all']);
  });
});

describe('import', () => {
  test('of an exported file makes the same automations in another engine, which ring on the next emit', async () => {
    const { engine, terminal } = await openEngine();
    await engine.automations.import([definition('a'), { ...definition('b'), enabled: false }]);
    const event = onRunMetric({ scope, filter: runEvent.metric('loss').avg(2).gt(1) });
    await engine.automations.create({ name: 'c', event, action: sendNotification(terminal) });
    const file = JSON.stringify(await engine.automations.export());

    const { engine: next, terminal: same } = await openEngine();
    expect(same.id).toBe(terminal.id);
    const { automations } = await next.automations.import(JSON.parse(file));
    expect(automations.map(({ name, revision }) => [name, revision])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    expect(await next.automations.export()).toEqual(JSON.parse(file));
    expect((await next.automations.list()).items).toEqual(automations);
    const { fired } = await next.emit(metricsEvent({ loss: 2 }));
    expect(fired.map(({ automationName }) => automationName)).toEqual(['a']);
  });

  test('writes everything in one commit, and a restart finds it all', async () => {
    const { storage } = watchedStorage();
    const { engine } = await openEngine({ storage });
    const before = storage.commits;
    const { automations } = await engine.automations.import(Array.from({ length: 50 }, (_, i) => definition(`a${i}`)));
    expect(storage.commits - before).toBe(1);
    const next = await createEngine({ storage });
    expect((await next.automations.list()).items).toEqual(automations);
  });

  test('tells every issue of every definition with its index, and stores nothing', async () => {
    const { engine, terminal } = await openEngine({ handlers: { stop() {} } });
    await engine.automations.create(definition('taken') as never);
    const and = { $and: [{ name: 'x' }, { $metric: { name: 'loss', $gt: 'high' } }] };
    const issues = await issuesOf(
      engine.automations.import([
        definition('fine'),
        { ...definition('wrong'), event: { ...definition('').event, filter: and }, policy: { cooldown: 'soon' } },
        { ...definition('gone'), action: { type: 'notification', integrationId: 'nobody' } },
        definition('taken'),
        definition('fine'),
        definition('taken', project('my-team', 'other')),
        { ...definition('handler'), action: { type: 'handler', name: 'halt' } },
        'none',
        { ...definition('odd'), 'what is this': 1 },
        { ...definition('ok'), action: sendNotification(terminal) },
      ]),
    );
    expect(issues.map(({ code, path }) => [code, path])).toEqual([
      ['invalid_type', '[1].event.filter.$and[1].$metric.$gt'],
      ['invalid_value', '[1].policy.cooldown'],
      ['unknown_integration', '[2].action.integrationId'],
      ['name_taken', '[3].name'],
      ['name_taken', '[4].name'],
      ['unknown_handler', '[6].action.name'],
      ['invalid_type', '[7]'],
      ['unknown_key', '[8]["what is this"]'],
    ]);
    expect(issues[4]?.message).toBe('Expected a name that is free in its scope, got "fine": [0] has it too');
    expect((await engine.automations.list()).items.map(({ name }) => name)).toEqual(['taken']);
    expect((await engine.emit(metricsEvent({ loss: 2 }))).fired).toHaveLength(1);
  });

  test('names the first five issues in its message, and how many more', async () => {
    const { engine } = await openEngine();
    await expect(engine.automations.import(Array.from({ length: 9 }, () => 5))).rejects.toMatchObject({
      message: expect.stringMatching(/^Expected an object, got 5 at \[0\]; .* at \[4\]; and 4 more$/),
      issues: { length: 9 },
    });
  });

  test('again with ifExists "return" changes nothing, and answers what is there', async () => {
    const { storage } = watchedStorage();
    const { engine } = await openEngine({ storage });
    const file = [definition('a'), definition('b')];
    const first = await engine.automations.import(file);
    await engine.automations.update(String(first.automations[0]?.id), { description: 'mine now' });
    const before = storage.commits;
    const again = await engine.automations.import(file, { ifExists: 'return' });
    expect(storage.commits).toBe(before);
    expect(again.automations.map(({ id }) => id)).toEqual(first.automations.map(({ id }) => id));
    expect(again.automations[0]).toMatchObject({ description: 'mine now', revision: 2 });
    const more = await engine.automations.import([...file, definition('c')], { ifExists: 'return' });
    expect(more.automations.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect((await issuesOf(engine.automations.import(file))).map(({ path }) => path)).toEqual(['[0].name', '[1].name']);
  });

  test('of two definitions of one name is refused with ifExists "return" too', async () => {
    const { engine } = await openEngine();
    const issues = await issuesOf(
      engine.automations.import([definition('a'), definition('a')], { ifExists: 'return' }),
    );
    expect(issues).toMatchObject([{ code: 'name_taken', path: '[1].name' }]);
  });

  test('of one file by two at once makes each automation once', async () => {
    const { engine } = await openEngine();
    const file = [definition('a'), definition('b')];
    const importing = () => engine.automations.import(file, { ifExists: 'return' });
    const [first, second] = await Promise.all([importing(), importing()]);
    expect(second.automations).toEqual(first.automations);
    expect((await engine.automations.list()).items).toEqual(first.automations);
  });

  test('stores nothing when another process takes one of its names at that moment', async () => {
    let other: Awaited<ReturnType<typeof createEngine>> | undefined;
    const { kept, storage } = watchedStorage(async () => {
      const meddler = other;
      other = undefined;
      await meddler?.automations.create(definition('b') as never);
    });
    const { engine } = await openEngine({ storage });
    other = await createEngine({ storage: kept });
    const file = [definition('a'), definition('b')];
    const issues = await issuesOf(engine.automations.import(file));
    expect(issues).toMatchObject([{ code: 'name_taken', path: '[1].name' }]);
    const { items } = await engine.automations.list();
    expect(items.map(({ name }) => name)).toEqual(['b']);
    const { automations } = await engine.automations.import(file, { ifExists: 'return' });
    expect(automations[1]).toEqual(items[0]);
  });

  test('that the storage does not take stores nothing', async () => {
    let isDown = false;
    const { storage } = watchedStorage(async () => {
      if (isDown) throw new Error('disk full');
    });
    const { engine } = await openEngine({ storage });
    isDown = true;
    await expect(engine.automations.import([definition('a')])).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect((await engine.automations.list()).items).toEqual([]);
  });

  test.each([
    [undefined, 'Expected a list, got nothing'],
    [null, 'Expected a list, got null'],
    ['[]', 'Expected a list, got "[]"'],
    [{ 0: {}, length: 1 }, 'Expected a list, got an object'],
    [new Array(10_001).fill(null), 'Expected at most 10000 definitions, got 10001'],
    [new Array(4_000_000_000), 'Expected at most 10000 definitions, got 4000000000'],
  ])('%# of something else is an issue', async (input, message) => {
    const { engine } = await openEngine();
    expect(await issuesOf(engine.automations.import(input))).toMatchObject([{ path: '', message }]);
  });

  test('of nothing is fine', async () => {
    const { engine } = await openEngine();
    expect(await engine.automations.import([])).toEqual({ automations: [], warnings: [] });
  });

  test('of a hostile list is refused: what throws when it is read, and more faults than anybody reads', async () => {
    const { engine } = await openEngine();
    const trap = new Proxy([definition('a')], {
      get(target, key) {
        if (key === '0') throw new Error('gotcha');
        return Reflect.get(target, key);
      },
    });
    expect(await issuesOf(engine.automations.import(trap))).toMatchObject([{ code: 'invalid_value', path: '' }]);
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, 1]));
    const issues = await issuesOf(engine.automations.import(Array.from({ length: 10_000 }, () => many)));
    expect(issues.length).toBeLessThan(12_000);
    const polluted = JSON.parse('[{"__proto__":{"name":"a"}}]') as unknown;
    expect(await issuesOf(engine.automations.import(polluted))).toMatchObject([
      { code: 'forbidden_key', path: '[0].__proto__' },
    ]);
  });

  test('refuses options that don’t exist', async () => {
    const { engine } = await openEngine();
    const wrong = { ifExist: 'return' } as never;
    await expect(engine.automations.import([], wrong)).rejects.toMatchObject({ code: 'invalid_options' });
    await expect(engine.automations.export({ scopes: [] } as never)).rejects.toMatchObject({ code: 'invalid_options' });
  });

  test('of what was exported is the identity, for any definitions', async () => {
    const name = fc.string({ minLength: 1, maxLength: 20 });
    const where = fc.oneof(
      name.map(team),
      fc.tuple(name, name).map(([entity, project_]) => project(entity, project_)),
      fc.tuple(name, name).map(([entity, models]) => registry(entity, models)),
    );
    const definitions = fc.uniqueArray(
      fc.record(
        {
          name,
          description: fc.string(),
          enabled: fc.boolean(),
          event: fc.record({
            type: fc.constant('run.metrics'),
            scope: where,
            filter: fc.record({
              $metric: fc.record({ name, $gt: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
            }),
          }),
          action: fc.constant({ type: 'none' }),
        },
        { requiredKeys: ['name', 'event', 'action'] },
      ),
      { selector: ({ name: own, event }) => JSON.stringify([own, event.scope]), maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(definitions, async (given) => {
        const { engine } = await openEngine();
        await engine.automations.import(given);
        const exported: readonly AutomationDefinition[] = await engine.automations.export();
        const next = await openEngine();
        await next.engine.automations.import(JSON.parse(JSON.stringify(exported)));
        expect(await next.engine.automations.export()).toEqual(exported);
        expect(exported.map(({ name: own }) => own)).toEqual(given.map(({ name: own }) => own));
      }),
      { numRuns: 50 },
    );
  });
});
