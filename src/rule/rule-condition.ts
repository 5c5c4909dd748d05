import type { Scalar } from '../definition/filter.js';
import type { OperatorName } from './operators.js';

/** One json-rules-engine condition: a question to one fact. */
export interface LeafCondition {
  readonly fact: string;
  readonly operator: OperatorName;
  readonly value: Scalar | readonly Scalar[];
}

/** All of some conditions. */
export interface AllCondition {
  readonly all: readonly RuleCondition[];
}

/** One of some conditions; never empty, since json-rules-engine takes an empty `any` for true. */
export interface AnyCondition {
  readonly any: readonly RuleCondition[];
}

/** A json-rules-engine condition, as plain JSON. There is no `not`: negation stands in the operators. */
export type RuleCondition = LeafCondition | AllCondition | AnyCondition;
