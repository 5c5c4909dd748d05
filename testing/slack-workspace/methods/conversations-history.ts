import { lookedFor } from '../state/late-shares.js';
import { channelMessages, threadReplies } from '../state/messages.js';
import { timestampToMicroseconds } from '../state/timestamp.js';
import type { MessageState } from '../state/workspace-state.js';
import { findScopedChannel, isMember } from './channel-access.js';
import { messageJson } from './message-json.js';
import {
  failure,
  flagArgument,
  type SlackAnswer,
  type SlackCall,
  type SlackFailure,
  type SlackMethod,
  textArgument,
} from './method.js';
import { paginate } from './paginate.js';

const historyScopes = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
const timeArguments = ['cursor', 'include_all_metadata', 'inclusive', 'latest', 'limit', 'oldest'];
const timeErrors = ['invalid_cursor', 'invalid_ts_latest', 'invalid_ts_oldest'];

type TimeFilter = (message: MessageState) => boolean;

/** `oldest` and `latest` bound from outside, unless `inclusive`. */
const readTimeFilter = (call: SlackCall): { readonly accepts: TimeFilter } | SlackFailure => {
  const oldest = timestampToMicroseconds(textArgument(call, 'oldest') ?? '0');
  if (oldest === undefined) return failure('invalid_ts_oldest');
  const latestText = textArgument(call, 'latest');
  const latest = latestText === undefined ? Number.POSITIVE_INFINITY : timestampToMicroseconds(latestText);
  if (latest === undefined) return failure('invalid_ts_latest');
  const isInclusive = flagArgument(call, 'inclusive');
  const accepts: TimeFilter = ({ ts }) => {
    const at = timestampToMicroseconds(ts) ?? 0;
    return isInclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
  return { accepts };
};

const answerMessages = (call: SlackCall, messages: readonly MessageState[]): SlackAnswer => {
  const limit = Math.min(999, Math.max(1, Math.floor(Number(textArgument(call, 'limit') ?? 100)) || 100));
  const page = paginate(call, messages, ({ ts }) => ts, limit);
  if ('ok' in page) return page;
  const includeMetadata = flagArgument(call, 'include_all_metadata');
  return {
    ok: true,
    messages: page.items.map((message) => messageJson(message, includeMetadata)),
    has_more: page.nextCursor !== '',
    response_metadata: { next_cursor: page.nextCursor },
  };
};

/** Newest first; replies only where they were broadcast. */
export const conversationsHistory: SlackMethod = {
  scopes: historyScopes,
  requiredArguments: ['channel'],
  optionalArguments: timeArguments,
  errors: ['channel_not_found', 'not_in_channel', ...timeErrors],
  handle: (call) => {
    const channel = findScopedChannel(call, 'history');
    if ('ok' in channel) return channel;
    if (!isMember(call, channel)) return failure('not_in_channel');
    const filter = readTimeFilter(call);
    if ('ok' in filter) return filter;
    lookedFor(call.state, channel.id);
    return answerMessages(call, channelMessages(channel).filter(filter.accepts).reverse());
  },
};

/** Oldest first, after the parent, which no time filter takes away. */
export const conversationsReplies: SlackMethod = {
  scopes: historyScopes,
  requiredArguments: ['channel', 'ts'],
  optionalArguments: timeArguments,
  errors: ['channel_not_found', 'thread_not_found', ...timeErrors],
  handle: (call) => {
    const channel = findScopedChannel(call, 'history');
    if ('ok' in channel) return channel;
    if (!isMember(call, channel)) return failure('channel_not_found');
    const named = channel.messages.get(textArgument(call, 'ts') ?? '');
    const parent = named?.threadTs === undefined ? named : channel.messages.get(named.threadTs);
    if (parent === undefined) return failure('thread_not_found');
    const filter = readTimeFilter(call);
    if ('ok' in filter) return filter;
    lookedFor(call.state, channel.id);
    return answerMessages(call, [parent, ...threadReplies(channel, parent.ts).filter(filter.accepts)]);
  },
};
