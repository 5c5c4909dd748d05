/** An automation is an event, an action, a name and a description; its name is unique in its scope. */
import { onRunState, project, runEvent, sendNotification, TocsinError } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

const definition = {
  name: 'training-failed',
  description: 'Tell the team when a training fails or crashes',
  event: onRunState({ scope: project('my-team', 'my-ml-project'), filter: runEvent.state.eq('failed') }),
  action: sendNotification(slack, { title: '${run_name} failed', severity: 'ERROR' }),
};
const { automation } = await engine.automations.create(definition);
console.log(`${automation.name}: ${automation.description}`);

// A second one of this name is refused, unless the one that is there will do.
try {
  await engine.automations.create(definition);
} catch (error) {
  if (!TocsinError.is(error)) throw error;
  console.log(error.code);
}
const again = await engine.automations.create(definition, { ifExists: 'return' });
console.log(again.automation.id === automation.id ? 'the same automation' : 'another automation');

const run = engine.startRun({ entity: 'my-team', project: 'my-ml-project', name: 'baseline' });
run.fail(new Error('CUDA out of memory'));

await run.flush();
await engine.idle();
await engine.close();
