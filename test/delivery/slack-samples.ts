import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { DeliveryRequest, Integration, Message } from '../../src/index.js';
import { DeliveryError } from '../../src/index.js';

/** The event time of every sample, 2026-08-20 12:34:56 UTC. */
export const atMs = Date.UTC(2026, 7, 20, 12, 34, 56);

export const sampleMessage = (changes: Partial<Message> = {}): Message => ({
  title: 'Loss exploded',
  text: 'The loss of *train-7* is far above what it was.',
  severity: 'ERROR',
  fields: [
    { name: 'Run', value: 'train_7' },
    { name: 'val/loss', value: '12.5 > 3' },
  ],
  links: [],
  automationName: 'loss-guard',
  atMs,
  ...changes,
});

type SlackIntegration = Extract<Integration, { type: 'slack' }>;

export const sampleIntegration = (changes: Partial<SlackIntegration> = {}): SlackIntegration => ({
  type: 'slack',
  name: 'ML alerts',
  delivery: 'slack-web-api',
  id: 'integration-1',
  revision: 1,
  createdAt: 0,
  updatedAt: 0,
  status: 'ok',
  ...changes,
});

export const sampleRequest = (
  integration: Integration,
  changes: Partial<DeliveryRequest> = {},
  secrets: Readonly<Record<string, string>> = {},
): DeliveryRequest => ({
  integration,
  deliveryId: 'delivery-1',
  committedAtMs: atMs,
  attempt: 1,
  message: sampleMessage(),
  mayHaveArrived: false,
  plainText: false,
  signal: new AbortController().signal,
  secret: async (name) => {
    const value = secrets[name];
    if (value === undefined) {
      throw new DeliveryError({ kind: 'credential', reason: 'secret_missing', message: `No secret ${name}` });
    }
    return value;
  },
  ...changes,
});

/** The `DeliveryError` that a promise rejects with. */
export const faultOf = async (promise: Promise<unknown>): Promise<DeliveryError> => {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && DeliveryError.is(outcome.error)) {
    return outcome.error;
  }
  throw new Error(`Expected a DeliveryError, got ${inspect(outcome)}`);
};

/** Fails when a secret can be read anywhere in a value: properties, stack, causes, JSON. */
export const expectNoSecret = (value: unknown, secret: string): void => {
  const everything = [
    inspect(value, { depth: 12, showHidden: true, maxStringLength: null }),
    JSON.stringify(value) ?? '',
    String(value),
    value instanceof Error ? `${value.message}${value.stack}` : '',
  ].join('\n');
  expect(everything).not.toContain(secret);
};
