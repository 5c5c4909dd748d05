import { Almanac, Engine, Rule } from 'json-rules-engine';
import { TocsinError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { FactValues } from './fact.js';
import { operators } from './operators.js';
import type { AutomationRule } from './to-rule.js';

/** What json-rules-engine says of a rule and some facts. */
export interface Verdict {
  readonly matched: boolean;
  /** json-rules-engine's result: its conditions, each with what it compared and how it came out. */
  readonly conditions: JsonObject;
}

/** Asks json-rules-engine. */
export type Judge = (facts: FactValues) => Promise<Verdict>;

/**
 * `setEngine` and `evaluate` are internals that json-rules-engine leaves out of its types. Evaluating a rule against
 * an almanac of its own is what keeps concurrent evaluations apart: `Engine.run` shares a status flag, and drops rules
 * when runs overlap. A test guards what is relied on here.
 */
interface RuleInternals {
  setEngine(engine: Engine): void;
  evaluate(almanac: Almanac): Promise<{ result: boolean; toJSON(stringify: false): JsonObject }>;
}

/** Holds our operators for the rules that are bound to it; it is never run. */
let boundEngine: Engine | undefined;

function operatorEngine(): Engine {
  if (boundEngine === undefined) {
    boundEngine = new Engine([], { allowUndefinedFacts: true });
    for (const { name, evaluate } of operators) boundEngine.addOperator(name, evaluate);
  }
  return boundEngine;
}

/** Facts are flat, so no path is ever resolved; json-rules-engine's default would evaluate JSONPath. */
const almanacOptions = { allowUndefinedFacts: true, pathResolver: () => undefined };

/**
 * Binds a rule to json-rules-engine, which judges every firing. json-rules-engine is told of it at the first one: most
 * automations hardly ever fire, and an engine may hold 100,000 of them.
 */
export function bindRule(rule: AutomationRule): Judge {
  let bound: RuleInternals | undefined;
  return async (facts) => {
    const almanac = new Almanac(almanacOptions);
    for (const [id, value] of Object.entries(facts)) almanac.addFact(id, value);
    try {
      bound ??= bind(rule);
      const result = await bound.evaluate(almanac);
      return { matched: result.result, conditions: result.toJSON(false)['conditions'] as JsonObject };
    } catch (cause) {
      throw new TocsinError({ code: 'verdict_failed', message: `The rule ${rule.name} could not be judged`, cause });
    }
  };
}

function bind(rule: AutomationRule): RuleInternals {
  const bound = new Rule(rule as ConstructorParameters<typeof Rule>[0]) as unknown as RuleInternals;
  bound.setEngine(operatorEngine());
  return bound;
}
