/** An automation is an event, an action, a name and a description; its name is unique in its scope. */
import { onRunState, project, runEvent, sendNotification, TocsinError } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

const definition = {
  name: 'training-failed',
  description: 'Tell the team when a training fails or crashes',
  event: onRunState({ scope: project('my-team', 'my-ml-project'), filter: runEvent.state.eq('failed') }),
  action: sendNotification(slack, { title: '${run_name} failed', message: 'State: ${run_state}', severity: 'ERROR' }),
};

// What is probably not meant comes back beside the automation: the state's variable is called run_status.
const { automation, warnings } = await engine.automations.create(definition);
console.log(`${automation.name}: ${automation.description}, revision ${automation.revision}`);
for (const { code, path } of warnings) console.log(`warning: ${code} at ${path}`);

// A second one of this name is refused, unless the one that is there will do.
try {
  await engine.automations.create(definition);
} catch (error) {
  if (!TocsinError.is(error)) throw error;
  console.log(`error: ${error.code}`);
}
const again = await engine.automations.create(definition, { ifExists: 'return' });
console.log(again.automation.id === automation.id ? 'the same automation' : 'another automation');

// What is wrong is refused, with all its faults.
try {
  await engine.automations.create({ ...definition, name: '', action: sendNotification('no-such-integration') });
} catch (error) {
  if (!TocsinError.is(error)) throw error;
  for (const { code, path } of error.issues) console.log(`issue: ${code} at ${path}`);
}

const run = engine.startRun({ entity: 'my-team', project: 'my-ml-project', name: 'baseline' });
run.fail(new Error('CUDA out of memory'));

await run.flush();
await engine.idle();
await engine.close();
