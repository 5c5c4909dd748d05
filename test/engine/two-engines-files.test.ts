import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { manualRuntime } from 'tocsin/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'tocsin-two-engines-'));
});

afterEach(() => rm(path, { recursive: true }));

const scope = project('my-team', 'my-project');
const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });

test('two engines on the same files see what the other changes, and so does a third one that opens them', async () => {
  const runtime = manualRuntime();
  const one = await openEngine({ storage: fileStorage({ path }), runtime });
  const other = await openEngine({ storage: fileStorage({ path }), runtime });
  const action = sendNotification(one.terminal, { title: 'High' });
  const { automation } = await one.engine.automations.create({ name: 'high', event, action });
  await expect(other.engine.automations.create({ name: 'high', event, action })).rejects.toMatchObject({
    code: 'name_taken',
  });
  await runtime.advance(1000);
  expect(await other.engine.automations.get(automation.id)).toEqual(automation);
  expect((await other.engine.emit(metricsEvent({ loss: 2 }))).fired).toHaveLength(1);

  const { automation: changed } = await other.engine.automations.update(automation.id, { name: 'higher' });
  const many = Array.from({ length: 500 }, (_, place) => ({ name: `${place}`, event, action }));
  await other.engine.automations.import(many);
  await runtime.advance(1000);
  expect(await one.engine.automations.get(automation.id)).toEqual(changed);
  expect(one.engine.stats().automations).toBe(501);

  await one.engine.automations.delete(automation.id);
  const third = await openEngine({ storage: fileStorage({ path }), runtime });
  await runtime.advance(1000);
  for (const { engine, logger } of [one, other, third]) {
    expect(engine.stats().automations).toBe(500);
    expect(logger.lines).toEqual([]);
    await engine.idle();
    await engine.close();
  }
});
