import { describe, expect, it } from 'vitest';
import { refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);

const chart = { file: png, filename: 'chart.png', title: 'Loss of r1' };

const idOf = (upload: { files: { files?: { id?: string }[] }[] }) => String(upload.files[0]?.files?.[0]?.id);

const channels = [{ name: 'general' }, { name: 'alerts' }, { name: 'secret', id: 'C0SECRET', isPrivate: true }];
const alerts = 'C0000000002';

describe('a shared file of the fake Slack workspace', () => {
  it('is a message: found by its file name in history and thread, with reactions and replies', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    await client.filesUploadV2({ ...chart, channel_id: alerts, initial_comment: 'Look' });
    const { messages } = await client.conversations.history({ channel: alerts, include_all_metadata: true });
    const ts = String(messages?.[0]?.ts);
    expect(messages?.[0]).toMatchObject({
      text: 'Look',
      user: 'U0000000001',
      files: [{ name: 'chart.png', size: 10 }],
    });
    // What history does not say of a file's message, a client must not look for.
    for (const name of ['subtype', 'bot_id', 'metadata']) expect(messages?.[0]).not.toHaveProperty(name);
    await client.reactions.add({ channel: alerts, timestamp: ts, name: 'eyes' });
    await client.filesUploadV2({ ...chart, filename: 'later.png', channel_id: alerts, thread_ts: ts });
    await client.chat.postMessage({ channel: alerts, thread_ts: ts, text: 'seen' });
    const replies = await client.conversations.replies({ channel: alerts, ts });
    expect(replies.messages?.map(({ files }) => files?.[0]?.name)).toEqual(['chart.png', 'later.png', undefined]);
    const { permalink } = await client.chat.getPermalink({ channel: alerts, message_ts: ts });
    expect(workspace.messageAt(String(permalink))).toMatchObject({
      reactions: [{ name: 'eyes' }],
      files: [{ size: 10 }],
    });
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it('tells its place by files.info, after as many calls as Slack needs, and never in the answer to the upload', async () => {
    const workspace = await startWorkspace({ channels, shareAfterCalls: 2 });
    const client = webClient(workspace);
    const parent = await client.chat.postMessage({ channel: alerts, text: 'alert' });
    const where = { channel_id: alerts, thread_ts: String(parent.ts) };
    const upload = await client.filesUploadV2({ ...chart, ...where });
    expect(upload.files[0]?.files?.[0]).toMatchObject({ name: 'chart.png', shares: {}, channels: [] });
    const shares = async () => (await client.files.info({ file: idOf(upload) })).file?.shares;
    expect([await shares(), await shares()]).toEqual([{}, {}]);
    const [reply] = workspace.channel('#alerts').replies(String(parent.ts));
    expect(await shares()).toMatchObject({
      public: { [alerts]: [{ ts: reply?.ts, thread_ts: parent.ts, channel_name: 'alerts' }] },
    });
  });

  it('can stand in its channel only after some looks, by file, channel or thread, or never', async () => {
    const workspace = await startWorkspace({ channels, shareAfterLooks: 2 });
    const client = webClient(workspace);
    const upload = await client.filesUploadV2({ ...chart, channel_id: alerts });
    const looks = [
      async () => (await client.files.info({ file: idOf(upload) })).file?.shares?.public,
      async () => (await client.conversations.history({ channel: alerts })).messages?.[0],
      async () => (await client.conversations.history({ channel: alerts })).messages?.[0]?.files?.[0]?.name,
    ];
    expect([await looks[0]?.(), await looks[1]?.()]).toEqual([undefined, undefined]);
    expect([workspace.channel('#alerts').messages, workspace.ledger.count()]).toEqual([[], 0]);
    expect(await looks[2]?.()).toBe('chart.png');
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
    expect(await looks[0]?.()).toMatchObject({ [alerts]: [{ channel_name: 'alerts' }] });

    const never = await startWorkspace({ channels, shareAfterLooks: Number.POSITIVE_INFINITY });
    await webClient(never).filesUploadV2({ ...chart, channel_id: alerts });
    for (let look = 0; look < 20; look += 1) await webClient(never).conversations.history({ channel: alerts });
    expect(never.channel('#alerts').messages).toEqual([]);
  });

  it('tells of a private channel apart, and of none to a bot that may not see it', async () => {
    const tokens = [{ token: 'xoxb-1' }, { token: 'xoxb-2', botName: 'other' }];
    const workspace = await startWorkspace({ channels, tokens });
    const upload = await webClient(workspace).filesUploadV2({ ...chart, channel_id: 'C0SECRET' });
    const { file } = await webClient(workspace).files.info({ file: idOf(upload) });
    expect(file?.shares).toMatchObject({ private: { C0SECRET: [{ channel_name: 'secret' }] } });
    expect(file?.groups).toEqual(['C0SECRET']);
    workspace.removeBot('C0SECRET');
    const other = webClient(workspace, 'xoxb-2').files.info({ file: idOf(upload) });
    expect(await refusal(other)).toBe('file_not_found');
  });

  it('can stand in several channels at once, of which each bot is told those that it may see', async () => {
    const workspace = await startWorkspace({ channels });
    workspace.grantToken({ token: 'xoxb-2', botName: 'other' });
    const client = webClient(workspace);
    const place = await client.files.getUploadURLExternal({ filename: 'chart.png', length: 10 });
    await fetch(String(place.upload_url), { method: 'POST', body: png });
    const complete = (more: object) =>
      client.apiCall('files.completeUploadExternal', { files: [{ id: place.file_id }], ...more });
    expect(await refusal(complete({ channels: `${alerts},C0SECRET`, thread_ts: '1.000001' }))).toBe(
      'invalid_arguments',
    );
    const many = Array.from({ length: 101 }, (_, index) => `C${index}`).join(',');
    expect(await refusal(complete({ channels: many }))).toBe('channels_limit_exceeded');
    await complete({ channels: `${alerts}, C0SECRET,${alerts}`, username: 'skyline' });
    // The name needs a scope that this token has not.
    expect(workspace.channel('#alerts').messages).toMatchObject([{ username: 'tocsin' }]);
    expect(workspace.channel('C0SECRET').messages).toHaveLength(1);
    const sharesFor = async (token: string) =>
      (await webClient(workspace, token).files.info({ file: String(place.file_id) })).file?.shares;
    expect(Object.keys((await sharesFor(workspace.token)) ?? {})).toEqual(['public', 'private']);
    expect(Object.keys((await sharesFor('xoxb-2')) ?? {})).toEqual(['public']);
  });

  it('is rendered with what people see of it', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    const file = Buffer.alloc(1_234);
    const untitled = { file, filename: 'chart.png', channel_id: alerts, initial_comment: 'Loss <https://w.ai|r1>' };
    await client.filesUploadV2(untitled);
    const ts = String(workspace.channel('#alerts').messages[0]?.ts);
    await client.filesUploadV2({ ...chart, filename: 'data.csv', channel_id: alerts, thread_ts: ts });
    await client.reactions.add({ channel: alerts, timestamp: ts, name: 'eyes' });
    expect(workspace.render('#alerts')).toContain(`22:13:20  tocsin
          Loss r1 (https://w.ai)
          [image chart.png, 1,234 bytes]
          :eyes: 1
          ↳ 22:13:20  tocsin
            [file Loss of r1, 10 bytes]
`);
  });
});

describe('files in the ledger of the fake Slack workspace', () => {
  const id = '01JD3V5Z8QK7W2M4N6P8R0S1T2';
  const delivery = { channel: alerts, text: 'a', metadata: { event_type: 'd', event_payload: { delivery_id: id } } };
  const picture = { file: png, filename: `${id}.png`, channel_id: alerts };

  it('counts a file as the delivery that its name says', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    await client.filesUploadV2(picture);
    expect(workspace.ledger.arrivals(id)).toMatchObject([
      { via: 'files.completeUploadExternal', channelName: 'alerts', deliveryId: id },
    ]);
    await client.chat.postMessage(delivery);
    expect(workspace.ledger.duplicates()).toMatchObject([{ deliveryId: id, arrivals: [{}, {}] }]);
  });

  it('takes a picture in the thread of its own alert for a part of it', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    const { ts } = await client.chat.postMessage(delivery);
    await client.filesUploadV2({ ...picture, thread_ts: String(ts) });
    expect([workspace.ledger.count(id), workspace.ledger.count()]).toEqual([1, 2]);
    await client.filesUploadV2(picture);
    expect(workspace.ledger.count(id)).toBe(2);
  });

  it('makes no delivery of other names, unless it has met them', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    await client.filesUploadV2({ ...picture, filename: 'chart.png' });
    expect(workspace.ledger.arrivals()).toMatchObject([{ deliveryId: undefined }]);
    const metadata = { event_type: 'd', event_payload: { delivery_id: 'chart' } };
    await client.chat.postMessage({ ...delivery, metadata });
    await client.filesUploadV2({ ...picture, filename: 'chart.png' });
    await client.filesUploadV2({ ...picture, filename: 'delivery-1.png' });
    expect([workspace.ledger.count('chart'), workspace.ledger.count('delivery-1')]).toEqual([2, 1]);
  });
});
