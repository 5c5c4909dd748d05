import * as fc from 'fast-check';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { describe, expect, it } from 'vitest';
import { messageBlocks } from '../../adapters/delivery/slack-message/message-blocks.js';
import { messageText } from '../../adapters/delivery/slack-message/message-text.js';
import { slackPayload } from '../../adapters/delivery/slack-message/slack-payload.js';
import type { Message, MessageLink } from '../../src/index.js';
import { sampleIntegration, sampleMessage } from './slack-samples.js';
import { anyMessage, isEscaped, unescaped } from './slack-strings.js';

const run: MessageLink = { text: 'Open the run', url: 'https://example.com/runs/7?tab=a&b=c' };

const linked = (...links: MessageLink[]): Message => sampleMessage({ links });

const blocksOf = (message: Message) => messageBlocks(message).attachments[0]?.blocks ?? [];

const buttonsOf = (message: Message) =>
  blocksOf(message).flatMap((block) => (block.type === 'actions' ? block.elements : []));

describe('links in the layout', () => {
  it('are buttons after the facts, before the context', () => {
    expect(blocksOf(linked(run)).map(({ type }) => type)).toEqual(['section', 'section', 'actions', 'context']);
    expect(buttonsOf(linked(run))).toEqual([
      { type: 'button', text: { type: 'plain_text', text: 'Open the run', emoji: false }, url: run.url },
    ]);
  });

  it('leave no empty block where there are none', () => {
    expect(blocksOf(linked()).map(({ type }) => type)).not.toContain('actions');
    expect(blocksOf(linked({ text: 'x', url: 'mailto:a@example.com' })).map(({ type }) => type)).not.toContain(
      'actions',
    );
  });

  it('stand five in a row, 25 in all, and what is left out is said', () => {
    const links = Array.from({ length: 27 }, (_, index) => ({
      text: `link ${index}`,
      url: `https://example.com/${index}`,
    }));
    const rows = blocksOf(linked(...links)).filter(({ type }) => type === 'actions');
    expect(rows.map((row) => (row.type === 'actions' ? row.elements.length : 0))).toEqual([5, 5, 5, 5, 5]);
    expect(JSON.stringify(blocksOf(linked(...links)).at(-1))).toContain('"and 2 more links"');
  });

  it.each([
    'javascript:alert(1)',
    'slack://open',
    'mailto:a@example.com',
    'file:///etc/passwd',
    '//example.com/x',
    'example.com',
    'https://',
    '',
  ])('never lead to %j', (url) => {
    expect(buttonsOf(linked({ text: 'x', url }))).toEqual([]);
    expect(messageText(linked({ text: 'click', url }))).not.toContain('click');
  });

  it('have no character in their URL that ends or splits a link', () => {
    const [button] = buttonsOf(linked({ text: 'x', url: 'https://example.com/a|b?c=<!channel>&d=|#<e>|' }));
    expect(button?.url).toBe('https://example.com/a%7Cb?c=%3C!channel%3E&d=%7C#%3Ce%3E%7C');
  });

  it('show where they lead when their text is empty, and a long text is cut', () => {
    expect(buttonsOf(linked({ text: '\u0000 ', url: 'https://example.com/' }))[0]?.text.text).toBe(
      'https://example.com/',
    );
    expect(buttonsOf(linked({ ...run, text: 'x'.repeat(200) }))[0]?.text.text).toHaveLength(75);
  });

  it('are left out rather than cut when their URL is too long, and keep shorter ones in', () => {
    const long = { text: 'long', url: `https://example.com/${'x'.repeat(3_000)}` };
    expect(buttonsOf(linked(long, run)).map(({ text }) => text.text)).toEqual(['Open the run']);
    expect(JSON.stringify(blocksOf(linked(long, run)).at(-1))).toContain('"and 1 more link"');
  });

  it('take no more than half of the room from the facts', () => {
    const links = Array.from({ length: 20 }, (_, index) => ({
      text: `link ${index}`,
      url: `https://example.com/${index}/${'x'.repeat(1_900)}`,
    }));
    const fields = Array.from({ length: 10 }, (_, index) => ({ name: `f${index}`, value: 'y'.repeat(100) }));
    const message = sampleMessage({ links, fields });
    expect(buttonsOf(message).length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(blocksOf(message))).toContain('f9');
    expect(JSON.stringify(messageBlocks(message)).length).toBeLessThan(12_500);
  });
});

describe('links in the text for screen readers', () => {
  it('stand in lines of their own after the facts, escaped', () => {
    const lines = messageText(linked(run, { text: 'https://example.com/', url: 'https://example.com/' })).split('\n');
    expect(lines.slice(3, 6)).toEqual([
      'val/loss: 12.5 &gt; 3',
      'Open the run: https://example.com/runs/7?tab=a&amp;b=c',
      'https://example.com/',
    ]);
  });

  it('are whole or not there, and leave room for the body', () => {
    const links = Array.from({ length: 30 }, (_, index) => ({
      text: '<!here>',
      url: `https://example.com/${index}/${'&'.repeat(40)}`,
    }));
    const text = messageText(sampleMessage({ links, text: 'b'.repeat(5_000) }));
    const lines = text.split('\n').filter((line) => line.includes('example.com'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(unescaped(line)).toMatch(/^<!here>: https:\/\/example\.com\/\d+\/&{40}$/);
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(text).toContain('b'.repeat(300));
  });
});

it('no text or URL of a link gets a mention, link or date into a payload', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const { text, attachments } = slackPayload({ message, deliveryId: 'any', plainText: false });
      expect(isEscaped(text)).toBe(true);
      for (const block of attachments?.[0]?.blocks ?? []) {
        if (block.type !== 'actions') continue;
        for (const button of block.elements) {
          expect(button.url).toMatch(/^https?:\/\/[^<>|\s]+$/);
          expect(button.text).toMatchObject({ type: 'plain_text', emoji: false });
        }
      }
    }),
  );
});

describe('a preview', () => {
  const message = linked(run);

  it('of the Web API is the channel and the payload, and needs no token', () => {
    const preview = slackWebApi().preview?.({ integration: sampleIntegration({ channel: '#alerts' }), message });
    expect(preview).toEqual({
      channel: '#alerts',
      ...slackPayload({ message, deliveryId: '[the id of the delivery]', plainText: false }),
    });
    const learnt = sampleIntegration({ channel: '#alerts', channelId: 'C024BE91L' });
    expect(slackWebApi().preview?.({ integration: learnt, message })).toMatchObject({ channel: 'C024BE91L' });
  });

  it('of a webhook is the payload, without its URL', () => {
    const webhook = slackWebhook({ url: 'https://hooks.slack.com/services/T0/B0/secret' });
    const preview = webhook.preview?.({ integration: sampleIntegration({ delivery: 'slack-webhook' }), message });
    expect(preview).toEqual(slackPayload({ message, deliveryId: '[the id of the delivery]', plainText: false }));
    expect(JSON.stringify(preview)).not.toContain('secret');
  });

  it('is nothing for the payload of a webhook action', () => {
    const request = { integration: sampleIntegration(), payload: { a: 1 }, headers: {} };
    expect(slackWebApi().preview?.(request)).toBeNull();
    expect(slackWebhook().preview?.(request)).toBeNull();
  });
});
