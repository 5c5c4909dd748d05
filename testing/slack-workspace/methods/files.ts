import { createFile, uploadUrlOf } from '../state/files.js';
import { lookedFor } from '../state/late-shares.js';
import type { FileState } from '../state/workspace-state.js';
import { isVisible } from './channel-access.js';
import { fileJson } from './file-json.js';
import { filesCompleteUpload } from './files-complete-upload.js';
import { failure, type SlackCall, type SlackMethod, textArgument } from './method.js';

/** One gibibyte: the largest file that Slack takes. */
const maximumFileSize = 1_073_741_824;

const getUploadUrl: SlackMethod = {
  scopes: ['files:write'],
  requiredArguments: ['filename', 'length'],
  optionalArguments: ['alt_txt', 'snippet_type'],
  // @slack/web-api sends the text for screen readers under a name that is not in Slack's reference, where it has no effect.
  ignoredArguments: ['alt_text'],
  errors: ['file_upload_size_restricted', 'missing_argument'],
  handle: (call) => {
    const name = textArgument(call, 'filename') ?? '';
    if (name === '') return failure('missing_argument');
    const size = Number(textArgument(call, 'length'));
    if (!Number.isInteger(size) || size < 1) return failure('invalid_arguments');
    if (size > maximumFileSize) return failure('file_upload_size_restricted');
    const file = createFile(call.state, { name, size, bot: call.caller.bot });
    return { ok: true, upload_url: uploadUrlOf(call.state, file), file_id: file.id };
  },
};

const mayRead = (call: SlackCall, file: FileState): boolean =>
  file.bot.userId === call.caller.bot.userId ||
  file.shares.some(({ channelId }) => {
    const channel = call.state.channels.get(channelId);
    return channel !== undefined && isVisible(call, channel);
  });

const info: SlackMethod = {
  scopes: ['files:read'],
  requiredArguments: ['file'],
  optionalArguments: ['count', 'cursor', 'limit', 'page'],
  errors: ['file_not_found'],
  handle: (call) => {
    const file = call.state.files.get(textArgument(call, 'file') ?? '');
    if (file === undefined || !file.isComplete || !mayRead(call, file)) return failure('file_not_found');
    file.infoCalls += 1;
    lookedFor(call.state, file.id);
    const isShared = file.infoCalls > call.state.shareAfterCalls;
    return { ok: true, file: fileJson(call, file, isShared), comments: [], response_metadata: { next_cursor: '' } };
  },
};

/** The files.* methods. */
export const filesMethods = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': filesCompleteUpload,
  'files.info': info,
};
