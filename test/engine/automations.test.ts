import {
  callHandler,
  createEngine,
  type Delivery,
  DeliveryError,
  doNothing,
  onAddArtifactAlias,
  onRunMetric,
  onRunState,
  organization,
  project,
  registry,
  runEvent,
  type Storage,
  sendNotification,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { aliasAdded, metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });

describe('engine.automations', () => {
  test('refuses a second name in a scope, or answers the one that has it', async () => {
    const { engine } = await openEngine();
    const { automation } = await engine.automations.create({ name: 'high', event, action: doNothing() });
    await expect(engine.automations.create({ name: 'high', event, action: doNothing() })).rejects.toMatchObject({
      code: 'name_taken',
      message: `The scope has an automation named "high" already; create(…, { ifExists: 'return' }) returns it`,
    });
    const again = await engine.automations
      .create({ name: 'high', event, action: callHandler('x') } as never, { ifExists: 'return' })
      .catch((error: unknown) => error);
    expect(again).toMatchObject({ code: 'invalid_automation' });
    const same = await engine.automations.create({ name: 'high', event, action: doNothing() }, { ifExists: 'return' });
    expect(same.automation).toBe(automation);
    const elsewhere = onRunMetric({ scope: project('my-team', 'other'), filter: runEvent.metric('loss').gt(1) });
    await engine.automations.create({ name: 'high', event: elsewhere, action: doNothing() });
  });

  test('two creates of one name at once: one wins', async () => {
    const { engine } = await openEngine();
    const create = () => engine.automations.create({ name: 'high', event, action: doNothing() });
    const outcomes = await Promise.allSettled([create(), create(), create()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await engine.automations.list()).items).toHaveLength(1);
  });

  test('updates what is named, keeps the scope, and refuses a stale revision', async () => {
    const { engine, runtime } = await openEngine();
    const { automation } = await engine.automations.create({ name: 'high', event, action: doNothing() });
    await runtime.advance(5);
    const filter = runEvent.metric('loss').gt(2).toJSON();
    const updated = await engine.automations.update(
      automation.id,
      { event: { type: 'run.metrics', filter } },
      { revision: 1 },
    );
    expect(updated.automation).toMatchObject({ name: 'high', revision: 2, event: { scope, filter } });
    expect(updated.automation.updatedAt - updated.automation.createdAt).toBe(5);
    await expect(engine.automations.update(automation.id, { name: 'x' }, { revision: 1 })).rejects.toMatchObject({
      code: 'revision_conflict',
    });
    expect((await engine.emit(metricsEvent({ loss: 1.5 }))).fired).toEqual([]);
    expect((await engine.emit(metricsEvent({ loss: 2.5 }))).fired).toHaveLength(1);
    await engine.automations.update(automation.id, { name: 'renamed' });
    await engine.automations.create({ name: 'high', event, action: doNothing() });
  });

  test('lists by scope, name and enabled, in pages', async () => {
    const { engine } = await openEngine();
    const scopes = [team('my-team'), scope, project('my-team', 'other'), project('their-team', 'my-project')];
    for (const [index, where] of scopes.entries()) {
      const trigger = onRunMetric({ scope: where, filter: runEvent.metric('loss').gt(1) });
      await engine.automations.create({ name: `a${index}`, enabled: index !== 1, event: trigger, action: doNothing() });
    }
    const names = async (query: Parameters<typeof engine.automations.list>[0]) =>
      (await engine.automations.list(query)).items.map(({ name }) => name);
    expect(await names({})).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(await names({ scope: team('my-team') })).toEqual(['a0']);
    expect(await names({ scope: team('my-team'), includeDescendants: true })).toEqual(['a0', 'a1', 'a2']);
    expect(await names({ scope: organization('acme'), includeDescendants: true })).toEqual([]);
    expect(await names({ enabled: false })).toEqual(['a1']);
    expect(await names({ name: 'a3' })).toEqual(['a3']);
    const first = await engine.automations.list({ limit: 3 });
    expect(await names({ cursor: String(first.cursor) })).toEqual(['a3']);
  });

  test('are read on from a cursor in the same order, whatever is created and deleted meanwhile', async () => {
    const { engine } = await openEngine();
    const ids: string[] = [];
    const create = async (name: string) => {
      ids.push((await engine.automations.create({ name, event, action: doNothing() })).automation.id);
    };
    for (let index = 0; index < 9; index += 1) await create(`a${index}`);
    const read: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 20; pages += 1) {
      const page = await engine.automations.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      read.push(...page.items.map(({ name }) => name));
      // The one at the cursor goes, and so does one that is still to come; another is made, another changed.
      if (pages === 1) for (const index of [3, 5]) await engine.automations.delete(String(ids[index]));
      if (pages === 1) await create('late');
      if (pages === 1) await engine.automations.update(String(ids[7]), { description: 'changed' });
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(read).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a6', 'a7', 'a8', 'late']);
  });

  test.each([
    [
      { scop: scope },
      'automations.list: Expected no key "scop" here; there may be scope includeDescendants name enabled cursor limit at scop',
    ],
    [
      { scope: { type: 'project', entity: 'my-team' } },
      'automations.list: Expected a text, got nothing at scope.project',
    ],
    [{ limit: 'all' }, 'automations.list: Expected a number, got "all" at limit'],
    [{ limit: Number.NaN }, 'automations.list: Expected a JSON value, got NaN at limit'],
    [{ limit: 0 }, 'automations.list: Expected a whole number from 1 to 1000, got 0 at limit'],
    [{ limit: 1001 }, 'automations.list: Expected a whole number from 1 to 1000, got 1001 at limit'],
    [{ enabled: 'yes' }, 'automations.list: Expected true or false, got "yes" at enabled'],
    ['high', 'automations.list: Expected an object, got "high"'],
  ])('a query that can’t be meant is refused, not taken for "all": %j', async (query, message) => {
    const { engine } = await openEngine();
    await expect(engine.automations.list(query as never)).rejects.toMatchObject({ code: 'invalid_options', message });
  });

  test('are listed oldest first, also one whose creation was heard of late', async () => {
    const kept = memoryStorage();
    let isLost = false;
    const storage: Storage = {
      ...kept,
      async commit(commit) {
        const result = await kept.commit(commit);
        if (isLost) throw new Error('connection lost');
        return result;
      },
    };
    const { engine } = await openEngine({ storage });
    const create = (name: string) =>
      engine.automations.create({ name, event, action: doNothing() }, { ifExists: 'return' });
    isLost = true;
    await expect(create('oldest')).rejects.toMatchObject({ code: 'storage_unavailable' });
    isLost = false;
    await create('younger');
    await create('oldest');
    expect((await engine.automations.list()).items.map(({ name }) => name)).toEqual(['oldest', 'younger']);
  });

  test('options that don’t exist are refused', async () => {
    const { engine } = await openEngine();
    const definition = { name: 'high', event, action: doNothing() };
    const { automation } = await engine.automations.create(definition);
    const calls = [
      engine.automations.create(definition, { ifExist: 'return' } as never),
      engine.automations.create(definition, { ifExists: 'replace' } as never),
      engine.automations.update(automation.id, {}, { revison: 1 } as never),
      engine.automations.update(automation.id, {}, { revision: '1' } as never),
      engine.integrations.list({ kind: 'slack' } as never),
      engine.integrations.list({ type: 'fax' } as never),
      engine.integrations.delete('x', { forced: true } as never),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'invalid_options' });
    expect((await engine.automations.get(automation.id)).revision).toBe(1);
  });

  test('patch: what is undefined stays, null takes a description or policy away', async () => {
    const { engine } = await openEngine();
    const policy = { cooldown: '1h' } as const;
    const { automation } = await engine.automations.create({
      name: 'high',
      description: 'text',
      event,
      policy,
      action: doNothing(),
    });
    const { id } = automation;
    const same = await engine.automations.update(id, { name: undefined, policy: undefined, description: undefined });
    expect(same.automation).toMatchObject({ name: 'high', description: 'text', policy });
    const { automation: bare } = await engine.automations.update(id, { policy: null, description: null });
    expect(Object.keys(bare)).not.toContain('policy');
    expect(Object.keys(bare)).not.toContain('description');
    expect(bare).toMatchObject({ name: 'high', event, revision: 3 });
    expect(await engine.automations.export()).toEqual([
      { version: 1, name: 'high', enabled: true, event, action: { type: 'none' } },
    ]);
  });

  test('patch: a new policy or trigger replaces the old one as a whole', async () => {
    const { engine } = await openEngine();
    const runState = onRunState({ scope, filter: runEvent.state.eq('failed') });
    const policy = { cooldown: '1h', per: 'run' } as const;
    const { automation } = await engine.automations.create({ name: 'f', event: runState, policy, action: doNothing() });
    const updated = await engine.automations.update(automation.id, {
      event: { type: 'run.state' },
      policy: { cooldown: 0 },
    });
    expect(updated.automation.event).toEqual({ type: 'run.state', scope });
    expect(updated.automation.policy).toEqual({ cooldown: 0 });
  });

  test.each([
    [{ enabeld: false }, 'unknown_key', 'enabeld'],
    [{ id: 'mine' }, 'unknown_key', 'id'],
    [{ revision: 7 }, 'unknown_key', 'revision'],
    [{ name: null }, 'invalid_type', 'name'],
    [{ event: null }, 'invalid_type', 'event'],
    [{ event: { filter: {} } }, 'required', 'event.type'],
    [JSON.parse('{"__proto__":{"enabled":false}}'), 'forbidden_key', '__proto__'],
    [JSON.parse('{"event":{"type":"run.state","__proto__":{}}}'), 'forbidden_key', 'event.__proto__'],
    [null, 'invalid_type', ''],
    ['disable', 'invalid_type', ''],
    [[], 'invalid_type', ''],
  ])('patch: %j is refused with a path, and changes nothing', async (patch, code, path) => {
    const { engine } = await openEngine();
    const { automation } = await engine.automations.create({ name: 'high', event, action: doNothing() });
    await expect(engine.automations.update(automation.id, patch as never)).rejects.toMatchObject({
      code: 'invalid_automation',
      issues: [{ code, path }],
    });
    expect(await engine.automations.get(automation.id)).toBe(automation);
  });

  test('are there again in a new engine on the same storage', async () => {
    const storage = memoryStorage();
    const { engine } = await openEngine({ storage });
    const { automation } = await engine.automations.create({ name: 'high', event, action: doNothing() });
    await engine.close();
    const next = await createEngine({ storage, runtime: manualRuntime({ seed: 2 }) });
    expect(await next.automations.get(automation.id)).toEqual(automation);
    expect((await next.emit(metricsEvent({ loss: 2 }))).fired).toHaveLength(1);
  });

  test.each([
    ['get', (e: Engine) => e.automations.get('nobody')],
    ['update', (e: Engine) => e.automations.update('nobody', {})],
    ['delete', (e: Engine) => e.automations.delete('nobody')],
    ['explain', (e: Engine) => e.explain('nobody', metricsEvent({}))],
  ])('%s of an unknown id says not_found', async (_, call) => {
    const { engine } = await openEngine();
    await expect(call(engine)).rejects.toMatchObject({ code: 'not_found', message: 'There is no automation nobody' });
  });

  test('disabling one cancels what it has pending, and deleting frees its name', async () => {
    const { engine, delivery, terminal } = await openEngine();
    await engine.integrations.disable(terminal.id);
    const alias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    const { automation } = await engine.automations.create({
      name: 'alias',
      event: alias,
      action: sendNotification(terminal),
    });
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    await engine.automations.disable(automation.id);
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'cancelled',
      reason: 'automation_disabled',
    });
    await engine.integrations.enable(terminal.id);
    await engine.idle();
    expect(delivery.delivered).toEqual([]);
    await engine.automations.delete(automation.id);
    await engine.automations.create({ name: 'alias', event: alias, action: sendNotification(terminal) });
  });
});

describe('an automation that is called off', () => {
  test('while its message waits for a retry stays cancelled, and its lane goes on', async () => {
    let isDown = true;
    const sent: string[] = [];
    const flaky: Delivery = {
      name: 'console',
      integrationTypes: ['console'],
      async deliver({ message }) {
        if (isDown) throw new DeliveryError({ kind: 'unavailable', reason: 'down', message: 'Out for lunch' });
        sent.push(message.title);
        return {};
      },
    };
    const { engine, runtime, terminal } = await openEngine({ deliveries: [flaky] });
    const scopeOfModels = registry('my-team', 'models');
    for (const name of ['first', 'second']) {
      await engine.automations.create({
        name,
        event: onAddArtifactAlias({ scope: scopeOfModels, filter: { alias: name } }),
        action: sendNotification(terminal, { title: name }),
      });
    }
    const { fired } = await engine.emit(aliasAdded('first'));
    await engine.emit(aliasAdded('second'));
    await engine.idle();
    await engine.automations.disable(String(fired[0]?.automationId));
    isDown = false;
    do await engine.idle();
    while (await runtime.advanceToNextTimer());
    expect(sent).toEqual(['second']);
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'cancelled',
      attempts: [{ error: 'down' }],
    });
  });

  test('while its message is on its way is recorded as what became of it', async () => {
    let disable: (() => Promise<unknown>) | undefined;
    const outcomes: ('arrives' | 'fails')[] = ['arrives', 'fails'];
    const meddled: Delivery = {
      name: 'console',
      integrationTypes: ['console'],
      async deliver() {
        await disable?.();
        if (outcomes.shift() === 'arrives') return { note: 'here' };
        throw new DeliveryError({ kind: 'unavailable', reason: 'down', message: 'Out for lunch' });
      },
    };
    const { engine, runtime, terminal } = await openEngine({ deliveries: [meddled] });
    const trigger = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    const { automation } = await engine.automations.create({
      name: 'alias',
      event: trigger,
      action: sendNotification(terminal),
    });
    disable = () => engine.automations.disable(automation.id);
    const statuses: string[] = [];
    for (const alias of ['one', 'two']) {
      await engine.automations.enable(automation.id);
      const { fired } = await engine.emit(aliasAdded(alias));
      do await engine.idle();
      while (await runtime.advanceToNextTimer());
      statuses.push((await engine.executions.get(String(fired[0]?.id))).status);
    }
    expect(statuses).toEqual(['finished', 'cancelled']);
  });

  test('can be disabled although its integration has been deleted', async () => {
    const { engine, terminal } = await openEngine();
    const { automation } = await engine.automations.create({ name: 'high', event, action: sendNotification(terminal) });
    await engine.integrations.delete(terminal.id, { force: true });
    expect(await engine.automations.disable(automation.id)).toMatchObject({ enabled: false });
  });
});

type Engine = Awaited<ReturnType<typeof openEngine>>['engine'];
