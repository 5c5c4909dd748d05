import fc from 'fast-check';
import { parseRouting, routeOf, slackRouting } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { destinationsOf } from '../../src/definition/routing/route-of.js';

const routing = slackRouting({
  integrationId: 's',
  channels: [
    ['payments.checkout', ['#checkout', 'C024BE91L']],
    ['payments', '#payments'],
    ['*.errors', ['#errors', '#ops']],
  ],
  defaultChannel: '#ops',
  defaultChannelId: 'C0OPS',
  channelIds: { payments: 'C0PAY' },
  username: 'tocsin',
  iconEmoji: 'bell',
});
const look = { username: 'tocsin', iconEmoji: ':bell:' };

describe('a metric goes', () => {
  test('to all channels of the first pattern that matches', () => {
    expect(routeOf(routing, 'payments.checkout.errors')).toEqual([
      { channel: '#checkout', ...look },
      { channel: 'C024BE91L', channelId: 'C024BE91L', ...look },
    ]);
    expect(routeOf(routing, 'payments.cart.errors')).toEqual([{ channel: '#payments', channelId: 'C0PAY', ...look }]);
  });

  test('to the default channel when none matches, or it is about none', () => {
    const usual = [{ channel: '#ops', channelId: 'C0OPS', ...look }];
    expect(routeOf(routing, 'payments2')).toEqual(usual);
    expect(routeOf(routing, undefined)).toEqual(usual);
    expect(routeOf(routing, 'cpu.errors')).toEqual([{ channel: '#errors', ...look }, ...usual]);
  });

  test('to the default channel that is known by its id alone', () => {
    const byId = slackRouting({ integrationId: 's', defaultChannelId: 'C0OPS' });
    expect(routeOf(byId, 'cpu')).toEqual([{ channel: 'C0OPS', channelId: 'C0OPS' }]);
  });

  test('to the default channel with the id that channelIds gives it', () => {
    const named = slackRouting({ integrationId: 's', defaultChannel: 'ops', channelIds: { '#ops': 'C0OPS' } });
    expect(routeOf(named, 'cpu')).toEqual([{ channel: '#ops', channelId: 'C0OPS' }]);
  });

  test('nowhere when there is no default channel either', () => {
    const bare = slackRouting({ integrationId: 's', channels: [['payments', '#payments']] });
    expect(routeOf(bare, 'cpu')).toEqual([]);
    expect(routeOf(bare, undefined)).toEqual([]);
    expect(routeOf(bare, 'payments')).toEqual([{ channel: '#payments' }]);
  });

  test('where it went before the routing was stored', () => {
    const stored = parseRouting(JSON.parse(JSON.stringify(routing))).value ?? expect.fail();
    for (const metric of ['payments.checkout', 'payments.x', 'x.errors', 'y']) {
      expect(routeOf(stored, metric)).toEqual(routeOf(routing, metric));
    }
  });
});

test('all channels of a routing are named once, the default channel first', () => {
  expect(destinationsOf(routing).map(({ channel }) => channel)).toEqual([
    '#ops',
    '#checkout',
    'C024BE91L',
    '#payments',
    '#errors',
  ]);
});

/** What a name under a pattern of plain elements is, said as simply as it can be. */
function isUnder(pattern: string, metric: string): boolean {
  const elements = metric.split('.');
  return pattern.split('.').every((element, place) => elements[place] === element);
}

describe('any routing', () => {
  const name = fc.array(fc.constantFrom('a', 'b', 'c', 'ab'), { minLength: 1, maxLength: 4 }).map((it) => it.join('.'));
  const channel = fc.constantFrom('x', '#x', '#X', 'y', '#y', 'C0X', 'C0Z', '#z');
  const routes = fc.array(fc.tuple(name, fc.oneof(channel, fc.array(channel, { minLength: 1, maxLength: 4 }))), {
    maxLength: 6,
  });
  const channelIds = { x: 'C0X' };
  const sameAs: Readonly<Record<string, string>> = { x: '#x', '#X': '#x', C0X: '#x', y: '#y' };

  test('leads where a simple reading of it leads', () => {
    fc.assert(
      fc.property(routes, name, (channels, metric) => {
        const made = slackRouting({ integrationId: 's', channels, channelIds, defaultChannel: '#ops' });
        const first = channels.find(([pattern]) => isUnder(pattern, metric))?.[1] ?? '#ops';
        const expected = [...new Set([first].flat().map((each) => sameAs[each] ?? each))];
        expect(routeOf(made, metric).map((each) => each.channel)).toEqual(expected);
      }),
    );
  });

  test('is read again as it is, whatever the texts', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('#a', 'A', 'C0A', '#A', ' a', '/a/', ':a:'));
    const options = fc.record(
      {
        channels: fc.array(fc.tuple(text, fc.oneof(text, fc.array(text))), { maxLength: 3 }),
        integrationId: text,
        defaultChannel: text,
        defaultChannelId: text,
        channelIds: fc.dictionary(text, text, { maxKeys: 3 }),
        username: text,
        iconEmoji: text,
        on: fc.record({ 'training-data.viewed': fc.record({ reaction: text }) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, text, (input, metric) => {
        const { value, issues } = parseRouting(input);
        if (value === undefined) {
          expect(issues.length).toBeGreaterThan(0);
          return;
        }
        expect(parseRouting(value).value).toEqual(value);
        for (const each of routeOf(value, metric)) expect(each.channel).toMatch(/\S/);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused as a value, whatever is given', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const { value, issues } = parseRouting(input);
        expect(value === undefined).toBe(issues !== undefined);
      }),
    );
  });
});
