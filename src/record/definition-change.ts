import type { StoredRecord, Write } from '../ports/storage.js';
import { storageKey } from './keys.js';
import { fromStored, toStored } from './stored.js';

/** What one commit changed: which definitions of one type were written or deleted. */
export interface DefinitionChange {
  readonly type: 'automation' | 'integration' | 'mute' | 'routing';
  readonly ids: readonly string[];
}

/** A change, and which one it is: they are numbered from 1. */
export interface NumberedChange {
  readonly number: number;
  readonly change: DefinitionChange;
}

/** The record whose revision is how many changes there have been. */
export const changeCounterKey = storageKey('definition-changes');

/** All changes that are kept stand under this, in their order. */
export const changePrefix = 'definition-change/';

/** So many changes are kept; who is further behind reads everything anew. */
const mostChanges = 1000;

/** More digits than any storage will ever see changes. */
const numberDigits = 12;

/** Where a change stands. */
export function changeKey(number: number): string {
  return `${changePrefix}${String(number).padStart(numberDigits, '0')}`;
}

/** Counts a change and keeps it, and lets the one go that is too old. */
export function noteChange({ number, change }: NumberedChange): Write[] {
  const note: Write[] = [
    { type: 'put', key: changeCounterKey, value: {} },
    { type: 'put', key: changeKey(number), value: toStored(change) },
  ];
  return number > mostChanges ? [...note, { type: 'delete', key: changeKey(number - mostChanges) }] : note;
}

/**
 * Reads a change that was kept.
 *
 * @throws When another version of the package wrote it.
 */
export function readChange({ key, value }: StoredRecord): NumberedChange {
  return { number: Number(key.slice(changePrefix.length)), change: fromStored<DefinitionChange>(value) };
}
