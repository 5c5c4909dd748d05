import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText } from '../../adapters/delivery/slack-message/clean-text.js';
import { escapeMrkdwn } from '../../adapters/delivery/slack-message/escape.js';
import { dateToken, isoTime } from '../../adapters/delivery/slack-message/message-time.js';
import { shortenEscaped, shortenPlain } from '../../adapters/delivery/slack-message/shorten-text.js';
import { atMs } from './slack-samples.js';
import { anyString, isEscaped, isWellFormed, unescaped } from './slack-strings.js';

describe('escaping', () => {
  it('escapes exactly &, < and >, once', () => {
    expect(escapeMrkdwn('a && <!channel> &lt; "q" \'s\'')).toBe('a &amp;&amp; &lt;!channel&gt; &amp;lt; "q" \'s\'');
  });

  it('leaves no character that can start a mention, link or date, and loses nothing', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(isEscaped(escapeMrkdwn(text))).toBe(true);
        expect(unescaped(escapeMrkdwn(text))).toBe(text);
      }),
    );
  });
});

describe('cleaning', () => {
  it('makes any string well-formed and free of control and reordering characters', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(cleanText(text)).not.toMatch(/\p{Surrogate}|(?![\n\t])\p{Control}|[\u202A-\u202E\u2066-\u2069]/u);
        expect(cleanLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });

  it('keeps right-to-left text, emoji and accents as they are', () => {
    const text = 'שלום 👩‍👩‍👧‍👦 e\u0301 🇩🇪';
    expect(cleanText(text)).toBe(text);
  });

  it('says that it has not read an endless text to its end', () => {
    expect(cleanText(`a${' '.repeat(30_000)}b`).trim()).toMatch(/^a\s+…$/);
    expect(cleanLine(`a${' '.repeat(30_000)}b`)).toBe('a …');
    expect(cleanText('x'.repeat(20_000))).toBe('x'.repeat(20_000));
  });

  it('turns a lone surrogate into the replacement character', () => {
    expect(cleanText('a\uD83Db')).toBe('a\uFFFDb');
  });
});

describe('shortening', () => {
  it('counts after escaping: 3,000 ampersands fit into 3,000 characters', () => {
    const short = shortenEscaped('&'.repeat(3_000), 3_000);
    expect(short).toBe(`${'&amp;'.repeat(599)}…`);
  });

  it('leaves alone what fits exactly', () => {
    expect(shortenEscaped('&'.repeat(600), 3_000)).toBe('&amp;'.repeat(600));
    expect(shortenPlain('x'.repeat(150), 150)).toBe('x'.repeat(150));
  });

  it('cuts between characters as a reader sees them', () => {
    expect(shortenPlain('ab👩‍👩‍👧‍👦cd', 10)).toBe('ab…');
    expect(shortenPlain('abe\u0301xyz', 5)).toBe('abe\u0301…');
    expect(shortenPlain('🇩🇪🇫🇷🇮🇹', 10)).toBe('🇩🇪🇫🇷…');
  });

  it('cuts an endless character between code points instead of showing nothing', () => {
    expect(shortenPlain(`a${'\u0301'.repeat(5_000)}`, 10)).toBe(`a${'\u0301'.repeat(8)}…`);
  });

  it('never exceeds its limit, never cuts an entity or a pair, and keeps a prefix', () => {
    fc.assert(
      fc.property(anyString.map(cleanText), fc.integer({ min: 0, max: 400 }), (text, limit) => {
        const short = shortenEscaped(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(isEscaped(short)).toBe(true);
        expect(isWellFormed(short)).toBe(true);
        if (short !== escapeMrkdwn(text)) {
          expect(text.startsWith(unescaped(short.replace(/…$/, '')))).toBe(true);
          expect(limit === 0 || short.endsWith('…')).toBe(true);
        }
      }),
    );
  });
});

describe('time', () => {
  it('is a date token with an ISO fallback', () => {
    expect(dateToken(atMs)).toBe(`<!date^${atMs / 1_000}^{date_short_pretty} {time_secs}|2026-08-20 12:34:56 UTC>`);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 8.7e15, 253_402_300_800_000])('is left out for %s', (at) => {
    expect(dateToken(at)).toBe('');
    expect(isoTime(at)).toBe('');
  });
});
