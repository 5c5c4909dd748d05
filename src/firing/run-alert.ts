import type { Action } from '../definition/action.js';
import { type Integration, mayUse } from '../definition/integration.js';
import type { Issue } from '../errors.js';
import { type ParsedEvent, type RunInfo, runKey } from '../event/parsed-event.js';
import { alertMessage } from '../notify/message.js';
import type { Candidate } from './candidate.js';
import type { Claim } from './claims.js';
import { resolveTargets, type TargetSource } from './targets.js';

/** Stands for the automation of an alert that a run sends straight to its own integration. */
export const runAlertId = 'run-alert';

/** An alert of the same run and title again within its `waitMs` is dropped; `undefined` for all other events. */
export function alertClaim(event: ParsedEvent): Claim | undefined {
  if (event.type !== 'run.alert' || event.waitMs === 0) return undefined;
  const subject = JSON.stringify([runKey(event), event.title]);
  return { subject, holder: runAlertId, key: JSON.stringify(['run-alert', subject]), holdMs: event.waitMs };
}

const runAlert = Object.freeze({ automationId: runAlertId, automationName: 'run.alert', automationRevision: 1 });

/** Whether an event is an alert that goes straight to an integration. */
export function isAlertToDeliver(event: ParsedEvent): boolean {
  return event.type === 'run.alert' && event.alertIntegrationId !== undefined;
}

/** The candidate of a run's own alert; none when the run has no integration for it. */
export function alertCandidates(event: ParsedEvent, run: RunInfo | undefined, source: TargetSource): Candidate[] {
  if (event.type !== 'run.alert' || event.alertIntegrationId === undefined) return [];
  const { title, text, level, alertIntegrationId } = event;
  const { entity } = event.place;
  const action: Action = {
    type: 'notification',
    integrationId: alertIntegrationId,
    title,
    message: text,
    severity: level,
  };
  return [
    {
      ...runAlert,
      entity,
      action,
      metrics: [],
      cooldown: undefined,
      rateLimit: undefined,
      resolve: () => resolveTargets({ automation: { id: runAlertId, action }, entity, event, metrics: [] }, source),
      judge: async () => ({ matched: true, conditions: {} }),
      content: () => ({ message: alertMessage(event, run) }),
    },
  ];
}

/** Says what is wrong with the integration that an alert names; `undefined` when nothing is. */
export function alertIntegrationIssue(
  event: ParsedEvent,
  find: (id: string) => Integration | undefined,
): Issue | undefined {
  if (event.type !== 'run.alert' || event.alertIntegrationId === undefined) return undefined;
  const path = 'alertIntegrationId';
  const integration = find(event.alertIntegrationId);
  if (integration === undefined) {
    return {
      code: 'unknown_integration',
      path,
      message: `Expected the id of an integration, got "${event.alertIntegrationId}"`,
    };
  }
  if (mayUse(event.place.entity, integration)) return undefined;
  return { code: 'integration_not_owned', path, message: `Expected an integration of ${event.place.entity}` };
}
