/** Kills processes of an engine and counts what is lost or doubled: `npm run torture -- --kills 200 --processes 2`. */
import { parseArgs } from 'node:util';
import { describeResult, isSound } from './describe-result.js';
import { runTorture } from './run-torture.js';

const usage = `Usage: npm run torture -- [options]

  --kills 200        how often a process is killed
  --processes 1      how many share the work, on one file storage
  --seed n           the same seed kills at the same kinds of moments
  --seconds 600      when not all kills are done by then, that is a fault
  --no-look-up       looks for nothing after an unknown outcome; what is then sent twice is counted and reported
`;
const numbers = ['kills', 'processes', 'seed', 'seconds'] as const;

function readArguments() {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      processes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      seconds: { type: 'string', default: '600' },
      'no-look-up': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of numbers) {
    if (!/^[0-9]{1,10}$/.test(values[name]))
      throw new Error(`Expected a whole number at --${name}, got ${values[name]}`);
  }
  const [kills = 0, processes = 1, seed = 0, seconds = 0] = numbers.map((name) => Number(values[name]));
  if (processes < 1) throw new Error('Expected at least 1 at --processes');
  return { kills, processes, seed, seconds, lookUp: !values['no-look-up'], isHelpWanted: values.help };
}

/** Says what is wrong with the command line, and how it should be. */
function refuse(error: unknown): never {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exit(2);
}

const { isHelpWanted, ...options } = (() => {
  try {
    return readArguments();
  } catch (error) {
    return refuse(error);
  }
})();
if (isHelpWanted) {
  console.log(usage);
  process.exit(0);
}

console.log(`seed ${options.seed}`);
const result = await runTorture(options);
for (const line of describeResult(result)) console.log(line);
process.exitCode = isSound(result) ? 0 : 1;
