import * as fc from 'fast-check';
import type { Message } from '../../src/index.js';
import { atMs } from './slack-samples.js';

const hostile = fc.constantFrom(
  '<!channel>',
  '<@U012AB3CD>',
  '<#C012AB3CD>',
  '<https://evil.example|click>',
  '<!date^0^{date}|x>',
  '&lt;!here&gt;',
  '&amp;',
  '&<>|^',
  '*_~`',
  '```',
  ':tada:',
  '"\\',
  '\r\n',
  '\n> quote',
  '\u2028\u0000\u0007',
  '\u202E\u2066',
  'שלום עולם',
  '👩‍👩‍👧‍👦🏳️‍🌈🇩🇪',
  'e\u0301\u0302\u0303',
  '\uD83D',
  '\uDE00',
  '   ',
);
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
  .map((units) => String.fromCharCode(...units));
const fragment = fc.oneof(hostile, fc.string({ unit: 'binary' }), codeUnits);
/** From nothing to some 10,000 code units. */
export const anyString = fc
  .tuple(fc.array(fragment, { maxLength: 12 }), fc.constantFrom(1, 1, 1, 3, 40, 400))
  .map(([parts, times]) => parts.join('').repeat(times).slice(0, 12_000));

/** Addresses as they should be, as they should not, and of any length. */
const anyUrl = fc.oneof(
  anyString,
  anyString.map((path) => `https://example.com/${path}`),
  fc.constantFrom(
    'https://example.com/?a=1&b=<2>|3',
    'https://example.com/a|b><!channel>',
    'javascript:alert(1)',
    'data:text/html,x',
    'slack://open',
    'https://',
    `https://example.com/${'x'.repeat(2_900)}`,
    `https://example.com/${'&'.repeat(900)}`,
    `https://example.com/${'"\\'.repeat(1_000)}`,
  ),
);

const image = anyUrl.map((url) => ({ type: 'url' as const, url }));

export const anyMessage: fc.Arbitrary<Message> = fc.record({
  title: anyString,
  text: anyString,
  severity: fc.constantFrom('INFO', 'WARN', 'ERROR'),
  fields: fc.array(fc.record({ name: anyString, value: anyString }), { maxLength: 70 }),
  links: fc.array(fc.record({ text: anyString, url: anyUrl }), { maxLength: 40 }),
  image: fc.option(fc.oneof(image, fc.constant({ type: 'stored' as const, handle: 'image-1' })), { nil: undefined }),
  automationName: anyString,
  atMs: fc.oneof(fc.constant(atMs), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 8.7e15)),
});

export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
/** Whether nothing in a text can start a mention, link or date. */
export const isEscaped = (text: string): boolean => /^(?:[^&<>]|&(?:amp|lt|gt);)*$/.test(text);
export const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>' })[name as 'amp'] ?? '');
