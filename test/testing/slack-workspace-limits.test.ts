import type { ChatPostMessageArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { platformError, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (length: number) => ({ type: 'section', text: mrkdwn('x'.repeat(length)) });
const header = (length: number) => ({ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(length) } });
const fields = (count: number, length = 1) => Array.from({ length: count }, () => mrkdwn('x'.repeat(length)));

/** Blocks as a client that got them wrong would send them. */
const postBlocks = async (blocks: readonly unknown[], attachments?: readonly unknown[]) => {
  const workspace = await startWorkspace();
  const message = { channel: '#alerts', text: 'fallback', blocks, attachments } as unknown as ChatPostMessageArguments;
  return webClient(workspace).chat.postMessage(message);
};

describe('the limits of the fake Slack workspace', () => {
  it('accepts every block at its limit', async () => {
    const context = { type: 'context', elements: fields(10) };
    await expect(
      postBlocks([section(3_000), header(150), { type: 'section', fields: fields(10, 500) }]),
    ).resolves.toBeTruthy();
    await expect(postBlocks([{ type: 'section', fields: fields(1, 2_000) }, context])).resolves.toBeTruthy();
    await expect(postBlocks(Array.from({ length: 50 }, () => ({ type: 'divider' })))).resolves.toBeTruthy();
  });

  it.each([
    [[section(3_001)], 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    [[section(1), section(0)], 'must be more than 0 characters [json-pointer:/blocks/1/text/text]'],
    [[header(151)], 'must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
    [[{ type: 'header', text: mrkdwn('a') }], 'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]'],
    [[{ type: 'section', fields: fields(11) }], 'no more than 10 items allowed [json-pointer:/blocks/0/fields]'],
    [
      [{ type: 'section', fields: fields(1, 2_001) }],
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    [[{ type: 'context', elements: fields(11) }], 'no more than 10 items allowed [json-pointer:/blocks/0/elements]'],
    [[{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
    [[{ type: 'sektion' }], 'unsupported type: sektion [json-pointer:/blocks/0/type]'],
    [
      [{ type: 'section', text: { ...mrkdwn('a'), emoji: true } }],
      'invalid additional property: emoji [json-pointer:/blocks/0/text]',
    ],
    [
      [{ type: 'image', image_url: 'https://example.com/a.png' }],
      'missing required field: alt_text [json-pointer:/blocks/0]',
    ],
    [Array.from({ length: 51 }, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
  ])('refuses blocks with a JSON pointer to the fault (%#)', async (blocks, line) => {
    expect(await platformError(postBlocks(blocks))).toMatchObject({
      error: 'invalid_blocks',
      errors: [line],
      response_metadata: { messages: [`[ERROR] ${line}`] },
    });
  });

  it('looks into the blocks of attachments as well', async () => {
    const error = await platformError(postBlocks([], [{ color: 'good', blocks: [section(3_001)] }]));
    expect(error).toMatchObject({
      error: 'invalid_blocks',
      errors: ['must be less than 3001 characters [json-pointer:/attachments/0/blocks/0/text/text]'],
    });
  });

  it('refuses an attachment whose blocks are no list', async () => {
    expect(await platformError(postBlocks([], [{ color: 'good', blocks: {} }]))).toMatchObject({
      errors: ['must provide an array [json-pointer:/attachments/0/blocks]'],
    });
  });

  it('refuses more than 100 attachments, blocks of over 13,200 characters, and blocks that are no list', async () => {
    const attachments = Array.from({ length: 101 }, () => ({ text: 'a' }));
    expect(await refusal(postBlocks([], attachments))).toBe('too_many_attachments');
    expect(await refusal(postBlocks(Array.from({ length: 5 }, () => section(2_900))))).toBe('msg_blocks_too_long');
    expect(await refusal(postBlocks('{"type"' as unknown as unknown[]))).toBe('invalid_blocks_format');
  });

  it('cuts a text above 40,000 characters and an attachment footer above 300', async () => {
    const workspace = await startWorkspace();
    const attachments = [{ text: 'a', footer: 'f'.repeat(301) }];
    await webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'x'.repeat(40_001), attachments });
    const [message] = workspace.channel('#alerts').messages;
    expect(message?.text).toHaveLength(40_000);
    expect(message?.attachments).toMatchObject([{ footer: 'f'.repeat(300) }]);
  });

  it('refuses a message that says nothing', async () => {
    const client = webClient(await startWorkspace());
    expect(await refusal(client.chat.postMessage({ channel: '#alerts', text: '' }))).toBe('no_text');
    const emptyAttachment = { channel: '#alerts', attachments: [{ color: 'good' }] };
    expect(await refusal(client.chat.postMessage({ ...emptyAttachment, text: ' ' }))).toBe('no_text');
  });

  it('refuses metadata without event_type, or that is no object', async () => {
    const client = webClient(await startWorkspace());
    const post = (metadata: unknown) => client.apiCall('chat.postMessage', { channel: '#alerts', text: 'a', metadata });
    expect(await refusal(post({ event_payload: {} }))).toBe('invalid_metadata_schema');
    expect(await refusal(post('plain'))).toBe('invalid_metadata_format');
  });

  it('names what is missing or unknown among the arguments', async () => {
    const client = webClient(await startWorkspace());
    expect(await platformError(client.apiCall('chat.postMessage', { text: 'a' }))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel'] },
    });
    expect(await platformError(client.apiCall('reactions.add', { channel: 'C1', emoji: 'eyes' }))).toMatchObject({
      response_metadata: {
        messages: [
          '[ERROR] missing required field: name',
          '[ERROR] missing required field: timestamp',
          '[ERROR] invalid additional property: emoji',
        ],
      },
    });
    expect(await refusal(client.apiCall('chat.postMessages', {}))).toBe('unknown_method');
  });
});
