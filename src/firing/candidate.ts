import type { Action } from '../definition/action.js';
import type { Integration } from '../definition/integration.js';
import type { ParsedEvent, RunInfo } from '../event/parsed-event.js';
import { writeContent } from '../notify/content.js';
import type { Execution } from '../record/execution.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { factValues } from '../rule/fact.js';
import type { Verdict } from '../rule/verdict.js';
import { type Claim, cooldownClaim, rateLimitSlots, type Slots } from './claims.js';

/** What an action says, as it was at the match. */
type Content = Pick<Execution, 'message' | 'payload' | 'variables'>;

/** Something that fires if its claims are free and json-rules-engine agrees. */
export interface Candidate {
  readonly automationId: string;
  readonly automationName: string;
  readonly automationRevision: number;
  /** Who owns it. */
  readonly entity: string | undefined;
  readonly action: Action;
  /** What must be free for it to fire; `undefined`: it has no cooldown. */
  readonly cooldown: Claim | undefined;
  /** Of these one must be free; `undefined`: it has no rate limit. */
  readonly rateLimit: Slots | undefined;
  judge(): Promise<Verdict>;
  content(executionId: string): Content;
}

/** An automation that an event matches. */
export interface Match {
  readonly compiled: CompiledAutomation;
  /** The values of its facts as they were at the event, in their order. */
  readonly values: readonly unknown[];
}

/** What a candidate is made from. */
export interface CandidateSource {
  readonly event: ParsedEvent;
  readonly run: RunInfo | undefined;
  integration(id: string): Integration | undefined;
}

/** The candidate of an automation whose gate let an event through. */
export function candidateOf({ compiled, values }: Match, { event, run, integration }: CandidateSource): Candidate {
  const { automation, judge } = compiled;
  const facts = factValues(compiled.facts, values);
  const { scope } = automation.event;
  return {
    automationId: automation.id,
    automationName: automation.name,
    automationRevision: automation.revision,
    entity: scope.type === 'organization' ? undefined : scope.entity,
    action: automation.action,
    cooldown: cooldownClaim(compiled, event),
    rateLimit: rateLimitSlots(compiled, event),
    judge: () => judge(facts),
    content: (executionId) => writeContent({ compiled, event, run, facts, executionId, integration }),
  };
}

/** The record of a candidate that fires, or that is skipped. */
export function executionOf(
  candidate: Candidate,
  event: ParsedEvent,
  details: Pick<Execution, 'id' | 'status' | 'createdAt' | 'reason' | 'detail' | 'conditions'> & Content,
): Execution {
  const { automationId, automationName, automationRevision, entity, action } = candidate;
  return Object.freeze({
    automationId,
    automationName,
    automationRevision,
    entity,
    action,
    event: event.json,
    count: 1,
    updatedAt: details.createdAt,
    attempts: [],
    ...details,
  });
}
