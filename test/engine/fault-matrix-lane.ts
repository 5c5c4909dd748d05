import { type Attempt, createEngine, type Delivery, type Execution, onEvent, sendNotification, team } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime, type SlackWorkspace } from 'tocsin/testing';

/** By which way five messages go: `blind` is the Web API with its lookup switched off. */
export type Way = 'web-api' | 'blind' | 'webhook';

/** The messages of a lane, in their order. */
export const titles = ['message-1', 'message-2', 'message-3', 'message-4', 'message-5'] as const;

/** What a {@link Strike} can lay its hand on. */
interface StruckLane {
  readonly workspace: SlackWorkspace;
  readonly channel: string;
  readonly token: string;
  /** Stores a new webhook URL under the name of the old one. */
  renewWebhook(): void;
}

/** Breaks something just before a message is sent for the first time. */
export type Strike = (lane: StruckLane) => void;

/** What came of five messages. */
export interface LaneOutcome {
  readonly executions: readonly Execution[];
  /** The titles as they stand in the channel, in order. */
  readonly arrived: readonly string[];
  /** How many messages of one execution are in the ledger. */
  arrivals(executionId: string): number;
  readonly isDisabled: boolean;
  /** Mends what was broken, enables the integration, and waits again. */
  resume(mend: Strike): Promise<LaneOutcome>;
}

let lanes = 0;

/** Pacing has tests of its own; here it would only take turns of the clock. */
const pacing = { messagesPerSecond: 1e6, burst: 1e6 };

/** A stall ends after this time, in milliseconds: only the request that is to stall is given so little. */
const stallMs = 300;
const patientMs = 2_000;

/**
 * Sends five messages down one lane, through an engine of their own and over HTTP, and strikes at one of them.
 *
 * @param workspace - Gets a channel and a token for this lane.
 * @param way - How they go.
 * @param position - Which message is struck, from 0.
 * @param stalls - Whether the struck request gets no answer.
 * @param strike - Breaks something, just before.
 */
export async function sendFive(
  workspace: SlackWorkspace,
  way: Way,
  position: number,
  stalls: boolean,
  strike: Strike,
): Promise<LaneOutcome> {
  lanes += 1;
  const channel = `lane-${lanes}`;
  const token = `xoxb-lane-${lanes}`;
  workspace.createChannel({ name: channel });
  workspace.grantToken({ token });
  let webhookUrl = workspace.webhookUrl(channel);
  const lane: StruckLane = {
    workspace,
    channel,
    token,
    renewWebhook: () => {
      webhookUrl = workspace.webhookUrl(channel);
    },
  };
  const origin = new URL(workspace.apiUrl).origin;
  const adapter = (timeoutMs: number): Delivery =>
    way === 'webhook'
      ? slackWebhook({ allowedOrigins: [origin], timeoutMs, pacing })
      : slackWebApi({ slackApiUrl: workspace.apiUrl, timeoutMs, pacing, lookUp: way === 'web-api' });
  const [patient, impatient] = [adapter(patientMs), adapter(stallMs)];
  const runtime = manualRuntime({ seed: lanes });
  const engine = await createEngine({
    storage: memoryStorage({ now: runtime.now }),
    runtime,
    deliveries: [
      {
        ...patient,
        deliver(request) {
          const isStruck = request.message.title === titles[position] && request.attempt === 1;
          if (isStruck) strike(lane);
          return (isStruck && stalls ? impatient : patient).deliver(request);
        },
      },
    ],
    secrets: { resolve: async ({ name }) => (name === 'TOKEN' ? token : webhookUrl) },
    logger: { warn: () => {}, error: () => {} },
  });
  const slack = await engine.integrations.create({
    type: 'slack',
    name: channel,
    delivery: patient.name,
    ...(way === 'webhook' ? { urlSecretName: 'URL' } : { channel: `#${channel}`, tokenSecretName: 'TOKEN' }),
  });
  await engine.automations.create({
    name: 'five',
    event: onEvent('custom.five', { scope: team('my-team') }),
    action: sendNotification(slack, { title: '${event.title}' }),
  });

  const outcome = async (): Promise<LaneOutcome> => {
    const isDisabled = (await engine.integrations.get(slack.id)).status === 'disabled';
    const executions = await Promise.all(ids.map((id) => engine.executions.get(id)));
    return {
      executions,
      arrived: workspace.channel(channel).messages.map(({ text }) => /message-\d/.exec(text)?.[0] ?? text),
      arrivals: (executionId) => workspace.ledger.count(executionId),
      isDisabled,
      async resume(mend) {
        mend(lane);
        await engine.integrations.enable(slack.id);
        return settled();
      },
    };
  };

  /** When nothing waits for the clock any more. */
  const settled = async (): Promise<LaneOutcome> => {
    for (let turn = 0; turn < 100; turn += 1) {
      await engine.idle();
      const now = await outcome();
      if (now.isDisabled || now.executions.every(({ status }) => status !== 'pending')) return now;
      await runtime.advanceToNextTimer();
    }
    throw new Error('Five messages were still on their way after a hundred turns of the clock.');
  };

  const ids: string[] = [];
  for (const title of titles) {
    const { fired } = await engine.emit({ type: 'custom.five', entity: 'my-team', title } as never);
    ids.push(...fired.map(({ id }) => id));
  }
  return settled();
}

/** An attempt without what differs from run to run. */
export function essence(attempt: Attempt): Partial<Attempt> {
  const { at, durationMs, message, body, ...rest } = attempt;
  return rest;
}
