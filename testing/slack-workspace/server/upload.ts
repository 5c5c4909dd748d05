import { fileOfUpload } from '../state/files.js';
import type { WorkspaceState } from '../state/workspace-state.js';
import { type HttpReply, type Operation, rateLimitedReply } from './operation.js';

const textReply = (body: string, statusCode: number, outcome: HttpReply['outcome']): HttpReply => ({
  statusCode,
  headers: { 'content-type': 'text/plain' },
  body,
  outcome,
});

const refuse = (error: string, statusCode = 400): HttpReply =>
  textReply(error, statusCode, { type: 'error', error, statusCode });

/**
 * The bytes of an upload's body: those of the form's only file, or the body itself.
 *
 * @returns undefined where a form can't be read or has no file
 */
export const readUpload = async (contentType: string, body: Uint8Array): Promise<Uint8Array | undefined> => {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const response = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
  const form = await response.formData().catch(() => undefined);
  for (const part of form?.values() ?? []) {
    if (typeof part !== 'string') return new Uint8Array(await part.arrayBuffer());
  }
  return undefined;
};

/**
 * A post of a file's bytes as an operation; it names no channel.
 *
 * @param path - the URL's path, as files.getUploadURLExternal answered it
 */
export const uploadOperation = (state: WorkspaceState, path: string, bytes: Uint8Array | undefined): Operation => {
  const file = fileOfUpload(state, path);
  const perform = (): HttpReply => {
    if (file === undefined || file.isComplete) return refuse('not found', 404);
    if (bytes?.length !== file.size) return refuse(`expected ${file.size} bytes, got ${bytes?.length ?? 0}`);
    file.bytes = bytes;
    return textReply(`OK - ${bytes.length}`, 200, { type: 'ok' });
  };
  return {
    method: 'upload',
    channelId: undefined,
    arguments: { file: file?.id, filename: file?.name, length: bytes?.length },
    perform,
    refuse,
    refuseForRate: rateLimitedReply,
  };
};
