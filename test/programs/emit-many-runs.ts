/**
 * Emits events of many runs that come and go, and writes after each tenth how much memory is in use:
 * `emit-many-runs.ts [emits] [runs]`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEngine, doNothing, type FilterJson, type TocsinEvent, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';

const [emits = 300_000, runs = 3000] = process.argv.slice(2).map(Number);
const emitsPerRun = Math.floor(emits / runs);
if (!(emitsPerRun >= 10)) throw new Error('Expected [emits] [runs], at least 10 emits a run');

/** How many runs log in turn. */
const runsAtOnce = 20;
const emitsPerBatch = 500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// So little that all of it is taken after the first tenths; what grows from then on is a leak.
const engine = await createEngine({
  storage: memoryStorage(),
  maxLiveRuns: 100,
  maxProjectValues: 500,
  maxEventIds: 2000,
});
let evicted = 0;
let fired = 0;
engine.on('warning', () => {
  evicted += 1;
});
engine.on('execution-created', () => {
  fired += 1;
});

const entity = 'my-team';
const watched: readonly (readonly [type: 'run.metrics' | 'run.state', filter: FilterJson])[] = [
  ['run.metrics', { $metric: { name: 'loss', agg: 'avg', window: 5, $gt: 1000 } }],
  ['run.metrics', { $zscore: { name: 'loss', window: 5, threshold: 1e6 } }],
  ['run.metrics', { $zscore: { name: 'loss', over: 'project', window: 30, minSamples: 2, threshold: 1e6 } }],
  ['run.state', { $state: 'failed' }],
  // Few runs are chosen: what fires is kept, as it should be.
  ['run.state', { $state: 'finished', tag: 'chosen' }],
];
for (const [index, [type, filter]] of watched.entries()) {
  const event = { type, scope: team(entity), filter };
  await engine.automations.create({ name: `watch-${index}`, event, action: doNothing() });
}

/** Where a run is. Of ten runs two are nobody's business, and three are given up: they never end. */
function placeOf(run: number): { readonly entity: string; readonly project: string; readonly isGivenUp: boolean } {
  switch (run % 10) {
    case 3:
      return { entity: 'strangers', project: `unwatched-${run}`, isGivenUp: true };
    case 8:
      return { entity: `team-${run}`, project: 'unwatched', isGivenUp: false };
    case 4:
    case 9:
      return { entity, project: `given-up-${run}`, isGivenUp: true };
    default:
      return { entity, project: `project-${run % 10}`, isGivenUp: false };
  }
}

/** The event at a place in the life of a run. All of it is new every time, as what comes from outside is. */
function eventOf(run: number, nth: number, emitted: number): TocsinEvent {
  const { isGivenUp, ...place } = placeOf(run);
  const id = `run-${run}`;
  if (nth === 0) {
    const tags = [run % Math.ceil(runs / 50) === 0 ? 'chosen' : 'usual'];
    return { type: 'run.state', ...place, run: { id, name: `name-${run}`, tags, config: { run } }, state: 'running' };
  }
  if (nth === emitsPerRun - 1 && !isGivenUp) return { type: 'run.state', ...place, run: { id }, state: 'finished' };
  const metrics = { loss: ((emitted * 7919) % 1000) / 1000, accuracy: nth / emitsPerRun };
  const event = { type: 'run.metrics', ...place, run: { id }, step: nth, metrics } as const;
  if (emitted % 10 === 3) return { ...event, metrics: { ...metrics, [`layer-${emitted}`]: 1 } };
  return emitted % 10 === 7 ? { ...event, id: `event-${emitted}` } : event;
}

async function report(emitted: number): Promise<void> {
  await engine.idle();
  collectGarbage();
  // What is finalised between two turns is gone only after the next.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const { liveRuns, projectValues } = engine.stats();
  console.log(JSON.stringify({ emitted, bytes: heapUsed + arrayBuffers, liveRuns, projectValues, evicted, fired }));
}

const perTenth = Math.ceil(emits / 10);
const going = Array.from({ length: runsAtOnce }, (_, run) => ({ run, nth: 0 }));
let started = runsAtOnce;
for (let emitted = 1; emitted <= emits; emitted += 1) {
  const slot = going[emitted % runsAtOnce] as { run: number; nth: number };
  const answer = engine.emit(eventOf(slot.run, slot.nth, emitted));
  slot.nth += 1;
  if (slot.nth === emitsPerRun) {
    slot.run = started;
    slot.nth = 0;
    started += 1;
  }
  // One that rejects unawaited ends the program.
  if (emitted % emitsPerBatch === 0) await answer;
  if (emitted % perTenth === 0 || emitted === emits) await report(emitted);
}
await engine.close();
