import type { Attempt } from 'tocsin';
import type { SlackFault } from 'tocsin/testing';
import type { StruckMethod } from './fault-matrix-methods-lane.js';

/** Every fault that the workspace can be told to make. */
const everyFault: readonly SlackFault[] = [
  { type: 'reset' },
  { type: 'commit-then-reset' },
  { type: 'http-500' },
  { type: 'http-503' },
  { type: 'commit-then-500' },
  { type: 'slow-headers' },
  { type: 'slow-headers', commit: true },
  { type: 'slow-headers', commit: 'late' },
  { type: 'slow-headers', commit: 'late', afterRequests: 1 },
  { type: 'stalled-body' },
  { type: 'stalled-body', commit: false },
  { type: 'non-json-200' },
  { type: 'non-json-200', commit: true },
  { type: 'non-json-200', commit: true, body: 'null' },
  { type: '429', retryAfterSeconds: 20 },
  { type: '429-without-header' },
  { type: 'platform-error', error: 'internal_error' },
  { type: 'platform-error', error: 'ratelimited' },
];

/** What a person can see of a delivery that was struck. */
export interface Seen {
  /** The attempts that failed; one that delivers follows. */
  readonly failed: readonly Partial<Attempt>[];
  /** What its receipt says. @default nothing */
  readonly note?: string | RegExp;
  /** How often it stands there. More than once only where the record says that it may. @default 1 */
  readonly arrivals?: number;
  /** Whether its picture is shown. @default whether it has one */
  readonly hasPicture?: boolean;
  /** Whether its receipt leads to it. @default true */
  readonly isLinked?: boolean;
}

/** A method, how it is reached, and what must come of a fault. */
export interface MethodRow extends StruckMethod {
  readonly name: string;
  /** It changes nothing, so that whether it was carried out makes no difference. */
  readonly isReading?: boolean;
  seen(fault: SlackFault): Seen;
}

/** Those of a method. Of a request that only reads, each is made once: carried out and not come to the same. */
export const faultsOf = ({ isReading = false }: MethodRow): readonly SlackFault[] =>
  everyFault.filter((fault) => !(isReading && ('commit' in fault || fault.type.startsWith('commit-then'))));

const unavailable = { outcome: 'failed', kind: 'unavailable' } as const;
const found = 'found after an ambiguous attempt';
const lostPost: SlackFault = { type: 'commit-then-reset' };
const lost: Partial<Attempt> = { ...unavailable, error: 'reset', ambiguous: true };
const refusal: SlackFault = { type: 'platform-error', error: 'not_in_channel' };

function errorOf(fault: SlackFault): string {
  switch (fault.type) {
    case 'reset':
    case 'commit-then-reset':
      return 'reset';
    case 'http-500':
    case 'commit-then-500':
      return 'http_500';
    case 'http-503':
      return 'http_503';
    case 'slow-headers':
    case 'stalled-body':
      return 'timeout';
    case 'non-json-200':
      return 'unreadable_response';
    case '429':
    case '429-without-header':
      return 'ratelimited';
    case 'platform-error':
      return fault.error;
    default:
      return fault satisfies never;
  }
}

/** Slack has refused in so many words. */
const isRefused = (fault: SlackFault): boolean => errorOf(fault) === 'ratelimited';

const isCommitted = (fault: SlackFault): boolean =>
  fault.type.startsWith('commit-then') ||
  (fault.type === 'stalled-body' && fault.commit !== false) ||
  ((fault.type === 'slow-headers' || fault.type === 'non-json-200') && Boolean(fault.commit));

/** Carried out when the first look is through. */
const isVeryLate = (fault: SlackFault): boolean => fault.type === 'slow-headers' && fault.afterRequests !== undefined;

const failedBy = (fault: SlackFault): Partial<Attempt> => ({
  ...unavailable,
  error: errorOf(fault),
  ...(isRefused(fault) ? {} : { ambiguous: true }),
  ...(fault.type === '429' ? { retryInMs: 20_000 } : {}),
});

/** Its turn comes again, and what was carried out is found. */
const postedAgain = (fault: SlackFault): Seen => ({
  failed: [failedBy(fault)],
  ...(isCommitted(fault) ? { note: found } : {}),
});

/** Nothing is posted until a look comes right. */
const lookedAgain = (fault: SlackFault): Seen => ({
  failed: [lost, { ...failedBy(fault), ambiguous: true }],
  note: found,
});

/** The refusal of the channel is not believed as long as nobody confirms it. */
const triedAgain = (): Seen => ({ failed: [{ outcome: 'failed', kind: 'channel', error: 'not_in_channel' }] });

/** Until its last request an upload is seen by nobody, so the alert goes without it, at once and without doubt. */
const withoutPicture = (reason: string): Seen => ({
  failed: [],
  note: `the picture is missing: its upload failed (${reason})`,
  hasPicture: false,
});

function completed(fault: SlackFault): Seen {
  if (isRefused(fault)) return withoutPicture('ratelimited');
  if (isCommitted(fault) && !isVeryLate(fault)) return { failed: [] };
  const note = /^the picture is missing: its upload may have failed \(\w+\); it may still follow.* may be a duplicate$/;
  return isVeryLate(fault) ? { failed: [], note, arrivals: 2 } : { failed: [], note, hasPicture: false };
}

/** The bytes go by plain HTTP: the body of the answer counts for nothing, and a refusal is a status. */
function sent(fault: SlackFault): Seen {
  if (fault.type === 'platform-error') return withoutPicture('http_400');
  if (fault.type !== 'non-json-200') return withoutPicture(errorOf(fault));
  return isCommitted(fault) ? { failed: [] } : withoutPicture('file_not_found');
}

/** `conversations.join` and `chat.getPermalink` are not here: the adapter calls neither, which a test holds. */
export const methodRows: readonly MethodRow[] = [
  { name: 'chat.postMessage of a reply', method: 'chat.postMessage', kind: 'reply', seen: postedAgain },
  {
    name: 'reactions.add',
    method: 'reactions.add',
    kind: 'reaction',
    seen: (fault) => ({ failed: [failedBy(fault)], arrivals: 0, isLinked: false }),
  },
  {
    name: 'files.getUploadURLExternal',
    method: 'files.getUploadURLExternal',
    kind: 'picture',
    seen: (fault) => withoutPicture(errorOf(fault)),
  },
  { name: 'the upload of bytes', method: 'upload', kind: 'picture', seen: sent },
  { name: 'files.completeUploadExternal', method: 'files.completeUploadExternal', kind: 'picture', seen: completed },
  { name: 'files.info', method: 'files.info', kind: 'picture', isReading: true, seen: () => ({ failed: [] }) },
  {
    name: 'conversations.list before an upload',
    method: 'conversations.list',
    kind: 'picture',
    isReading: true,
    seen: () => ({
      failed: [],
      note: "the picture is missing: the channel's id is not known; give it instead of the name",
      hasPicture: false,
    }),
  },
  {
    name: 'auth.test for a link',
    method: 'auth.test',
    kind: 'message',
    isReading: true,
    seen: () => ({ failed: [], isLinked: false }),
  },
  ...(
    [
      ['conversations.list', 'message'],
      ['conversations.history', 'message'],
      ['conversations.replies', 'reply'],
    ] as const
  ).map(([method, kind]) => ({
    name: `${method} in a look after a lost answer`,
    method,
    kind,
    isReading: true,
    before: lostPost,
    reachedBy: 2 as const,
    seen: lookedAgain,
  })),
  ...(['auth.test', 'conversations.list', 'conversations.info'] as const).map((method) => ({
    name: `${method} in the question whether a refusal is true`,
    method,
    kind: 'message' as const,
    isReading: true,
    before: refusal,
    reachedBy: 'verify' as const,
    byId: method === 'conversations.info',
    seen: triedAgain,
  })),
];
