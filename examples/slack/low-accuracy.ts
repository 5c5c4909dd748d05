/** A run of a project logs an accuracy below a threshold: rings once a run in 24 hours. */
import { onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

await engine.automations.create({
  name: 'low-accuracy-alert',
  description: 'Alert when model accuracy drops below threshold',
  event: onRunMetric({
    scope: project('my-team', 'my-ml-project'),
    filter: runEvent.metric('accuracy').lt(0.85),
  }),
  action: sendNotification(slack, {
    title: '⚠️ Low Accuracy Alert',
    message: 'Model accuracy has dropped below 85%',
    severity: 'WARN',
  }),
});

const run = engine.startRun({ entity: 'my-team', project: 'my-ml-project', name: 'baseline' });
for (const [step, accuracy] of [0.91, 0.87, 0.84, 0.83].entries()) run.log({ accuracy }, { step });
run.finish();

await run.flush();
await engine.idle();
await engine.close();
