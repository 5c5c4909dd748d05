/** Asks the gate and json-rules-engine of many random rules: `npm run fuzz:gate -- [cases] [seed]`. */
import fc from 'fast-check';
import { askBoth } from '../support/gate-and-judge.js';
import { ruleCase } from '../support/random-rules.js';

const [cases = 1_000_000, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(cases) || !Number.isSafeInteger(seed))
  throw new Error('Expected [cases] [seed] as whole numbers');
const casesPerBatch = 1000;
const startedMs = performance.now();
let asked = 0;
let held = 0;

console.log(`seed ${seed}`);
while (asked < cases) {
  const numRuns = Math.min(casesPerBatch, cases - asked);
  for (const each of fc.sample(ruleCase, { seed: seed + asked / casesPerBatch, numRuns })) {
    const { gate, judge } = await askBoth(each);
    if (gate !== judge) {
      console.log(JSON.stringify({ ...each, gate, judge }, readable, 2));
      console.log(`1 difference after ${asked} cases, seed ${seed}`);
      process.exit(1);
    }
    asked += 1;
    held += gate ? 1 : 0;
  }
  if (asked % (100 * casesPerBatch) === 0) {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`${asked} cases, ${((100 * held) / asked).toFixed(1)} % true, ${seconds} s`);
  }
}
console.log(`${asked} cases, 0 differences, seed ${seed}`);

/** What JSON does not have is written as a text. */
function readable(_key: string, value: unknown): unknown {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  return Object.is(value, -0) ? '-0' : value;
}
