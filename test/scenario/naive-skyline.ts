import type { AnomalyDetectedEvent, AnomalyUpdateEvent } from 'tocsin';
import { channelNames, type Phase, storedPicture } from './skyline-script.js';

/** A channel as a person reads it: each message with its reactions, and what stands in its thread. */
export type Transcripts = Readonly<Record<string, readonly Entry[]>>;

/** A message. */
export interface Entry {
  readonly text: string;
  /** As what it stands there beside the bot itself. */
  readonly icon: string | undefined;
  readonly pictures: readonly string[];
  readonly reactions: readonly string[];
  readonly thread: readonly Entry[];
}

interface Draft extends Entry {
  readonly reactions: string[];
  readonly thread: Draft[];
}

const automation = 'anomalies';
const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

/** The mappings of the page, and one of two channels. */
function channelsOf(metric: string | undefined): string[] {
  const isIn = (namespace: string): boolean => metric === namespace || metric?.startsWith(`${namespace}.`) === true;
  if (isIn('skyline') || isIn('skyline_test.alerters.test') || isIn('horizon.udp.test')) return ['skyline'];
  return isIn('payments') ? ['payments', 'oncall'] : ['ops'];
}

/** What an update does. */
interface Told {
  readonly reply?: string;
  readonly post?: string;
  readonly reaction?: string;
  readonly linkText?: string;
  /** What it is told once for, beside its anomaly. */
  readonly once: string;
}

/** The table of slack.md. */
function toldOf(event: AnomalyUpdateEvent): Told {
  switch (event.type) {
    case 'training-data.viewed':
      return {
        reply: `The training data page has been reviewed by ${event.viewer}`,
        reaction: 'eyes',
        linkText: 'Training data',
        once: event.viewer,
      };
    case 'features-profile.created': {
      const days = event.learnDays === 1 ? '1 day' : `${event.learnDays} days`;
      return {
        reply: `Features profile ${event.profileId} was created; it learns for ${days}`,
        reaction: 'thumbsup',
        linkText: 'Features profile',
        once: event.profileId,
      };
    }
    case 'features-profile.layers-created':
      return {
        reply: `Layers were created for features profile ${event.profileId}`,
        reaction: 'thumbsup',
        once: profileOf(event),
      };
    case 'features-profile.learnt':
      return {
        reply: `Features profile ${event.profileId} was learnt`,
        post: `Features profile ${event.profileId} was learnt: please validate it`,
        reaction: 'heavy_check_mark',
        linkText: 'Features profile',
        once: profileOf(event),
      };
    case 'features-profile.disabled': {
      const words = `Features profile ${event.profileId} was disabled`;
      return { reply: words, post: words, reaction: 'x', once: profileOf(event) };
    }
    case 'features-profile.validated': {
      const profiles = event.count === 1 ? '1 features profile was' : `${event.count} features profiles were`;
      const of = event.metric === undefined ? '' : ` for ${event.metric}`;
      return { post: `${profiles} validated${of}`, linkText: 'Features profile', once: profileOf(event) };
    }
    case 'anomaly.labelled':
      return { reply: `The anomaly was labelled ${event.label}`, once: event.label };
    default:
      return event satisfies never;
  }
}

function profileOf({ profileId = '' }: { readonly profileId?: string | undefined }): string {
  return profileId;
}

/**
 * What must stand in the channels when everything has arrived, by Skyline's rules alone: no queue, no failure, no retry.
 *
 * @param delivers - Whether an alert arrives.
 */
export function naiveSkyline(
  phases: readonly Phase[],
  delivers: (alert: AnomalyDetectedEvent) => boolean = () => true,
): Transcripts {
  const channels: Record<string, Draft[]> = Object.fromEntries(channelNames.map((name) => [name, []]));
  const freeFromMs = new Map<string, number>();
  const alerts = new Map<string, Alert>();
  const told = new Set<string>();

  const post = (channel: string, text: string, pictures: readonly string[] = []): Draft => {
    const draft = draftOf(text, pictures);
    channels[channel]?.push(draft);
    return draft;
  };

  const alert = (event: AnomalyDetectedEvent, atMs: number): void => {
    const { metric, timestamp, value, image } = event;
    if (atMs < (freeFromMs.get(metric) ?? 0)) return;
    freeFromMs.set(metric, atMs + hourMs);
    const headline = `${metric} is anomalous: ${value}`;
    const pictures = image === storedPicture ? [headline] : [];
    const [channel = '', ...others] = channelsOf(metric);
    const isDelivered = delivers(event);
    const entry = isDelivered ? post(channel, alertText(event, headline), pictures) : undefined;
    if (isDelivered) for (const other of others) post(other, alertText(event, headline), pictures);
    const [name = ''] = keysOf(event);
    for (const key of keysOf(event)) alerts.set(key, { name, metric, timestamp, atMs, channel, entry });
  };

  const update = (emitted: AnomalyUpdateEvent, atMs: number): void => {
    const [key = ''] = keysOf(emitted);
    const known = alerts.get(key);
    // One that names its anomaly by id alone says what is known of it.
    const event = known === undefined ? emitted : { ...emitted, metric: known.metric, timestamp: known.timestamp };
    const { reply, post: words, reaction, ...does } = toldOf(event);
    const alertOf = known === undefined ? key : `${known.name} ${known.atMs}`;
    const guard = [event.type, event.type === 'features-profile.created' ? '' : alertOf, does.once].join();
    if (told.has(guard)) return;
    told.add(guard);

    const channel = known?.channel ?? channelsOf(event.metric)[0] ?? '';
    const isTooOld = event.type === 'features-profile.disabled' && known !== undefined && atMs - known.atMs > weekMs;
    const parent = isTooOld ? undefined : known?.entry;
    const links = linkLines(event, does.linkText);
    if (parent !== undefined) {
      if (reply !== undefined) {
        const text = lines(event, [`INFO: ${reply}`, ...links]);
        parent.thread.push(draftOf(text, []));
      }
      if (reaction !== undefined && !parent.reactions.includes(reaction)) parent.reactions.push(reaction);
    } else if (reply !== undefined && words === undefined) {
      post(channel, lines(event, [`INFO: ${reply}`, ...references(event), ...links]));
    }
    if (words !== undefined) post(channel, lines(event, [`INFO: ${words}`, ...references(event), ...links]));
  };

  for (const { atMs, events } of phases) {
    for (const event of events) {
      if (event.type === 'anomaly.detected') alert(event, atMs);
      else update(event, atMs);
    }
  }
  return channels;
}

interface Alert {
  /** The same for all that names it. */
  readonly name: string;
  readonly metric: string;
  readonly timestamp: number;
  readonly atMs: number;
  readonly channel: string;
  /** Its message in the first channel; `undefined` when it has not arrived. */
  readonly entry: Draft | undefined;
}

function draftOf(text: string, pictures: readonly string[]): Draft {
  // What is uploaded stands there as the bot's own.
  const icon = pictures.length === 0 ? ':chart_with_upwards_trend:' : undefined;
  return { text, icon, pictures, reactions: [], thread: [] };
}

function keysOf({ metric, timestamp, anomalyId }: AnomalyDetectedEvent | AnomalyUpdateEvent): string[] {
  const byTime = metric === undefined || timestamp === undefined ? [] : [`${metric} at ${timestamp}`];
  return anomalyId === undefined ? byTime : [...byTime, anomalyId];
}

function alertText(event: AnomalyDetectedEvent, headline: string): string {
  const { metric, value, timestamp, source, image, links = [] } = event;
  return lines(event, [
    `WARN: ${headline}`,
    `Team: ${event.entity}`,
    `Metric: ${metric}`,
    `Value: ${value}`,
    `Timestamp: ${timestamp}`,
    `Source: ${source}`,
    ...links.map(({ text, url }) => `${text}: ${url}`),
    ...(image === undefined || image === storedPicture ? [] : [`Picture: ${image}`]),
  ]);
}

function references({ metric, timestamp, anomalyId }: AnomalyUpdateEvent): string[] {
  return [
    ...(metric === undefined ? [] : [`Metric: ${metric}`]),
    ...(timestamp === undefined ? [] : [`Timestamp: ${timestamp}`]),
    ...(anomalyId === undefined ? [] : [`Anomaly: ${anomalyId}`]),
  ];
}

function linkLines(event: AnomalyUpdateEvent, linkText: string | undefined): string[] {
  return linkText !== undefined && 'link' in event ? [`${linkText}: ${event.link}`] : [];
}

function lines({ at = 0 }: AnomalyDetectedEvent | AnomalyUpdateEvent, texts: readonly string[]): string {
  const time = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return [...texts, `Automation: ${automation}`, `${time} UTC`].map(escaped).join('\n');
}

/** Slack's three characters. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
