import type { JsonValue, PreviewRequest } from '../../../src/index.js';
import { headline } from '../slack-message/headline.js';
import { limits } from '../slack-message/limits.js';
import { messageText } from '../slack-message/message-text.js';
import { previewPayload } from '../slack-message/preview-payload.js';
import { shortenPlain } from '../slack-message/shorten-text.js';
import { findReference } from './channel.js';
import { fileNameOf } from './file-name.js';
import { personaOf } from './persona.js';

/**
 * Shows what would be sent to Slack for a message.
 *
 * @param request - The message, and where it goes.
 * @returns What `chat.postMessage` would take, or `filesUploadV2` for a picture from memory.
 */
export function previewMessage({ integration, destination, message }: PreviewRequest): JsonValue {
  const channel = findReference({ integration, destination })?.posted ?? '';
  if (message?.image?.type !== 'stored') return previewPayload(message, { channel, ...personaOf(destination) });
  return {
    channel,
    filename: fileNameOf('[the id of the delivery]'),
    title: shortenPlain(headline(message), limits.fileTitle),
    initial_comment: messageText(message),
  };
}
