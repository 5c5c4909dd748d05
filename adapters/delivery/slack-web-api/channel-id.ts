import type { ChannelReference } from './channel.js';
import type { DeliverySession } from './delivery-session.js';
import { findChannelInTime } from './find-channel.js';

/**
 * Finds the id of a channel: what was given, what was learnt in the last minutes, else what the workspace's list says.
 *
 * @param session - The attempt.
 * @param channel - The channel.
 * @returns Its id; `undefined` when it can't be learnt, or a person's is given instead.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now.
 */
export async function channelIdOf(session: DeliverySession, channel: ChannelReference): Promise<string | undefined> {
  const { id, name } = channel;
  if (id !== undefined) return /^[UW]/.test(id) ? undefined : id;
  if (name === undefined) return undefined;
  const known = session.learnt.channels.get(session.token, name);
  if (known !== undefined) return known.id;
  return listedIdOf(session, name);
}

async function listedIdOf(session: DeliverySession, name: string): Promise<string | undefined> {
  const search = await findChannelInTime(session, name);
  const found = search.type === 'found' ? search.channel.id : undefined;
  if (found !== undefined) session.learnt.channels.set(session.token, name, { id: found, needsId: false });
  return found;
}
