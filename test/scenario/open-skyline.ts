import { createEngine, type Engine, type EngineOptions, type Execution } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { onTestFinished } from 'vitest';
import { pictureOf, setUpSkyline, withPicture } from './set-up-skyline.js';
import { channelNames, type Phase, skylineScopes, skylineToken } from './skyline-script.js';

/** So fast that pacing never waits. */
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

/** An engine with Skyline's settings on a clock that stands still. */
export interface Skyline {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly workspace: SlackWorkspace;
  /** What the engine told its logger. */
  readonly log: readonly string[];
  /** Emits the events of a phase at its time, without waiting for Slack. */
  emit(phase: Phase): Promise<void>;
  /** Lets everything be delivered, whatever retries it takes. */
  settle(): Promise<void>;
  executions(): Promise<readonly Execution[]>;
  /** Closes the engine and the workspace; done by itself when the test ends. */
  close(): Promise<void>;
}

/** What {@link openSkyline} takes. */
export interface SkylineOptions extends Partial<EngineOptions> {
  readonly runtime?: ManualRuntime;
  /** The scopes of the bot's token. */
  readonly scopes?: readonly string[];
}

/** Opens the engine; it and its workspace are closed when the test ends. */
export async function openSkyline({ scopes = skylineScopes, ...options }: SkylineOptions = {}): Promise<Skyline> {
  const runtime = options.runtime ?? manualRuntime();
  const workspace = await startSlackWorkspace({
    channels: channelNames.map((name) => ({ name })),
    tokens: [{ token: skylineToken, scopes, botName: 'skyline' }],
    rateLimit: false,
    clock: runtime.now,
  });
  const log: string[] = [];
  const tell = (message: string, details?: object): void =>
    void log.push(`${message} ${JSON.stringify(details ?? {})}`);
  const engine = await createEngine({
    storage: memoryStorage({ now: runtime.now }),
    deliveries: [slackWebApi({ slackApiUrl: workspace.apiUrl, timeoutMs: 1000, pacing: unpaced })],
    secrets: { resolve: () => skylineToken },
    runtime,
    logger: { warn: tell, error: tell },
    ...options,
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await engine.close();
    await workspace.close();
  };
  onTestFinished(close);
  await setUpSkyline(engine);
  const handle = await engine.images.put(pictureOf());

  const pending = async (): Promise<number> =>
    (await engine.executions.list({ status: 'pending', limit: 1 })).items.length;

  return {
    engine,
    runtime,
    workspace,
    log,
    close,
    async emit({ atMs, events }) {
      await runtime.advance(Math.max(0, atMs - runtime.now()));
      await Promise.all(events.map((event) => engine.emit(withPicture(event, handle))));
    },
    async settle() {
      for (;;) {
        await engine.idle();
        if ((await pending()) === 0 || !(await runtime.advanceToNextTimer())) return;
      }
    },
    async executions() {
      const all: Execution[] = [];
      for await (const line of engine.executions.export()) all.push(JSON.parse(line));
      return all;
    },
  };
}
