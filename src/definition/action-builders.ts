import type { JsonValue } from '../json.js';
import type {
  HandlerAction,
  MessageFieldTemplate,
  MessageLinkTemplate,
  NoAction,
  NotificationAction,
  NotificationContent,
  RoutedNotificationAction,
  Severity,
  ThreadChoice,
  WebhookAction,
} from './action.js';
import { givenOptions } from './given-options.js';

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
  /** A picture; see {@link NotificationContent.image}. @default that of the event */
  readonly image?: string | undefined;
  /** Where it belongs; see {@link NotificationContent.thread}. @default by the type of event */
  readonly thread?: ThreadChoice | undefined;
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
  return Object.freeze({ ...contentOf(options), type: 'notification', integrationId: idOf(integration) });
}

/**
 * The action that sends a message to the channels that routing finds.
 *
 * @param options - What to say, and how severe it is.
 * @see {@link slackRouting}
 * @example
 * `sendByRouting({ title: '${metric_name} is anomalous: ${metric_value}' })`
 */
export function sendByRouting(options: NotificationOptions = {}): RoutedNotificationAction {
  return Object.freeze({ ...contentOf(options), type: 'notification', routing: true });
}

function contentOf(options: NotificationOptions): NotificationContent {
  const {
    title,
    message,
    text: body,
    severity,
    level,
    fields,
    links,
    image,
    thread,
    ...unknown
  } = givenOptions(options);
  const given: unknown = severity ?? level ?? 'INFO';
  return {
    ...unknown,
    title: title ?? '',
    message: message ?? body ?? '',
    severity: (typeof given === 'string' ? given.toUpperCase() : given) as Severity,
    ...(fields === undefined ? {} : { fields }),
    ...(links === undefined ? {} : { links }),
    ...(image === undefined ? {} : { image }),
    ...(thread === undefined ? {} : { thread }),
  };
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
