import type { Delivery, DeliveryRequest, Execution, Integration, ReactionRequest } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { manualRuntime, type SlackFault, type SlackWorkspaceOptions, startSlackWorkspace } from 'tocsin/testing';
import { alert, openChatEngine, update } from '../threads/chat-engine.js';

/** What is struck: a message, one with a picture, a reply in a thread, a reaction. */
type Kind = 'message' | 'picture' | 'reply' | 'reaction';

/** Which request is struck, and how it comes to be made. */
export interface StruckMethod {
  readonly method: string;
  readonly kind: Kind;
  /** Befalls the post before, so that the method is reached. */
  readonly before?: SlackFault;
  /** Reached by which attempt. `verify`: by the question after the first one was refused. @default 1 */
  readonly reachedBy?: 1 | 2 | 'verify';
  /** The channel is given as an id. @default by its name alone */
  readonly byId?: boolean;
}

/** What came of five deliveries in one channel. */
export interface StruckLane {
  readonly executions: readonly Execution[];
  /** The numbers of the messages as they stand in the channel, in order, and of the replies in its thread. */
  readonly arrived: readonly string[];
  readonly replies: readonly string[];
  readonly reactions: readonly string[];
  /** How many messages of one execution are in the ledger. */
  arrivals(executionId: string): number;
  /** How many files of one execution are shown. */
  pictures(executionId: string): number;
  /** The faults that hit nothing. */
  readonly unreached: number;
  readonly isDisabled: boolean;
  /** The methods that were called. */
  readonly called: ReadonlySet<string>;
}

/** The first, a middle and the last one are struck. */
export const positions: readonly number[] = [0, 2, 4];
export const emoji = ['eyes', 'fire', 'rocket', 'bell', 'wave'] as const;

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3]);
/** A stall ends after this time, in milliseconds: only the request that is to stall is given so little. */
const stallMs = 700;
const patientMs = 5_000;
/** Pacing has tests of its own. */
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

/**
 * Sends five deliveries down one lane, through an engine and a workspace of their own, over HTTP. Each one that is struck
 * goes by an adapter that knows nothing yet, as after a restart.
 *
 * @param struck - Which request is struck.
 * @param fault - What goes wrong with it; nothing: to see how a workspace of these options does without.
 * @param options - Of the workspace.
 */
export async function strikeThree(
  struck: StruckMethod,
  fault: SlackFault | undefined,
  options: SlackWorkspaceOptions = {},
): Promise<StruckLane> {
  const runtime = manualRuntime();
  const channels = [{ name: 'ops' }];
  const workspace = await startSlackWorkspace({ channels, rateLimit: false, clock: runtime.now, ...options });
  const adapter = (timeoutMs: number): Delivery =>
    slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs, pacing: unpaced });
  // What the engine has learnt is left out, as it is of a channel that routing chooses by its name.
  const channel = { channelId: struck.byId === true ? workspace.channel('ops').id : undefined };
  const asSlack = <Request extends { readonly integration: Integration }>(request: Request): Request => ({
    ...request,
    integration: { ...request.integration, type: 'slack', channel: '#ops', ...channel },
  });
  const { reachedBy = 1, before } = struck;
  const stalls = fault?.type === 'slow-headers' || fault?.type === 'stalled-body';
  const timeoutMs = (at: number | 'verify'): number => (stalls && at === reachedBy ? stallMs : patientMs);
  const handles: { readonly remaining: number }[] = [];
  const strike = (): void => {
    if (before !== undefined) handles.push(workspace.fault({ ...before, method: 'chat.postMessage' }));
    if (fault !== undefined) handles.push(workspace.fault({ ...fault, method: struck.method }));
  };
  const usual = adapter(patientMs);
  const ways = new Map<string, Delivery>();
  let turn = 0;
  /** The adapter for an attempt: at the first one of what is to be struck, the fault is laid in its way. */
  const wayOf = ({ deliveryId }: { readonly deliveryId: string }, attempt: number): Delivery => {
    if (attempt === 1) {
      const isStruck = positions.includes(turn);
      turn += 1;
      if (!isStruck) return usual;
      strike();
    } else if (!ways.has(deliveryId)) return usual;
    ways.set(deliveryId, adapter(timeoutMs(attempt)));
    return ways.get(deliveryId) ?? usual;
  };
  const isOpener = ({ message }: DeliveryRequest): boolean => message.title === 'opener';
  const tries = new Map<string, number>();
  const delivery: Delivery = {
    ...usual,
    name: 'chat',
    integrationTypes: ['custom'],
    check: () => [],
    deliver: (request) => (isOpener(request) ? usual : wayOf(request, request.attempt)).deliver(asSlack(request)),
    react: (request: ReactionRequest) => {
      const key = request.reaction;
      tries.set(key, (tries.get(key) ?? 0) + 1);
      const way = wayOf({ deliveryId: key }, tries.get(key) ?? 1);
      return way.react?.(asSlack(request)) as ReturnType<NonNullable<Delivery['react']>>;
    },
    verify: (target) =>
      adapter(timeoutMs('verify')).verify?.(asSlack(target)) as ReturnType<NonNullable<Delivery['verify']>>,
  };
  const { engine, ops, execution, commit } = await openChatEngine({ runtime, deliveries: [delivery] });
  const settle = async (): Promise<void> => {
    for (let steps = 0; steps < 200; steps += 1) {
      await engine.idle();
      const { items } = await engine.executions.list({ status: 'pending', limit: 1 });
      if (items.length === 0 || (await engine.integrations.get(ops.id)).status === 'disabled') return;
      await runtime.advanceToNextTimer();
    }
    throw new Error('Five deliveries were still on their way after two hundred turns of the clock.');
  };
  const image = struck.kind === 'picture' ? await engine.images.put(png) : undefined;
  const given = (number: number): Partial<Execution> & { readonly title?: string } => {
    const title = `message-${number}`;
    if (!positions.includes(number) || struck.kind === 'message') return { title };
    if (struck.kind === 'reply') return { title, thread: update };
    if (struck.kind === 'reaction') return { thread: update, reaction: emoji[number] as string };
    const { message } = execution({ title });
    return { title, message: { ...message, image: { type: 'stored', handle: image as string } } as never };
  };
  if (struck.kind === 'reply' || struck.kind === 'reaction') {
    await commit({ title: 'opener', thread: alert });
    await settle();
  }
  const committed = await commit(...[0, 1, 2, 3, 4].map(given));
  await settle();

  const executions = await Promise.all(committed.map(({ id }) => engine.executions.get(id)));
  const isDisabled = (await engine.integrations.get(ops.id)).status === 'disabled';
  const { messages } = workspace.channel('ops');
  const numberIn = ({ text }: { readonly text: string }): string => /message-(\d)/.exec(text)?.[1] ?? text;
  const opener = messages.find(({ text }) => text.includes('opener'));
  const lane: StruckLane = {
    executions,
    arrived: messages.filter((message) => message !== opener).map(numberIn),
    replies: opener === undefined ? [] : workspace.channel('ops').replies(opener.ts).map(numberIn),
    reactions: opener?.reactions.map(({ name }) => name) ?? [],
    arrivals: (id) => workspace.ledger.count(id),
    pictures: (id) => messages.flatMap(({ files }) => files).filter(({ name }) => name === `${id}.png`).length,
    unreached: handles.reduce((sum, { remaining }) => sum + remaining, 0),
    isDisabled,
    called: new Set(workspace.requests.map(({ method }) => method)),
  };
  await engine.close();
  await workspace.close();
  return lane;
}
