/**
 * `npm run demo` trains a real classifier in this process and rings a Slack channel.
 * `npm run demo -- --replay FILE.csv` replays a logged training instead.
 */
import { parseArgs } from 'node:util';
import { connect } from './connect.js';
import { replay } from './replay.js';
import { train } from './train.js';

const { values } = parseArgs({ options: { replay: { type: 'string' }, steps: { type: 'string' } } });

const connection = await connect(process.env);
console.log(`tocsin demo: alerts go to ${connection.destination}.\n`);
if (values.replay !== undefined) await replay(connection, values.replay);
else await train(connection, values.steps === undefined ? {} : { maximumSteps: Number(values.steps) });
await connection.finish();
