import type { MessageLinkTemplate } from '../definition/action.js';
import type { Renderer } from '../definition/template.js';
import { isObject } from '../event/own-path.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { JsonValue } from '../json.js';
import type { MessageLink } from '../ports/message.js';
import { jsonText } from './json-text.js';

/** An absolute http or https URL with a host, and nothing in it that would end it or hide a part of it. */
export const webAddress = /^https?:\/\/[^\s\p{Cc}\p{Cf}/?#\\"<>][^\s\p{Cc}\p{Cf}"<>]*$/iu;

/**
 * Writes the links of an action. One that comes out as no http or https URL is left out, and one without a text says its
 * URL.
 *
 * @param links - The templates.
 * @param render - Fills in their variables.
 */
export function actionLinks(links: readonly MessageLinkTemplate[], render: Renderer): MessageLink[] {
  return links.flatMap(({ text, url }) => linkOf(render(text), render(url, urlPart)));
}

/**
 * A value as a part of a URL: nothing in it can end the part that it stands in. What a URL begins with is a URL itself, and
 * stays as it is.
 */
function urlPart(value: string, isFirst: boolean): string {
  return isFirst ? value : encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

/** The links that an event of an anomaly carries itself. */
export function eventLinks({ type, json }: ParsedEvent): MessageLink[] {
  if (type === 'anomaly.detected') {
    const links = json['links'];
    return Array.isArray(links) ? links.flatMap(givenLink) : [];
  }
  const text = type === 'training-data.viewed' ? 'Training data' : 'Features profile';
  return type === 'training-data.viewed' || type.startsWith('features-profile.')
    ? linkOf(text, jsonText(json['link']))
    : [];
}

function givenLink(link: JsonValue): MessageLink[] {
  return isObject(link) ? linkOf(jsonText(link['text']), jsonText(link['url'])) : [];
}

function linkOf(text: string, address: string): MessageLink[] {
  // What would end a link in some format is no reason to lose it.
  const url = address.trim().replace(/[<>"]/g, encodeURIComponent);
  if (!webAddress.test(url)) return [];
  return [{ text: text.trim() === '' ? url : text, url }];
}
