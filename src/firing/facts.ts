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

/** Copies the values that a rule asks for; what can't be told is left out. */
export function readFacts(facts: readonly Fact[], source: FactSource): FactValues {
  const values: Record<string, unknown> = {};
  for (const fact of facts) {
    const value = readFact(fact, source);
    if (value !== undefined) values[fact.id] = value;
  }
  return values;
}

function readFact(fact: Fact, source: FactSource): unknown {
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
