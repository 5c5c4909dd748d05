import * as z from 'zod';
import type { JsonValue } from '../json.js';
import { closedObject } from './closed-object.js';

/** How severe a notification is. */
export type Severity = 'INFO' | 'WARN' | 'ERROR';

const severities = ['INFO', 'WARN', 'ERROR'] as const satisfies readonly Severity[];

const id = z.string().min(1).max(255);

const text = z.string().default('');

/** A webhook's payload: any JSON; the copy before has bounded it. */
const json = z.json() as z.ZodType as z.ZodType<JsonValue>;

/** Where the replies of a notification go. */
const threads = ['run', 'automation', 'anomaly', 'none'] as const satisfies readonly ThreadChoice[];

const actionObjects = z.discriminatedUnion('type', [
  closedObject({
    type: z.literal('notification'),
    integrationId: id.optional(),
    routing: z.literal(true).optional(),
    title: text,
    message: text,
    severity: z.enum(severities).default('INFO'),
    fields: z.array(closedObject({ name: z.string().min(1), value: z.string() })).optional(),
    links: z.array(closedObject({ text: z.string().min(1), url: z.string().min(1) })).optional(),
    image: z.string().min(1).optional(),
    thread: z.enum(threads).optional(),
  }),
  closedObject({
    type: z.literal('webhook'),
    integrationId: id,
    payload: json.optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  closedObject({ type: z.literal('handler'), name: id }),
  closedObject({ type: z.literal('none') }),
]);

/** What a type can't say here, that a notification names an integration or routing, is checked with the whole definition. */
export const actionSchema = actionObjects as z.ZodType as z.ZodType<Action>;

/** Sends a message to an integration. */
export interface NotificationAction extends NotificationContent {
  readonly type: 'notification';
  /** The integration that gets it; it must belong to the automation's entity, or to all. */
  readonly integrationId: string;
  readonly routing?: undefined;
}

/**
 * Sends a message to the channels that routing finds for the event's metric.
 *
 * @see {@link slackRouting}
 */
export interface RoutedNotificationAction extends NotificationContent {
  readonly type: 'notification';
  readonly integrationId?: undefined;
  /** Whose channels are found at the match, by what `engine.routing` has then. */
  readonly routing: true;
}

/** What a notification says, and how. */
export interface NotificationContent {
  /** The headline, with `${variables}`. */
  readonly title: string;
  /** The body, with `${variables}`. */
  readonly message: string;
  readonly severity: Severity;
  /** Facts of your own, before those that every message tells; names and values with `${variables}`. */
  readonly fields?: readonly MessageFieldTemplate[] | undefined;
  /** Links, shown as buttons where there are any; texts and URLs with `${variables}`. */
  readonly links?: readonly MessageLinkTemplate[] | undefined;
  /**
   * A picture: an https URL, or a handle of `engine.images.put`; with `${variables}`. One that comes out as neither is left out.
   *
   * @default the picture of an `anomaly.detected` event, if it has one
   */
  readonly image?: string | undefined;
  /**
   * Where it belongs, at a destination that has threads:
   *
   * - `run`: the first notification about a run opens a thread, later ones reply in it, and those of severity ERROR are shown in
   *   the channel as well. When the run ends, its first message gets a check mark or a cross. For run events.
   * - `automation`: all notifications of this automation stand in one thread.
   * - `anomaly`: it opens the thread in which stands what becomes of the anomaly. For `anomaly.detected`.
   * - `none`: it stands alone.
   *
   * @default `run` for run events, `anomaly` for `anomaly.detected`, otherwise `none`
   */
  readonly thread?: ThreadChoice | undefined;
}

/** Where a notification belongs; see {@link NotificationContent.thread}. */
export type ThreadChoice = 'run' | 'automation' | 'anomaly' | 'none';

/** One fact of a message of your own. */
export interface MessageFieldTemplate {
  /** What it is called; at least 1 character. */
  readonly name: string;
  /** What it is. One that comes out empty is left out. */
  readonly value: string;
}

/** One link of a message. */
export interface MessageLinkTemplate {
  /** What it says; at least 1 character. */
  readonly text: string;
  /** Where it leads. One that comes out as no http or https URL is left out. */
  readonly url: string;
}

/** Posts JSON to a webhook integration. */
export interface WebhookAction {
  readonly type: 'webhook';
  /** The integration that gets it, of type `webhook`. */
  readonly integrationId: string;
  /**
   * What to post: any JSON, with `${variables}` in its texts. A variable's value never breaks out of its text.
   *
   * @default the automation's id and name, the execution's id, and the event
   */
  readonly payload?: JsonValue | undefined;
  /**
   * Further HTTP headers, as they are. Refused are `Host`, `Content-*`, `Transfer-Encoding`, `Connection`, `Keep-Alive`,
   * `TE`, `Trailer`, `Upgrade`, `Expect`, `Proxy-*`, `Authorization`, `X-Wandb-Signature` and `webhook-*`.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Calls a function of the host, given by name in `createEngine({ handlers })`. */
export interface HandlerAction {
  readonly type: 'handler';
  readonly name: string;
}

/** Does nothing; the firing is recorded all the same. */
export interface NoAction {
  readonly type: 'none';
}

/** What firing does. */
export type Action = NotificationAction | RoutedNotificationAction | WebhookAction | HandlerAction | NoAction;

/** The integration that an action names; `undefined` when it names none, or routing is to find it. */
export function integrationIdOf(action: Action): string | undefined {
  return action.type === 'notification' || action.type === 'webhook' ? action.integrationId : undefined;
}
