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
  type Storage,
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

/** How many records and keys are read for a page of a hundred at most: from each of the six ranges of an automation, and the executions. */
const mostReadsPerPage = 8 * 101;

/** Counts what is read. */
function countingReads(storage: Storage): { readonly storage: Storage; readonly count: () => number } {
  let reads = 0;
  const counted = <Answer>(answer: Answer, many: number): Answer => {
    reads += many;
    return answer;
  };
  return {
    storage: {
      ...storage,
      get: async (key) => counted(await storage.get(key), 1),
      async list(query) {
        const page = await storage.list(query);
        return counted(page, page.records.length);
      },
      async listKeys(query) {
        const page = await storage.listKeys(query);
        return counted(page, page.keys.length);
      },
    },
    count: () => reads,
  };
}

async function measurePages(engine: Engine, readsSoFar: () => number): Promise<void> {
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
      let reads = Number.POSITIVE_INFINITY;
      for (let turn = 0; turn < 7; turn += 1) {
        const before = readsSoFar();
        const [ms, page] = await timed(() => engine.executions.list(query));
        times.push(ms);
        // What the engine looks for by itself now and then is counted too, but not each time.
        reads = Math.min(reads, readsSoFar() - before);
        found = page.items;
      }
      times.sort((one, other) => one - other);
      const page = `page of ${String(found.length).padStart(3)}: ${name}, ${place}`;
      report(page, times[3] ?? 0, 'ms', 20);
      check(`${page} took ${reads} reads, not up to ${mostReadsPerPage}`, reads <= mostReadsPerPage);
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
  const { longestMs, longestOwnMs, longestWorkMs, longestCollectionMs } = await pauses();
  times.sort((one, other) => one - other);
  report('  emits', times.length, '');
  report('  an emit, in the middle', times[times.length >> 1] ?? 0, 'ms');
  report('  99 of 100 emits', times[Math.trunc(times.length * 0.99)] ?? 0, 'ms', 50);
  report('  the longest emit', times.at(-1) ?? 0, 'ms');
  report('  the longest pause of the event loop', longestMs, 'ms');
  report('  the longest, without what other processes took', longestOwnMs, 'ms');
  report('  the longest collection of garbage', longestCollectionMs, 'ms');
  report('  the longest pause without either', longestWorkMs, 'ms', 50);
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
  const until = performance.now() + 1500;
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
  const { storage, count } = countingReads(fileStorage({ path }));
  // It looks on: nothing is deleted meanwhile.
  const keepAll = { executionRetentionMs: Number.POSITIVE_INFINITY, maxExecutions: Number.POSITIVE_INFINITY };
  const [startMs, engine] = await timed(() => createEngine({ storage, ...keepAll }));
  report('start of an engine', startMs / 1000, 's', 3);
  await measurePages(engine, count);
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
