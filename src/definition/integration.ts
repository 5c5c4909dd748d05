import * as z from 'zod';
import { closedObject } from './closed-object.js';

const name = z.string().min(1).max(255);
const common = {
  /** The team that owns it. Left out: shared by all. */
  entity: name.optional(),
  organization: name.optional(),
  fallbackIntegrationId: name.optional(),
};

const slackIntegrationSchema = closedObject({
  type: z.literal('slack'),
  name,
  ...common,
  delivery: name,
  channel: name.optional(),
  tokenSecretName: name.optional(),
  urlSecretName: name.optional(),
});

const webhookIntegrationSchema = closedObject({
  type: z.literal('webhook'),
  name,
  ...common,
  delivery: name,
  url: z.string().min(1).max(2048),
  accessTokenSecretName: name.optional(),
  signingSecretName: name.optional(),
  previousSigningSecretName: name.optional(),
  secretsInPayload: z.boolean().optional(),
});

const consoleIntegrationSchema = closedObject({
  type: z.literal('console'),
  name,
  ...common,
  delivery: name,
});

const customIntegrationSchema = closedObject({
  type: z.literal('custom'),
  name,
  ...common,
  delivery: name,
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  secretNames: z.record(z.string(), name).optional(),
});

export const integrationSchema = z.discriminatedUnion('type', [
  slackIntegrationSchema,
  webhookIntegrationSchema,
  consoleIntegrationSchema,
  customIntegrationSchema,
]);

/** The kinds of destination. */
export type IntegrationType = IntegrationDefinition['type'];

/** A Slack channel: by bot token and channel, or by incoming webhook URL. Secrets are names, never values. */
export interface SlackIntegrationDefinition extends IntegrationOwner, IntegrationFallback {
  readonly type: 'slack';
  /** 1 to 255 characters. */
  readonly name: string;
  /** The name of the delivery adapter: `slack-web-api` or `slack-webhook`. */
  readonly delivery: string;
  /** `#name` or channel id. For `slack-web-api`. */
  readonly channel?: string | undefined;
  /** The name of the secret that holds the bot token. Left out: the adapter's own token. */
  readonly tokenSecretName?: string | undefined;
  /** The name of the secret that holds the incoming webhook's URL. Left out: the adapter's own URL. */
  readonly urlSecretName?: string | undefined;
}

/** An HTTP endpoint. Secrets are names, never values. */
export interface WebhookIntegrationDefinition extends IntegrationOwner, IntegrationFallback {
  readonly type: 'webhook';
  /** 1 to 255 characters. */
  readonly name: string;
  /** The name of the delivery adapter: `webhook`. */
  readonly delivery: string;
  /** Where to post: an absolute http or https URL, 1 to 2048 characters, without a user or password in it. */
  readonly url: string;
  /** The name of the secret that is sent as `Authorization: Bearer …`. @default none: no such header */
  readonly accessTokenSecretName?: string | undefined;
  /** The name of the secret that signs each request. @default none: requests are not signed */
  readonly signingSecretName?: string | undefined;
  /**
   * The name of the secret that signed until now: both sign while receivers change over. @default none
   */
  readonly previousSigningSecretName?: string | undefined;
  /**
   * Whether payloads may have the integration's secrets in them: `${ACCESS_TOKEN}`, and each secret by its name. W&B's
   * documentation and its maintainers contradict each other; off is safe.
   *
   * @default false
   */
  readonly secretsInPayload?: boolean | undefined;
}

/** The host's terminal or log. */
export interface ConsoleIntegrationDefinition extends IntegrationOwner, IntegrationFallback {
  readonly type: 'console';
  /** 1 to 255 characters. */
  readonly name: string;
  /** The name of the delivery adapter: `console`. */
  readonly delivery: string;
}

/** A destination of a delivery adapter of your own. */
export interface CustomIntegrationDefinition extends IntegrationOwner, IntegrationFallback {
  readonly type: 'custom';
  /** 1 to 255 characters. */
  readonly name: string;
  /** The name of the delivery adapter. */
  readonly delivery: string;
  /** What the adapter needs to know, by the names that it gives; no secrets. Its `check` looks at them. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The names of secrets, by what the adapter calls them: `{ url: 'DISCORD_WEBHOOK_URL' }`. */
  readonly secretNames?: Readonly<Record<string, string>> | undefined;
}

/** Whose integration it is. */
export interface IntegrationOwner {
  /** The team whose automations alone may use it. @default none: all may */
  readonly entity?: string | undefined;
  /** The organization it belongs to, for people: without an `entity` it is shared by all. */
  readonly organization?: string | undefined;
}

/** Where messages go that wait too long. */
export interface IntegrationFallback {
  /**
   * The integration that gets a message which has waited here for `fallbackAfterMs`: one that the same automations may use.
   * For a webhook it is another webhook. From a fallback nothing goes to a further one.
   *
   * @default none
   */
  readonly fallbackIntegrationId?: string | undefined;
}

/** What `engine.integrations.create` takes. */
export type IntegrationDefinition =
  | SlackIntegrationDefinition
  | WebhookIntegrationDefinition
  | ConsoleIntegrationDefinition
  | CustomIntegrationDefinition;

/** What the engine adds to an integration's definition. */
export interface IntegrationState {
  readonly id: string;
  /** Grows by 1 with every change. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** `disabled` by hand, or by the engine after the destination refused its credential or channel. */
  readonly status: 'ok' | 'disabled';
  /** Why it is disabled. */
  readonly statusReason?: string | undefined;
  /** The destination's own id of the channel, learnt from `verify` or the first delivery. */
  readonly channelId?: string | undefined;
  readonly channelName?: string | undefined;
  readonly teamName?: string | undefined;
}

/** A stored integration. */
export type Integration = IntegrationDefinition & IntegrationState;

/**
 * Whether automations of an entity may use an integration: it is the entity's own, or shared.
 *
 * @param entity - The entity; `undefined` for an automation on a whole organization, which may use shared ones only.
 */
export function mayUse(entity: string | undefined, integration: IntegrationOwner): boolean {
  return integration.entity === undefined || integration.entity === entity;
}
