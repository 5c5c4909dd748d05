import { DeliveryError, type DeliveryTarget, type Verification, type VerificationProblem } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';
import { findReference } from './channel.js';
import { scopeNotes } from './optional-scopes.js';
import { type ChannelFindings, verifyChannel } from './verify-channel.js';

const postingScopes = ['chat:write', 'chat:write:bot', 'chat:write:user', 'bot'];

/**
 * Asks Slack whether posts would arrive: token, scopes, and the channel, where one is chosen.
 *
 * @param session - The attempt.
 * @param target - What to verify.
 * @returns What is wrong, what would work only in part, and what was learnt.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now.
 */
export async function verifyTarget(session: SlackSession, target: DeliveryTarget): Promise<Verification> {
  const identity = await callSlack(session, (client) => client.auth.test()).catch(problemOf);
  if ('problem' in identity) {
    return failed([{ ...identity.problem, kind: 'credential' }]);
  }
  // Slack tells the scopes with every answer; without that header nothing can be said about them.
  const scopes = identity.response_metadata?.scopes;
  const problems = scopes === undefined || postingScopes.some((scope) => scopes.includes(scope)) ? [] : [noScope];
  const reference = findReference(target);
  const bot = { scopes: scopes ?? [], botName: identity.user };
  const found: ChannelFindings =
    reference === undefined ? { problems: [] } : await verifyChannel(session, reference, bot);
  const all = [...problems, ...found.problems];
  const notes = [...(reference === undefined ? [noChannel] : []), ...scopeNotes(scopes, found)];
  return {
    ok: all.length === 0,
    problems: all,
    ...(notes.length === 0 ? {} : { notes }),
    channelId: found.channelId,
    channelName: found.channelName,
    teamName: identity.team,
  };
}

/**
 * Turns a refusal into a problem to report, and passes on everything else.
 *
 * @param error - What a call threw.
 * @returns The problem.
 * @throws What is not a refusal: Slack can't be asked now.
 */
export function problemOf(error: unknown): { problem: VerificationProblem } {
  if (!DeliveryError.is(error) || error.retryable) {
    throw error;
  }
  const kind = error.kind === 'channel' ? 'channel' : 'credential';
  return { problem: { reason: error.reason, kind, message: error.message } };
}

/**
 * Reports problems that leave nothing else to say.
 *
 * @param problems - At least one.
 */
export function failed(problems: readonly VerificationProblem[]): Verification {
  return { ok: false, problems };
}

const noScope: VerificationProblem = {
  reason: 'missing_scope',
  kind: 'credential',
  message: 'The token may not post: add the scope chat:write in the settings of the Slack app and install it again',
};

const noChannel =
  'No channel is chosen yet: choose one of engine.integrations.channels(id) and store it with engine.integrations.update';
