import { TocsinError } from '../../errors.js';
import { isPlainObject } from '../copy-json.js';
import { describeIssues } from '../describe-issues.js';
import { parseRouting } from './parse-routing.js';
import type { Routing } from './routing.js';
import type { ThreadUpdate, ThreadUpdateType } from './thread-update.js';

/** What {@link slackRouting} takes. */
export interface SlackRoutingOptions {
  /**
   * Patterns of metric names, each with its channel or channels, `#name` or id; the first one that matches decides. A pattern
   * matches the metric that it equals, and those of which it is the first elements between dots: `payments` matches
   * `payments.checkout.errors`. With `*` (any characters, dots as well) or `?` (any one) it is a glob, between slashes RE2;
   * both match the whole name. At most 1000 patterns of 1 to 1000 characters.
   *
   * @default none: everything goes to the default channel
   */
  readonly channels?: readonly (readonly [pattern: string, channels: string | readonly string[]])[] | undefined;
  /** The integration whose token posts, or its id. Its delivery must reach other channels: `slack-web-api` does. */
  readonly integrationId: string | { readonly id: string };
  /** Where a metric goes that no pattern matches. @default none: it goes nowhere */
  readonly defaultChannel?: string | undefined;
  /** The id of the default channel. @default learnt when it is needed */
  readonly defaultChannelId?: string | undefined;
  /** The ids of channels, by their names with or without `#`. @default learnt when they are needed */
  readonly channelIds?: Readonly<Record<string, string>> | undefined;
  /** The name to post as, 1 to 80 characters; Slack wants the scope `chat:write.customize`. @default the bot's own */
  readonly username?: string | undefined;
  /** The emoji to post with; Slack wants the scope `chat:write.customize`. @default the bot's own picture */
  readonly iconEmoji?: string | undefined;
  /** Whether what became of an anomaly is told, in the thread of its alert in the first channel. @default true */
  readonly threadUpdates?: boolean | undefined;
  /**
   * What single types of event do: whether they are told, and which reaction the alert gets.
   *
   * @default all are told; viewed `eyes`, created and layers-created `thumbsup`, learnt `heavy_check_mark`, disabled `x`
   */
  readonly on?: Readonly<Partial<Record<ThreadUpdateType, Partial<ThreadUpdate> | undefined>>> | undefined;
}

/**
 * Says which metric's alerts go to which channels of Slack, to give to `engine.routing.set`.
 *
 * @param options - The channels, and how the alerts there look.
 * @returns The routing as plain JSON, with everything filled in.
 * @throws `TocsinError` with code `invalid_options`; its `issues` name each fault.
 * @see Skyline, "Skyline slack settings".
 * @example
 * {@includeCode ../../../examples/skyline-alerts.ts}
 */
export function slackRouting(options: SlackRoutingOptions): Routing {
  const { value, issues } = parseRouting(isPlainObject(options) ? withId(options) : options);
  if (value !== undefined) return value;
  throw new TocsinError({ code: 'invalid_options', message: `slackRouting: ${describeIssues(issues)}`, issues });
}

/** The integration itself is as good as its id. */
function withId(options: Readonly<Record<string, unknown>>): object {
  const given = options['integrationId'];
  return isPlainObject(given) ? { ...options, integrationId: given['id'] } : options;
}
