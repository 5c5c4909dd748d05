import * as fc from 'fast-check';
import type { JsonValue } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { withSecrets, writePayload } from '../../src/notify/payload.js';
import { lowAccuracy, type MatchSketch, matchOf, v } from './matches.js';

const write = (
  payload: JsonValue | undefined,
  secretNames: readonly string[] = [],
  sketch: MatchSketch = lowAccuracy,
) =>
  writePayload({
    ...matchOf(sketch),
    action: { type: 'webhook', integrationId: 'i', ...(payload === undefined ? {} : { payload }) },
    executionId: 'execution-1',
    secretNames,
  });

const deploy: JsonValue = {
  ref: 'main',
  inputs: { run: v('run_id'), auth: `Bearer ${v('ACCESS_TOKEN')}`, note: `${v('run_name')}/${v('DEPLOY_KEY')}` },
};

describe('a payload', () => {
  test('is the automation, the execution and the event where the action gives none', () => {
    expect(write(undefined)).toEqual({
      payload: {
        automation: { id: 'automation-1', name: 'low-accuracy' },
        executionId: 'execution-1',
        event: matchOf(lowAccuracy).event.json,
      },
    });
  });

  test('may be null, which is not none', () => {
    expect(write(null)).toEqual({ payload: null });
  });

  test('has its variables filled in', () => {
    expect(write({ run: v('run_name'), values: [v('metric_values'), 7] })).toEqual({
      payload: { run: 'brisk-sun-7', values: ['0.83', 7] },
    });
  });

  test('has nothing where a secret is named that it may not have', () => {
    const { payload, variables } = write(deploy);
    expect(payload).toEqual({ ref: 'main', inputs: { run: 'run-1', auth: 'Bearer ', note: 'brisk-sun-7/' } });
    expect(variables).toBeUndefined();
  });

  test('keeps its shape whatever a run calls itself, and expands none of it', () => {
    const hostile = fc.oneof(fc.string(), fc.constantFrom('","admin":true,"x":"', '\\', '"', v('ACCESS_TOKEN'), '${'));
    fc.assert(
      fc.property(hostile, (name) => {
        const sketch = { ...lowAccuracy, json: { run: { id: 'r', name: `x${name}` } } };
        const { payload } = write({ a: [`<${v('run_name')}>`], b: v('ACCESS_TOKEN') }, ['ACCESS_TOKEN'], sketch);
        expect(JSON.parse(JSON.stringify(payload))).toEqual({ a: [`<x${name}>`], b: '[redacted]' });
      }),
    );
  });
});

describe('a payload with secrets', () => {
  const secretNames = ['ACCESS_TOKEN', 'DEPLOY_KEY', 'UNUSED_KEY'];
  const secrets: Readonly<Record<string, string>> = { ACCESS_TOKEN: 'tok-1', DEPLOY_KEY: `k${v('run_id')}` };

  test('is recorded without them, and with what is needed to write it again', () => {
    expect(write(deploy, secretNames)).toEqual({
      payload: {
        ref: 'main',
        inputs: { run: 'run-1', auth: 'Bearer [redacted]', note: 'brisk-sun-7/[redacted]' },
      },
      variables: { run_id: 'run-1', run_name: 'brisk-sun-7' },
    });
  });

  test('is written with them at an attempt, and their values are not expanded either', () => {
    const { variables = {} } = write(deploy, secretNames);
    expect(withSecrets(deploy, JSON.parse(JSON.stringify(variables)), (name) => secrets[name])).toEqual({
      ref: 'main',
      inputs: { run: 'run-1', auth: 'Bearer tok-1', note: `brisk-sun-7/k${v('run_id')}` },
    });
  });

  test('asks for no secret under a name that is a variable, known or unknown', () => {
    const asked: string[] = [];
    const template = [v('run_name'), v('alias'), v('nonsense'), v('ACCESS_TOKEN'), v('__proto__')];
    const { payload, variables = {} } = write(template, [...secretNames, 'run_name']);
    expect(payload).toEqual(['brisk-sun-7', '', '', '[redacted]', '']);
    withSecrets(template, variables, (name) => {
      asked.push(name);
      return 'x';
    });
    expect(asked).toEqual(['ACCESS_TOKEN']);
  });

  test('does not keep more of a value than is sent', () => {
    const sketch = { ...lowAccuracy, json: { run: { id: 'r', name: 'x'.repeat(200_000) } } };
    const template = `${v('ACCESS_TOKEN')}${v('run_name')}`;
    const { payload, variables = {} } = write(template, secretNames, sketch);
    expect(String(payload)).toHaveLength(100_000);
    expect(variables['run_name']?.length).toBeLessThanOrEqual(100_001);
    expect(withSecrets(template, variables, () => '[redacted]')).toBe(payload);
  });
});
