import { createForm, scopeIds, type Wire, withAction } from './cases.js';

/** Accepted by W&B, refused here, with what is said; each for its reason. */
export const refusedDeliberately: Readonly<Record<string, readonly [fault: string, why: string]>> = {
  'filter-op-and': ['not_convertible eventFilter.$and[1].$lt', 'an operator without a field asks nothing'],
  'filter-unknown-op-0': ['not_convertible eventFilter.myField.$unknownOp', 'nobody knows what it means'],
  'filter-unknown-op-1': ['not_convertible eventFilter.myField.$otherUnknownOp', 'nobody knows what it means'],
  'filter-parse-opaque-root': ['not_convertible eventFilter.$unknownOp', 'nobody knows what it means'],
  'filter-allowed-fields-opaque-field-op': ['not_convertible eventFilter.tag.$unknownOp', 'nobody knows what it means'],
  'filter-allowed-fields-opaque-root-op': ['not_convertible eventFilter.$unknownOp', 'nobody knows what it means'],
  'filter-parse-implicit-eq-list': [
    'not_convertible eventFilter.tag.$eq',
    'fields are compared with single values; $all and $size ask for whole lists',
  ],
  'filter-allowed-fields-nested-subdocument': [
    'not_convertible eventFilter.metadata.foo',
    'fields are compared with single values; metadata.foo.bar asks for what is inside',
  ],
  'filter-regex-not-compiled': [
    'invalid_pattern eventFilter.myField.$regex',
    'a pattern that RE2 rejects is an issue at creation, never an error later',
  ],
};

const myField = (test: Wire): Wire => ({ myField: test });

/** Accepted by both; what is written means the same as what was read, in another form. */
export const equalInMeaning: Readonly<Record<string, readonly [given: Wire, written: Wire]>> = {
  // A negated operator is written as the negated question.
  'filter-simplify-not-kept-regex': [myField({ $not: { $regex: 'a' } }), { $not: myField({ $regex: 'a' }) }],
  'filter-simplify-not-kept-contains': [myField({ $not: { $contains: 'a' } }), { $not: myField({ $contains: 'a' }) }],
  // No condition is no condition.
  'filter-parse-empty': [{}, { $and: [] }],
};

/** Read as disabled automations with a warning: W&B has them, tocsin does not. */
export const disabled: Readonly<Record<string, (wire: Wire) => Wire>> = {
  'automation-create-team-aria': (wire) => wire,
  'automation-saved-queue-job': (wire) => wire,
  'automation-saved-aria': (wire) => wire,
  'action-aria-trimmed': withAction,
  'action-aria-max': ({ promptRepeat: [text, times] }) =>
    withAction({ actionType: 'ARIA', config: { ariaActionInput: { prompt: text.repeat(times) } } }),
};

/** Rejected by W&B's SDK, accepted here; each for its reason. */
export const acceptedDeliberately: Readonly<Record<string, readonly [form: (wire: Wire) => Wire, why: string]>> = {
  'invalid-saved-unknown-event': [(wire) => wire, 'a Weave automation is not lost; it is disabled, with a warning'],
  'invalid-saved-push-notification': [(wire) => wire, 'the automation is not lost; it is disabled, with a warning'],
  'invalid-saved-link-artifact-name': [(wire) => wire, 'LINK_ARTIFACT is what their documentation calls LINK_MODEL'],
  'invalid-filter-field-root': [onFields, 'a host may add fields to its events; one that is not known is a warning'],
  'invalid-filter-field-and-child': [onFields, 'the same'],
  'invalid-filter-field-nested': [onFields, 'the same'],
  'invalid-op-two-ops-in-one': [
    (wire) => onFields({ myField: wire }),
    'several operators of one field must all hold, as in MongoDB; a saved filter may have them',
  ],
  'invalid-aria-empty': [onAria, 'there is no ARIA here: its prompt is not kept, so nobody judges it'],
  'invalid-aria-blank': [onAria, 'the same'],
  'invalid-aria-too-long': [onAria, 'the same'],
};

function onFields(filter: Wire): Wire {
  return createForm({ eventFilter: filter, scopeID: scopeIds.PROJECT });
}

function onAria({ prompt, promptRepeat: [text, times] = [prompt, 1] }: Wire): Wire {
  return withAction({ actionType: 'ARIA', config: { ariaActionInput: { prompt: text.repeat(times) } } });
}

/** Their simplification means something else where the field is missing: to MongoDB `$not` holds there, `$gte` does not. */
export const simplifiedLoosely: readonly string[] = ['filter-simplify-not-lt', 'filter-simplify-not-lte'];
