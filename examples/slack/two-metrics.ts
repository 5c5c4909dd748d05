/** Two metrics in one filter: it is asked when either is logged, each at its latest value. W&B's SDK cannot do it. */
import { onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

await engine.automations.create({
  name: 'good-enough',
  description: 'Tell the team when a run is good by both measures',
  event: onRunMetric({
    scope: project('my-team', 'my-ml-project'),
    filter: runEvent.metric('accuracy').gt(0.95).and(runEvent.metric('loss').lt(0.1)),
  }),
  action: sendNotification(slack, { title: 'Good enough', message: '${run_name}: ${metric_current_status}' }),
});

// Accuracy alone is not enough; it counts on when the loss, logged later, has come down too.
const run = engine.startRun({ entity: 'my-team', project: 'my-ml-project', name: 'baseline' });
run.log({ accuracy: 0.94, loss: 0.09 }, { step: 0 });
run.log({ accuracy: 0.96, loss: 0.12 }, { step: 1 });
run.log({ loss: 0.08 }, { step: 2 });
run.finish();

await run.flush();
await engine.idle();
await engine.close();
