/** Kills processes of an engine and counts what is lost or doubled: `npm run torture -- --kills 200 --processes 2`. */
import { parseArgs } from 'node:util';
import { describeResult, isSound } from './describe-result.js';
import { runTorture } from './run-torture.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    processes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    seconds: { type: 'string', default: '600' },
    'no-look-up': { type: 'boolean', default: false },
  },
});
const numbers = ['kills', 'processes', 'seed', 'seconds'] as const;
for (const name of numbers) {
  if (!/^[0-9]{1,10}$/.test(values[name])) throw new Error(`Expected a whole number at --${name}, got ${values[name]}`);
}
const [kills = 0, processes = 1, seed = 0, seconds = 0] = numbers.map((name) => Number(values[name]));
if (processes < 1) throw new Error('Expected at least 1 at --processes');

console.log(`seed ${seed}`);
const result = await runTorture({ kills, processes, seed, seconds, lookUp: !values['no-look-up'] });
for (const line of describeResult(result)) console.log(line);
process.exitCode = isSound(result) ? 0 : 1;
