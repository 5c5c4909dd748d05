/** One process of the torture: an engine that does what it is told on its standard input, until it is killed. */
import { createEngine, type Delivery, type Engine, TocsinError } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { fileStorage } from 'tocsin/storage/file';
import { setUp } from './automations.js';
import { type Command, type OpenOptions, type Report, readLines } from './protocol.js';

/** So fast that pacing never waits. */
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

let engine: Engine | undefined;
const automationNames = new Map<string, string>();

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function open({ path, token, slackApiUrl, lookUp, setsUp }: OpenOptions): Promise<void> {
  const startedMs = performance.now();
  const opened = await createEngine({
    storage: fileStorage({ path }),
    deliveries: [toldOf(slackWebApi({ token, slackApiUrl, lookUp, timeoutMs: 1000, pacing: unpaced }))],
    deliveryTimeoutMs: 5000,
    windowCheckpointMs: 200,
    closeTimeoutMs: 2000,
  });
  opened.on('warning', ({ code, message }) => report({ type: 'told', level: 'warning', code, message }));
  opened.on('error', ({ code, message }) => report({ type: 'told', level: 'error', code, message }));
  if (setsUp) await setUp(opened);
  for (let cursor: string | undefined; ; ) {
    const page = await opened.automations.list({ cursor });
    for (const { id, name } of page.items) automationNames.set(id, name);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  engine = opened;
  report({ type: 'opened', tookMs: performance.now() - startedMs });
}

/** A delivery that says when it begins. */
function toldOf(delivery: Delivery): Delivery {
  return {
    ...delivery,
    deliver(request) {
      report({ type: 'delivering' });
      return delivery.deliver(request);
    },
  };
}

function nameOf(automationId: string): string {
  return automationNames.get(automationId) ?? automationId;
}

async function emit({ nth, event }: Extract<Command, { type: 'emit' }>): Promise<void> {
  try {
    const answer = await opened().emit(event);
    const fired = answer.fired.map(({ id, automationName }) => ({ automation: automationName, executionId: id }));
    const skipped = answer.skipped.map(({ automationId, reason }) => ({ automation: nameOf(automationId), reason }));
    report({ type: 'answered', nth, fired, skipped, duplicate: answer.duplicate });
  } catch (error) {
    report({ type: 'refused', nth, code: TocsinError.is(error) ? error.code : String(error) });
  }
}

function opened(): Engine {
  if (engine === undefined) throw new Error('The engine is not open');
  return engine;
}

async function obey(command: Command): Promise<void> {
  switch (command.type) {
    case 'open':
      return open(command);
    case 'emit':
      return emit(command);
    case 'close':
      await opened().close();
      return process.exit(0);
    default:
      return command satisfies never;
  }
}

process.stdin.setEncoding('utf8');
process.stdin.on(
  'data',
  readLines<Command>((command) => void obey(command)),
);
// Nobody is left to tell it anything.
process.stdin.on('end', () => process.exit(1));
report({ type: 'loaded' });
