import { fieldValue } from '../event/field-value.js';
import type { ParsedEvent, RunInfo } from '../event/parsed-event.js';
import type { Fact, FactValues, MetricFact } from '../rule/fact.js';

/** What facts are read from. */
export interface FactSource {
  readonly event: ParsedEvent;
  readonly run: RunInfo | undefined;
  /** What is measured of a metric, or `undefined` while it can't be told. */
  window(fact: MetricFact): number | boolean | undefined;
}

/** Copies the values that a rule asks for, as json-rules-engine takes them; what can't be told is left out. */
export function readFacts(facts: readonly Fact[], source: FactSource): FactValues {
  const values: Record<string, unknown> = {};
  for (const fact of facts) {
    const value = readFact(fact, source);
    if (value !== undefined) values[fact.id] = value;
  }
  return values;
}

/** Reads the values that a rule asks for, as its gate takes them: in order, `undefined` where one can't be told. */
export function readFactValues(facts: readonly Fact[], source: FactSource): unknown[] {
  const values: unknown[] = [];
  for (const fact of facts) values.push(readFact(fact, source));
  return values;
}

/** Reads one value; `undefined` where it can't be told. */
export function readFact(fact: Fact, source: FactSource): unknown {
  switch (fact.type) {
    case 'field':
      return fieldValue(source.event, source.run, fact.field);
    case 'state':
      return source.event.type === 'run.state' ? statesOf(source.event.state) : undefined;
    case 'metric':
      return source.window(fact);
    default:
      return fact satisfies never;
  }
}

/** A crashed run counts as failed. */
function statesOf(state: string): readonly string[] {
  return state === 'crashed' ? ['crashed', 'failed'] : [state];
}
