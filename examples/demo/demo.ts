/**
 * `npm run demo` trains a real classifier in this process and rings a Slack channel.
 * `npm run demo -- --replay FILE.csv` replays a logged training instead.
 *
 * Everything is kept in `.tocsin` (or `--folder FOLDER`): run it again, and what has rung is in its cooldown, and in the
 * history. `npm run demo -- --reset` forgets it first.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from './connect.js';
import { readEarlierHistory, showHistory } from './history.js';
import { replay } from './replay.js';
import { train } from './train.js';

const { values } = parseArgs({
  options: {
    replay: { type: 'string' },
    steps: { type: 'string' },
    folder: { type: 'string', default: '.tocsin' },
    reset: { type: 'boolean', default: false },
  },
});

const { folder } = values;
// Its own files alone: the folder may be anybody's.
if (values.reset) {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => /^(data\.mdb|lock\.mdb|opening|process-[0-9a-f-]{36})$/.test(name));
  for (const name of own) await rm(join(folder, name), { force: true, recursive: name === 'opening' });
}

const connection = await connect(folder, process.env);
console.log(`tocsin demo: alerts go to ${connection.destination}.`);
const earlier = await readEarlierHistory(connection.engine);
console.log(
  earlier.count === 0
    ? `${folder} has nothing yet.\n`
    : `${folder} has ${earlier.count} executions of earlier demos.\n`,
);
if (values.replay !== undefined) await replay(connection, values.replay);
else await train(connection, values.steps === undefined ? {} : { maximumSteps: Number(values.steps) });
await connection.engine.idle();
await showHistory(connection.engine, earlier);
await connection.finish();
