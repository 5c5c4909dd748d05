/**
 * `npm run bench`: awaited emits of an engine beside a hand-written matcher, on the same events, in interleaved rounds.
 * Only the ratio means something: machines differ, and are noisy.
 */
import { cpus } from 'node:os';
import { createEngine } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { handWrittenMatcher } from './hand-written.js';
import { automationsOf, eventAt, size } from './workload.js';

const rounds = 5;
const emitsEach = 20_000;

const engine = await createEngine({ storage: memoryStorage() });
for (let index = 0; index < size.projects; index += 1) {
  for (const automation of automationsOf(index)) await engine.automations.create(automation);
}
const matcher = handWrittenMatcher();

/** Microseconds an event. */
async function measure(first: number, take: (event: ReturnType<typeof eventAt>) => Promise<number>): Promise<number> {
  const events = Array.from({ length: emitsEach }, (_, index) => eventAt(first + index));
  let matches = 0;
  const startedMs = performance.now();
  for (const event of events) matches += await take(event);
  const elapsedMs = performance.now() - startedMs;
  if (matches !== 0) throw new Error(`Expected no match, got ${matches}`);
  return (elapsedMs * 1000) / emitsEach;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const engineUs: number[] = [];
const limitUs: number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  const first = round * emitsEach;
  const limit = await measure(first, async (event) => matcher(event));
  const emit = await measure(first, async (event) => (await engine.emit(event)).fired.length);
  // The first round warms up.
  if (round === 0) continue;
  limitUs.push(limit);
  engineUs.push(emit);
}
await engine.close();

const automations = size.projects * size.automationsEach;
console.log(`${automations} automations, ${size.runs} runs, ${size.metrics.length} metrics an event, nothing fires`);
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; median of ${rounds} rounds of ${emitsEach}\n`,
);
console.log(`hand-written matcher  ${median(limitUs).toFixed(2)} µs an event`);
console.log(`engine.emit           ${median(engineUs).toFixed(2)} µs an event`);
console.log(`ratio                 ${(median(engineUs) / median(limitUs)).toFixed(1)}`);
