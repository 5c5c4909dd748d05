import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { requestHeaders } from '../../adapters/delivery/webhook/request-headers.js';
import { headerFault } from '../../src/definition/reserved-headers.js';

describe('a header of an action', () => {
  it.each([
    ['X-Team', 'ml'],
    ['Accept', 'application/vnd.github+json'],
    ['User-Agent', 'mine'],
    ['X-Empty', ''],
    ['X-Latin', 'größer'],
    ['X-Tab', 'a\tb'],
    ['Hostname', 'a'],
    ['X-Content', 'a'],
    ['te-x', 'a'],
    ['webhook', 'a'],
  ])('%s: %j is fine', (name, value) => expect(headerFault(name, value)).toBeUndefined());

  it.each([
    ...['Host', 'HOST', 'Content-Type', 'content-length', 'Content-Anything', 'Transfer-Encoding', 'Connection'],
    ...['Authorization', 'authorization', 'Proxy-Authorization', 'X-Wandb-Signature', 'webhook-id', 'Webhook-Else'],
    ...['Keep-Alive', 'TE', 'Trailer', 'Upgrade', 'Expect'],
  ])('%s is reserved', (name) => {
    expect(headerFault(name, 'a')).toBe(
      `Expected a header that tocsin does not set itself, got ${JSON.stringify(name)}`,
    );
  });

  it.each(['', ' ', 'X A', 'X:A', 'X-A\r\nX-B', 'X-Ä', '(a)', 'host '])('%j is no name', (name) => {
    expect(headerFault(name, 'a')).toMatch(/^Expected the name of an HTTP header, got "/);
  });

  it.each(['a\r\nX-B: b', 'a\nb', 'a\rb', 'a\0', '\u007f', 'a→b', '😀'])(
    '%j is no value, and is not quoted',
    (value) => {
      const fault = headerFault('X-A', value);
      expect(fault).toMatch(/^Expected a value without line breaks/);
      expect(fault).not.toContain(value);
    },
  );

  it('with an endless name is quoted in part', () => {
    expect(headerFault('x '.repeat(100_000), 'a')?.length).toBeLessThan(200);
  });
});

test('what is fine is what Node can send', () => {
  const node = (name: string, value: string): boolean => {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      return true;
    } catch {
      return false;
    }
  };
  const latin = fc.string({ unit: fc.nat(0x17f).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(latin, latin, (name, value) => {
      expect(headerFault(`x${name}`, value) === undefined).toBe(node(`x${name}`, value));
    }),
    { numRuns: 1000 },
  );
});

test('what is fine is what the webhook delivery sends', () => {
  const own = {
    id: '1',
    timestamp: '1',
    authorization: undefined,
    wandbSignature: undefined,
    standardSignatures: undefined,
  };
  const sends = (name: string): boolean => {
    try {
      requestHeaders(own, { [name]: 'a' });
      return true;
    } catch {
      return false;
    }
  };
  const parts = ['Host', 'Content-', 'Transfer-Encoding', 'Connection', 'Keep-Alive', 'TE', 'Trailer', 'Upgrade'];
  const others = ['Expect', 'Proxy-', 'Authorization', 'X-Wandb-Signature', 'webhook-', 'User-Agent', 'X-', 'Accept'];
  const name = fc.tuple(
    fc.constantFrom('', 'x', '-'),
    fc.constantFrom(...parts, ...others),
    fc.constantFrom('', 'a', '-a'),
  );
  fc.assert(
    fc.property(name, ([before, part, after]) => {
      const whole = `${before}${part}${after}`;
      expect(headerFault(whole, 'a') === undefined, whole).toBe(sends(whole));
    }),
    { numRuns: 500 },
  );
});
