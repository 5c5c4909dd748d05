import * as z from 'zod';

/** How severe a notification is. */
export type Severity = 'INFO' | 'WARN' | 'ERROR';

const severities = ['INFO', 'WARN', 'ERROR'] as const satisfies readonly Severity[];

const actionName = z.string().min(1).max(255);

export const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('notification'),
    integrationId: z.string().min(1).max(255),
    title: z.string().default(''),
    message: z.string().default(''),
    severity: z.enum(severities).default('INFO'),
  }),
  z.strictObject({ type: z.literal('handler'), name: actionName }),
  z.strictObject({ type: z.literal('none') }),
]);

/** Sends a message to an integration. */
export interface NotificationAction {
  readonly type: 'notification';
  readonly integrationId: string;
  readonly title: string;
  readonly message: string;
  readonly severity: Severity;
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
export type Action = NotificationAction | HandlerAction | NoAction;

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
}

/**
 * The action that sends a message.
 *
 * @param integration - The integration, or its id.
 * @param options - What to say, and how severe it is.
 * @see W&B, "Create an automation": `SendNotification.from_integration(integration, title=, text=, level=)`.
 */
export function sendNotification(
  integration: string | { readonly id: string },
  options: NotificationOptions = {},
): NotificationAction {
  const severity = options.severity ?? options.level ?? 'INFO';
  return Object.freeze({
    type: 'notification',
    integrationId: typeof integration === 'string' ? integration : integration.id,
    title: options.title ?? '',
    message: options.message ?? options.text ?? '',
    severity: severity.toUpperCase() as Severity,
  });
}

/**
 * The action that calls a function of the host.
 *
 * @param name - Its name in `createEngine({ handlers })`.
 */
export function callHandler(name: string): HandlerAction {
  return Object.freeze({ type: 'handler', name });
}

/** The action that only records the firing: a dry run. */
export function doNothing(): NoAction {
  return Object.freeze({ type: 'none' });
}
