import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReactionRequest, Receipt } from '../../src/index.js';
import { atMs, expectNoSecret, faultOf, sampleIntegration, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;
let request: ReactionRequest;

beforeEach(async () => {
  workspace = await startSlackWorkspace({ rateLimit: false, clock: () => atMs });
  const posting = sampleRequest(sampleIntegration({ channel: '#alerts' }));
  const { channelId = '', messageId = '' } = await adapter().deliver(posting);
  const { message, plainText, ...target } = posting;
  request = { ...target, deliveryId: 'delivery-2', reaction: 'eyes', thread: { channelId, messageId } };
});

afterEach(() => workspace.close());

const adapter = (token = workspace.token) => slackWebApi({ token, slackApiUrl: workspace.apiUrl, timeoutMs: 5_000 });
const react = (changes: Partial<ReactionRequest> = {}, token = workspace.token): Promise<Receipt> =>
  adapter(token).react?.({ ...request, ...changes }) ?? Promise.reject(new Error('no react'));
const reactions = () => workspace.channel('alerts').messages[0]?.reactions.map(({ name }) => name);

describe('reacting', () => {
  it('is a capability', () => {
    expect(slackWebApi().capabilities).toEqual({ threads: true, reactions: true, images: true, channels: true });
  });

  it.each(['eyes', ':eyes:'])('adds %s to the message', async (reaction) => {
    expect(await react({ reaction })).toEqual({ ...request.thread, status: 200 });
    expect(reactions()).toEqual(['eyes']);
  });

  it('is done when the reaction is there already, as after an answer that got lost', async () => {
    workspace.fault({ type: 'commit-then-reset', method: 'reactions.add' });
    expect((await faultOf(react())).retryable).toBe(true);
    expect(await react({ attempt: 2, mayHaveArrived: true })).toMatchObject({ status: 200 });
    expect(reactions()).toEqual(['eyes']);
  });

  it('without the scope blames the reaction only, and says what to add', async () => {
    const token = 'xoxb-no-reactions';
    workspace.grantToken({ token, scopes: ['chat:write'] });
    const error = await faultOf(react({}, token));
    expect(error).toMatchObject({
      kind: 'message',
      reason: 'missing_scope',
      retryable: false,
      message: expect.stringContaining('reactions:write'),
    });
    expectNoSecret(error, token);
  });

  it.each([
    ['no_such emoji!', 'invalid_name'],
    ['', 'invalid_arguments'],
  ])('with %j blames the reaction', async (reaction) => {
    expect(await faultOf(react({ reaction }))).toMatchObject({ kind: 'message', retryable: false });
  });

  it('to a message that is gone blames the reaction', async () => {
    const thread = { ...request.thread, messageId: '1.000001' };
    expect(await faultOf(react({ thread }))).toMatchObject({ kind: 'message', reason: 'message_not_found' });
  });

  it.each([
    'no_item_specified',
    'too_many_reactions',
    'too_many_emoji',
    'not_reactable',
    'thread_locked',
    'bad_timestamp',
    'no_access',
    'something_new',
  ])('refused as %s blames the reaction', async (error) => {
    workspace.fault({ type: 'platform-error', method: 'reactions.add', error });
    expect(await faultOf(react())).toMatchObject({ kind: 'message', reason: error });
  });

  it('blames channel and credential as a message does', async () => {
    workspace.archive('alerts');
    expect(await faultOf(react())).toMatchObject({ kind: 'channel', reason: 'is_archived' });
    workspace.revokeToken(workspace.token);
    expect(await faultOf(react())).toMatchObject({ kind: 'credential', reason: 'token_revoked' });
  });

  it('waits for Slack as a message does', async () => {
    workspace.fault({ type: '429', method: 'reactions.add', retryAfterSeconds: 7 });
    expect(await faultOf(react())).toMatchObject({ kind: 'unavailable', ambiguous: false, retryAfterMs: 7_000 });
  });
});
