import type { ParsedAnomalyUpdate } from '../event/parsed-event.js';
import type { Message, MessageField } from '../ports/message.js';
import { jsonText } from './json-text.js';
import { eventLinks } from './message-links.js';

/** What one update says. */
export interface UpdateWords {
  /** In the anomaly's thread; `undefined` when it is told in the channel alone. */
  readonly reply?: string | undefined;
  /** In the channel; `undefined` when it is told in the thread alone. */
  readonly post?: string | undefined;
}

/**
 * What is said of each update.
 *
 * @see Skyline, "Slack thread updates".
 */
export function updateWords({ type, json, metric }: ParsedAnomalyUpdate): UpdateWords {
  const profile = profileName(jsonText(json['profileId']));
  switch (type) {
    case 'training-data.viewed':
      return { reply: `The training data page has been reviewed by ${jsonText(json['viewer'])}` };
    case 'features-profile.created':
      return { reply: `${capital(profile)} was created${learning(jsonText(json['learnDays']))}` };
    case 'features-profile.layers-created':
      return { reply: `Layers were created for ${profile}` };
    case 'features-profile.learnt':
      return { reply: `${capital(profile)} was learnt`, post: `${capital(profile)} was learnt: please validate it` };
    case 'features-profile.disabled':
      return { reply: `${capital(profile)} was disabled`, post: `${capital(profile)} was disabled` };
    case 'features-profile.validated':
      return { post: validated(jsonText(json['count']), metric) };
    case 'anomaly.labelled':
      return { reply: `The anomaly was labelled ${jsonText(json['label'])}` };
    default:
      return type satisfies never;
  }
}

/** The message of an update's reply: short, since it stands under its alert. */
export function replyMessage(event: ParsedAnomalyUpdate, title: string, automationName: string): Message {
  const { atMs } = event;
  return { title, text: '', severity: 'INFO', fields: [], links: eventLinks(event), automationName, atMs };
}

/** The message of an update that stands in the channel, and says what it refers to. */
export function postMessage(
  event: ParsedAnomalyUpdate,
  title: string,
  reference: readonly MessageField[],
  automationName: string,
): Message {
  return { ...replyMessage(event, title, automationName), fields: [...reference] };
}

function profileName(id: string): string {
  return id === '' ? 'a features profile' : `features profile ${id}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function learning(days: string): string {
  if (days === '') return '';
  return `; it learns for ${days} ${days === '1' ? 'day' : 'days'}`;
}

function validated(count: string, metric: string | undefined): string {
  const profiles = count === '1' ? '1 features profile was' : `${count} features profiles were`;
  return `${profiles} validated${metric === undefined ? '' : ` for ${metric}`}`;
}
