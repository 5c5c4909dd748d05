import { DeliveryError, type DeliveryRequest, type Receipt } from '../../../src/index.js';
import { noted, personaNote } from '../slack-message/notes.js';
import { slackPayload } from '../slack-message/slack-payload.js';
import { callSlack } from './call-slack.js';
import type { ChannelReference } from './channel.js';
import type { DeliverySession } from './delivery-session.js';
import { findChannelInTime } from './find-channel.js';
import { mayHavePersona, type Persona, personaOf } from './persona.js';

/** A message that stands in Slack. */
export interface Posted {
  readonly receipt: Receipt;
  /** The thread that it stands in, by its first message. */
  readonly threadTs: string | undefined;
  /** Whether it can be found again by its delivery id. */
  readonly isMarked: boolean;
}

/** What is posted; where Slack refuses a part of it, it goes without that part, once for each. */
interface Draft {
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly persona: Persona | undefined;
  readonly isMarked: boolean;
  readonly notes: readonly string[];
}

/** Why a reply was refused that a message of its own would not be. */
const threadRefusals: ReadonlySet<string> = new Set([
  'cannot_reply_to_message',
  'invalid_thread_ts',
  'message_not_found',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'thread_locked',
  'thread_not_found',
]);

/**
 * Posts a message, once. The alert goes out even where Slack refuses what comes with it: the delivery id, name and icon, a
 * private channel by its name. A thread that takes no reply is for the engine to leave: alone, the message says what it refers to.
 *
 * @param session - The attempt.
 * @param request - What to deliver.
 * @param channel - Where.
 * @param remark - A short line for its readers, in plain text.
 * @returns Where it stands, with a note on what is missing.
 * @throws `DeliveryError` of any kind.
 */
export async function postMessage(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
  remark?: string,
): Promise<Posted> {
  let draft = firstDraft(session, request, channel);
  for (;;) {
    try {
      return posted(session, channel, draft, await post(session, request, draft, remark));
    } catch (error) {
      const next = DeliveryError.is(error) ? await reduced(session, channel, draft, error) : undefined;
      if (next === undefined) throw error;
      draft = next;
    }
  }
}

/**
 * Tells whether it is the thread that is at fault.
 *
 * @param reason - Slack's name of the error.
 */
export function isThreadRefusal(reason: string): boolean {
  return threadRefusals.has(reason);
}

function firstDraft(session: DeliverySession, request: DeliveryRequest, channel: ChannelReference): Draft {
  const { refusedPersonas, channels } = session.learnt;
  const persona = personaOf(request.destination);
  const isRefused = persona !== undefined && refusedPersonas.get(session.token, 'persona') === true;
  const known =
    channel.id === undefined && channel.name !== undefined ? channels.get(session.token, channel.name) : undefined;
  return {
    channel: known?.needsId === true ? known.id : channel.posted,
    threadTs: request.thread?.messageId,
    persona: isRefused ? undefined : persona,
    isMarked: true,
    notes: isRefused ? [personaNote] : [],
  };
}

async function post(
  session: DeliverySession,
  request: DeliveryRequest,
  draft: Draft,
  remark: string | undefined,
): Promise<Answer> {
  const { channel, threadTs, persona } = draft;
  const { message, deliveryId, plainText, broadcast = false } = request;
  const isReply = threadTs !== undefined && !broadcast;
  const { metadata, ...payload } = slackPayload({ message, deliveryId, plainText, isReply, remark });
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs, ...(broadcast ? { reply_broadcast: true } : {}) };
  return callSlack(session, (client) =>
    client.chat.postMessage({ ...payload, ...persona, ...thread, ...(draft.isMarked ? { metadata } : {}), channel }),
  );
}

interface Answer {
  readonly channel?: string;
  readonly ts?: string;
  readonly message?: { readonly thread_ts?: string };
  readonly response_metadata?: { readonly scopes?: readonly string[] };
}

function posted(session: DeliverySession, channel: ChannelReference, draft: Draft, answer: Answer): Posted {
  const { name } = channel;
  if (draft.notes.includes(personaNote)) session.learnt.refusedPersonas.set(session.token, 'persona', true);
  if (channel.id === undefined && name !== undefined && answer.channel !== undefined) {
    const needsId = draft.channel !== channel.posted;
    session.learnt.channels.set(session.token, name, { id: answer.channel, needsId });
    session.learnt.postedTo.set(session.token, name, answer.channel);
  }
  // Slack does not refuse a reply to a message that was deleted: it posts it in the channel, and names no thread.
  const isAlone =
    draft.threadTs !== undefined && answer.message !== undefined && answer.message.thread_ts === undefined;
  // Slack refuses no name that the app may not use: it leaves it out, and says nothing.
  const isUnnamed = draft.persona !== undefined && !mayHavePersona(answer.response_metadata?.scopes);
  const note = noted(...draft.notes, isUnnamed ? personaNote : undefined, isAlone ? goneThreadNote : undefined);
  return {
    receipt: { channelId: answer.channel, channelName: name, messageId: answer.ts, status: 200, ...note },
    threadTs: isAlone ? undefined : draft.threadTs,
    isMarked: draft.isMarked,
  };
}

const goneThreadNote = 'posted in the channel: the message that it replies to is gone';

/** What to post instead; nothing when the refusal is about the message or the channel itself. */
async function reduced(
  session: DeliverySession,
  channel: ChannelReference,
  draft: Draft,
  { reason }: DeliveryError,
): Promise<Draft | undefined> {
  const noting = (note: string): readonly string[] => [...draft.notes, note];
  if (draft.isMarked && reason.includes('metadata')) {
    return { ...draft, isMarked: false, notes: noting(`sent without delivery id: ${reason}`) };
  }
  if (draft.persona !== undefined && reason === 'missing_scope') {
    return { ...draft, persona: undefined, notes: noting(personaNote) };
  }
  if (reason === 'channel_not_found' && channel.id === undefined) {
    return otherChannel(session, channel, draft);
  }
  return undefined;
}

/** Slack takes no private channel by its name, and not every public one; and the one that was learnt may have gone since. */
async function otherChannel(
  session: DeliverySession,
  channel: ChannelReference,
  draft: Draft,
): Promise<Draft | undefined> {
  const { name } = channel;
  if (name === undefined) return undefined;
  session.learnt.channels.delete(session.token, name);
  // The look-up must not hide why the message was refused.
  const search = await findChannelInTime(session, name).catch(() => undefined);
  const found = search?.type === 'found' ? search.channel.id : undefined;
  return found === undefined || found === draft.channel ? undefined : { ...draft, channel: found };
}
