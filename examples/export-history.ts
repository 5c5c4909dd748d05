/** Looks through what rang and what was skipped, and writes all of it to a file: `export-history.ts [file]`. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createEngine, type Execution, onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { memoryStorage } from 'tocsin/storage/memory';

const [file = 'history.jsonl'] = process.argv.slice(2);

const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [consoleDelivery()],
  // For 90 days instead of 30, and ten times as many.
  executionRetentionMs: 90 * 86_400_000,
  maxExecutions: 1_000_000,
});
const terminal = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });
const { automation } = await engine.automations.create({
  name: 'low-accuracy',
  event: onRunMetric({ scope: project('my-team', 'my-project'), filter: runEvent.metric('accuracy').lt(0.85) }),
  action: sendNotification(terminal, { title: 'Low accuracy', severity: 'WARN' }),
});
for (const name of ['first', 'second', 'third']) {
  const run = engine.startRun({ entity: 'my-team', project: 'my-project', id: name });
  for (const [step, accuracy] of [0.9, 0.8, 0.7, 0.6].entries()) run.log({ accuracy }, { step });
  run.finish();
  await run.flush();
}
await engine.idle();

// The last ones first, page by page. Every part of the query can be left out.
const anHourAgo = Date.now() - 3_600_000;
let cursor: string | undefined;
do {
  const page = await engine.executions.list({
    automationId: automation.id,
    status: 'finished',
    since: anHourAgo,
    limit: 2,
    cursor,
  });
  console.log(page.items.map(({ event, attempts }) => `step ${event['step']}: ${attempts.length} attempt`).join(', '));
  cursor = page.cursor;
} while (cursor !== undefined);

// All of it into a file, a line of JSON each.
await pipeline(Readable.from(engine.executions.export()), createWriteStream(file));

// Or only as far as one likes to read.
for await (const line of engine.executions.export({ status: 'skipped' })) {
  const { reason, count } = JSON.parse(line) as Execution;
  console.log(`the oldest that was skipped: ${reason}, ${count} times`);
  break;
}

await engine.close();
