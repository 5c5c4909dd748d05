import { isJsonObject, type JsonObject } from '../json.js';
import { failure, type SlackFailure } from '../methods/method.js';
import type { MessageContent } from '../state/messages.js';
import { checkBlocks } from './block-checks.js';
import { formatProblem } from './problem.js';

/** What `text` is cut to. */
const maximumTextLength = 40_000;
const maximumAttachments = 100;
const maximumFooterLength = 300;

/**
 * Where msg_blocks_too_long begins, in characters of the blocks' JSON.
 *
 * Not published; about 13,200 characters is what users measured (slackapi/bolt-js issues 2509 and 2867).
 */
const maximumBlocksLength = 13_200;

/** The names under which a method reports what the others call something else. */
export interface ContentErrorNames {
  readonly attachments: string;
  readonly blocksTooLong: string;
}

const asObjects = (value: unknown): readonly JsonObject[] | undefined =>
  Array.isArray(value) && value.every(isJsonObject) ? value : undefined;

const saysSomething = ({ blocks, ...attachment }: JsonObject): boolean =>
  (Array.isArray(blocks) && blocks.length > 0) ||
  ['text', 'fallback', 'pretext', 'title', 'image_url', 'fields'].some((name) => Boolean(attachment[name]));

const cutFooter = (attachment: JsonObject): JsonObject =>
  typeof attachment['footer'] === 'string' && attachment['footer'].length > maximumFooterLength
    ? { ...attachment, footer: attachment['footer'].slice(0, maximumFooterLength) }
    : attachment;

const findMetadataFailure = (metadata: unknown): SlackFailure | undefined => {
  if (metadata === undefined) return undefined;
  if (!isJsonObject(metadata)) return failure('invalid_metadata_format');
  const isValid = typeof metadata['event_type'] === 'string' && isJsonObject(metadata['event_payload']);
  return isValid ? undefined : failure('invalid_metadata_schema');
};

const findBlocksFailure = (
  blocks: readonly JsonObject[],
  attachments: readonly JsonObject[],
  names: ContentErrorNames,
): SlackFailure | undefined => {
  const groups = [
    { blocks: blocks as unknown, pointer: '/blocks' },
    ...attachments.map((attachment, index) => ({
      blocks: attachment['blocks'] ?? [],
      pointer: `/attachments/${index}/blocks`,
    })),
  ];
  const errors = groups.flatMap((group) => checkBlocks(group.blocks, group.pointer)).map(formatProblem);
  if (errors.length > 0) {
    const messages = errors.map((error) => `[ERROR] ${error}`);
    return failure('invalid_blocks', { errors, response_metadata: { messages } });
  }
  const length = groups.reduce((sum, group) => sum + JSON.stringify(group.blocks).length, 0);
  return length > maximumBlocksLength ? failure(names.blocksTooLong) : undefined;
};

/**
 * Reads a message's content out of a request and holds it to Slack's limits.
 *
 * @param message - the request's `text`, `blocks`, `attachments` and `metadata`, JSON decoded
 * @returns the content, text and footers cut as Slack cuts them, or why Slack refuses it
 */
export const readMessageContent = (message: JsonObject, names: ContentErrorNames): MessageContent | SlackFailure => {
  const text = typeof message['text'] === 'string' ? message['text'] : '';
  const blocks = asObjects(message['blocks'] ?? []);
  if (blocks === undefined) return failure('invalid_blocks_format');
  const attachments = asObjects(message['attachments'] ?? []);
  if (attachments === undefined) return failure(names.attachments);
  if (attachments.length > maximumAttachments) return failure('too_many_attachments');
  const { metadata } = message;
  if (text.trim() === '' && blocks.length === 0 && !attachments.some(saysSomething)) return failure('no_text');
  return (
    findMetadataFailure(metadata) ??
    findBlocksFailure(blocks, attachments, names) ?? {
      text: text.slice(0, maximumTextLength),
      blocks,
      attachments: attachments.map(cutFooter),
      metadata: metadata as JsonObject | undefined,
    }
  );
};
