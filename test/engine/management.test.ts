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
import { consoleDelivery } from 'tocsin/delivery/console';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { aliasAdded, metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });

describe('engine.automations', () => {
  test('refuses a second name in a scope, or answers the one that has it', async () => {
    const { engine } = await openEngine();
    const { automation } = await engine.automations.create({ name: 'high', event, action: doNothing() });
    await expect(engine.automations.create({ name: 'high', event, action: doNothing() })).rejects.toMatchObject({
      code: 'name_taken',
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
    [{ scop: scope }, 'automations.list: Expected no key "scop" here at scop'],
    [
      { scope: { type: 'project', entity: 'my-team' } },
      'automations.list: Expected a text, got nothing at scope.project',
    ],
    [{ limit: 'all' }, 'automations.list: Expected a number, got "all" at limit'],
    [{ limit: Number.NaN }, 'automations.list: Expected a JSON value, got NaN at limit'],
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

describe('engine.integrations', () => {
  const theirs = { type: 'console', name: 'theirs', entity: 'their-team', delivery: 'console' } as const;

  test('of another entity can’t be used, neither at creation nor when they change hands later', async () => {
    const { engine, delivery } = await openEngine();
    const integration = await engine.integrations.create(theirs);
    const alias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    const create = () =>
      engine.automations.create({ name: 'alias', event: alias, action: sendNotification(integration) });
    await expect(create()).rejects.toMatchObject({
      code: 'invalid_automation',
      issues: [{ code: 'integration_not_owned', path: 'action.integrationId' }],
    });
    await engine.integrations.update(integration.id, { entity: 'my-team' });
    await create();
    await engine.integrations.update(integration.id, { entity: 'their-team' });
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'failed',
      reason: 'integration_not_owned',
    });
    expect(delivery.delivered).toEqual([]);
  });

  test('of one entity can’t be used by an automation on a whole organization', async () => {
    const { engine } = await openEngine();
    const integration = await engine.integrations.create(theirs);
    const trigger = onRunState({ scope: organization('acme') });
    await expect(
      engine.automations.create({ name: 'all', event: trigger, action: sendNotification(integration) }),
    ).rejects.toMatchObject({ issues: [{ code: 'integration_not_owned' }] });
  });

  test('that automations use are deleted only by force, and what waits for them fails', async () => {
    const { engine, terminal } = await openEngine();
    await engine.integrations.disable(terminal.id);
    const alias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    await engine.automations.create({ name: 'alias', event: alias, action: sendNotification(terminal) });
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    await expect(engine.integrations.delete(terminal.id)).rejects.toMatchObject({
      code: 'integration_in_use',
      message: 'The integration terminal is used by alias',
    });
    await engine.integrations.delete(terminal.id, { force: true });
    await engine.idle();
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'failed',
      reason: 'integration_deleted',
    });
  });

  test.each([
    [{ type: 'console', name: 'x', delivery: 'pigeon' }, 'unknown_delivery', 'delivery'],
    [{ type: 'console', delivery: 'console' }, 'required', 'name'],
    [{ type: 'fax', name: 'x', delivery: 'console' }, 'invalid_value', 'type'],
    [{ type: 'console', name: 'x', delivery: 'console', token: 'xoxb-1' }, 'unknown_key', 'token'],
    [null, 'invalid_type', ''],
  ])('%j is refused with a path', async (definition, code, path) => {
    const { engine } = await openEngine();
    await expect(engine.integrations.create(definition as never)).rejects.toMatchObject({
      code: 'invalid_integration',
      issues: [{ code, path }],
    });
  });

  test('may have one name twice', async () => {
    const { engine } = await openEngine();
    for (const entity of ['my-team', 'their-team']) await engine.integrations.create({ ...theirs, entity });
    expect((await engine.integrations.list()).map(({ name }) => name)).toEqual(['terminal', 'theirs', 'theirs']);
  });

  test('patch: what is undefined stays, null takes away, and a new destination forgets what was learnt of the old', async () => {
    const verify = async () => ({ ok: true, problems: [], channelId: 'C1', channelName: 'general' });
    const deliveries = ['slack', 'console'].map((type) => ({
      name: type,
      integrationTypes: [type as 'slack' | 'console'],
      deliver: async () => ({}),
      verify,
    }));
    const { engine } = await openEngine({ deliveries });
    const { id } = await engine.integrations.create({
      type: 'slack',
      name: 'ops',
      entity: 'my-team',
      delivery: 'slack',
      channel: '#general',
    });
    await engine.integrations.verify(id);
    const renamed = await engine.integrations.update(id, { name: 'operations', channel: undefined, entity: null });
    expect(renamed).toMatchObject({ name: 'operations', channel: '#general', channelId: 'C1' });
    expect(renamed.entity).toBeUndefined();
    expect((await engine.integrations.update(id, { channel: '#general' })).channelId).toBe('C1');
    expect((await engine.integrations.update(id, { channel: '#random' })).channelId).toBeUndefined();
    for (const patch of [{ name: null }, { type: 'console' }, { status: 'ok' }, { chanel: '#x' }, null, 'x']) {
      await expect(engine.integrations.update(id, patch as never)).rejects.toMatchObject({
        code: 'invalid_integration',
      });
    }
  });

  test('of type webhook take all their parts in a patch', async () => {
    const webhook: Delivery = { name: 'webhook', integrationTypes: ['webhook'], deliver: async () => ({}) };
    const { engine } = await openEngine({
      deliveries: [webhook, { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) }],
    });
    const definition = { type: 'webhook', name: 'w', delivery: 'webhook', url: 'https://a.example' } as const;
    const { id } = await engine.integrations.create(definition);
    const patch = {
      url: 'https://b.example',
      accessTokenSecretName: 'A',
      signingSecretName: 'S',
      previousSigningSecretName: 'P',
      secretsInPayload: true,
    };
    expect(await engine.integrations.update(id, patch)).toMatchObject(patch);
    const taken = await engine.integrations.update(id, { previousSigningSecretName: null, secretsInPayload: null });
    expect(taken).not.toHaveProperty('previousSigningSecretName');
    expect(taken).not.toHaveProperty('secretsInPayload');
    expect(taken).toMatchObject({ url: 'https://b.example', signingSecretName: 'S' });
  });

  test('that many automations use are not deleted, and the refusal names the first of them', async () => {
    const { engine, terminal } = await openEngine();
    const action = sendNotification(terminal);
    await engine.automations.import(Array.from({ length: 7 }, (_, i) => ({ name: `a${i}`, event, action })));
    await expect(engine.integrations.delete(terminal.id)).rejects.toMatchObject({
      message: 'The integration terminal is used by a0, a1, a2, a3, a4 and 2 more',
    });
  });

  test('are found by type, entity, and channel name with or without #', async () => {
    const { engine } = await openEngine({
      deliveries: [
        { name: 'slack', integrationTypes: ['slack'], deliver: async () => ({}) },
        { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
      ],
    });
    for (const channel of ['#ml-dev-alerts', 'ml-prod-alerts', '#random']) {
      await engine.integrations.create({ type: 'slack', name: channel, entity: 'my-team', delivery: 'slack', channel });
    }
    const found = async (query: Parameters<typeof engine.integrations.list>[0]) =>
      (await engine.integrations.list(query)).map(({ name }) => name);
    expect(await found({ type: 'slack', entity: 'my-team' })).toEqual(['#ml-dev-alerts', 'ml-prod-alerts', '#random']);
    expect(await found({ channelName: 'ml-dev-alerts' })).toEqual(['#ml-dev-alerts']);
    expect(await found({ channelName: '#ml-prod-alerts' })).toEqual(['ml-prod-alerts']);
    expect(await found({ channelName: { contains: 'alerts' } })).toEqual(['#ml-dev-alerts', 'ml-prod-alerts']);
    expect(await found({ entity: 'their-team' })).toEqual([]);
  });
});

describe('handlers', () => {
  test('are told what rang, tried again for a minute when they throw, and never break an emit', async () => {
    const attempts: number[] = [];
    const { engine, runtime } = await openEngine({
      handlers: {
        stop({ attempt }) {
          attempts.push(attempt);
          throw new Error('not yet');
        },
      },
    });
    const trigger = onRunState({ scope, filter: runEvent.state.eq('failed') });
    await engine.automations.create({ name: 'stop-it', event: trigger, action: callHandler('stop') });
    const { fired } = await engine.emit(stateEvent('failed'));
    for (let more = true; more; more = await runtime.advanceToNextTimer()) await engine.idle();
    const execution = await engine.executions.get(String(fired[0]?.id));
    expect(execution).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(execution.attempts[0]).toMatchObject({ message: 'not yet', error: 'handler_failed' });
  });

  test('that nobody gave are an issue at creation', async () => {
    const { engine } = await openEngine({ handlers: { stop() {} } });
    await expect(engine.automations.create({ name: 'x', event, action: callHandler('halt') })).rejects.toMatchObject({
      issues: [
        { code: 'unknown_handler', path: 'action.name', message: 'Expected the name of a handler (stop), got "halt"' },
      ],
    });
  });
});

describe('listeners', () => {
  test('that throw or reject harm nobody, and are reported', async () => {
    const { engine, logger, delivery, terminal } = await openEngine();
    engine.on('execution-created', () => {
      throw new Error('bad listener');
    });
    engine.on('execution-created', async () => {
      throw new Error('bad promise');
    });
    const seen: string[] = [];
    const stop = engine.on('execution-finished', ({ automationName }) => seen.push(automationName));
    await engine.automations.create({ name: 'high', event, action: sendNotification(terminal) });
    expect((await engine.emit(metricsEvent({ loss: 2 }))).fired).toHaveLength(1);
    await engine.idle();
    stop();
    await engine.emit(metricsEvent({ loss: 2 }, {}, 'run-2'));
    await engine.idle();
    expect(seen).toEqual(['high']);
    expect(delivery.delivered).toHaveLength(2);
    expect(logger.lines.filter((line) => line.includes('listener_failed'))).toHaveLength(4);
  });
});

describe('createEngine', () => {
  test.each([
    [undefined, 'storage'],
    [{}, 'storage'],
    [{ storage: memoryStorage(), commitTimeoutMs: 0 }, 'commitTimeoutMs'],
    [{ storage: memoryStorage(), maxLiveRuns: '10' }, 'maxLiveRuns'],
    [{ storage: memoryStorage(), limits: { eventDepth: -1 } }, 'limits.eventDepth'],
    [{ storage: memoryStorage(), limits: { eventDeep: 3 } }, 'got limits.eventDeep'],
    [{ storage: memoryStorage(), delivery: [] }, 'got delivery'],
    [{ storage: memoryStorage }, 'memoryStorage() at storage, got a function'],
    [{ storage: memoryStorage(), deliveries: {} }, 'a list at deliveries'],
    [
      { storage: memoryStorage(), deliveries: [consoleDelivery] },
      'consoleDelivery(), at deliveries[0], got a function',
    ],
    [{ storage: memoryStorage(), deliveries: [consoleDelivery(), consoleDelivery()] }, 'one delivery named "console"'],
    [{ storage: memoryStorage(), handlers: { stop: 'it' } }, 'handlers.stop'],
    [{ storage: memoryStorage(), secrets: { A: 'x' } }, 'envSecrets({ allow }) at secrets'],
    [{ storage: memoryStorage(), logger: console.log }, 'at logger'],
    [{ storage: memoryStorage(), runtime: {} }, 'at runtime'],
  ])('%# refuses options that can’t work, naming them', async (options, name) => {
    await expect(createEngine(options as never)).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining(name),
    });
  });
});
