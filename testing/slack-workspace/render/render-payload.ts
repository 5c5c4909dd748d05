import { isJsonObject, type JsonObject } from '../json.js';
import { mimetypeOf } from '../state/files.js';
import {
  indent,
  type RenderedMessage,
  type RenderOptions,
  renderAuthor,
  renderMessageBody,
  timeIndent,
} from './render-message.js';
import { withoutControls } from './without-controls.js';

/** How a payload is rendered. */
export interface PayloadRenderOptions extends RenderOptions {
  /** Who posts it, where it names nobody. @default 'tocsin' */
  readonly botName?: string;
}

const objectsIn = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const placeOf = (payload: JsonObject): string | undefined => {
  const channel = withoutControls(textIn(payload['channel']));
  const thread = textIn(payload['thread_ts']) === undefined ? undefined : 'in a thread';
  const broadcast = payload['reply_broadcast'] === true ? 'also sent to the channel' : undefined;
  return [channel, thread, thread && broadcast].filter((part) => part !== undefined).join(' · ') || undefined;
};

/** The file of an upload. */
const filesIn = (payload: JsonObject): RenderedMessage['files'] => {
  const name = textIn(payload['filename']);
  if (name === undefined) return [];
  return [{ title: textIn(payload['title']) ?? name, mimetype: mimetypeOf(name)[0] }];
};

/**
 * A message that was not posted, as `SlackWorkspace.render` would show it in its channel, without a time.
 *
 * @param payload - the arguments of chat.postMessage or filesUploadV2, or the body of a webhook, as `engine.preview` gives them
 * @returns the channel, if it is named, then author and content: text for a terminal that ends in a line break
 * @throws Error if the payload is not an object
 */
export const renderSlackPayload = (payload: unknown, options: PayloadRenderOptions = {}): string => {
  if (!isJsonObject(payload)) throw new Error('Expected a payload such as { text, blocks, attachments }.');
  const author = {
    username: textIn(payload['username']) ?? options.botName ?? 'tocsin',
    iconEmoji: textIn(payload['icon_emoji']),
  };
  const message = {
    text: textIn(payload['text']) ?? textIn(payload['initial_comment']) ?? '',
    blocks: objectsIn(payload['blocks']),
    attachments: objectsIn(payload['attachments']),
    files: filesIn(payload),
    reactions: [],
  };
  const place = placeOf(payload);
  const body = renderMessageBody(message, options.isColored ?? false);
  return `${[...(place === undefined ? [] : [place]), ...indent([renderAuthor(author), ...body], timeIndent)].join('\n')}\n`;
};
