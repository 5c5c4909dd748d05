import fc from 'fast-check';
import { fromSkylineSettings, type JsonObject, type Routing, type SkylineSettings, slackRouting } from 'tocsin';
import { describe, expect, test } from 'vitest';

const options = { tokenSecretName: 'SKYLINE_SLACK_TOKEN' };
const token = ['xoxb', '123456789012', 'abcdefghijklmnopqrstuvwx'].join('-');

/** The dictionary of Skyline's page, as Python's json.dumps writes it: a tuple is a list, `('#skyline')` a text. */
const page = {
  bot_user_oauth_access_token: 'YOUR_slack_bot_user_oauth_access_token',
  channels: {
    skyline: ['#skyline'],
    'skyline_test.alerters.test': ['#skyline'],
    'horizon.udp.test': '#skyline',
  },
  icon_emoji: ':chart_with_upwards_trend:',
  default_channel: 'YOUR_default_slack_channel',
  default_channel_id: 'YOUR_default_slack_channel_id',
  thread_updates: true,
  message_on_training_data_viewed: true,
  message_on_training_data_viewed_reaction_emoji: 'eyes',
  message_on_features_profile_created: true,
  message_on_features_profile_created_reaction_emoji: 'thumbsup',
  message_on_features_profile_learnt: true,
  message_on_features_profile_learnt_reaction_emoji: 'heavy_check_mark',
  message_on_features_profile_disabled: true,
  message_on_features_profile_disabled_reaction_emoji: 'x',
  message_on_validated_features_profiles: true,
};

/** The page's dictionary, set up. */
const set = {
  ...page,
  bot_user_oauth_access_token: token,
  default_channel: '#ops',
  default_channel_id: 'C0XXXXXX',
};

type Read = Extract<SkylineSettings, { readonly issues?: undefined }>;

function read(settings: unknown, given: Parameters<typeof fromSkylineSettings>[1] = options): Read {
  const result = fromSkylineSettings(settings, given);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result;
}

function routingOf(settings: unknown): Routing {
  return slackRouting({ ...read(settings).routing, integrationId: 'slack-1' });
}

/** The paths and messages of what was told. */
function told(settings: unknown): Record<string, string> {
  return Object.fromEntries(read(settings).warnings.map(({ path, message }) => [path, message]));
}

function issuesOf(settings: unknown, given: unknown = options): readonly unknown[] {
  return fromSkylineSettings(settings, given as typeof options).issues ?? [];
}

/** Settings without some keys. */
function without(...keys: readonly (keyof typeof set)[]): JsonObject {
  return Object.fromEntries(Object.entries(set).filter(([key]) => !keys.some((each) => each === key)));
}

describe("the dictionary of Skyline's page", () => {
  test('gives the routing that slackRouting makes of the same', () => {
    expect(routingOf({ ...set, channel_ids: { '#skyline': 'C0SKYLINE' } })).toEqual(
      slackRouting({
        channels: [
          ['skyline', ['#skyline']],
          ['skyline_test.alerters.test', ['#skyline']],
          ['horizon.udp.test', '#skyline'],
        ],
        integrationId: 'slack-1',
        defaultChannel: '#ops',
        defaultChannelId: 'C0XXXXXX',
        channelIds: { '#skyline': 'C0SKYLINE' },
        iconEmoji: ':chart_with_upwards_trend:',
        threadUpdates: true,
        on: {
          'training-data.viewed': { message: true, reaction: 'eyes' },
          'features-profile.created': { reaction: 'thumbsup' },
          'features-profile.learnt': { reaction: 'heavy_check_mark' },
          'features-profile.disabled': { reaction: 'x' },
          'features-profile.validated': { message: true, reaction: false },
        },
      }),
    );
  });

  test('and an integration that names the secret', () => {
    expect(read(set).integration).toEqual({
      type: 'slack',
      name: 'Skyline',
      delivery: 'slack-web-api',
      channel: '#ops',
      tokenSecretName: 'SKYLINE_SLACK_TOKEN',
    });
    const owned = read(set, { ...options, integrationName: 'alerts', entity: 'my-team' });
    expect(owned.integration).toMatchObject({ name: 'alerts', entity: 'my-team' });
  });

  test('as it stands there tells of each placeholder, and leaves it out', () => {
    const { integration, routing, ignored } = read(page);
    expect(integration.channel).toBe('#skyline');
    expect(routing).not.toHaveProperty('defaultChannel');
    expect(routing).not.toHaveProperty('defaultChannelId');
    expect(ignored).toEqual([]);
    const warnings = read(page).warnings.map(({ path }) => path);
    expect(warnings).toEqual([
      'bot_user_oauth_access_token',
      'default_channel',
      'default_channel_id',
      'default_channel',
    ]);
    expect(JSON.stringify([integration, routing])).not.toContain('YOUR_');
  });

  test('set up tells of nothing but the token', () => {
    expect(Object.keys(told(set))).toEqual(['bot_user_oauth_access_token']);
  });
});

describe('each key changes what it says:', () => {
  test('bot_user_oauth_access_token is told to have moved, and is nowhere in what comes out', () => {
    expect(told(set)['bot_user_oauth_access_token']).toContain('set it there');
    expect(told(set)['bot_user_oauth_access_token']).toContain('SKYLINE_SLACK_TOKEN');
    expect(JSON.stringify(read(set))).not.toContain(token);
    expect(told(without('bot_user_oauth_access_token'))).toEqual({});
    expect(JSON.stringify(read({ ...set, bot_user_oauth_access_token: [token] }))).not.toContain(token);
  });

  test('channels', () => {
    expect(routingOf({ ...set, channels: { b: ['#b', '#c'], a: 'a' } }).channels).toEqual([
      ['b', ['#b', '#c']],
      ['a', ['#a']],
    ]);
    expect(routingOf(without('channels')).channels).toEqual([]);
  });

  test('channel_ids', () => {
    const { channelIds } = routingOf({
      ...set,
      channel_ids: { '#skyline': 'C0SKY', testing: 'YOUR_slack_other_channel_id' },
    });
    expect(channelIds).toEqual({ '#ops': 'C0XXXXXX', '#skyline': 'C0SKY' });
    expect(routingOf(set).channelIds).toEqual({ '#ops': 'C0XXXXXX' });
  });

  test('icon_emoji', () => {
    expect(routingOf({ ...set, icon_emoji: 'bell' }).iconEmoji).toBe(':bell:');
    expect(routingOf(without('icon_emoji'))).not.toHaveProperty('iconEmoji');
  });

  test('default_channel', () => {
    expect(routingOf({ ...set, default_channel: 'general' }).defaultChannel).toBe('#general');
    expect(read({ ...set, default_channel: 'general' }).integration.channel).toBe('general');
  });

  test('default_channel_id', () => {
    expect(routingOf({ ...set, default_channel_id: 'C0OTHER' }).defaultChannelId).toBe('C0OTHER');
    expect(routingOf(without('default_channel_id'))).not.toHaveProperty('defaultChannelId');
    const byId = without('default_channel');
    expect(routingOf(byId)).toMatchObject({ defaultChannelId: 'C0XXXXXX' });
    expect(read(byId).integration.channel).toBe('C0XXXXXX');
  });

  test('as the text of a file', () => {
    expect(fromSkylineSettings(JSON.stringify(set), options)).toEqual(fromSkylineSettings(set, options));
    expect(fromSkylineSettings('SLACK_OPTS = {}', options)).toMatchObject({ issues: [{ path: '' }] });
  });

  test('thread_updates', () => {
    expect(routingOf(set).threadUpdates).toBe(true);
    expect(routingOf({ ...set, thread_updates: false }).threadUpdates).toBe(false);
    expect(routingOf(without('thread_updates')).threadUpdates).toBe(true);
  });

  test.each([
    ['message_on_training_data_viewed', ['training-data.viewed']],
    ['message_on_features_profile_created', ['features-profile.created', 'features-profile.layers-created']],
    ['message_on_features_profile_learnt', ['features-profile.learnt']],
    ['message_on_features_profile_disabled', ['features-profile.disabled']],
    ['message_on_validated_features_profiles', ['features-profile.validated']],
  ] as const)('%s', (key, types) => {
    const usual = routingOf(set).on;
    const silent = { message: false, reaction: false };
    const expected = { ...usual, ...Object.fromEntries(types.map((type) => [type, silent])) };
    expect(routingOf({ ...set, [key]: false }).on).toEqual(expected);
    expect(routingOf(without(key)).on).toEqual(usual);
    expect(told(without(key))).toEqual(told(set));
  });

  test.each([
    ['message_on_training_data_viewed_reaction_emoji', 'eyes', ['training-data.viewed']],
    [
      'message_on_features_profile_created_reaction_emoji',
      'thumbsup',
      ['features-profile.created', 'features-profile.layers-created'],
    ],
    ['message_on_features_profile_learnt_reaction_emoji', 'heavy_check_mark', ['features-profile.learnt']],
    ['message_on_features_profile_disabled_reaction_emoji', 'x', ['features-profile.disabled']],
  ] as const)('%s', (key, usual, types) => {
    for (const [given, reaction] of [
      ['bell', 'bell'],
      [':bell:', 'bell'],
      ['', false],
      [false, false],
      [null, usual],
    ]) {
      const { on } = routingOf({ ...set, [key as string]: given });
      const expected = Object.fromEntries(types.map((type) => [type, { message: true, reaction }]));
      expect(on).toEqual({ ...routingOf(set).on, ...expected });
    }
    expect(routingOf(without(key)).on).toEqual(routingOf(set).on);
  });

  test('and one that Skyline does not have is named', () => {
    expect(read({ ...set, username: 'skyline', defualt_channel: '#x' }).ignored).toEqual([
      'username',
      'defualt_channel',
    ]);
  });
});

describe('channels', () => {
  test('keep their order in a list of pairs, which a dictionary with numbers for keys would lose', () => {
    const pairs = [
      ['b', '#b'],
      ['10', ['#ten']],
      ['a', ['#a']],
    ];
    expect(routingOf({ ...set, channels: pairs }).channels.map(([pattern]) => pattern)).toEqual(['b', '10', 'a']);
    expect(told({ ...set, channels: pairs })).not.toHaveProperty('channels');
    expect(told({ ...set, channels: { b: '#b', 10: '#ten' } })['channels']).toContain('list of pairs');
  });

  test('that were never set are left out, and where none is left the default channel gets it', () => {
    const channels = { a: ['YOUR_channel', '#a'], b: [], c: 'YOUR_channel', d: null };
    expect(routingOf({ ...set, channels }).channels).toEqual([
      ['a', ['#a']],
      ['b', ['#ops']],
      ['c', ['#ops']],
      ['d', ['#ops']],
    ]);
    const bare = { ...without('default_channel', 'default_channel_id'), channels };
    expect(routingOf(bare).channels).toEqual([['a', ['#a']]]);
    expect(told(bare)).toMatchObject({ 'channels.b': 'It has no channel: left out' });
  });

  test("that look like Python's regular expressions are told, and taken as they stand", () => {
    const settings = { ...set, channels: { 'stats\\.web-.*': '#web', 'stats.*': '#stats', '/stats[.].+/': '#re2' } };
    expect(Object.keys(told(settings))).toEqual(['bot_user_oauth_access_token', 'channels["stats\\\\.web-.*"]']);
    expect(routingOf(settings).channels[0]).toEqual(['stats\\.web-.*', ['#web']]);
  });
});

describe('bad settings are refused, each by its key:', () => {
  test.each<[string, unknown, unknown]>([
    ['nothing', undefined, { path: '' }],
    ['a text', 'SLACK_OPTS', { path: '' }],
    ['a list', [], { path: '' }],
    ['no channel at all', { thread_updates: true }, { code: 'required', path: 'default_channel' }],
    ['a number for channels', { ...set, channels: 5 }, { path: 'channels' }],
    ['no pair', { ...set, channels: ['#a'] }, { path: 'channels[0]' }],
    ['a number for a channel', { ...set, channels: { a: 5 } }, { path: 'channels.a' }],
    ['a number among channels', { ...set, channels: { a: ['#a', 5] } }, { path: 'channels.a[1]' }],
    ['an empty channel', { ...set, channels: { a: '' } }, { path: 'channels.a' }],
    ['an empty pattern', { ...set, channels: { '': '#a' } }, { code: 'invalid_pattern', path: 'channels[""]' }],
    ['a bad RE2', { ...set, channels: { '/(/': '#a' } }, { code: 'invalid_pattern', path: 'channels["/(/"]' }],
    ['a text for ids', { ...set, channel_ids: 'C0A' }, { path: 'channel_ids' }],
    ['a number for an id', { ...set, channel_ids: { '#a': 5 } }, { path: 'channel_ids["#a"]' }],
    ['a name for an id', { ...set, channel_ids: { '#a': '#b' } }, { path: 'channel_ids["#a"]' }],
    ['an id for a name', { ...set, channel_ids: { C0A: 'C0B' } }, { path: 'channel_ids.C0A' }],
    ['two ids of one', { ...set, channel_ids: { ops: 'C0A' } }, { path: 'channel_ids.ops' }],
    ['a list for the default', { ...set, default_channel: ['#a'] }, { path: 'default_channel' }],
    ['a name for its id', { ...set, default_channel_id: '#a' }, { path: 'default_channel_id' }],
    ['a bad emoji', { ...set, icon_emoji: 'A B' }, { path: 'icon_emoji' }],
    ['a text for a switch', { ...set, thread_updates: 'True' }, { path: 'thread_updates' }],
    [
      'a bad reaction',
      { ...set, message_on_training_data_viewed_reaction_emoji: 'A B' },
      { path: 'message_on_training_data_viewed_reaction_emoji' },
    ],
  ])('%s', (_, settings, issue) => {
    expect(issuesOf(settings)).toEqual([expect.objectContaining(issue as object)]);
  });

  test.each([
    ['default_channel', { ...set, default_channel: token }],
    ['channels.a', { ...set, channels: { a: token } }],
    ['channels', { ...set, channels: { [token]: '#a' } }],
    ['icon_emoji', { ...set, icon_emoji: token }],
    ['thread_updates', { ...set, thread_updates: token }],
    ['token', { ...set, token }],
  ])('a token at %s, which is not quoted', (path, settings) => {
    const issues = issuesOf(settings);
    expect(issues).toEqual([expect.objectContaining({ path, message: 'Expected a setting, got a token' })]);
    expect(JSON.stringify(issues)).not.toContain(token);
  });

  test('whatever they are, as a value, and what comes out can be used', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('#a', 'C0A', 'YOUR_x', 'eyes', '/a.+/'));
    const value = fc.oneof(
      text,
      fc.boolean(),
      fc.constant(null),
      fc.array(text),
      fc.dictionary(text, fc.array(text)),
      fc.anything(),
    );
    const keys = Object.fromEntries(Object.keys({ ...set, channel_ids: {} }).map((key) => [key, value]));
    fc.assert(
      fc.property(fc.oneof(fc.record(keys, { requiredKeys: [] }), fc.anything()), (settings) => {
        const result = fromSkylineSettings(settings, options);
        if (result.issues === undefined) slackRouting({ ...result.routing, integrationId: 'slack-1' });
        else expect(result.issues.length).toBeGreaterThan(0);
      }),
    );
    const sound = fc.record(
      {
        ...keys,
        channels: fc.dictionary(text, fc.array(fc.constantFrom('#a', 'YOUR_x', 'C0B'))),
        default_channel: fc.constant('#ops'),
      },
      { requiredKeys: ['channels', 'default_channel'] },
    );
    fc.assert(
      fc.property(sound, ({ channels, default_channel }) => {
        const { issues = [] } = fromSkylineSettings({ channels, default_channel }, options);
        for (const { code } of issues) expect(code).toMatch(/invalid_pattern|forbidden_key/);
      }),
    );
  });

  test.each([
    ['no name for the secret', {}],
    ['no options', null],
    ['an empty name', { tokenSecretName: '' }],
    ['the token for its name', { tokenSecretName: token }],
  ])('%s', (_, given) => {
    const issues = issuesOf(set, given);
    expect(issues).toEqual([expect.objectContaining({ path: 'options.tokenSecretName' })]);
    expect(JSON.stringify(issues)).not.toContain(token);
  });
});
