import * as z from 'zod';
import type { JsonValue } from '../json.js';
import { closedObject } from './closed-object.js';
import { givenOptions } from './given-options.js';

/** How severe a notification is. */
export type Severity = 'INFO' | 'WARN' | 'ERROR';

const severities = ['INFO', 'WARN', 'ERROR'] as const satisfies readonly Severity[];

const id = z.string().min(1).max(255);

const text = z.string().default('');

/** A webhook's payload: any JSON; the copy before has bounded it. */
const json = z.json() as z.ZodType as z.ZodType<JsonValue>;

export const actionSchema = z.discriminatedUnion('type', [
  closedObject({
    type: z.literal('notification'),
    integrationId: id,
    title: text,
    message: text,
    severity: z.enum(severities).default('INFO'),
    fields: z.array(closedObject({ name: z.string().min(1), value: z.string() })).optional(),
    links: z.array(closedObject({ text: z.string().min(1), url: z.string().min(1) })).optional(),
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

/** Sends a message to an integration. */
export interface NotificationAction {
  readonly type: 'notification';
  /** The integration that gets it; it must belong to the automation's entity, or to all. */
  readonly integrationId: string;
  /** The headline, with `${variables}`. */
  readonly title: string;
  /** The body, with `${variables}`. */
  readonly message: string;
  readonly severity: Severity;
  /** Facts of your own, before those that every message tells; names and values with `${variables}`. */
  readonly fields?: readonly MessageFieldTemplate[] | undefined;
  /** Links, shown as buttons where there are any; texts and URLs with `${variables}`. */
  readonly links?: readonly MessageLinkTemplate[] | undefined;
}

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
export type Action = NotificationAction | WebhookAction | HandlerAction | NoAction;

/** What {@link sendNotification} takes beside the integration. */
export interface NotificationOptions {
  /** The headline. @default '' */
  readonly title?: string | undefined;
  /** The body. @default '' */
  readonly message?: string | undefined;
  /** Another name of `message`, as W&B's SDK has it. */
  readonly text?: string | undefined;
  /** In any case. @default 'INFO' */
  readonly severity?: Severity | Lowercase<Severity> | undefined;
  /** Another name of `severity`, as W&B's SDK has it. */
  readonly level?: Severity | Lowercase<Severity> | undefined;
  /** Facts of your own. @default none */
  readonly fields?: readonly MessageFieldTemplate[] | undefined;
  /** Links. @default none */
  readonly links?: readonly MessageLinkTemplate[] | undefined;
}

/** What {@link sendWebhook} takes beside the integration. */
export interface WebhookOptions {
  /** What to post: any JSON. @default the automation's id and name, the execution's id, and the event */
  readonly payload?: JsonValue | undefined;
  /** Further HTTP headers; see {@link WebhookAction.headers}. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The action that sends a message.
 *
 * @param integration - The integration, or its id.
 * @param options - What to say, and how severe it is.
 * @see W&B, "Create an automation": `SendNotification.from_integration(integration, title=, text=, level=)`.
 * @example
 * `sendNotification(slack, { title: '${run_name} diverges', severity: 'ERROR' })`
 */
export function sendNotification(
  integration: string | { readonly id: string },
  options: NotificationOptions = {},
): NotificationAction {
  const { title, message, text: body, severity, level, fields, links, ...unknown } = givenOptions(options);
  const given: unknown = severity ?? level ?? 'INFO';
  return Object.freeze({
    ...unknown,
    type: 'notification',
    integrationId: idOf(integration),
    title: title ?? '',
    message: message ?? body ?? '',
    severity: (typeof given === 'string' ? given.toUpperCase() : given) as Severity,
    ...(fields === undefined ? {} : { fields }),
    ...(links === undefined ? {} : { links }),
  });
}

/**
 * The action that posts JSON to a webhook.
 *
 * @param integration - The integration, or its id.
 * @param options - What to post, and further headers.
 * @see W&B, "Create an automation": `SendWebhook.from_integration(integration, payload=)`.
 * @example
 * `sendWebhook(deploy, { payload: { model: '${artifact_version_string}' } })`
 */
export function sendWebhook(
  integration: string | { readonly id: string },
  options: WebhookOptions = {},
): WebhookAction {
  const { payload, headers, ...unknown } = givenOptions(options);
  return Object.freeze({
    ...unknown,
    type: 'webhook',
    integrationId: idOf(integration),
    ...(payload === undefined ? {} : { payload }),
    ...(headers === undefined ? {} : { headers }),
  });
}

/** Without types it may be neither, such as the first of a list that is empty; parsing says so. */
function idOf(integration: string | { readonly id: string }): string {
  const given: string | Partial<{ readonly id: string }> | null = integration;
  return (typeof given === 'object' ? (given as { readonly id: string } | null)?.id : given) as string;
}

/**
 * The action that calls a function of the host.
 *
 * @param name - Its name in `createEngine({ handlers })`.
 * @example
 * `callHandler('stop-run')`
 */
export function callHandler(name: string): HandlerAction {
  return Object.freeze({ type: 'handler', name });
}

/** The action that only records the firing: a dry run. */
export function doNothing(): NoAction {
  return Object.freeze({ type: 'none' });
}
