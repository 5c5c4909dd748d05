import type { Action, NotificationAction, RoutedNotificationAction, ThreadChoice } from '../definition/action.js';
import type { Automation } from '../definition/automation.js';
import type { Integration } from '../definition/integration.js';
import { routeOf } from '../definition/routing/route-of.js';
import type { Routing } from '../definition/routing/routing.js';
import { isRunEvent, type ParsedEvent, runKey } from '../event/parsed-event.js';
import type { DeliveryCapabilities, Destination } from '../ports/delivery.js';
import type { Message } from '../ports/message.js';
import type { ExecutionThread } from '../record/execution-thread.js';
import { anomalyNameKeys, anomalySubject, lastAlertKey } from './thread-subjects.js';

/** One thing that a firing does: an execution of its own. */
export interface Target {
  readonly destination?: Destination | undefined;
  /** Where its message goes if the channel refuses it. */
  readonly defaultDestination?: Destination | undefined;
  readonly thread?: ExecutionThread | undefined;
  /** It adds this instead of posting. */
  readonly reaction?: string | undefined;
  /** What it says, where that is not the action's. */
  readonly message?: Message | undefined;
}

/** What a match comes to: the action with its integration, and everything that it does. */
export interface Resolution {
  readonly action: Action;
  /** Empty: routing was to find the channels, and there is none. */
  readonly targets: readonly Target[];
}

/** What targets are found with. */
export interface TargetSource {
  integration(id: string): Integration | undefined;
  /** What the delivery of an integration can do; `undefined` when it is not known here. */
  capabilities(integration: Integration): DeliveryCapabilities | undefined;
  /** The routing that an entity's automations use. */
  routing(entity: string | undefined): Routing | undefined;
}

/** What is to find its targets. */
export interface TargetRequest {
  readonly automation: Pick<Automation, 'id' | 'action'>;
  readonly entity: string | undefined;
  readonly event: ParsedEvent;
  /** The metrics that it is about; the first one is routed. */
  readonly metrics: readonly string[];
}

const alone: readonly Target[] = Object.freeze([Object.freeze({})]);

/** Finds where a match goes. */
export function resolveTargets(request: TargetRequest, source: TargetSource): Resolution {
  const { action } = request.automation;
  if (action.type !== 'notification') return { action, targets: alone };
  return action.routing === true
    ? resolveRouted(action, request, source)
    : { action, targets: [targetIn(request, source, action.integrationId, {})] };
}

function resolveRouted(action: RoutedNotificationAction, request: TargetRequest, source: TargetSource): Resolution {
  const routing = source.routing(request.entity);
  if (routing === undefined) return { action, targets: [] };
  const { integrationId } = routing;
  const { routing: _, ...content } = action;
  const resolved: NotificationAction = { ...content, integrationId };
  const integration = source.integration(integrationId);
  const channels = routeOf(routing, request.metrics[0]);
  const [fallback] = routeOf(routing, undefined);
  const targets = channels.map((channel, position): Target => {
    const destination = isOwnChannel(channel, integration) ? undefined : channel;
    const isDefault = fallback === undefined || channels.some((each) => isSameChannel(each, fallback));
    const target: Target = {
      ...(destination === undefined ? {} : { destination }),
      ...(isDefault ? {} : { defaultDestination: fallback }),
    };
    // What becomes of an anomaly is told in the first channel alone.
    const isFollowed = position === 0 || request.event.type !== 'anomaly.detected';
    return isFollowed ? targetIn(request, source, integrationId, target) : target;
  });
  return { action: resolved, targets };
}

/** The same target with the thread that it belongs to. */
function targetIn(request: TargetRequest, source: TargetSource, integrationId: string, target: Target): Target {
  const { automation, event } = request;
  const chosen = automation.action.type === 'notification' ? automation.action.thread : undefined;
  const choice = chosen ?? usualChoice(event);
  const thread = threadOf(choice, automation.id, event);
  if (thread === undefined) return target;
  if (chosen === undefined && thread.kind !== 'anomaly' && !knowsThreads(source, integrationId)) return target;
  const names =
    event.type === 'anomaly.detected' && thread.kind === 'anomaly'
      ? [lastAlertKey(automation.id, thread.subject), ...anomalyNameKeys(event)]
      : [];
  const isRouted = automation.action.type === 'notification' && automation.action.routing === true;
  return {
    ...target,
    thread: { ...thread, ...(names.length === 0 ? {} : { names }), ...(isRouted ? { isRouted } : {}) },
  };
}

/** Where a notification belongs that does not say so. */
function usualChoice({ family }: ParsedEvent): ThreadChoice {
  if (family === 'run') return 'run';
  return family === 'anomaly' ? 'anomaly' : 'none';
}

/** The thread of a choice; `undefined` when it stands alone. */
function threadOf(choice: ThreadChoice, automationId: string, event: ParsedEvent): ExecutionThread | undefined {
  switch (choice) {
    case 'run':
      return isRunEvent(event) ? { kind: 'run', subject: runKey(event), role: 'join' } : undefined;
    case 'automation':
      return { kind: 'automation', subject: automationId, role: 'join' };
    case 'anomaly': {
      const subject = event.type === 'anomaly.detected' ? anomalySubject(event) : undefined;
      return subject === undefined ? undefined : { kind: 'anomaly', subject, role: 'open' };
    }
    case 'none':
      return undefined;
    default:
      return choice satisfies never;
  }
}

/**
 * Whether threads of runs are kept for an integration that was not asked for them: where its delivery has threads, and for
 * Slack always, so that the record says what an incoming webhook can't do.
 */
function knowsThreads(source: TargetSource, integrationId: string): boolean {
  const integration = source.integration(integrationId);
  if (integration === undefined) return false;
  const capabilities = source.capabilities(integration);
  return capabilities === undefined || capabilities.threads === true || integration.type === 'slack';
}

/** An integration's own channel has the integration's own lane, where everything else for that channel stands. */
export function isOwnChannel(destination: Destination, integration: Integration | undefined): boolean {
  if (integration?.type !== 'slack' || destination.username !== undefined || destination.iconEmoji !== undefined) {
    return false;
  }
  const { channel, channelId } = integration;
  return (
    (channel !== undefined && isSameChannel(destination, { channel, channelId })) ||
    (channelId !== undefined && channelId === destination.channelId)
  );
}

/** Two spellings of one channel are one. */
export function isSameChannel(one: Destination, other: Destination): boolean {
  return one.channelId !== undefined && one.channelId === other.channelId
    ? true
    : channelName(one.channel) === channelName(other.channel);
}

function channelName(channel: string): string {
  return channel.trim().replace(/^#/, '').toLowerCase();
}
