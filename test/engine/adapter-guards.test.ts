import { type Delivery, DeliveryError, onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { describe, expect, test, vi } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const definition = { type: 'console', name: 'pager', delivery: 'pager' } as const;
const isHigh = onRunMetric({ scope: project('my-team', 'my-project'), filter: runEvent.metric('loss').gt(1) });

/** An engine with a second delivery, as a plain JavaScript host may write it. */
async function openWith(parts: { readonly [part in 'check' | 'verify' | 'preview']?: (...given: never[]) => unknown }) {
  const deliver = async () => ({});
  const pager = { name: 'pager', integrationTypes: ['console', 'slack'], deliver, ...parts } as never as Delivery;
  const terminal: Delivery = { name: 'console', integrationTypes: ['console'], deliver };
  return openEngine({
    deliveries: [terminal, pager],
    secrets: { resolve: ({ name }) => (name === 'TOKEN' ? 'very-secret' : undefined) },
  });
}

describe('a check that is wrong', () => {
  test.each<[string, () => unknown, string]>([
    ['asynchronous', async () => [], 'a promise'],
    ['asynchronous and rejects', () => Promise.reject(new Error('late')), 'a promise'],
    ['a text', () => 'xoxb-token', 'a text'],
    ['true', () => true, 'true'],
    ['an object', () => ({ issues: [] }), 'an object'],
    ['a list of texts', () => ['wrong'], 'a list with a text'],
    ['a list of undefined', () => [undefined], 'a list with nothing'],
    ['a list of halves', () => [{ code: 'required', path: 'url' }], 'a list with an object'],
  ])('is a fault of the host, and nothing is stored: %s', async (_, check, got) => {
    const { engine } = await openWith({ check });
    const message = `The check of the delivery "pager" must return a list of issues, got ${got}`;
    await expect(engine.integrations.create(definition)).rejects.toMatchObject({ code: 'invalid_options', message });
    expect(await engine.integrations.list()).toHaveLength(1);
  });

  test('because it throws keeps the cause, and quotes nothing of it', async () => {
    const cause = new Error('no scope for xoxb-token');
    const check = (): never => {
      throw cause;
    };
    const { engine } = await openWith({ check });
    const message = 'The check of the delivery "pager" threw';
    await expect(engine.integrations.create(definition)).rejects.toMatchObject({
      code: 'invalid_options',
      message,
      cause,
    });
  });

  test('is told of an update too, and the integration stays as it was', async () => {
    let answer: unknown = [];
    const { engine } = await openWith({ check: () => answer });
    const { id } = await engine.integrations.create(definition);
    answer = Promise.resolve([]);
    await expect(engine.integrations.update(id, { name: 'other' })).rejects.toMatchObject({ code: 'invalid_options' });
    expect((await engine.integrations.get(id)).name).toBe('pager');
  });
});

test('a check that finds nothing, or something, works as before', async () => {
  const quiet = await openWith({ check: () => undefined });
  expect((await quiet.engine.integrations.create(definition)).name).toBe('pager');
  const issue = { code: 'required', path: 'url', message: 'Expected a URL, got nothing' };
  const strict = await openWith({ check: () => [issue] });
  await expect(strict.engine.integrations.create(definition)).rejects.toMatchObject({
    code: 'invalid_integration',
    issues: [issue],
  });
});

describe('a verify that is wrong', () => {
  const fine = { ok: true, problems: [] };

  test.each<[string, unknown, string]>([
    ['true', true, 'true'],
    ['a text', 'very-secret', 'a text'],
    ['without ok', { problems: [] }, 'an object'],
    ['without problems', { ok: false }, 'an object'],
    ['with problems that are texts', { ok: false, problems: ['gone'] }, 'an object'],
    ['with problems that say nothing', { ok: false, problems: [{ kind: 'channel' }] }, 'an object'],
    ['that learnt what is no name', { ...fine, channelId: { id: 5 } }, 'an object'],
  ])('fails as a delivery does, and changes nothing: %s', async (_, answer, got) => {
    const { engine } = await openWith({ verify: async () => answer });
    const before = await engine.integrations.create(definition);
    const error: unknown = await engine.integrations.verify(before.id).catch((thrown: unknown) => thrown);
    expect(DeliveryError.is(error)).toBe(true);
    expect(error).toMatchObject({ code: 'delivery_failed', kind: 'unavailable' });
    expect(String(error)).toContain(`The verify of the delivery "pager" must return ok,`);
    expect(String(error)).toMatch(new RegExp(`got ${got}$`));
    expect(await engine.integrations.get(before.id)).toEqual(before);
  });

  test('is no verify that answers well, at once or later', async () => {
    for (const verify of [() => ({ ...fine, channelName: 'ops' }), async () => ({ ...fine, channelName: 'ops' })]) {
      const { engine } = await openWith({ verify });
      const { id } = await engine.integrations.create(definition);
      expect(await engine.integrations.verify(id)).toMatchObject({ ok: true });
      expect((await engine.integrations.get(id)).channelName).toBe('ops');
    }
  });
});

describe('a preview that is wrong', () => {
  async function previewWith(preview: () => unknown) {
    const { engine } = await openWith({ preview });
    const pager = await engine.integrations.create(definition);
    const action = sendNotification(pager, { title: 'High' });
    const { automation } = await engine.automations.create({ name: 'high', event: isHigh, action });
    const { message, deliveries } = await engine.preview(automation.id, metricsEvent({ loss: 2 }));
    expect(message?.title).toBe('High');
    const [shown] = deliveries;
    expect(shown).toMatchObject({ integrationId: pager.id, integrationName: 'pager', delivery: 'pager' });
    return shown;
  }

  test('leaves the message as it is, and says what it threw', async () => {
    const preview = (): never => {
      throw new Error('no layout');
    };
    const shown = await previewWith(preview);
    expect(shown?.request).toBeUndefined();
    expect(shown?.problem).toBe('The delivery "pager" could not preview: no layout');
  });

  test.each<[string, () => unknown, string]>([
    ['a promise', async () => ({ text: 'High' }), 'got a promise'],
    ['a promise that rejects', () => Promise.reject(new Error('late')), 'got a promise'],
    ['a function', () => () => ({}), 'got a function'],
    ['a date inside', () => ({ at: new Date(0) }), 'got an object (at: Expected a JSON value, got a Date)'],
  ])('shows no request where there is none: %s', async (_, preview, got) => {
    const shown = await previewWith(preview);
    expect(shown?.request).toBeUndefined();
    expect(shown?.problem).toBe(`The preview of the delivery "pager" must return JSON, ${got}`);
  });

  test('is no preview that can not show a message, or shows it', async () => {
    const nothing = await previewWith(() => undefined);
    expect([nothing?.request, nothing?.problem]).toEqual([undefined, undefined]);
    expect(await previewWith(() => null)).toMatchObject({ request: null });
    const shown = await previewWith(() => ({ text: 'High', blocks: undefined, list: [1, null] }));
    expect(shown?.request).toEqual({ text: 'High', list: [1, null] });
    expect(shown?.problem).toBeUndefined();
  });

  test('tells no secret that the engine has read', async () => {
    const { engine } = await openWith({
      verify: async ({ secret }: { secret(name: string): Promise<string> }) => {
        await secret('TOKEN');
        return { ok: true, problems: [] };
      },
      preview: () => {
        throw new Error('bad very-secret');
      },
    });
    const pager = await engine.integrations.create({
      type: 'slack',
      name: 'pager',
      delivery: 'pager',
      tokenSecretName: 'TOKEN',
    } as never);
    await engine.integrations.verify(pager.id);
    const action = sendNotification(pager);
    const { automation } = await engine.automations.create({ name: 'high', event: isHigh, action });
    const { deliveries } = await engine.preview(automation.id, metricsEvent({ loss: 2 }));
    expect(deliveries[0]?.problem).toBe('The delivery "pager" could not preview: bad [redacted]');
  });
});

describe('listening', () => {
  const names =
    'execution-created, execution-finished, execution-failed, execution-skipped, delivery-attempted, delivery-lagging, ' +
    'integration-disabled, warning, error';

  test.each<[unknown, string]>([
    ['fired', '"fired"'],
    ['toString', '"toString"'],
    ['', '""'],
    [undefined, 'nothing'],
    [Symbol('x'), 'a symbol'],
    [{}, 'an object'],
  ])('for what never happens is refused: %s', async (name, got) => {
    const { engine } = await openEngine();
    const refusal = expect.objectContaining({
      code: 'invalid_options',
      message: `Expected one of ${names}, got ${got}`,
    });
    expect(() => engine.on(name as never, (() => {}) as never)).toThrow(refusal);
    expect(() => engine.off(name as never, (() => {}) as never)).toThrow(refusal);
  });

  test('with what is no function is refused, and stops nobody else', async () => {
    const { engine, terminal } = await openEngine();
    await engine.automations.create({ name: 'high', event: isHigh, action: sendNotification(terminal) });
    const listener = vi.fn();
    engine.on('execution-created', listener);
    const refusal = expect.objectContaining({
      code: 'invalid_options',
      message: 'Expected a function that listens for execution-created, got nothing',
    });
    expect(() => engine.on('execution-created', undefined as never)).toThrow(refusal);
    expect(() => engine.off('execution-created', undefined as never)).toThrow(refusal);
    await engine.emit(metricsEvent({ loss: 2 }));
    expect(listener).toHaveBeenCalledTimes(1);
    engine.off('execution-created', listener);
    await engine.emit(metricsEvent({ loss: 3 }));
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

test('the thing itself where its id belongs is told apart from an id that nothing has', async () => {
  const { engine, terminal } = await openEngine();
  const { automation } = await engine.automations.create({
    name: 'high',
    event: isHigh,
    action: sendNotification(terminal),
  });
  const event = metricsEvent({ loss: 2 });
  const message = 'Expected the id of an automation, got an object';
  for (const call of [
    engine.explain(automation as never, event),
    engine.preview(automation as never, event),
    engine.automations.get(automation as never),
    engine.automations.disable(automation as never),
  ]) {
    await expect(call).rejects.toMatchObject({ code: 'not_found', message });
  }
  await expect(engine.integrations.get(terminal as never)).rejects.toMatchObject({
    code: 'not_found',
    message: 'Expected the id of an integration, got an object',
  });
  await expect(engine.explain('nobody', event)).rejects.toMatchObject({ message: 'There is no automation nobody' });
});
