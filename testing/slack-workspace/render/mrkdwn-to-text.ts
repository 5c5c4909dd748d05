/** What Slack decodes, `&amp;` last so that `&amp;lt;` stays `&lt;`. */
const decodeEntities = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const renderDate = (token: string): string => {
  const bar = token.indexOf('|');
  return bar === -1 ? (token.split('^')[2] ?? token) : token.slice(bar + 1);
};

/** One `<…>` token: a date shows its fallback, a link `label (url)`, a mention its name. */
const renderToken = (token: string): string => {
  if (token.startsWith('!date^')) return renderDate(token);
  const bar = token.indexOf('|');
  const target = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? undefined : token.slice(bar + 1);
  if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`;
  if (target.startsWith('@')) return `@${label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
  return label === undefined || label === target ? target : `${label} (${target})`;
};

/** Slack's mrkdwn as plain text; `*bold*`, emoji names and line breaks stay as they are. */
export const mrkdwnToText = (mrkdwn: string): string =>
  decodeEntities(mrkdwn.replaceAll(/<([^<>\n]+)>/g, (_, token: string) => renderToken(token)));

/** A text object, or a string of mrkdwn, as plain text; tokens are not special in plain_text. */
export const textObjectToText = (value: unknown): string => {
  if (typeof value === 'string') return mrkdwnToText(value);
  if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string') return '';
  return 'type' in value && value.type === 'plain_text' ? decodeEntities(value.text) : mrkdwnToText(value.text);
};
