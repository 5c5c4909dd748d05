/** Lists the automations of a project, switches one off and on, and deletes it; each takes effect on the next event. */
import { onRunState, project, runEvent, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();
const scope = project('my-team', 'my-ml-project');

for (const state of ['finished', 'failed'] as const) {
  await engine.automations.create({
    name: `training-${state}`,
    event: onRunState({ scope, filter: runEvent.state.eq(state) }),
    action: sendNotification(slack, { title: '${run_name} ${run_status}' }),
  });
}

const printAll = async (): Promise<void> => {
  const { items } = await engine.automations.list({ scope });
  console.log(items.map(({ name, enabled }) => `${name} ${enabled ? 'on' : 'off'}`).join(', ') || 'none');
};
const finishRun = async (name: string): Promise<void> => {
  const run = engine.startRun({ entity: 'my-team', project: 'my-ml-project', name });
  run.finish();
  await run.flush();
  await engine.idle();
};

const [automation] = (await engine.automations.list({ scope, name: 'training-finished' })).items;
if (automation === undefined) throw new Error('There is no such automation');
await printAll();

await engine.automations.disable(automation.id);
await printAll();
await finishRun('unheard');

await engine.automations.enable(automation.id);
await finishRun('heard');

await engine.automations.delete(automation.id);
await printAll();
await finishRun('unheard-again');

await engine.close();
