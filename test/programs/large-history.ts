/**
 * Fills a file storage with a long history and measures what a user would feel: start, pages, retention while emits go on, the
 * size of the file. `npm run history -- [executions] [kept] [--without-bounds]`
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  createEngine,
  doNothing,
  type Engine,
  type Execution,
  type ExecutionQuery,
  type ExecutionStatus,
  onEvent,
  team,
} from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { ulid } from 'ulid';
import { fillHistory, oftenId, pendingEvery, rareId } from '../support/fill-history.js';
import { watchPauses } from '../support/watch-pauses.js';

const numbers = process.argv.slice(2).map(Number).filter(Number.isFinite);
const [executions = 1_000_000, kept = executions / 10] = numbers;
const hasBounds = !process.argv.includes('--without-bounds');
const dayMs = 86_400_000;
const endedStatuses = ['finished', 'failed', 'skipped', 'cancelled'] as const satisfies readonly ExecutionStatus[];

const path = await mkdtemp(join(tmpdir(), 'tocsin-history-'));
const untilMs = Date.now() - dayMs;
const fromMs = untilMs - 20 * dayMs;
const faults: string[] = [];

/** Prints a figure, and keeps it in mind when it is beyond its bound. */
function report(what: string, value: number, unit: string, most?: number): void {
  const bound = most === undefined ? '' : `  (at most ${most})`;
  console.log(`${what.padEnd(62)}${value.toFixed(unit === 'MB' || value >= 100 ? 0 : 2).padStart(10)} ${unit}${bound}`);
  if (hasBounds && most !== undefined && value > most) faults.push(`${what}: ${value.toFixed(1)} ${unit}`);
}

function check(what: string, isTrue: boolean): void {
  if (!isTrue) faults.push(what);
}

async function timed<Result>(call: () => Promise<Result>): Promise<[ms: number, result: Result]> {
  const startedMs = performance.now();
  const result = await call();
  return [performance.now() - startedMs, result];
}

async function fileMegabytes(): Promise<number> {
  const files = await readdir(path);
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

/** Fills through a handle of its own: it is quick because it does not wait for the disk. */
async function fill(count: number, beginMs: number, endMs: number): Promise<void> {
  const storage = fileStorage({ path, durability: 'process' });
  const [ms] = await timed(() => fillHistory(storage, { executions: count, fromMs: beginMs, untilMs: endMs }));
  await storage.close();
  report(`filled with ${count} executions`, ms / 1000, 's');
  report('  the file', await fileMegabytes(), 'MB');
}

async function measurePages(engine: Engine): Promise<void> {
  const middleMs = (fromMs + untilMs) / 2;
  const filters: Readonly<Record<string, ExecutionQuery>> = {
    all: {},
    finished: { status: 'finished' },
    cancelled: { status: 'cancelled' },
    'one automation': { automationId: oftenId },
    'one that fires rarely': { automationId: rareId },
    'one automation, failed': { automationId: oftenId, status: 'failed' },
    'a week': { since: middleMs - 4 * dayMs, until: middleMs + 3 * dayMs },
    'one automation, a week': { automationId: oftenId, since: middleMs - 4 * dayMs, until: middleMs + 3 * dayMs },
    'of nobody': { automationId: 'nobody' },
  };
  const places = { first: undefined, middle: middleMs, last: fromMs + dayMs / 2 };
  for (const [name, filter] of Object.entries(filters)) {
    for (const [place, atMs] of Object.entries(places)) {
      const query = { ...filter, ...(atMs === undefined ? {} : { cursor: ulid(atMs) }) };
      const times: number[] = [];
      let found: readonly Execution[] = [];
      for (let turn = 0; turn < 7; turn += 1) {
        const [ms, page] = await timed(() => engine.executions.list(query));
        times.push(ms);
        found = page.items;
      }
      times.sort((one, other) => one - other);
      report(`page of ${String(found.length).padStart(3)}: ${name}, ${place}`, times[3] ?? 0, 'ms', 20);
    }
  }
}

/**
 * Emits as long as something goes on, and tells of the emits and of the longest pause of the event loop.
 *
 * @returns How long it took, in milliseconds.
 */
async function emitMeanwhile(engine: Engine, isOver: () => Promise<boolean>): Promise<number> {
  const pauses = watchPauses();
  const times: number[] = [];
  let isDone = false;
  const emitting = (async () => {
    while (!isDone) {
      const [ms] = await timed(() => engine.emit({ type: 'custom.ring', entity: 'my-team', payload: {} }));
      times.push(ms);
      await wait(2);
    }
  })();
  const [ms] = await timed(async () => {
    do await wait(200);
    while (!(await isOver()));
  });
  isDone = true;
  await emitting;
  const { longestMs, longestOwnMs } = await pauses();
  times.sort((one, other) => one - other);
  report('  emits', times.length, '');
  report('  an emit, in the middle', times[times.length >> 1] ?? 0, 'ms');
  report('  99 of 100 emits', times[Math.trunc(times.length * 0.99)] ?? 0, 'ms', 50);
  report('  the longest emit', times.at(-1) ?? 0, 'ms');
  report('  the longest pause of the event loop', longestMs, 'ms');
  report('  the longest, without what other processes took', longestOwnMs, 'ms', 50);
  return ms;
}

/** Deletes what is too much while emits go on, and counts what is left. */
async function measureRetention(): Promise<void> {
  const engine = await createEngine({ storage: fileStorage({ path }), maxExecutions: kept, retentionIntervalMs: 3000 });
  await engine.automations.create({
    name: 'ring',
    event: onEvent('custom.ring', { scope: team('my-team') }),
    action: doNothing(),
  });
  const until = performance.now() + 2500;
  console.log('emits before retention begins');
  await emitMeanwhile(engine, async () => performance.now() > until);
  console.log('emits while it goes on');
  const oldMs = fromMs + ((untilMs - fromMs) * (executions - kept)) / executions;
  const ms = await emitMeanwhile(engine, async () => {
    for (const status of endedStatuses) {
      if ((await engine.executions.list({ status, until: oldMs, limit: 1 })).items.length > 0) return false;
    }
    return true;
  });
  report(`deleted ${executions - kept} of ${executions}`, ms / 1000, 's');
  let left = 0;
  let pending = 0;
  for await (const line of engine.executions.export()) {
    left += 1;
    if (line.includes('"status":"pending"')) pending += 1;
  }
  const allPending = Math.floor((executions - 18) / pendingEvery) + 1;
  check(`${pending} of ${allPending} that are pending are left`, pending === allPending);
  check(`${left} are left, not ${kept} and what is pending`, left >= kept && left <= kept + allPending + 5000);
  console.log(`left ${left}, of them ${pending} pending`);
  await engine.close();
}

try {
  await fill(executions, fromMs, untilMs);
  const before = await fileMegabytes();
  const [startMs, engine] = await timed(() => createEngine({ storage: fileStorage({ path }) }));
  report('start of an engine', startMs / 1000, 's', 3);
  await measurePages(engine);
  await engine.close();
  await measureRetention();
  report('the file after retention', await fileMegabytes(), 'MB');
  await fill(Math.min(executions - kept, 500_000), untilMs, Date.now());
  const after = await fileMegabytes();
  report('the file, filled again, to what it was', after / before, 'x', 1.2);
} finally {
  await rm(path, { recursive: true, force: true });
}
for (const fault of faults) console.log(`BEYOND ITS BOUND ${fault}`);
console.log(`${executions} executions, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
