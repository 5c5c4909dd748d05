/** What a service on call does besides emitting: it is told of what hangs, and sends again what an outage has cost. */
import { setTimeout } from 'node:timers/promises';
import { createEngine, onEvent, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';

let isDown = true;
const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [
    {
      name: 'pager',
      integrationTypes: ['console'],
      async deliver({ message }) {
        if (isDown) throw new Error('the pager does not answer');
        console.log(`paged: ${message.title}`);
        return {};
      },
    },
  ],
  // So that this program need not wait for minutes.
  lagMs: 50,
  giveUpAfterMs: 200,
});

// Told once for each destination, until it has caught up.
engine.on('delivery-lagging', ({ undelivered, reason }) => console.log(`${undelivered} waiting: ${reason}`));

const pager = await engine.integrations.create({ type: 'console', name: 'pager', delivery: 'pager' });
await engine.automations.create({
  name: 'deployed',
  event: onEvent('custom.deploy', { scope: team('my-team') }),
  action: sendNotification(pager, { title: 'Deployed' }),
});
await engine.emit({ type: 'custom.deploy', entity: 'my-team' });
// A service has other things that keep it alive; the engine's timers do not.
while (engine.stats().undelivered > 0) await setTimeout(10);

// The outage is over: everything that failed since goes out now, in its order.
isDown = false;
const since = Date.now() - 3_600_000;
for await (const line of engine.executions.export({ status: 'failed', since })) {
  const { id, reason, attempts } = JSON.parse(line);
  // What was refused for a reason of its own would be refused again.
  if (reason !== 'gave_up') continue;
  console.log(`again: ${reason} after ${attempts.length > 1 ? 'several attempts' : 'one attempt'}`);
  await engine.executions.retry(id);
}
await engine.idle();

const { undelivered, queuedCommits } = engine.stats();
console.log(`${undelivered} undelivered, ${queuedCommits} commits waiting`);
await engine.close();
