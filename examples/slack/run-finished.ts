/** A run of a project has finished. */
import { onRunState, project, runEvent, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

await engine.automations.create({
  name: 'training-finished',
  event: onRunState({
    scope: project('my-team', 'long-running-experiments'),
    filter: runEvent.state.eq('finished'),
  }),
  action: sendNotification(slack, { title: 'Training finished', message: 'Have a look at the results.' }),
});

const run = engine.startRun({ entity: 'my-team', project: 'long-running-experiments', name: 'three-days-later' });
run.log({ loss: 0.12 });
run.finish();

await run.flush();
await engine.idle();
await engine.close();
