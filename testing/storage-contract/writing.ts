import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { CommitResult, JsonObject, Precondition, Storage, Write } from '../../src/index.js';

/** A precondition of one kind. */
type Condition<Type extends Precondition['type']> = Extract<Precondition, { readonly type: Type }>;

/** The write that puts a record. */
export function put(key: string, value: JsonObject = { key }): Write {
  return { type: 'put', key, value };
}

/** The write that deletes a record. */
export function deletion(key: string): Write {
  return { type: 'delete', key };
}

/** The write that adds an entry to a lane. */
export function append(lane: string, id: string, value: JsonObject = { id }): Write {
  return { type: 'append', lane, id, value };
}

/** The write that takes an entry out of a lane. */
export function remove(lane: string, id: string): Write {
  return { type: 'remove', lane, id };
}

/** The precondition that a claim is free; instants in epoch milliseconds. */
export function claim(key: string, nowMs: number, untilMs: number): Condition<'claim'> {
  return { type: 'claim', key, nowMs, untilMs };
}

/** The precondition that a record has a revision. */
export function revision(key: string, expected: number): Condition<'revision'> {
  return { type: 'revision', key, revision: expected };
}

/** The precondition that a lease is held. */
export function lease(lane: string, token: number): Condition<'lease'> {
  return { type: 'lease', lane, token };
}

/** Writes without preconditions, and checks that it was written. */
export async function write(storage: Storage, ...writes: readonly Write[]): Promise<void> {
  const result = await storage.commit({ steps: [{ write: writes }] });
  assert.deepEqual(result, { committed: true, steps: [{ written: true }] });
}

/** Writes under preconditions of the whole commit. */
export function writeIf(
  storage: Storage,
  require: readonly Precondition[],
  ...writes: readonly Write[]
): Promise<CommitResult> {
  return storage.commit({ require, steps: [{ write: writes }] });
}

/** Tries to take a claim; instants in epoch milliseconds. */
export async function takeClaim(storage: Storage, key: string, nowMs: number, untilMs: number): Promise<boolean> {
  const result = await storage.commit({ steps: [{ when: [claim(key, nowMs, untilMs)], write: [] }] });
  assert.ok(result.committed, 'a claim of a step does not stop the commit');
  return result.steps[0]?.written === true;
}

/** Checks that a commit was refused because of one of these preconditions. */
export function assertRefused(result: CommitResult, ...conflicts: readonly Precondition[]): void {
  assert.ok(!result.committed, 'expected a conflict, but it was committed');
  assertOneOf(result.conflict, conflicts);
}

/** Checks that a step was not written because of one of these preconditions. */
export function assertStepRefused(result: CommitResult, index: number, ...conflicts: readonly Precondition[]): void {
  assert.ok(result.committed, 'a conflict of a step does not stop the commit');
  const step = result.steps[index];
  assert.ok(step?.written === false, `expected that step ${index} was not written`);
  assertOneOf(step.conflict, conflicts);
}

function assertOneOf(conflict: Precondition, expected: readonly Precondition[]): void {
  if (expected.length === 1) assert.deepEqual(conflict, expected[0]);
  else
    assert.ok(
      expected.some((condition) => isDeepStrictEqual(conflict, condition)),
      'the conflict did not hold',
    );
}
