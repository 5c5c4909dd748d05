import { describe, expect, test } from 'vitest';
import { acceptedDeliberately } from './case-lists.js';
import { type Case, caseOf, createForm, faults, readWithWarnings, type Wire, withAction, withEvent } from './cases.js';
import { misuse } from './misuse.js';
import { rejections } from './rejections.js';

/** A whole automation in one of the two forms, with the wrong part of a case in it. */
function whole({ id, wire }: Case): Wire {
  if (wire.__typename === 'Trigger') return wire;
  if ('actionType' in wire) return withAction(wire);
  if ('eventType' in wire) return withEvent(wire);
  if ('triggeredActionType' in wire) return createForm(wire);
  if ('event' in wire || 'scope' in wire) return { ...caseOf('automation-saved-updated-at').wire, ...wire };
  return createForm({ eventFilter: id.startsWith('invalid-op-') ? { myField: wire } : wire });
}

describe('rejected by W&B and here', () => {
  test.each(Object.entries(rejections))('%s: %s', (id, fault) => {
    expect(faults(whole(caseOf(id)))).toEqual([fault]);
  });
});

describe('rejected by W&B, accepted here', () => {
  test.each(Object.entries(acceptedDeliberately))('%s', (id, [form]) => {
    const { value, warnings } = readWithWarnings(form(caseOf(id).wire));
    const isDisabled = warnings.some(({ code }) => code === 'not_convertible');
    expect(value.enabled).toBe(!isDisabled);
    // Never silently, but for another spelling.
    if (!id.endsWith('link-artifact-name')) expect(warnings).not.toEqual([]);
  });
});

describe('misuse of builders', () => {
  test.each(Object.entries(misuse))('%s', async (id, check) => {
    expect(caseOf(id).outcome).toBe('reject');
    await check();
  });
});
