import type { Issue } from '../../errors.js';
import { copyJson } from '../copy-json.js';
import { defaultLimits } from '../limits.js';
import { globCharacters, metricPatternSteps, parseMetricPattern } from '../metric-pattern.js';
import { describeValue, formatPath, type PathSegments } from '../path.js';
import { fromZodIssues, withoutEchoes } from '../zod-issues.js';
import { type ChannelBook, openChannelBook } from './channel-book.js';
import { readEmojiName } from './emoji-name.js';
import type { Route, Routing } from './routing.js';
import { type GivenRouting, routingSchema } from './routing-schema.js';
import { defaultThreadUpdates, type ThreadUpdate, threadUpdateTypes } from './thread-update.js';

/** What {@link parseRouting} answers. */
export type ParsedRouting =
  | { readonly value: Routing; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly value?: undefined };

/** How large a routing may be: a thousand patterns, each with some channels. */
export const routingBounds = {
  depth: 5,
  nodes: 20_000,
  listMembers: 1000,
  textCharacters: defaultLimits.patternCharacters,
  characters: 262_144,
};

/** So many can be compared with the longest name of a metric at every alert. */
const mostGlobCharacters = 20_000;

/**
 * Checks a routing and fills in what it leaves out.
 *
 * @param input - Anything: JSON from elsewhere, in the shape of {@link SlackRoutingOptions}.
 * @returns The routing, deeply frozen; or what is wrong with it, each fault with its path.
 */
export function parseRouting(input: unknown): ParsedRouting {
  const copy = copyJson(input, routingBounds);
  if ('issue' in copy) return { issues: [copy.issue] };
  const parsed = routingSchema.safeParse(copy.value, { reportInput: true });
  if (!parsed.success) return { issues: withoutEchoes(fromZodIssues(parsed.error.issues)) };
  const given = parsed.data;
  const issues: Issue[] = [];
  const book = openChannelBook(given, issues);
  const value = routingOf(given, book, issues);
  if (given.channels.length === 0 && (given.defaultChannel ?? given.defaultChannelId) === undefined) {
    issues.push({ code: 'required', path: 'channels', message: 'Expected channels or a defaultChannel, got neither' });
  }
  return issues.length > 0 ? { issues } : { value };
}

function routingOf(given: GivenRouting, book: ChannelBook, issues: Issue[]): Routing {
  const { defaultChannel, defaultChannelId, channelIds } = book;
  const iconEmoji = given.iconEmoji === undefined ? undefined : readEmoji(given.iconEmoji, ['iconEmoji'], issues);
  return Object.freeze({
    channels: routesOf(given, book, issues),
    integrationId: given.integrationId,
    ...(defaultChannel === undefined ? {} : { defaultChannel }),
    ...(defaultChannelId === undefined ? {} : { defaultChannelId }),
    channelIds: Object.freeze(channelIds),
    ...(given.username === undefined ? {} : { username: given.username }),
    ...(iconEmoji === undefined ? {} : { iconEmoji: `:${iconEmoji}:` }),
    threadUpdates: given.threadUpdates,
    on: updatesOf(given, issues),
  });
}

function routesOf({ channels: routes }: GivenRouting, book: ChannelBook, issues: Issue[]): readonly Route[] {
  const most = defaultLimits.patternProgramSteps;
  let steps = 0;
  let globs = 0;
  const read = routes.map(([text, given], place): Route => {
    const path = ['channels', place];
    const { issue } = parseMetricPattern(text, [...path, 0]);
    if (issue !== undefined) issues.push(issue);
    else steps += metricPatternSteps(text);
    globs += globCharacters(text);
    const channels =
      typeof given === 'string'
        ? [book.read(given, [...path, 1])]
        : given.map((each, at) => book.read(each, [...path, 1, at]));
    return Object.freeze([text, Object.freeze([...new Set(channels.filter((each) => each !== undefined))])]);
  });
  if (steps > most) {
    const message = `Expected patterns of at most ${most} RE2 steps in all, got ${steps}`;
    issues.push({ code: 'invalid_pattern', path: 'channels', message });
  }
  if (globs > mostGlobCharacters) {
    const message = `Expected globs with * and ? of at most ${mostGlobCharacters} characters in all, got ${globs}`;
    issues.push({ code: 'limit_exceeded', path: 'channels', message });
  }
  return Object.freeze(read);
}

function updatesOf({ on }: GivenRouting, issues: Issue[]): Routing['on'] {
  const updates = threadUpdateTypes.map((type) => {
    const usual = defaultThreadUpdates[type];
    const { message = usual.message, reaction = usual.reaction } = on[type] ?? {};
    const name = reaction === false ? false : readEmoji(reaction, ['on', type, 'reaction'], issues);
    return [type, Object.freeze({ message, reaction: name ?? false } satisfies ThreadUpdate)];
  });
  return Object.freeze(Object.fromEntries(updates) as Routing['on']);
}

function readEmoji(text: string, path: PathSegments, issues: Issue[]): string | undefined {
  const name = readEmojiName(text);
  if (name === undefined) {
    const message = `Expected the name of an emoji such as "eyes", got ${describeValue(text)}`;
    issues.push({ code: 'invalid_value', path: formatPath(path), message });
  }
  return name;
}
