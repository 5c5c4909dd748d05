import { isJsonObject, type JsonObject } from '../json.js';
import { textObjectToText } from './mrkdwn-to-text.js';

/** A left field no wider than this leaves room for a second column. */
const maximumColumnWidth = 38;
/** Slack's columns are equally wide in every section; so are short ones here. */
const leastColumnWidth = 24;
const columnGap = '   ';

const asList = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

/** `*Metric*\nval_loss` and `*Metric:* val_loss` both become `Metric: val_loss`. */
const renderField = (text: string): string => {
  const match = /^\*([^*\n]+?):?\*:?\s*(.*)$/s.exec(text);
  const [name, value] = match === null ? [undefined, text] : [match[1], match[2] ?? ''];
  const line = value.trim().replaceAll(/\s*\n\s*/g, ' ');
  return name === undefined ? line : `${name}: ${line}`;
};

/** Fields in two columns as Slack sets them, or one under the other where the left ones are too wide. */
export const renderFields = (fields: readonly string[]): string[] => {
  const cells = fields.map(renderField);
  const width = Math.max(leastColumnWidth, ...cells.filter((_, index) => index % 2 === 0).map(({ length }) => length));
  if (width > maximumColumnWidth) return cells;
  return cells.flatMap((left, index) => {
    if (index % 2 === 1) return [];
    const right = cells[index + 1];
    return [right === undefined ? left : `${left.padEnd(width)}${columnGap}${right}`];
  });
};

const renderImage = (image: JsonObject): string => {
  const url = typeof image['image_url'] === 'string' ? ` (${image['image_url']})` : '';
  return `[image: ${textObjectToText(image['title']) || textObjectToText(image['alt_text'])}]${url}`;
};

const renderElement = (element: JsonObject): string => {
  if (element['type'] === 'image') return renderImage(element);
  if (element['type'] !== 'button') return textObjectToText(element);
  const url = typeof element['url'] === 'string' ? ` (${element['url']})` : '';
  return `[${textObjectToText(element['text'])}]${url}`;
};

/** The text runs anywhere inside a rich_text block. */
const richText = (value: unknown): string => {
  if (!isJsonObject(value)) return '';
  if (typeof value['text'] === 'string') return value['text'];
  return asList(value['elements']).map(richText).join('');
};

const renderBlock = (block: JsonObject): string[] => {
  const { type, text, fields, accessory, elements } = block;
  switch (type) {
    case 'header':
      return textObjectToText(text).split('\n');
    case 'section':
      return [
        ...(text === undefined ? [] : textObjectToText(text).split('\n')),
        ...renderFields(asList(fields).map(textObjectToText)),
        ...(isJsonObject(accessory) ? [renderElement(accessory)] : []),
      ];
    case 'context':
      return [asList(elements).map(renderElement).join(' · ')];
    case 'divider':
      return ['────────'];
    case 'image':
      return [renderImage(block)];
    case 'actions':
      return [asList(elements).map(renderElement).join(' ')];
    case 'markdown':
      return String(text).split('\n');
    case 'rich_text':
      return asList(elements).flatMap((element) => richText(element).split('\n'));
    default:
      return [`[${String(type)}]`];
  }
};

/** Blocks as lines. */
export const renderBlocks = (blocks: unknown): string[] => asList(blocks).flatMap(renderBlock);
