import { isJsonObject, type JsonObject } from '../json.js';
import { textObjectToText } from './mrkdwn-to-text.js';
import { renderBlocks, renderFields } from './render-blocks.js';

const namedColors: Readonly<Record<string, string>> = { good: '2eb67d', warning: 'ecb22e', danger: 'e01e5a' };

/** Slack's grey for attachments without a colour. */
const defaultColor = 'dddddd';

const bar = '┃';

const paintedBar = (color: unknown): string => {
  const name = typeof color === 'string' ? color.replace('#', '') : defaultColor;
  const hex = namedColors[name] ?? (/^[0-9a-f]{6}$/i.test(name) ? name : defaultColor);
  const [red, green, blue] = [0, 2, 4].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
  return `\u001B[38;2;${red};${green};${blue}m${bar}\u001B[39m`;
};

const linesOf = (value: unknown): string[] => (typeof value === 'string' ? textObjectToText(value).split('\n') : []);

/** The fields of attachments from before there were blocks. */
const legacyLines = (attachment: JsonObject): string[] => {
  const fields = Array.isArray(attachment['fields']) ? attachment['fields'].filter(isJsonObject) : [];
  const { title, title_link: link } = attachment;
  return [
    ...linesOf(typeof link === 'string' && typeof title === 'string' ? `<${link}|${title}>` : title),
    ...linesOf(attachment['text']),
    ...renderFields(fields.map((field) => textObjectToText(`*${String(field['title'])}*\n${String(field['value'])}`))),
    ...linesOf(attachment['image_url']).map((url) => `[image] (${url})`),
    ...linesOf(attachment['footer']),
  ];
};

/**
 * An attachment as lines behind its colour bar.
 *
 * @param isColored - whether the bar is painted by ANSI escapes
 */
export const renderAttachment = (attachment: JsonObject, isColored: boolean): string[] => {
  const blocks = renderBlocks(attachment['blocks']);
  const body = blocks.length > 0 ? blocks : legacyLines(attachment);
  const lines = body.length > 0 ? body : linesOf(attachment['fallback']);
  const prefix = isColored ? paintedBar(attachment['color']) : bar;
  return [...linesOf(attachment['pretext']), ...lines.map((line) => `${prefix} ${line}`.trimEnd())];
};
