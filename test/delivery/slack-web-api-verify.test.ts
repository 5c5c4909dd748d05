import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slackWebApi } from '../../adapters/delivery/slack-web-api/index.js';
import type { DeliveryTarget, Verification } from '../../src/index.js';
import { type SlackWorkspace, startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { expectNoSecret, faultOf, sampleIntegration, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;

beforeEach(async () => {
  workspace = await startSlackWorkspace({
    rateLimit: false,
    teamName: 'Vision Lab',
    channels: [
      { name: 'alerts' },
      { name: 'private', isPrivate: true },
      { name: 'hidden', isPrivate: true, isMember: false },
      { name: 'open', isMember: false },
      { name: 'closed', isArchived: true },
    ],
  });
});

afterEach(() => workspace.close());

const verify = (
  target: Partial<DeliveryTarget['integration']> & object,
  token = workspace.token,
): Promise<Verification> => {
  const integration = { ...sampleIntegration(), ...target } as DeliveryTarget['integration'];
  const { verify: ask } = slackWebApi({ token, slackApiUrl: workspace.apiUrl, timeoutMs: 5_000 });
  return ask?.(sampleRequest(integration)) ?? Promise.reject(new Error('no verify'));
};
const idOf = (channel: string): string => workspace.channel(channel).id;
const grant = (...scopes: string[]): string => {
  const token = `xoxb-${scopes.join('-')}`;
  workspace.grantToken({ token, scopes, botName: 'bell' });
  return token;
};

describe('verifying a channel that takes messages', () => {
  it.each([
    ['its name', { channel: '#alerts' }],
    ['its name in capitals', { channel: 'Alerts' }],
    ['its id', { channelId: 'alerts' }],
  ])('by %s tells what it is called and where it is', async (_, target) => {
    const reference = 'channelId' in target ? { channelId: idOf('alerts') } : target;
    expect(await verify(reference)).toEqual({
      ok: true,
      problems: [],
      notes: [expect.stringContaining('chat:write.customize')],
      channelId: idOf('alerts'),
      channelName: 'alerts',
      teamName: 'Vision Lab',
    });
  });

  it('finds the id of a private channel by its name, as posting needs it', async () => {
    expect(await verify({ channel: '#private' })).toMatchObject({ ok: true, channelId: idOf('private') });
  });

  it('never posts', async () => {
    await verify({ channel: '#alerts' });
    expect(workspace.ledger.count()).toBe(0);
  });

  it('needs no scope to look', async () => {
    const token = grant('chat:write');
    workspace.inviteBot('alerts');
    expect(await verify({ channel: '#alerts' }, token)).toMatchObject({ ok: true, channelName: 'alerts' });
    expect(await verify({ channelId: idOf('alerts') }, token)).toMatchObject({ ok: true, channelId: idOf('alerts') });
  });

  it('looks at public channels only, where it may not list private ones', async () => {
    const token = grant('chat:write', 'channels:read');
    workspace.inviteBot('alerts');
    expect(await verify({ channel: '#alerts' }, token)).toMatchObject({ ok: true, channelId: idOf('alerts') });
  });

  it('lets a bot post uninvited with chat:write.public', async () => {
    const token = grant('chat:write', 'chat:write.public', 'channels:read');
    expect(await verify({ channel: '#open' }, token)).toMatchObject({ ok: true });
  });

  it('turns pages', async () => {
    for (let index = 0; index < 600; index += 1) {
      workspace.createChannel({ name: `filler-${index}` });
    }
    workspace.createChannel({ name: 'last' });
    expect(await verify({ channel: '#last' })).toMatchObject({ ok: true, channelId: idOf('last') });
  });

  it("does not ask about a person's id", async () => {
    expect(await verify({ channelId: 'U012AB3CD' })).toMatchObject({ ok: true, problems: [] });
  });
});

describe('verifying finds', () => {
  const problemsOf = async (verification: Promise<Verification>) => {
    const { ok, problems } = await verification;
    expect(ok).toBe(false);
    return problems;
  };

  it('a missing token', async () => {
    expect(await problemsOf(verify({ channel: '#alerts' }, ''))).toEqual([
      { kind: 'credential', reason: 'not_authed', message: expect.stringContaining('tokenSecretName') },
    ]);
  });

  it('a token that is refused, and does not quote it', async () => {
    workspace.revokeToken(workspace.token);
    const problems = await problemsOf(verify({ channel: '#alerts' }));
    expect(problems).toEqual([
      { kind: 'credential', reason: 'token_revoked', message: expect.stringContaining('Install the app') },
    ]);
    expectNoSecret(problems, workspace.token);
  });

  it('a token that may not post', async () => {
    const token = grant('channels:read');
    workspace.inviteBot('alerts');
    expect(await problemsOf(verify({ channel: '#alerts' }, token))).toEqual([
      { kind: 'credential', reason: 'missing_scope', message: expect.stringContaining('chat:write') },
    ]);
  });

  it('a bot that is not invited, and says how to do that', async () => {
    const token = grant('chat:write', 'channels:read');
    expect(await problemsOf(verify({ channel: '#open' }, token))).toEqual([
      { kind: 'channel', reason: 'not_in_channel', message: expect.stringContaining('/invite @bell') },
    ]);
  });

  it('an archived channel', async () => {
    expect(await problemsOf(verify({ channel: '#closed' }))).toMatchObject([
      { kind: 'channel', reason: 'is_archived' },
    ]);
    expect(await problemsOf(verify({ channelId: idOf('closed') }))).toMatchObject([{ reason: 'is_archived' }]);
  });

  it('a channel that is not there, or private and not ours', async () => {
    for (const target of [{ channel: '#nowhere' }, { channel: '#hidden' }, { channelId: idOf('hidden') }]) {
      expect(await problemsOf(verify(target))).toEqual([
        { kind: 'channel', reason: 'channel_not_found', message: expect.stringContaining('/invite') },
      ]);
    }
  });

  it('a token that is refused where no channel is chosen yet', async () => {
    workspace.revokeToken(workspace.token);
    expect(await problemsOf(verify({}))).toMatchObject([{ kind: 'credential', reason: 'token_revoked' }]);
  });
});

describe('verifying notes what would work only in part', () => {
  const everything = [
    'chat:write',
    'chat:write.customize',
    'channels:read',
    'groups:read',
    'channels:history',
    'groups:history',
    'reactions:write',
    'files:read',
    'files:write',
  ];

  it('and nothing where every scope is there', async () => {
    const token = grant(...everything);
    workspace.inviteBot('alerts');
    expect(await verify({ channel: '#alerts' }, token)).not.toHaveProperty('notes');
  });

  it.each([
    ['reactions:write', 'Reactions'],
    ['files:write', 'pictures'],
    ['files:read', 'pictures'],
    ['chat:write.customize', 'Username and icon'],
    ['channels:history', 'twice'],
    ['channels:read', 'searched'],
  ])('for want of %s, and is ok all the same', async (scope, effect) => {
    const token = grant(...everything.filter((one) => one !== scope));
    workspace.inviteBot('alerts');
    const { ok, problems, notes = [] } = await verify({ channelId: idOf('alerts') }, token);
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(effect);
    expect(notes[0]).toContain(`${scope}`);
    expect(notes[0]).toContain('install it again');
  });

  it('of a private channel by the scopes for private ones', async () => {
    const token = grant(...everything.filter((one) => one !== 'groups:history'));
    workspace.inviteBot('private');
    workspace.inviteBot('alerts');
    expect((await verify({ channelId: idOf('private') }, token)).notes).toEqual([
      expect.stringContaining('groups:history'),
    ]);
    expect(await verify({ channelId: idOf('alerts') }, token)).not.toHaveProperty('notes');
  });

  it('of a private channel that is given by its id, and can not be looked at for want of groups:read', async () => {
    const token = grant(...everything.filter((one) => one !== 'groups:read'));
    workspace.inviteBot('private');
    expect(await verify({ channelId: idOf('private') }, token)).toMatchObject({
      ok: true,
      notes: [expect.stringContaining('groups:read')],
    });
  });

  it('of a channel where the bot is no member', async () => {
    const token = grant(...everything, 'chat:write.public');
    expect(await verify({ channel: '#open' }, token)).toMatchObject({
      ok: true,
      notes: [expect.stringContaining('/invite')],
    });
  });

  it('of an integration whose channel is chosen later, whose token is verified all the same', async () => {
    expect(await verify({})).toEqual({
      ok: true,
      problems: [],
      notes: [expect.stringContaining('engine.integrations.channels(id)'), expect.stringContaining('customize')],
      teamName: 'Vision Lab',
    });
  });
});

describe('verifying a channel that routing chose', () => {
  const verifyDestination = (channel: string) => {
    const adapter = slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl });
    const integration = sampleIntegration({ channel: '#alerts', channelId: idOf('alerts') });
    return adapter.verify?.(sampleRequest(integration, { destination: { channel } }));
  };

  it("looks at that one instead of the integration's own, and tells its id", async () => {
    expect(await verifyDestination('#closed')).toMatchObject({ ok: false, problems: [{ reason: 'is_archived' }] });
    const found = await verifyDestination('#private');
    expect(found).toMatchObject({
      ok: true,
      channelId: idOf('private'),
      channelName: 'private',
      teamName: 'Vision Lab',
    });
  });
});

describe('verifying while Slack is unavailable', () => {
  it.each([
    [{ type: 'reset' }, 'auth.test'],
    [{ type: 'http-503' }, 'conversations.list'],
    [{ type: '429', retryAfterSeconds: 9 }, 'conversations.list'],
    [{ type: 'platform-error', error: 'internal_error' }, 'auth.test'],
  ] as const)('says so: %j at %s', async (fault, method) => {
    workspace.fault({ ...fault, method });
    const error = await faultOf(verify({ channel: '#alerts' }));
    expect(error.kind).toBe('unavailable');
    expectNoSecret(error, workspace.token);
  });
});
