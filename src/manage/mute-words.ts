import type { Mute, MuteMatcher } from '../definition/mute.js';
import type { NoticeContent } from './notices.js';

/** What a notice says of a mute that has been made, or has come to its end. */
export type MuteMoment = 'created' | 'expired';

/**
 * Writes the notice of a mute.
 *
 * @param automationName - Tells the name of an automation; `undefined` when there is none of this id.
 */
export function muteNotice(
  mute: Mute,
  moment: MuteMoment,
  automationName: (id: string) => string | undefined,
): NoticeContent {
  const { matcher, until, reason, createdAt } = mute;
  const what = matcherWords(matcher, automationName);
  const fields = [
    { name: 'Until', value: timeWords(until) },
    { name: 'Mute', value: mute.id },
  ];
  switch (moment) {
    case 'created':
      return { title: `Muted: ${what}`, text: reason, fields, atMs: createdAt };
    case 'expired':
      return { title: `No longer muted: ${what}`, text: `It was muted because: ${reason}`, fields, atMs: until };
    default:
      return moment satisfies never;
  }
}

/** What a mute silences, for a person: `metric payments.*, project demo`. */
function matcherWords(
  { metric, automationId, run, entity, project, registry, eventType }: MuteMatcher,
  automationName: (id: string) => string | undefined,
): string {
  const parts: readonly (readonly [word: string, value: string | undefined])[] = [
    ['metric', metric],
    ['automation', automationId === undefined ? undefined : (automationName(automationId) ?? automationId)],
    ['run', run],
    ['event', eventType],
    ['project', project],
    ['registry', registry],
    ['team', entity],
  ];
  return parts.flatMap(([word, value]) => (value === undefined ? [] : `${word} ${value}`)).join(', ');
}

/** `2026-03-01 09:30:00 UTC`. */
function timeWords(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, -'.000Z'.length).replace('T', ' ')} UTC`;
}
