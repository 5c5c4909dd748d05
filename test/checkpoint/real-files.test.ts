import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { runProgram } from '../support/run-program.js';

let path = '';
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'tocsin-checkpoints-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const open = (): Promise<Engine> =>
  createEngine({ storage: fileStorage({ path }), logger: { warn() {}, error() {} }, windowCheckpointMs: 20 });

async function log(engine: Engine, loss: number, id?: string): Promise<number | 'duplicate'> {
  const { fired, duplicate } = await engine.emit(metricsEvent({ loss }, id === undefined ? {} : { id }));
  return duplicate ? 'duplicate' : fired.length;
}

test('a process that is killed leaves its runs to the next one at once, as they were at the last checkpoint', async () => {
  const killed = await runProgram('test/programs/log-and-be-killed.ts', [path, '9', '9']);
  expect(killed).toMatchObject({ exitCode: null, errors: '' });
  const engine = await open();
  const warnings: unknown[] = [];
  engine.on('warning', (warning) => warnings.push(warning));
  expect(engine.stats().liveRuns).toBe(1);
  expect(await log(engine, 9, 'event-1')).toBe('duplicate');
  expect(await log(engine, 9)).toBe(1);
  await engine.close();
  const next = await open();
  expect(await log(next, 3)).toBe(1);
  await next.close();
  expect(warnings).toEqual([]);
}, 30_000);

test('a process that was there all along takes over the run of one that is killed, when it logs it', async () => {
  const first = await open();
  const { exitCode } = await runProgram('test/programs/log-and-be-killed.ts', [path, '60', '60']);
  expect(exitCode).toBe(null);
  // This one has been there all along, and has not put it back.
  expect(first.stats().liveRuns).toBe(0);
  await expect.poll(async () => (await first.automations.list()).items.length).toBe(1);
  const [{ id } = { id: '' }] = (await first.automations.list()).items;
  expect(await log(first, 0)).toBe(0);
  const other = metricsEvent({ other: 1 });
  await expect.poll(async () => (await first.explain(id, other)).filter).toMatchObject({ left: 40, samples: 3 });
  expect(await log(first, 0)).toBe(1);
  expect(await log(first, 9, 'event-0')).toBe('duplicate');
  await first.close();
}, 30_000);
