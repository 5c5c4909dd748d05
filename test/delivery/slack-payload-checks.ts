import { expect } from 'vitest';
import type { SlackPayload } from '../../adapters/delivery/slack-message/slack-payload.js';

/** Any JSON, as a reader who knows nothing of how it was made. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Reads mrkdwn as Slack does: what stands between `<` and `>` is a mention, link or date. Anything else that Slack would stumble
 * over, a `<` without its end, a bare `>` or `&`, is `broken`.
 */
export const readMrkdwn = (text: string): { controls: string[]; broken: boolean; shown: string } => {
  const controls: string[] = [];
  let shown = '';
  let broken = false;
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    const entity = ['&amp;', '&lt;', '&gt;'].find((one) => text.startsWith(one, at));
    const end = text.indexOf('>', at);
    if (entity !== undefined) {
      shown += { '&amp;': '&', '&lt;': '<', '&gt;': '>' }[entity];
      at += entity.length;
    } else if (character === '<' && end !== -1) {
      controls.push(text.slice(at, end + 1));
      at = end + 1;
    } else {
      broken ||= character === '<' || character === '>' || character === '&';
      shown += character;
      at += 1;
    }
  }
  return { controls, broken, shown };
};

const dateToken = /^<!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC>$/;

/** Every object and every string of a payload, wherever it stands. */
const walk = (value: Json, see: (part: Json) => void): void => {
  see(value);
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) walk(part, see);
};

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fails where a text could be read as anything else than text. */
const expectOnlyText = (part: Json): void => {
  if (!isObject(part) || typeof part['text'] !== 'string') return;
  if (part['type'] === 'plain_text') expect(part['emoji']).toBe(false);
  if (part['type'] !== 'mrkdwn') return;
  const { controls, broken } = readMrkdwn(part['text']);
  expect(part['verbatim']).toBe(true);
  expect(broken).toBe(false);
  expect(controls.filter((control) => !dateToken.test(control))).toEqual([]);
};

/** Fails for half a character, or for a control that reorders what stands behind the text. */
export const expectWholeText = (text: Json): void => {
  if (typeof text !== 'string') return;
  expect(text).not.toMatch(/\p{Surrogate}/u);
  expect(text).not.toMatch(/[\u202A-\u202E]/);
  for (const line of text.split('\n')) {
    let open = 0;
    for (const character of line) {
      if (/[\u2066-\u2068]/.test(character)) open += 1;
      if (character === '\u2069') open -= 1;
      expect(open).toBeGreaterThanOrEqual(0);
    }
    expect(open).toBe(0);
  }
};

const lengthOf = (value: Json | undefined): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : Number.NaN;
const within = (value: Json | undefined, least: number, most: number): void => {
  expect(lengthOf(value)).toBeGreaterThanOrEqual(least);
  expect(lengthOf(value)).toBeLessThanOrEqual(most);
};
const textOf = (value: Json | undefined): Json | undefined =>
  value !== undefined && isObject(value) ? value['text'] : undefined;

/** Slack's limits on one block. */
const expectBlock = (block: Json): void => {
  if (!isObject(block)) throw new Error('Expected a block.');
  const elements = (block['elements'] ?? []) as readonly Json[];
  switch (block['type']) {
    case 'header':
      within(textOf(block['text']), 1, 150);
      return;
    case 'section':
      expect(block['text'] !== undefined || block['fields'] !== undefined).toBe(true);
      if (block['text'] !== undefined) within(textOf(block['text']), 1, 3_000);
      if (block['fields'] !== undefined) within(block['fields'], 1, 10);
      for (const field of (block['fields'] ?? []) as readonly Json[]) within(textOf(field), 1, 2_000);
      return;
    case 'image':
      within(block['image_url'], 1, 3_000);
      expect(block['image_url']).toMatch(/^https:\/\/[^\s<>|]+$/);
      within(block['alt_text'], 1, 2_000);
      return;
    case 'actions':
      within(block['elements'], 1, 25);
      for (const button of elements) {
        if (!isObject(button)) throw new Error('Expected a button.');
        within(textOf(button['text']), 1, 75);
        within(button['url'], 1, 3_000);
        expect(button['url']).toMatch(/^https?:\/\/[^\s<>|]+$/);
      }
      return;
    case 'context':
      within(block['elements'], 1, 10);
      for (const element of elements) within(textOf(element), 1, 2_000);
      return;
    default:
      throw new Error(`Slack gets no block of type ${String(block['type'])} from us.`);
  }
};

/** Fails for top-level text, or a comment of an upload, that says more than text. */
export const expectTopLevelText = (text: string): void => {
  within(text, 1, 4_000);
  expect(text.trim()).not.toBe('');
  expect(readMrkdwn(text)).toMatchObject({ controls: [], broken: false });
  expectWholeText(text);
};

/** Fails where a payload breaks a limit of Slack's, or says anything to Slack that its message did not mean as text. */
export const expectHarmless = (payload: SlackPayload): void => {
  const { text, blocks = [], attachments = [] } = payload;
  expectTopLevelText(text);
  expect(payload).toMatchObject({ mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false });
  const json: Json = JSON.parse(JSON.stringify({ blocks, attachments }));
  walk(json, expectOnlyText);
  walk(json, expectWholeText);
  expect(attachments.length).toBeLessThanOrEqual(1);
  for (const { fallback } of attachments) {
    within(fallback, 1, 300);
    expect(readMrkdwn(fallback)).toMatchObject({ controls: [], broken: false });
  }
  const all = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)];
  expect(all.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(all).length).toBeLessThanOrEqual(12_000);
  for (const block of JSON.parse(JSON.stringify(all))) expectBlock(block);
};
