import { type Automation, type Engine, onRunMetric, project, runEvent, type Storage, sendNotification } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { openTwo } from './two-engines-sharing.js';

const scope = project('my-team', 'my-project');
const loss = runEvent.metric('loss');
const high = {
  name: 'high',
  event: onRunMetric({ scope, filter: loss.gt(1) }),
  action: { type: 'none' },
  policy: { cooldown: 0 },
} as const;

/** How many automations fire in the engine when its run logs a loss. */
async function firedBy(engine: Engine, value: number): Promise<number> {
  const { fired } = await engine.emit(metricsEvent({ loss: value }, {}, 'run-of-other'));
  return fired.length;
}

async function namesIn(engine: Engine): Promise<string[]> {
  return (await engine.automations.list()).items.map(({ name }) => name);
}

async function namesOf(kept: Storage, prefix: string): Promise<string[]> {
  return (await kept.list({ prefix, limit: 1000 })).records.map(({ key }) => key);
}

describe('an automation that another process', () => {
  test.each([200, 1000, 5000])('creates, changes, disables or deletes is so here within %d ms', async (refreshMs) => {
    const { one, other, hearOfIt } = await openTwo({ refreshMs });
    const { automation } = await one.engine.automations.create(high);
    await hearOfIt();
    expect(await other.engine.automations.get(automation.id)).toEqual(automation);
    expect(await firedBy(other.engine, 2)).toBe(1);

    const event = onRunMetric({ scope, filter: loss.gt(5) });
    await one.engine.automations.update(automation.id, { event });
    await hearOfIt();
    expect(await firedBy(other.engine, 2)).toBe(0);
    expect(await firedBy(other.engine, 6)).toBe(1);

    await one.engine.automations.disable(automation.id);
    await hearOfIt();
    expect(await firedBy(other.engine, 6)).toBe(0);
    expect(await other.engine.automations.get(automation.id)).toMatchObject({ enabled: false, revision: 3 });

    await one.engine.automations.delete(automation.id);
    await hearOfIt();
    await expect(other.engine.automations.get(automation.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('creates has its windows filled here, and can be explained', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const { automation } = await one.engine.automations.create({
      ...high,
      event: onRunMetric({ scope, filter: loss.avg(3).gt(1) }),
    });
    await hearOfIt();
    expect(await firedBy(other.engine, 2)).toBe(0);
    expect(await firedBy(other.engine, 2)).toBe(0);
    const event = metricsEvent({ loss: 2 }, {}, 'run-of-other');
    expect((await other.engine.explain(automation.id, event)).wouldFire).toBe(true);
    expect(await firedBy(other.engine, 2)).toBe(1);
  });

  test('renames gives its old name to the next one here too', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const [first, second] = (
      await one.engine.automations.import([
        { ...high, name: 'first' },
        { ...high, name: 'second' },
      ])
    ).automations as [Automation, Automation];
    await hearOfIt();
    await one.engine.automations.update(first.id, { name: 'third' });
    await one.engine.automations.update(second.id, { name: 'first' });
    await one.engine.automations.update(first.id, { name: 'second' });
    await hearOfIt();
    expect(await namesIn(other.engine)).toEqual(['second', 'first']);
    const { automation } = await other.engine.automations.create({ ...high, name: 'first' }, { ifExists: 'return' });
    expect(automation.id).toBe(second.id);
    await expect(other.engine.automations.create({ ...high, name: 'third' })).resolves.toBeDefined();
  });

  test('creates is listed here in the order of creation, whoever heard of it late', async () => {
    const { one, other, runtime, hearOfIt } = await openTwo();
    for (const [place, engine] of [one.engine, other.engine, one.engine, other.engine].entries()) {
      await engine.automations.create({ ...high, name: `${place}` });
      await engine.integrations.create({ type: 'console', name: `${place}`, delivery: 'console' });
      await runtime.advance(1);
    }
    await hearOfIt();
    for (const { engine } of [one, other]) {
      expect(await namesIn(engine)).toEqual(['0', '1', '2', '3']);
      const names = (await engine.integrations.list()).map(({ name }) => name);
      expect(names).toEqual(['terminal', 'terminal', '0', '1', '2', '3']);
    }
  });

  test('imports by the hundred all come in', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const many = Array.from({ length: 350 }, (_, place) => ({ ...high, name: `high ${place}` }));
    await one.engine.automations.import(many);
    await hearOfIt();
    expect(other.engine.stats().automations).toBe(350);
    expect(await firedBy(other.engine, 2)).toBe(350);
  });
});

describe('before a change of another process has come through', () => {
  test('its name is taken already', async () => {
    const { one, other } = await openTwo();
    const { automation } = await one.engine.automations.create(high);
    await expect(other.engine.automations.create(high)).rejects.toMatchObject({ code: 'name_taken' });
    const again = await other.engine.automations.create(high, { ifExists: 'return' });
    expect(again.automation).toEqual(automation);
    const { automations } = await other.engine.automations.import([high], { ifExists: 'return' });
    expect(automations).toEqual([automation]);
  });

  test('a name that it freed is free, and what it deleted is not returned as if it were there', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const { automation } = await one.engine.automations.create(high);
    await hearOfIt();
    await one.engine.automations.delete(automation.id);
    const created = await other.engine.automations.create(high, { ifExists: 'return' });
    expect(created.automation.id).not.toBe(automation.id);
    await one.engine.automations.delete(created.automation.id).catch(() => undefined);
    await hearOfIt();
    await one.engine.automations.delete(created.automation.id);
    const { automations } = await other.engine.automations.import([high], { ifExists: 'return' });
    expect(automations[0]?.id).not.toBe(created.automation.id);
    await expect(other.engine.automations.get(automations[0]?.id ?? '')).resolves.toEqual(automations[0]);
  });

  test('a change of what it changed is refused, and works when it is made again', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const { automation } = await one.engine.automations.create(high);
    await hearOfIt();
    await one.engine.automations.update(automation.id, { description: 'by one' });
    const change = () => other.engine.automations.update(automation.id, { description: 'by other' });
    await expect(change()).rejects.toMatchObject({ code: 'revision_conflict' });
    expect((await change()).automation).toMatchObject({ description: 'by other', revision: 3 });
    await hearOfIt();
    expect((await one.engine.automations.get(automation.id)).description).toBe('by other');
  });

  test('an integration that it made can be named by an automation, and one that it uses is in use', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const made = await one.engine.integrations.create({ type: 'console', name: 'made', delivery: 'console' });
    await other.engine.automations.create({ ...high, action: sendNotification(made, { title: 'High' }) });
    await expect(one.engine.integrations.delete(made.id)).rejects.toMatchObject({ code: 'integration_in_use' });
    await hearOfIt();
    expect(await firedBy(one.engine, 2)).toBe(1);
  });
});

describe('an integration that another process', () => {
  test('disables parks what waits here, and lets it go when it is enabled there', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const { terminal } = one;
    await other.engine.automations.create({ ...high, action: sendNotification(terminal, { title: 'High' }) });
    await one.engine.integrations.disable(terminal.id);
    await hearOfIt();
    await firedBy(other.engine, 2);
    await firedBy(other.engine, 3);
    await other.engine.idle();
    expect(other.delivery.delivered).toEqual([]);
    await one.engine.integrations.enable(terminal.id);
    await hearOfIt();
    await other.engine.idle();
    expect([...one.delivery.delivered, ...other.delivery.delivered]).toHaveLength(2);
    expect((await other.engine.executions.list()).items.map(({ status }) => status)).toEqual(['finished', 'finished']);
  });

  test('deletes is gone here, and what waits for it has failed', async () => {
    const { one, other, hearOfIt } = await openTwo();
    const { terminal } = one;
    await other.engine.automations.create({ ...high, action: sendNotification(terminal, { title: 'High' }) });
    await other.engine.integrations.disable(terminal.id);
    await hearOfIt();
    await firedBy(other.engine, 2);
    await hearOfIt();
    expect((await one.engine.executions.list({ status: 'pending' })).items).toHaveLength(1);
    await one.engine.integrations.delete(terminal.id, { force: true });
    await hearOfIt();
    await other.engine.idle();
    await expect(other.engine.integrations.get(terminal.id)).rejects.toMatchObject({ code: 'not_found' });
    const { items } = await other.engine.executions.list();
    expect(items).toMatchObject([{ status: 'failed', reason: 'integration_deleted' }]);
  });
});

describe('where nobody shares the storage', () => {
  test('nothing is written about changes, and nobody looks for any', async () => {
    const kept = memoryStorage();
    const read: string[] = [];
    const storage: Storage = {
      ...kept,
      async get(key) {
        read.push(key);
        return kept.get(key);
      },
    };
    const { engine, runtime } = await openEngine({ storage });
    const { automation } = await engine.automations.create(high);
    await engine.automations.disable(automation.id);
    await runtime.advance(10_000);
    expect(await namesOf(kept, 'definition')).toEqual([]);
    expect(read).toEqual([]);
  });
});

test('what happened while an engine was closed it knows from its start', async () => {
  const { one, other, hearOfIt } = await openTwo();
  await other.engine.close();
  await one.engine.automations.create(high);
  await hearOfIt();
  expect(other.logger.lines).toEqual([]);
  expect(await namesIn(other.engine)).toEqual([]);
  expect(await namesIn(one.engine)).toEqual(['high']);
});
