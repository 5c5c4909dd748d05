/** One thread for each run: the first notification opens it, later ones reply, and the end of the run marks it. */
import { onRunMetric, onRunState, project, runEvent, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();
const scope = project('my-team', 'my-ml-project');

await engine.automations.create({
  name: 'low-accuracy',
  event: onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) }),
  action: sendNotification(slack, { title: 'Low accuracy in ${run_name}', severity: 'WARN' }),
});
await engine.automations.create({
  name: 'loss-exploded',
  event: onRunMetric({ scope, filter: runEvent.metric('loss').isNotFinite() }),
  // A reply of severity ERROR is shown in the channel as well, so that a thread hides none.
  action: sendNotification(slack, { title: 'The loss of ${run_name} is not finite', severity: 'ERROR' }),
});
await engine.automations.create({
  name: 'run-ended',
  event: onRunState({ scope, filter: runEvent.state.in(['finished', 'failed']) }),
  // This one stands alone: somebody waits for it in the channel.
  action: sendNotification(slack, { title: '${run_name} has ${run_status}', thread: 'none' }),
});

const run = engine.startRun({ entity: 'my-team', project: 'my-ml-project', name: 'baseline' });
run.log({ accuracy: 0.8, loss: 0.4 }, { step: 1 });
run.log({ accuracy: 0.7, loss: Number.NaN }, { step: 2 });
run.fail();

await run.flush();
await engine.idle();
await engine.close();
