/**
 * One process of a Skyline user: an engine on a file storage that does what it is told, a line of JSON on its standard input, until it
 * is killed. It answers in lines of JSON; see `test/scenario/skyline-process.ts`.
 */
import { createEngine, type Engine } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { fileStorage } from 'tocsin/storage/file';
import { systemRuntime } from '../../src/runtime.js';
import { pictureOf, setUpSkyline, withPicture } from '../scenario/set-up-skyline.js';
import type { SkylineCommand, SkylineReport } from '../scenario/skyline-protocol.js';
import { readLines } from '../torture/protocol.js';

/** So fast that pacing never waits. */
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

/** How often it is asked whether everything has been delivered, in milliseconds. */
const askMs = 10;

let engine: Engine | undefined;
let picture = '';
let offsetMs = 0;

function report(message: SkylineReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function open(command: Extract<SkylineCommand, { type: 'open' }>): Promise<void> {
  const { path, token, slackApiUrl, setsUp } = command;
  offsetMs = command.offsetMs;
  const runtime = systemRuntime();
  const tell = (message: string, details?: object): void =>
    report({ type: 'told', message: `${message} ${JSON.stringify(details ?? {})}` });
  engine = await createEngine({
    storage: fileStorage({ path }),
    deliveries: [slackWebApi({ slackApiUrl, timeoutMs: 10_000, pacing: unpaced })],
    secrets: { resolve: () => token },
    runtime: { ...runtime, now: () => runtime.now() + offsetMs },
    logger: { warn: tell, error: tell },
  });
  if (setsUp) await setUpSkyline(engine);
  picture = await engine.images.put(pictureOf());
  report({ type: 'opened' });
}

/** Tells when nothing waits any more, here or in other processes. */
async function drain(opened: Engine): Promise<void> {
  for (;;) {
    await opened.idle();
    const { items } = await opened.executions.list({ status: 'pending', limit: 1 });
    if (items.length === 0) return report({ type: 'drained' });
    await new Promise((resolve) => setTimeout(resolve, askMs));
  }
}

function opened(): Engine {
  if (engine === undefined) throw new Error('The engine is not open');
  return engine;
}

async function obey(command: SkylineCommand): Promise<void> {
  switch (command.type) {
    case 'open':
      return open(command);
    case 'clock':
      offsetMs = command.offsetMs;
      return;
    case 'emit': {
      const { id } = command.event;
      const { fired, duplicate } = await opened().emit(withPicture(command.event, picture));
      return report({ type: 'answered', id, fired: fired.length, duplicate });
    }
    case 'drain':
      return drain(opened());
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
  readLines<SkylineCommand>((command) => void obey(command)),
);
// Nobody is left to tell it anything.
process.stdin.on('end', () => process.exit(1));
