import { WebClient } from '@slack/web-api';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageBlocks } from '../../adapters/delivery/slack-message/message-blocks.js';
import { messageText } from '../../adapters/delivery/slack-message/message-text.js';
import { dateToken } from '../../adapters/delivery/slack-message/message-time.js';
import { slackPayload } from '../../adapters/delivery/slack-message/slack-payload.js';
import { startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { atMs, sampleMessage } from './slack-samples.js';
import { anyMessage, isEscaped, isWellFormed } from './slack-strings.js';

interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
  readonly emoji?: boolean;
}

const textObjectsOf = (value: unknown): TextObject[] => {
  if (Array.isArray(value)) {
    return value.flatMap(textObjectsOf);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const isText = 'type' in value && (value.type === 'mrkdwn' || value.type === 'plain_text');
  return isText ? [value as TextObject] : Object.values(value).flatMap(textObjectsOf);
};

describe('the layout', () => {
  it('is a header, and an attachment with the colour of the severity', () => {
    expect(messageBlocks(sampleMessage())).toEqual({
      blocks: [{ type: 'header', text: { type: 'plain_text', text: '🚨 Loss exploded', emoji: false } }],
      attachments: [
        {
          color: '#dc2626',
          fallback: 'ERROR: Loss exploded',
          blocks: [
            {
              type: 'section',
              text: { type: 'mrkdwn', text: 'The loss of *train-7* is far above what it was.', verbatim: true },
            },
            {
              type: 'section',
              fields: [
                { type: 'mrkdwn', text: '*Run*', verbatim: true },
                { type: 'plain_text', text: 'train_7', emoji: false },
                { type: 'mrkdwn', text: '*val/loss*', verbatim: true },
                { type: 'plain_text', text: '12.5 > 3', emoji: false },
              ],
            },
            {
              type: 'context',
              elements: [
                { type: 'plain_text', text: 'loss-guard', emoji: false },
                { type: 'mrkdwn', text: dateToken(atMs), verbatim: true },
              ],
            },
          ],
        },
      ],
    });
  });

  it('gives each severity its own colour and sign', () => {
    const looks = (['INFO', 'WARN', 'ERROR'] as const).map((severity) => messageBlocks(sampleMessage({ severity })));
    expect(new Set(looks.map(({ attachments }) => attachments[0]?.color)).size).toBe(3);
    expect(new Set(looks.map(({ blocks }) => blocks[0]?.text.text)).size).toBe(3);
  });

  it('takes the automation as header when there is no title, and leaves an empty text out', () => {
    const { blocks, attachments } = messageBlocks(sampleMessage({ title: ' ', text: '\n', fields: [] }));
    expect(blocks[0]?.text.text).toBe('🚨 loss-guard');
    expect(attachments[0]?.blocks.map(({ type }) => type)).toEqual(['context']);
  });

  it('shows a value literally, and a name bold only if that formats nothing else', () => {
    const { attachments } = messageBlocks(
      sampleMessage({ fields: [{ name: '*_x_*', value: '<!channel> *bold* :tada:' }], text: '' }),
    );
    expect(textObjectsOf(attachments[0]?.blocks[0])).toEqual([
      { type: 'plain_text', text: '*_x_*', emoji: false },
      { type: 'plain_text', text: '<!channel> *bold* :tada:', emoji: false },
    ]);
  });

  it('shows up to 50 facts and says how many more there are', () => {
    const fields = Array.from({ length: 60 }, (_, index) => ({ name: `f${index}`, value: String(index) }));
    const blocks = messageBlocks(sampleMessage({ fields })).attachments[0]?.blocks ?? [];
    expect(blocks.filter((block) => 'fields' in block)).toHaveLength(10);
    expect(textObjectsOf(blocks.at(-1)).at(-1)?.text).toBe('and 10 more');
  });

  it('is within every limit and injects nothing, whatever the message says', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { blocks, attachments } = messageBlocks(message);
        const all = [...blocks, ...(attachments[0]?.blocks ?? [])];
        expect(all.length).toBeLessThanOrEqual(50);
        expect(JSON.stringify(all).length).toBeLessThanOrEqual(12_000);
        expect(isEscaped(attachments[0]?.fallback ?? '<')).toBe(true);
        for (const block of all) {
          expectWithinLimits(block);
        }
        for (const text of textObjectsOf(all)) {
          expect(text.text.trim()).not.toBe('');
          expect(isWellFormed(text.text)).toBe(true);
          if (text.type === 'plain_text') {
            expect(text.emoji).toBe(false);
          } else {
            expect(text.verbatim).toBe(true);
            expect(text.text === dateToken(message.atMs) || isEscaped(text.text)).toBe(true);
          }
        }
      }),
    );
  });
});

const expectWithinLimits = (block: ReturnType<typeof messageBlocks>['attachments'][number]['blocks'][number]): void => {
  switch (block.type) {
    case 'header':
      expect(block.text.text.length).toBeLessThanOrEqual(150);
      return;
    case 'context':
      expect(block.elements.length).toBeLessThanOrEqual(10);
      return;
    case 'actions':
      expect(block.elements.length).toBeGreaterThan(0);
      expect(block.elements.length).toBeLessThanOrEqual(5);
      for (const { text, url } of block.elements) {
        expect(text.text.length).toBeLessThanOrEqual(75);
        expect(url.length).toBeLessThanOrEqual(3_000);
        expect(url).toMatch(/^https?:\/\/[^|<>\s]+$/);
      }
      return;
    case 'section':
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3_000);
      expect(block.fields?.length ?? 1).toBeGreaterThan(0);
      expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
      expect(Math.max(0, ...(block.fields ?? []).map(({ text }) => text.length))).toBeLessThanOrEqual(2_000);
      return;
    case 'image':
      expect(block.image_url).toMatch(/^https:\/\/[^<>|\s]+$/);
      expect(block.image_url.length).toBeLessThanOrEqual(3_000);
      expect(block.alt_text.length).toBeGreaterThan(0);
      expect(block.alt_text.length).toBeLessThanOrEqual(2_000);
      return;
    default:
      block satisfies never;
  }
};

describe('the text for screen readers', () => {
  it('says everything', () => {
    expect(messageText(sampleMessage())).toBe(
      [
        'ERROR: Loss exploded',
        'The loss of *train-7* is far above what it was.',
        'Run: train_7',
        'val/loss: 12.5 &gt; 3',
        'Automation: loss-guard',
        '2026-08-20 12:34:56 UTC',
      ].join('\n'),
    );
  });

  it('shortens the body, never severity, values and automation', () => {
    const text = messageText(sampleMessage({ text: '&'.repeat(50_000) }));
    expect(text.length).toBeGreaterThan(3_900);
    expect(text.length).toBeLessThanOrEqual(4_000);
    for (const part of ['ERROR: Loss exploded', '12.5 &gt; 3', 'Automation: loss-guard']) {
      expect(text).toContain(part);
    }
  });

  it('has 1 to 4,000 characters and no markup, whatever the message says', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const text = messageText(message);
        expect(text.trim()).not.toBe('');
        expect(text.length).toBeLessThanOrEqual(4_000);
        expect(isEscaped(text)).toBe(true);
        expect(isWellFormed(text)).toBe(true);
        expect(text.startsWith(message.severity)).toBe(true);
      }),
    );
  });
});

describe('the payload', () => {
  const source = { message: sampleMessage(), deliveryId: 'delivery-1' };

  it('carries the delivery id and switches off what would read links and names into texts', () => {
    expect(slackPayload({ ...source, plainText: false })).toMatchObject({
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: 'tocsin_notification', event_payload: { delivery_id: 'delivery-1' } },
    });
  });

  it('has no layout when plain text is asked for', () => {
    const payload = slackPayload({ ...source, plainText: true });
    expect(payload).not.toHaveProperty('blocks');
    expect(payload).not.toHaveProperty('attachments');
    expect(payload.text).toBe(messageText(source.message));
  });

  it('is taken by Slack, whatever the message says', async () => {
    const workspace = await startSlackWorkspace({ rateLimit: false });
    const client = new WebClient(workspace.token, { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } });
    try {
      await fc.assert(
        fc.asyncProperty(anyMessage, fc.boolean(), async (message, plainText) => {
          const answer = await client.chat.postMessage({
            channel: '#alerts',
            ...slackPayload({ message, plainText, deliveryId: 'any' }),
          });
          expect(answer.ok).toBe(true);
        }),
        { numRuns: 60 },
      );
    } finally {
      await workspace.close();
    }
  });
});
