import { type SlackRoutingOptions, slackRouting, TocsinError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { threadUpdateOf } from '../../src/definition/routing/thread-update.js';

const skyline: SlackRoutingOptions = {
  channels: [
    ['skyline', ['#skyline']],
    ['skyline_test.alerters.test', ['#skyline']],
    ['horizon.udp.test', '#skyline'],
  ],
  integrationId: 'slack-1',
  defaultChannel: '#ops',
  defaultChannelId: 'C0OPS',
  channelIds: { '#skyline': 'C0SKYLINE' },
  username: 'skyline',
  iconEmoji: ':chart_with_upwards_trend:',
};

/** The issues that the routing is refused with. */
function issuesOf(options: unknown): readonly unknown[] {
  try {
    slackRouting(options as SlackRoutingOptions);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_options' });
    if (TocsinError.is(error)) {
      expect(error.message.startsWith('slackRouting: ')).toBe(true);
      return error.issues;
    }
  }
  throw new Error('It was not refused');
}

describe('slackRouting', () => {
  test('fills in what is left out, as plain frozen JSON', () => {
    const routing = slackRouting(skyline);
    expect(routing).toEqual({
      channels: [
        ['skyline', ['#skyline']],
        ['skyline_test.alerters.test', ['#skyline']],
        ['horizon.udp.test', ['#skyline']],
      ],
      integrationId: 'slack-1',
      defaultChannel: '#ops',
      defaultChannelId: 'C0OPS',
      channelIds: { '#ops': 'C0OPS', '#skyline': 'C0SKYLINE' },
      username: 'skyline',
      iconEmoji: ':chart_with_upwards_trend:',
      threadUpdates: true,
      on: {
        'training-data.viewed': { message: true, reaction: 'eyes' },
        'features-profile.created': { message: true, reaction: 'thumbsup' },
        'features-profile.layers-created': { message: true, reaction: 'thumbsup' },
        'features-profile.learnt': { message: true, reaction: 'heavy_check_mark' },
        'features-profile.disabled': { message: true, reaction: 'x' },
        'features-profile.validated': { message: true, reaction: false },
        'anomaly.labelled': { message: true, reaction: false },
      },
    });
    expect(JSON.parse(JSON.stringify(routing))).toEqual(routing);
    const parts = [routing, routing.channels, ...routing.channels, routing.channelIds, routing.on];
    for (const part of [...parts, ...Object.values(routing.on)]) expect(Object.isFrozen(part)).toBe(true);
    for (const [, channels] of routing.channels) expect(Object.isFrozen(channels)).toBe(true);
  });

  test('reads what it made as the same again', () => {
    const routing = slackRouting(skyline);
    expect(slackRouting(routing)).toEqual(routing);
  });

  test('does not see what is done to the options later', () => {
    const channels: [string, string[]][] = [['a', ['#a']]];
    const routing = slackRouting({ integrationId: 'slack-1', channels });
    channels[0]?.[1].push('#b');
    expect(routing.channels).toEqual([['a', ['#a']]]);
  });

  test('takes the integration itself', () => {
    expect(slackRouting({ ...skyline, integrationId: { id: 'slack-2' } }).integrationId).toBe('slack-2');
  });

  test('takes a bare text as one channel, never as its characters', () => {
    const { channels } = slackRouting({ integrationId: 's', channels: [['horizon.udp.test', '#skyline']] });
    expect(channels).toEqual([['horizon.udp.test', ['#skyline']]]);
  });

  test('takes a channel given by its id alone', () => {
    const routing = slackRouting({ integrationId: 's', channels: [['a', 'C024BE91L']], defaultChannelId: 'C0OPS' });
    expect(routing.channels).toEqual([['a', ['C024BE91L']]]);
    expect(routing).not.toHaveProperty('defaultChannel');
    expect(slackRouting(routing)).toEqual(routing);
  });

  test.each<[string, Partial<SlackRoutingOptions>, readonly string[]]>([
    ['with and without #', { channels: [['a', ['#ops', 'ops']]] }, ['#ops']],
    ['in upper and lower case', { channels: [['a', ['#Ops', ' #ops ']]] }, ['#ops']],
    ['by name and by id', { channels: [['a', ['C0X', '#x']]], channelIds: { x: 'C0X' } }, ['#x']],
    [
      'by two names of one id',
      { channels: [['a', ['#new', '#old']]], channelIds: { new: 'C0X', old: 'C0X' } },
      ['#new'],
    ],
    [
      'as the default by name and by id',
      { channels: [['a', ['C0D', '#d']]], defaultChannel: 'd', defaultChannelId: 'C0D' },
      ['#d'],
    ],
  ])('reads two spellings of one channel as one: %s', (_, options, channels) => {
    const routing = slackRouting({ integrationId: 's', ...options });
    expect(routing.channels).toEqual([['a', channels]]);
    expect(slackRouting(routing)).toEqual(routing);
  });

  test('keeps a channel whose id is only known apart from one whose name looks alike', () => {
    const { channels } = slackRouting({ integrationId: 's', channels: [['a', ['C024BE91L', '#c024be91l']]] });
    expect(channels).toEqual([['a', ['C024BE91L', '#c024be91l']]]);
  });

  test('takes emoji with and without colons, and with a tone of skin', () => {
    const routing = slackRouting({
      ...skyline,
      iconEmoji: 'bell',
      on: {
        'training-data.viewed': { reaction: ':+1::skin-tone-3:' },
        'features-profile.created': { reaction: ':тест_1:' },
      },
    });
    expect(routing.iconEmoji).toBe(':bell:');
    expect(routing.on['training-data.viewed'].reaction).toBe('+1::skin-tone-3');
    expect(routing.on['features-profile.created'].reaction).toBe('тест_1');
  });

  test('changes of an update only what is named', () => {
    const { on } = slackRouting({
      ...skyline,
      on: { 'features-profile.learnt': { message: false }, 'features-profile.disabled': { reaction: false } },
    });
    expect(on['features-profile.learnt']).toEqual({ message: false, reaction: 'heavy_check_mark' });
    expect(on['features-profile.disabled']).toEqual({ message: true, reaction: false });
    expect(on['features-profile.created']).toEqual({ message: true, reaction: 'thumbsup' });
  });
});

describe('bad options are refused, each named', () => {
  const least = { integrationId: 's', defaultChannel: '#ops' };
  test.each<[string, unknown, unknown]>([
    ['no options', undefined, { path: '' }],
    ['a list', [], { code: 'invalid_type', path: '' }],
    ['no integration', { defaultChannel: '#ops' }, { code: 'required', path: 'integrationId' }],
    ['an empty integration', { ...least, integrationId: '' }, { path: 'integrationId' }],
    ['an integration without an id', { ...least, integrationId: {} }, { code: 'required', path: 'integrationId' }],
    ['nowhere to go', { integrationId: 's' }, { code: 'required', path: 'channels' }],
    ['an unknown key', { ...least, defaultChanel: '#ops' }, { code: 'unknown_key', path: 'defaultChanel' }],
    ['a text for the list', { ...least, channels: '#ops' }, { code: 'invalid_type', path: 'channels' }],
    ['a dictionary for the list', { ...least, channels: { a: '#b' } }, { code: 'invalid_type', path: 'channels' }],
    [
      'a pair that is not in a list',
      { ...least, channels: ['a'] },
      { path: 'channels[0]', message: 'Expected [pattern, channel or channels], got "a"' },
    ],
    ['no channel', { ...least, channels: [['a']] }, { path: expect.stringMatching(/^channels\[0\]/) }],
    ['an empty list of channels', { ...least, channels: [['a', []]] }, { path: 'channels[0][1]' }],
    ['three members', { ...least, channels: [['a', '#b', '#c']] }, { path: 'channels[0]' }],
    ['a number for a channel', { ...least, channels: [['a', 5]] }, { path: 'channels[0][1]' }],
    ['an empty channel', { ...least, channels: [['a', '']] }, { code: 'invalid_value', path: 'channels[0][1]' }],
    ['# alone', { ...least, channels: [['a', ['#ok', '#']]] }, { code: 'invalid_value', path: 'channels[0][1][1]' }],
    [
      'two channels in a text',
      { ...least, channels: [['a', '#b,#c']] },
      { code: 'invalid_value', path: 'channels[0][1]' },
    ],
    ['a channel with a space', { ...least, channels: [['a', '#b c']] }, { path: 'channels[0][1]' }],
    ['an empty pattern', { ...least, channels: [['', '#b']] }, { code: 'invalid_pattern', path: 'channels[0][0]' }],
    ['a bad RE2', { ...least, channels: [['/(/', '#b']] }, { code: 'invalid_pattern', path: 'channels[0][0]' }],
    [
      'too many RE2 steps',
      { ...least, channels: Array.from({ length: 9 }, () => [`/${'a'.repeat(900)}/`, '#b']) },
      { code: 'invalid_pattern', path: 'channels' },
    ],
    [
      'too many characters in globs',
      { ...least, channels: Array.from({ length: 23 }, () => [`*?${'a'.repeat(900)}`, '#b']) },
      { code: 'limit_exceeded', path: 'channels' },
    ],
    ['a channel that nobody can see', { ...least, channels: [['a', '#\u200b']] }, { path: 'channels[0][1]' }],
    ['an empty default', { ...least, defaultChannel: ' ' }, { code: 'invalid_value', path: 'defaultChannel' }],
    ['a name for the id', { ...least, defaultChannelId: '#ops' }, { path: 'defaultChannelId' }],
    ['two ids in one', { ...least, defaultChannel: 'C0A', defaultChannelId: 'C0B' }, { path: 'defaultChannelId' }],
    ['two ids for a name', { ...least, channelIds: { ops: 'C0A', '#ops': 'C0B' } }, { path: 'channelIds["#ops"]' }],
    ['an id for the name', { ...least, channelIds: { C0A: 'C0B' } }, { path: 'channelIds.C0A' }],
    ['a list for an id', { ...least, channelIds: { '#a': ['C0B'] } }, { path: 'channelIds["#a"]' }],
    ['an empty user name', { ...least, username: '' }, { path: 'username' }],
    ['a long user name', { ...least, username: 'x'.repeat(81) }, { code: 'limit_exceeded', path: 'username' }],
    ['no emoji', { ...least, iconEmoji: '::' }, { code: 'invalid_value', path: 'iconEmoji' }],
    ['an emoji itself', { ...least, iconEmoji: '👀' }, { code: 'invalid_value', path: 'iconEmoji' }],
    ['updates as a text', { ...least, threadUpdates: 'yes' }, { code: 'invalid_type', path: 'threadUpdates' }],
    [
      'an unknown event',
      { ...least, on: { 'training.viewed': {} } },
      { code: 'unknown_key', path: 'on["training.viewed"]' },
    ],
    ['an event that is no update', { ...least, on: { 'anomaly.detected': {} } }, { code: 'unknown_key' }],
    [
      'a bad reaction',
      { ...least, on: { 'training-data.viewed': { reaction: 'Two Eyes' } } },
      { code: 'invalid_value', path: 'on["training-data.viewed"].reaction' },
    ],
    [
      'true for a reaction',
      { ...least, on: { 'training-data.viewed': { reaction: true } } },
      { message: 'Expected the name of an emoji, or false, got true' },
    ],
    ['a misspelt part', { ...least, on: { 'training-data.viewed': { emoji: 'eyes' } } }, { code: 'unknown_key' }],
    ['a prototype', JSON.parse('{"integrationId":"s","channelIds":{"__proto__":"C0A"}}'), { code: 'forbidden_key' }],
    ['a function', { ...least, username: () => 'x' }, { code: 'invalid_type', path: 'username' }],
    [
      'too many patterns',
      { ...least, channels: Array.from({ length: 1001 }, () => ['a', '#b']) },
      { code: 'limit_exceeded' },
    ],
  ])('%s', (_, options, issue) => {
    expect(issuesOf(options)).toEqual([expect.objectContaining(issue as object)]);
  });

  test('all faults at once', () => {
    const issues = issuesOf({
      ...least,
      channels: [
        ['', ''],
        ['a', '#'],
      ],
      iconEmoji: '',
    });
    expect(issues).toHaveLength(4);
  });
});

describe('what an update does', () => {
  test('is what the routing says, or what is usual without one', () => {
    const routing = slackRouting({ ...skyline, on: { 'training-data.viewed': { reaction: 'bell' } } });
    expect(threadUpdateOf(routing, 'training-data.viewed')).toEqual({ message: true, reaction: 'bell' });
    expect(threadUpdateOf(undefined, 'training-data.viewed')).toEqual({ message: true, reaction: 'eyes' });
  });

  test('is nothing when updates are switched off', () => {
    const routing = slackRouting({ ...skyline, threadUpdates: false });
    expect(threadUpdateOf(routing, 'features-profile.learnt')).toEqual({ message: false, reaction: false });
  });
});
