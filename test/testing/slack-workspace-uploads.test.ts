import { WebAPIHTTPError } from '@slack/web-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultBotScopes } from '../../testing/slack-workspace/index.js';
import { platformError, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);

const chart = { file: png, filename: 'chart.png', title: 'Loss of r1' };

const idOf = (upload: { files: { files?: { id?: string }[] }[] }) => String(upload.files[0]?.files?.[0]?.id);

const channels = [
  { name: 'general' },
  { name: 'alerts' },
  { name: 'elsewhere', id: 'C0ELSEWHERE', isMember: false },
  { name: 'secret', id: 'C0SECRET', isPrivate: true },
  { name: 'hidden', id: 'C0HIDDEN', isPrivate: true, isMember: false },
  { name: 'old', id: 'C0OLD', isArchived: true },
];
const alerts = 'C0000000002';

describe('uploads to the fake Slack workspace', () => {
  it('takes the three calls of filesUploadV2 and shows the file in the channel, byte for byte', async () => {
    const workspace = await startWorkspace({ channels });
    const upload = await webClient(workspace).filesUploadV2({
      ...chart,
      channel_id: alerts,
      initial_comment: '*Loss* diverged',
    });
    expect(workspace.requests.map(({ method, outcome }) => [method, outcome.type])).toEqual([
      ['files.getUploadURLExternal', 'ok'],
      ['upload', 'ok'],
      ['files.completeUploadExternal', 'ok'],
    ]);
    expect(workspace.channel('#alerts').messages).toMatchObject([
      {
        text: '*Loss* diverged',
        username: 'tocsin',
        files: [{ id: idOf(upload), name: 'chart.png', title: 'Loss of r1', mimetype: 'image/png', size: 10 }],
      },
    ]);
    expect(Buffer.from(workspace.file(idOf(upload)) ?? []).equals(png)).toBe(true);
    expect(workspace.file('F404')).toBeUndefined();
  });

  it('keeps any bytes as they were, as a form and as a bare body', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 2_000 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (content, isForm) => {
        const place = await client.files.getUploadURLExternal({ filename: 'a.bin', length: content.length });
        const form = new FormData();
        form.append('filename', new Blob([new Uint8Array(content)]), 'a.bin');
        const body = isForm ? form : new Uint8Array(content);
        expect((await fetch(String(place.upload_url), { method: 'POST', body })).status).toBe(200);
        await client.files.completeUploadExternal({ files: [{ id: String(place.file_id) }] });
        expect(workspace.file(String(place.file_id))).toEqual(new Uint8Array(content));
      }),
      { numRuns: 25 },
    );
  });

  it('takes a large file whole', async () => {
    const workspace = await startWorkspace({ channels });
    const file = Buffer.alloc(20_000_000, 7);
    const upload = await webClient(workspace).filesUploadV2({ ...chart, file, channel_id: alerts });
    expect(workspace.file(idOf(upload))?.length).toBe(20_000_000);
    expect(workspace.render('#alerts')).toContain('[image Loss of r1, 20,000,000 bytes]');
  });

  it('refuses another number of bytes than was announced, and then has no file to complete', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    const place = await client.files.getUploadURLExternal({ filename: 'chart.png', length: 11 });
    const url = String(place.upload_url);
    expect((await fetch(url, { method: 'POST', body: png })).status).toBe(400);
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await fetch(url, { method: 'POST', body: 'no form', headers: broken })).status).toBe(400);
    expect((await fetch(`${url}0`, { method: 'POST', body: png })).status).toBe(404);
    const files: [{ id: string }] = [{ id: String(place.file_id) }];
    expect(await refusal(client.files.completeUploadExternal({ files, channel_id: alerts }))).toBe('file_not_found');
    expect(workspace.channel('#alerts').messages).toEqual([]);
  });

  it('completes a file once, and closes its address then', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    const place = await client.files.getUploadURLExternal({ filename: 'chart.png', length: 10 });
    const files: [{ id: string }] = [{ id: String(place.file_id) }];
    await fetch(String(place.upload_url), { method: 'POST', body: png });
    expect(await refusal(client.files.info({ file: String(place.file_id) }))).toBe('file_not_found');
    expect(workspace.file(String(place.file_id))).toBeUndefined();
    await client.files.completeUploadExternal({ files, channel_id: alerts });
    expect(await refusal(client.files.completeUploadExternal({ files, channel_id: alerts }))).toBe('file_not_found');
    expect((await fetch(String(place.upload_url), { method: 'POST', body: png })).status).toBe(404);
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it.each([
    ['#alerts', 'channel_not_found'],
    ['alerts', 'channel_not_found'],
    ['C0HIDDEN', 'channel_not_found'],
    ['C0ELSEWHERE', 'not_in_channel'],
    ['C0OLD', 'posting_to_channel_denied'],
  ])('does not share in %s: %s, also with chat:write.public', async (channel_id, error) => {
    const tokens = [{ token: 'xoxb-1', scopes: [...defaultBotScopes, 'chat:write.public'] }];
    const workspace = await startWorkspace({ channels, tokens });
    expect(await refusal(webClient(workspace).filesUploadV2({ ...chart, channel_id }))).toBe(error);
    expect(channels.flatMap(({ name }) => workspace.channel(name).messages)).toEqual([]);
  });

  it('lets only the app that uploaded a file share it', async () => {
    const tokens = [{ token: 'xoxb-1' }, { token: 'xoxb-2', botName: 'other' }];
    const workspace = await startWorkspace({ channels, tokens });
    const place = await webClient(workspace).files.getUploadURLExternal({ filename: 'chart.png', length: 10 });
    await fetch(String(place.upload_url), { method: 'POST', body: png });
    const files: [{ id: string }] = [{ id: String(place.file_id) }];
    const theft = webClient(workspace, 'xoxb-2').files.completeUploadExternal({ files, channel_id: alerts });
    expect(await refusal(theft)).toBe('file_not_found');
  });

  it('refuses sizes that are none, and a file without a name', async () => {
    const client = webClient(await startWorkspace({ channels }));
    const announce = (filename: string, length: number) => client.files.getUploadURLExternal({ filename, length });
    expect(await refusal(announce('a.png', 0))).toBe('invalid_arguments');
    expect(await refusal(announce('a.png', -1))).toBe('invalid_arguments');
    expect(await refusal(announce('a.png', 1.5))).toBe('invalid_arguments');
    expect(await refusal(announce('a.png', 2_000_000_000))).toBe('file_upload_size_restricted');
    expect(await refusal(announce('', 1))).toBe('missing_argument');
  });

  it('says which scope is missing for uploading and for reading', async () => {
    const tokens = [
      { token: 'xoxb-1', scopes: ['chat:write', 'files:write'] },
      { token: 'xoxb-2', scopes: ['chat:write'] },
    ];
    const workspace = await startWorkspace({ channels, tokens });
    const upload = webClient(workspace, 'xoxb-2').filesUploadV2({ ...chart, channel_id: alerts });
    const missing = { error: 'missing_scope', needed: 'files:write', provided: 'chat:write' };
    expect(await platformError(upload)).toMatchObject(missing);
    const info = webClient(workspace).files.info({ file: 'F0000000001' });
    expect(await platformError(info)).toMatchObject({ error: 'missing_scope', needed: 'files:read' });
  });

  it('shows blocks with the file, but not beside a comment, and refuses broken ones', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'Loss diverged' } }];
    const where = { ...chart, channel_id: alerts };
    await client.filesUploadV2({ ...where, blocks });
    await client.filesUploadV2({ ...where, blocks, initial_comment: 'Look' });
    expect(workspace.channel('#alerts').messages).toMatchObject([
      { blocks, text: '' },
      { blocks: [], text: 'Look' },
    ]);
    const broken = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }];
    expect(await refusal(client.filesUploadV2({ ...where, blocks: broken }))).toBe('invalid_blocks');
    expect(await refusal(client.filesUploadV2({ ...where, blocks: Array(51).fill(blocks[0]) }))).toBe('invalid_blocks');
    expect(workspace.channel('#alerts').messages).toHaveLength(2);
  });
});

describe('faults of uploads to the fake Slack workspace', () => {
  it('hits the post of the bytes under the name upload', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    workspace.fault({ type: 'http-503', method: 'upload' });
    workspace.fault({ type: 'platform-error', method: 'upload', error: 'too bad' });
    const upload = () => client.filesUploadV2({ ...chart, channel_id: alerts });
    await expect(upload()).rejects.toBeInstanceOf(WebAPIHTTPError);
    await expect(upload()).rejects.toMatchObject({ statusCode: 400, body: 'too bad' });
    expect(workspace.channel('#alerts').messages).toEqual([]);
    await upload();
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it('can share a file although its client saw the connection reset, of the channel that was named only', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    workspace.fault({ type: 'commit-then-reset', method: 'files.completeUploadExternal', channel: '#alerts' });
    await client.filesUploadV2({ ...chart, channel_id: 'C0000000001' });
    await expect(client.filesUploadV2({ ...chart, channel_id: alerts })).rejects.toThrow();
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
    expect(workspace.requests.at(-1)).toMatchObject({ channelId: alerts, outcome: { type: 'fault', committed: true } });
  });
});
