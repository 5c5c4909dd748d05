import { doNothing, onAddArtifactAlias, onRunMetric, project, runEvent, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { aliasAdded, metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const dayMs = 86_400_000;

describe('the id of an event', () => {
  test("of one entity hushes no other's event of the same id", async () => {
    const { engine } = await openEngine();
    for (const entity of ['my-team', 'your-team']) {
      const event = onAddArtifactAlias({ scope: team(entity) });
      await engine.automations.create({ name: entity, event, action: doNothing() });
    }
    for (const entity of ['my-team', 'your-team']) {
      const emitted = await engine.emit(aliasAdded('production', { id: 'event-1', entity }));
      expect(emitted.fired.map(({ automationName }) => automationName)).toEqual([entity]);
      expect(emitted.duplicate).toBe(false);
      expect((await engine.emit(aliasAdded('production', { id: 'event-1', entity }))).duplicate).toBe(true);
    }
  });

  test('can not be made to look like that of another entity', async () => {
    const { engine } = await openEngine();
    for (const entity of ['a', 'a1:b', '1:a']) {
      const event = onAddArtifactAlias({ scope: team(entity) });
      await engine.automations.create({ name: entity, event, action: doNothing() });
    }
    const emits = [
      { entity: 'a', id: '1:bc' },
      { entity: 'a1:b', id: 'c' },
      { entity: '1:a', id: 'bc' },
    ];
    for (const { entity, id } of emits) {
      expect((await engine.emit(aliasAdded('production', { id, entity }))).fired).toHaveLength(1);
    }
  });

  test('is known after a restart when it fired, and explain says so; after 30 days it is forgotten', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const event = onAddArtifactAlias({ scope: team('my-team') });
    const first = await openEngine({ storage, runtime });
    const { automation } = await first.engine.automations.create({ name: 'any', event, action: doNothing() });
    const emitted = aliasAdded('production', { id: 'event-1' });
    expect((await first.engine.emit(emitted)).fired).toHaveLength(1);
    await first.engine.close();
    const { engine } = await openEngine({ storage, runtime });
    expect((await engine.explain(automation.id, emitted)).reasons).toEqual([{ code: 'duplicate' }]);
    expect(await engine.emit(emitted)).toEqual({ fired: [], skipped: [], duplicate: true });
    await engine.close();
    await runtime.advance(29 * dayMs);
    const later = await openEngine({ storage, runtime });
    expect(await later.engine.emit(emitted)).toEqual({ fired: [], skipped: [], duplicate: true });
    await later.engine.close();
    await runtime.advance(dayMs);
    const last = await openEngine({ storage, runtime });
    expect((await last.engine.emit(emitted)).fired).toHaveLength(1);
  });
});

describe('emits that overlap', () => {
  test('are given to the storage without waiting for one another, and fire once per cooldown', async () => {
    const base = memoryStorage();
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let handedOver = 0;
    let isHolding = false;
    const storage = {
      ...base,
      commit: async (commit: Parameters<typeof base.commit>[0]) => {
        const result = await base.commit(commit);
        if (!isHolding) return result;
        handedOver += 1;
        await gate;
        return result;
      },
    };
    const { engine } = await openEngine({ storage });
    const scope = project('my-team', 'my-project');
    const filter = runEvent.metric('accuracy').lt(0.85);
    await engine.automations.create({ name: 'low', event: onRunMetric({ scope, filter }), action: doNothing() });
    isHolding = true;
    const emits = Array.from({ length: 200 }, (_, index) =>
      engine.emit(metricsEvent({ accuracy: 0.5 }, {}, `run-${index % 20}`)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    // More than one, but never so many that a storage that hangs would hold them all.
    expect(handedOver).toBe(64);
    isHolding = false;
    open();
    const results = await Promise.all(emits);
    expect(results.map(({ fired }) => fired.length)).toEqual(results.map((_, index) => (index < 20 ? 1 : 0)));
    expect(results.map(({ skipped }) => skipped.length)).toEqual(results.map((_, index) => (index < 20 ? 0 : 1)));
    expect(engine.stats().queuedCommits).toBe(0);
  });

  test('take all places of a rate limit, however many it has', async () => {
    const { engine } = await openEngine();
    const scope = project('my-team', 'my-project');
    await engine.automations.create({
      name: 'low',
      event: onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) }),
      policy: { cooldown: 0, rateLimit: { max: 50, window: '1h', per: 'automation' } },
      action: doNothing(),
    });
    const results = await Promise.all(Array.from({ length: 60 }, () => engine.emit(metricsEvent({ accuracy: 0.5 }))));
    expect(results.map(({ fired }) => fired.length)).toEqual(results.map((_, index) => (index < 50 ? 1 : 0)));
  });
});
