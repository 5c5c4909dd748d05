import type { Action } from '../definition/action.js';
import type { ParsedEvent, RunInfo } from '../event/parsed-event.js';
import { writeMessage } from '../notify/message.js';
import type { Message } from '../ports/message.js';
import type { Execution } from '../record/execution.js';
import type { Verdict } from '../rule/verdict.js';
import { cooldownClaim } from './cooldowns.js';
import type { Match } from './observe.js';

/** Something that fires if its claim is free and json-rules-engine agrees. */
export interface Candidate {
  readonly automationId: string;
  readonly automationName: string;
  readonly automationRevision: number;
  /** Who owns it. */
  readonly entity: string | undefined;
  readonly action: Action;
  /** What must be free for it to fire, and is held for `cooldownMs` afterwards; `undefined`: it always fires. */
  readonly claim: string | undefined;
  readonly cooldownMs: number;
  judge(): Promise<Verdict>;
  message(): Message | undefined;
}

/** The candidate of an automation whose gate let an event through. */
export function candidateOf({ compiled, facts }: Match, event: ParsedEvent, run: RunInfo | undefined): Candidate {
  const { automation, cooldownMs, judge } = compiled;
  const { scope } = automation.event;
  const { action } = automation;
  return {
    automationId: automation.id,
    automationName: automation.name,
    automationRevision: automation.revision,
    entity: scope.type === 'organization' ? undefined : scope.entity,
    action,
    claim: cooldownClaim(compiled, event),
    cooldownMs,
    judge: () => judge(facts),
    message: () => (action.type === 'notification' ? writeMessage({ compiled, action, event, run, facts }) : undefined),
  };
}

/** The record of a candidate that fires, or that is skipped. */
export function executionOf(
  candidate: Candidate,
  event: ParsedEvent,
  details: Pick<Execution, 'id' | 'status' | 'createdAt' | 'reason' | 'conditions' | 'message'>,
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
