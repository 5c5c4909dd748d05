import {
  createEngine,
  type Delivery,
  type DeliveryCapabilities,
  type DeliveryRequest,
  type Destination,
  type Engine,
  type EngineOptions,
  type Execution,
  type Integration,
  type IntegrationDefinition,
  type Pacing,
  type ReactionRequest,
  type Storage,
  type Verification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { monotonicFactory } from 'ulid';
import { appendToOutbox, laneOf } from '../../src/notify/outbox.js';
import type { Step } from '../../src/ports/storage.js';
import type { ExecutionThread } from '../../src/record/execution-thread.js';
import { putExecution } from '../../src/record/execution-writes.js';
import { putThread, readThread, type ThreadRecord, threadKey, threadRecord } from '../../src/record/thread.js';

export const secondMs = 1000;
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** Slack, in a few lines: what was posted where, as it would be read. */
export interface Chat {
  /** `#channel 1: title` for a message, `#channel 1 > 2: title` for a reply to 1, `#channel 1 +eyes` for a reaction. */
  readonly lines: string[];
  readonly arrivedAtMs: number[];
  readonly nextId: (nowMs: number) => string;
  /** How many have been posted; the last one's id. */
  messages: number;
  readonly requests: (DeliveryRequest | ReactionRequest)[];
  capabilities: DeliveryCapabilities;
  /** Throws, or lets it arrive and answers what it returns. */
  answer: (request: DeliveryRequest, channel: string) => unknown;
  answerReaction: (request: ReactionRequest) => unknown;
  /** What it says when it is asked about a channel; it can't be asked as long as this is left out. Read when an engine is opened. */
  verify: ((destination: Destination | undefined) => Promise<Verification>) | undefined;
}

const everything: DeliveryCapabilities = { threads: true, reactions: true, images: true, channels: true };

/** An empty one, that can do everything. */
export function createChat(): Chat {
  return {
    lines: [],
    arrivedAtMs: [],
    requests: [],
    messages: 0,
    capabilities: everything,
    answer: () => undefined,
    answerReaction: () => undefined,
    nextId: monotonicFactory(() => 0.5),
    verify: undefined,
  };
}

function chatDelivery(chat: Chat, now: () => number, pacing: Pacing | undefined): Delivery {
  const { verify } = chat;
  return {
    name: 'chat',
    integrationTypes: ['custom', 'slack'],
    pacing,
    get capabilities() {
      return chat.capabilities;
    },
    async deliver(request) {
      chat.requests.push(request);
      const { destination, integration, message, thread, broadcast } = request;
      const channel = destination?.channel ?? integration.name;
      const answer = await chat.answer(request, channel);
      chat.messages += 1;
      const { messages } = chat;
      const facts = message.fields.map(({ name, value }) => ` [${name}: ${value}]`).join('');
      const place = thread === undefined ? '' : `${thread.messageId} ${broadcast === true ? '>!' : '>'} `;
      chat.lines.push(`${channel} ${place}${messages}: ${message.title}${facts}`);
      chat.arrivedAtMs.push(now());
      return answer ?? { channelId: `id of ${channel}`, messageId: `${messages}` };
    },
    async react(request) {
      chat.requests.push(request);
      const answer = await chat.answerReaction(request);
      const channel = request.destination?.channel ?? request.integration.name;
      chat.lines.push(`${channel} ${request.thread.messageId} +${request.reaction}`);
      return answer ?? {};
    },
    ...(verify === undefined ? {} : { verify: async ({ destination }) => verify(destination) }),
  } as Delivery;
}

/** A storage on which engines come and go, and others write. */
export function sharedStorage(runtime: ManualRuntime): Storage {
  const storage = memoryStorage({ now: runtime.now });
  return { ...storage, capabilities: { durable: true, shared: true }, close: async () => {} };
}

/** What an execution of a test is, beside what all are. */
type Given = Partial<Execution> & { readonly title?: string; readonly severity?: 'INFO' | 'WARN' | 'ERROR' };

/** An engine on a chat. What is to be delivered is written by another process, as its firing would have written it. */
export interface ChatEngine {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly storage: Storage;
  readonly chat: Chat;
  readonly ops: Integration;
  readonly announced: string[];
  addIntegration(name: string, more?: Partial<IntegrationDefinition>): Promise<Integration>;
  execution(given: Given): Execution;
  /** Commits executions, with the threads that they may open, and waits until they have been found. */
  commit(...given: Given[]): Promise<Execution[]>;
  /** Writes them down, and nothing else. */
  record(executions: readonly Execution[]): Promise<void>;
  get(execution: Pick<Execution, 'id'>): Promise<Execution>;
  /** What is known of the thread of an execution, in the execution's lane. */
  thread(execution: Execution): Promise<ThreadRecord | undefined>;
}

/** Opens it, or opens another engine on the chat and storage of one before. */
export async function openChatEngine(
  options: Partial<EngineOptions> & {
    readonly runtime?: ManualRuntime;
    readonly chat?: Chat;
    readonly pacing?: Pacing;
  } = {},
): Promise<ChatEngine> {
  const { runtime = manualRuntime(), chat = createChat(), pacing, ...more } = options;
  const { storage = sharedStorage(runtime) } = options;
  const logger = { warn: () => {}, error: () => {} };
  const deliveries = [chatDelivery(chat, runtime.now, pacing)];
  const engine = await createEngine({ deliveries, logger, ...more, storage, runtime });
  const addIntegration: ChatEngine['addIntegration'] = async (name, extra = {}) => {
    const listed = await engine.integrations.list();
    const definition = { type: 'custom', name, delivery: 'chat', ...extra } as IntegrationDefinition;
    return listed.find((integration) => integration.name === name) ?? engine.integrations.create(definition);
  };
  const ops = await addIntegration('#ops');
  const announced: string[] = [];
  for (const name of ['execution-created', 'execution-finished', 'execution-failed', 'execution-skipped'] as const) {
    engine.on(name, () => announced.push(name));
  }
  const execution: ChatEngine['execution'] = ({ title = 'alert', severity = 'INFO', ...given }) => {
    const nowMs = runtime.now();
    return {
      id: chat.nextId(nowMs),
      // Of no automation that could be disabled.
      automationId: 'run-alert',
      automationName: 'alerts',
      automationRevision: 1,
      status: 'pending',
      count: 1,
      createdAt: nowMs,
      updatedAt: nowMs,
      event: { type: 'anomaly.detected' },
      action: { type: 'notification', integrationId: ops.id, title, message: '', severity },
      message: { title, text: '', severity, fields: [], links: [], automationName: 'alerts', atMs: nowMs },
      attempts: [],
      ...given,
    };
  };
  return {
    engine,
    runtime,
    storage,
    chat,
    ops,
    announced,
    addIntegration,
    execution,
    async commit(...given) {
      const executions = given.map(execution);
      const write = executions.flatMap((each) => [...putExecution(each), ...appendToOutbox(each)]);
      await storage.commit({ steps: [{ write }, ...executions.flatMap(opening)] });
      await runtime.advance(secondMs);
      return executions;
    },
    async record(executions) {
      await storage.commit({ steps: [{ write: executions.flatMap((each) => putExecution(each)) }] });
    },
    get: ({ id }) => engine.executions.get(id),
    async thread(given) {
      const { kind, subject } = given.thread as ExecutionThread;
      const record = await storage.get(threadKey({ kind, subject, lane: String(laneOf(given)) }));
      return record === undefined ? undefined : readThread(record);
    },
  };
}

/** As the firing records the thread of an alert, unless there is one. */
function opening(execution: Execution): Step[] {
  const { thread, action } = execution;
  if (thread?.role !== 'open' || action.type !== 'notification') return [];
  const record = threadRecord(execution, thread, {
    lane: String(laneOf(execution)),
    integrationId: String(action.integrationId),
  });
  return [
    {
      when: [{ type: 'revision', key: threadKey(record), revision: 0 }],
      write: putThread({ ...record, names: [`thread-name/${thread.subject}`] }),
    },
  ];
}

/** The alert of an anomaly. */
export const alert: ExecutionThread = { kind: 'anomaly', subject: 'cpu at 12', role: 'open' };

/** What becomes of it. */
export const update: ExecutionThread = {
  kind: 'anomaly',
  subject: 'cpu at 12',
  role: 'update',
  reference: [{ name: 'Anomaly', value: 'cpu at 12' }],
};

/** A notification of a run. */
export const ofRun: ExecutionThread = { kind: 'run', subject: 'my-run', role: 'join' };
