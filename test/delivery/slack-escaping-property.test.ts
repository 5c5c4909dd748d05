import * as fc from 'fast-check';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, it } from 'vitest';
import { messageText } from '../../adapters/delivery/slack-message/message-text.js';
import { slackPayload } from '../../adapters/delivery/slack-message/slack-payload.js';
import { personaOf } from '../../adapters/delivery/slack-web-api/persona.js';
import type { Message } from '../../src/index.js';
import { expectHarmless, expectTopLevelText, expectWholeText, readMrkdwn } from './slack-payload-checks.js';
import { sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';
import { anyMessage } from './slack-strings.js';

const evil = fc.constantFrom(
  '<!channel>',
  '<!everyone>',
  '<!subteam^S012AB3CD|all>',
  '<@U1>',
  '<#C1|general>',
  '<https://evil.example|click here>',
  '<mailto:a@evil.example|mail>',
  '<',
  '>',
  '|',
  '&lt;!here&gt;',
  '&amp;lt;!here&amp;gt;',
  '&#60;!here&#62;',
  '@channel @here #general',
  ':siren: :skull:',
  '`',
  '```\n',
  '*_~',
  '\n&gt; ',
  '\u202E\u202Dreversed',
  '\u2067\u2068',
  '\u2069\u2069\u202C',
  '\u200F\u061C\u200E',
  'שלום',
  'تحذير: الخسارة 12.5 > 3',
  '\uD83D',
  '\uDE00',
  'Z\u0351\u036B\u0343\u036A',
  '👨‍👩‍👧‍👦',
  '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
  '🇩🇪',
  'क्षि',
  '\0\x1b[31m',
  '\r\n\t\u2028',
);
const evilString = fc
  .tuple(fc.array(fc.oneof(evil, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 10 }), fc.nat())
  .map(([parts, seed]) => {
    const text = parts.join('');
    // One in eight is as long as a careless host may make it.
    return seed % 8 === 0 ? text.repeat(100_000 / Math.max(1, text.length)).slice(0, 100_000) : text;
  });
const evilUrl = fc.oneof(
  evilString,
  evilString.map((path) => `https://example.com/${path.slice(0, 4_000)}`),
  evilString.map((query) => `http://example.com/?${query.slice(0, 500)}#${query.slice(0, 20)}`),
  evilString.map((user) => `https://${user.slice(0, 20)}@example.com/`),
);
const evilMessage: fc.Arbitrary<Message> = fc.record({
  title: evilString,
  text: evilString,
  severity: fc.constantFrom('INFO', 'WARN', 'ERROR'),
  fields: fc.array(fc.record({ name: evilString, value: evilString }), { maxLength: 60 }),
  links: fc.array(fc.record({ text: evilString, url: evilUrl }), { maxLength: 30 }),
  image: fc.option(
    evilUrl.map((url) => ({ type: 'url' as const, url })),
    { nil: undefined },
  ),
  automationName: evilString,
  atMs: fc.integer({ min: -1, max: 4e12 }),
});
const hostileMessage = fc.oneof(evilMessage, anyMessage);

describe('the naive reader of mrkdwn', () => {
  it('finds what must not be there', () => {
    expect(readMrkdwn('a <!channel> &amp; <https://x|y> b')).toEqual({
      controls: ['<!channel>', '<https://x|y>'],
      broken: false,
      shown: 'a  &  b',
    });
    for (const text of ['a < b', 'a > b', 'AT&T', '&#60;']) expect(readMrkdwn(text).broken).toBe(true);
    expect(readMrkdwn('&lt;!here&gt; &amp;lt;')).toEqual({ controls: [], broken: false, shown: '<!here> &lt;' });
  });
});

describe('whatever a message says', () => {
  it('a message and a reply break no limit, mention nobody, link nowhere and keep every character whole', () => {
    fc.assert(
      fc.property(hostileMessage, fc.boolean(), fc.boolean(), (message, plainText, isReply) => {
        expectHarmless(slackPayload({ message, deliveryId: 'any', plainText, isReply }));
      }),
      { numRuns: 60 },
    );
  });

  it('the comment of an upload is text, and so is its title', () => {
    fc.assert(
      fc.property(hostileMessage, (message) => {
        const stored = { ...message, image: { type: 'stored' as const, handle: 'image-1' } };
        const preview = slackWebApi().preview?.({ integration: sampleIntegration(), message: stored });
        const { title, initial_comment: comment } = preview as { title: string; initial_comment: string };
        expectTopLevelText(comment);
        expectWholeText(title);
        expect(title.length).toBeLessThanOrEqual(150);
      }),
      { numRuns: 25 },
    );
  });

  it('the name and icon that it is posted with are one short line without markup', () => {
    fc.assert(
      fc.property(evilString, evilString, (username, iconEmoji) => {
        const persona = personaOf({ channel: '#alerts', username, iconEmoji });
        expect(persona?.username ?? 'x').toMatch(/^[^<>\n]{1,80}$/);
        expectWholeText(persona?.username ?? '');
        expect(persona?.icon_emoji ?? ':x:').toMatch(/^:[^\s:<>|]+(?:::skin-tone-[2-6])?:$/);
      }),
    );
  });
});

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const segmentsOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
const graphemes = ['👨‍👩‍👧‍👦', '🏳️‍🌈', '🇩🇪', 'e\u0301\u0302', 'क्षि', 'שָׁ', '한', '&', 'a'];

describe('a text that is too long', () => {
  const someGraphemes = fc.array(fc.constantFrom(...graphemes), { minLength: 3, maxLength: 12 });

  /** What stands before each `…`, wherever it stands in a value. */
  const cutTexts = (value: unknown): string[] => {
    if (typeof value === 'string') return readMrkdwn(value).shown.split('…').slice(0, -1);
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(cutTexts) : [];
  };

  it('ends between two characters as a reader sees them, wherever it stands', () => {
    fc.assert(
      fc.property(someGraphemes, (parts) => {
        const long = parts.join('').repeat(1_500);
        const cut = cutTexts([
          slackPayload({
            message: sampleMessage({
              title: long,
              text: long,
              fields: [{ name: long, value: long }],
              links: [{ text: long, url: 'https://example.com/' }],
              automationName: long,
            }),
            deliveryId: 'any',
            plainText: false,
          }),
          personaOf({ channel: '#alerts', username: long }),
        ]);
        // Headline three times; body, name, value, button, automation twice; username.
        expect(cut).toHaveLength(3 + 5 * 2 + 1);
        const whole = `${segmentsOf(parts.join('').repeat(4)).join('|')}|`;
        for (const text of cut) expect(whole).toContain(`${segmentsOf(text).slice(-parts.length).join('|')}|`);
      }),
      { numRuns: 30 },
    );
  });
});

describe('right-to-left text', () => {
  const message = sampleMessage({
    title: 'שלום',
    fields: [{ name: 'הפסד', value: '12.5 > 3' }],
    links: [{ text: 'פתח', url: 'https://example.com/7' }],
    automationName: 'תחذير',
  });

  it('is kept apart from what stands beside it in a line, so that 12.5 > 3 does not read as 3 < 12.5', () => {
    expect(messageText(message).split('\n')).toEqual([
      'ERROR: \u2068שלום\u2069',
      'The loss of *train-7* is far above what it was.',
      '\u2068הפסד\u2069: 12.5 &gt; 3',
      '\u2068פתח\u2069: https://example.com/7',
      'Automation: \u2068תחذير\u2069',
      '2026-08-20 12:34:56 UTC',
    ]);
  });

  it('stays so when it is cut, and loses controls that would open or close more than it is', () => {
    const long =
      messageText(sampleMessage({ title: `\u2069\u202E${'שלום '.repeat(100)}`, text: '' })).split('\n')[0] ?? '';
    expect(long).toMatch(/^ERROR: \u2068[^\u2066-\u2069\u202A-\u202E]+…\u2069$/);
  });
});

describe('Slack takes, through its own SDKs,', () => {
  it('whatever a message says, as message, reply, upload and through a webhook, and shows no mention', async () => {
    const workspace = await startSlackWorkspace({ rateLimit: false });
    const slack = slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl });
    const url = workspace.webhookUrl('general');
    const webhook = slackWebhook({ url, allowedOrigins: [new URL(url).origin] });
    const integration = sampleIntegration({ channelId: workspace.channel('alerts').id });
    const image = async () => Uint8Array.of(1, 2, 3);
    try {
      const { channelId = '', messageId = '' } = await slack.deliver(sampleRequest(integration));
      await fc.assert(
        fc.asyncProperty(evilMessage, async (message) => {
          const stored = { ...message, image: { type: 'stored' as const, handle: 'image-1' } };
          const receipts = [
            await slack.deliver(sampleRequest(integration, { message })),
            await slack.deliver(sampleRequest(integration, { message, thread: { channelId, messageId } })),
            await slack.deliver(sampleRequest(integration, { message: stored, image })),
            await webhook.deliver(sampleRequest(integration, { message })),
          ];
          expect(receipts.map(({ status, note }) => ({ status, note }))).toEqual(
            receipts.map(() => ({ status: 200, note: undefined })),
          );
        }),
        { numRuns: 8 },
      );
      const shown = ['alerts', 'general'].flatMap((name) => workspace.channel(name).messages);
      expect(shown.length).toBeGreaterThan(20);
      for (const { text } of shown) expectTopLevelText(text);
    } finally {
      await workspace.close();
    }
  });
});
