import { TocsinError } from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { webhook } from 'tocsin/delivery/webhook';
import { envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';

type Factory = (options: never) => unknown;

const factories: readonly (readonly [string, Factory, string])[] = [
  ['consoleDelivery', consoleDelivery, 'write'],
  ['slackWebApi', slackWebApi, 'token, slackApiUrl, timeoutMs, pacing, lookUp'],
  ['slackWebhook', slackWebhook, 'url, timeoutMs, allowedOrigins, pacing'],
  ['webhook', webhook, 'allowedOrigins, timeoutMs, maxResponseBytes, wandbSignatureEncoding, pacing, now, lookup'],
  ['envSecrets', envSecrets, 'allow, env'],
  ['memoryStorage', memoryStorage, 'now'],
];

/** `envSecrets` can't do without its list. */
function needed(factory: Factory): object {
  return factory === envSecrets ? { allow: ['A'] } : {};
}

function refusalOf(factory: Factory, options: unknown): string {
  try {
    factory(options as never);
  } catch (error) {
    if (TocsinError.is(error) && error.code === 'invalid_options') return error.message;
    throw error;
  }
  return 'none';
}

describe.each(factories)('%s', (_, factory, names) => {
  test.each(['tokn', 'toString', '__proto__x', 'Timeoutms'])('refuses an option that it does not have: %s', (name) => {
    expect(refusalOf(factory, { ...needed(factory), [name]: 'x' })).toBe(`Expected one of ${names}, got ${name}`);
  });

  test.each([
    [null, 'null'],
    [[], 'a list'],
    [5, 'a number'],
    [() => ({}), 'a function'],
    ['xoxb-secret', 'a text'],
  ])('refuses what are no options, and does not quote it: %j', (options, got) => {
    expect(refusalOf(factory, options)).toBe(`Expected options with ${names}, got ${got}`);
  });

  test('takes every option that is left undefined', () => {
    const left = Object.fromEntries(names.split(', ').map((name) => [name, undefined]));
    expect(refusalOf(factory, { ...left, ...needed(factory) })).toBe('none');
  });
});

test.each<[string, Factory, object, string]>([
  ['consoleDelivery', consoleDelivery, { write: 'stdout' }, 'Expected a function at write, got a text'],
  ['slackWebApi', slackWebApi, { token: 5 }, 'Expected a text at token, got a number'],
  ['slackWebApi', slackWebApi, { token: null }, 'Expected a text at token, got null'],
  ['slackWebApi', slackWebApi, { timeoutMs: '10s' }, 'Expected a number at timeoutMs, got a text'],
  ['slackWebApi', slackWebApi, { pacing: 5 }, 'Expected an object at pacing, got a number'],
  ['slackWebApi', slackWebApi, { lookUp: 'no' }, 'Expected a boolean at lookUp, got a text'],
  ['slackWebhook', slackWebhook, { url: new URL('https://x.y') }, 'Expected a text at url, got an object'],
  ['slackWebhook', slackWebhook, { allowedOrigins: 'https://x.y' }, 'Expected a list at allowedOrigins, got a text'],
  ['webhook', webhook, { lookup: true }, 'Expected a function at lookup, got a boolean'],
  ['webhook', webhook, { now: 5 }, 'Expected a function at now, got a number'],
  ['envSecrets', envSecrets, { allow: 'A' }, 'Expected a list at allow, got a text'],
  ['envSecrets', envSecrets, { allow: ['A'], env: 'A=1' }, 'Expected an object at env, got a text'],
  ['memoryStorage', memoryStorage, { now: 5 }, 'Expected a function at now, got a number'],
])('%s refuses an option of another kind: %#', (_, factory, options, message) => {
  expect(refusalOf(factory, options)).toBe(message);
});

test('a secret that stands where it should not is in no message', () => {
  const secret = 'https://hooks.slack.com/services/T0/B0/secret';
  expect(refusalOf(slackWebhook, secret)).not.toContain('secret');
  expect(refusalOf(slackWebhook, { timeoutMs: secret })).not.toContain('secret');
});

test('envSecrets without options asks for its list', () => {
  expect(refusalOf(envSecrets, undefined)).toBe('Expected options with allow, env, got nothing');
  expect(refusalOf(envSecrets, {})).toMatch(/at allow/);
});
