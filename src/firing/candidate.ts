import type { Action } from '../definition/action.js';
import { ownerOf } from '../definition/automation.js';
import type { ParsedEvent, RunInfo } from '../event/parsed-event.js';
import { writeContent } from '../notify/content.js';
import type { Execution } from '../record/execution.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { factValues } from '../rule/fact.js';
import type { Verdict } from '../rule/verdict.js';
import { type Claim, cooldownClaim, rateLimitSlots, type Slots } from './claims.js';
import { type Resolution, resolveTargets, type Target, type TargetSource } from './targets.js';

/** What an action says, as it was at the match. */
type Content = Pick<Execution, 'message' | 'payload' | 'variables'>;

/** Something that fires if its claims are free and json-rules-engine agrees. */
export interface Candidate {
  readonly automationId: string;
  readonly automationName: string;
  readonly automationRevision: number;
  /** Who owns it. */
  readonly entity: string | undefined;
  /** As its automation has it. */
  readonly action: Action;
  /** It follows from what an automation did, which need not be known here (yet). @default false */
  readonly isFollowUp?: boolean | undefined;
  /** The event with what else is known of its subject. @default the event as it was emitted */
  readonly event?: ParsedEvent | undefined;
  /** The metrics that it is about, for mutes. */
  readonly metrics: readonly string[];
  /** What must be free for it to fire; `undefined`: it has no cooldown. */
  readonly cooldown: Claim | undefined;
  /** Of these one must be free; `undefined`: it has no rate limit. */
  readonly rateLimit: Slots | undefined;
  /** Says where it goes: asked when it fires. */
  resolve(): Resolution;
  judge(): Promise<Verdict>;
  /** What the action says; a target may say something of its own. */
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
  readonly targets: TargetSource;
}

/** The candidate of an automation whose gate let an event through. */
export function candidateOf({ compiled, values }: Match, { event, run, targets }: CandidateSource): Candidate {
  const { automation, judge } = compiled;
  const facts = factValues(compiled.facts, values);
  const entity = ownerOf(automation);
  const metrics = metricsOf(compiled, event);
  return {
    automationId: automation.id,
    automationName: automation.name,
    automationRevision: automation.revision,
    entity,
    action: automation.action,
    metrics,
    cooldown: cooldownClaim(compiled, event),
    rateLimit: rateLimitSlots(compiled, event),
    resolve: () => resolveTargets({ automation, entity, event, metrics }, targets),
    judge: () => judge(facts),
    content: (executionId) =>
      writeContent({ compiled, event, run, facts, executionId, integration: targets.integration }),
  };
}

/** The metrics that a match is about: the anomaly's, or those that the filter asks for. */
export function metricsOf({ metricNames }: CompiledAutomation, event: ParsedEvent): readonly string[] {
  switch (event.family) {
    case 'anomaly':
      return [event.metric];
    case 'anomaly-update':
      return event.metric === undefined ? [] : [event.metric];
    default:
      return [...metricNames];
  }
}

/** What {@link plainCandidate} makes a candidate from. */
interface PlainCandidate
  extends Pick<Candidate, 'automationId' | 'automationName' | 'automationRevision' | 'entity' | 'event' | 'metrics'> {
  readonly integrationId: string;
  /** What lets it fire once. */
  readonly guard: Claim;
  readonly targets: readonly Target[];
}

/** A candidate that follows from what fired before, and asks nothing of the event: its targets say everything. */
export function plainCandidate({ integrationId, guard, targets, ...owner }: PlainCandidate): Candidate {
  const action: Action = { type: 'notification', integrationId, title: '', message: '', severity: 'INFO' };
  return {
    ...owner,
    isFollowUp: true,
    action,
    cooldown: guard,
    rateLimit: undefined,
    resolve: () => ({ action, targets }),
    judge: async () => ({ matched: true, conditions: {} }),
    content: () => ({}),
  };
}

/** The record of a candidate that fires, or that is skipped. */
export function executionOf(
  candidate: Candidate,
  event: ParsedEvent,
  details: Pick<Execution, 'id' | 'status' | 'createdAt' | 'reason' | 'detail' | 'conditions'> &
    Content &
    Pick<Execution, 'destination' | 'defaultDestination' | 'thread' | 'reaction'> &
    Partial<Pick<Execution, 'action'>>,
): Execution {
  const { automationId, automationName, automationRevision, entity, action } = candidate;
  return Object.freeze({
    automationId,
    automationName,
    automationRevision,
    entity,
    action,
    event: (candidate.event ?? event).json,
    count: 1,
    updatedAt: details.createdAt,
    attempts: [],
    ...details,
  });
}
