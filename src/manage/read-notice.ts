import * as z from 'zod';
import type { Severity } from '../definition/action.js';
import { closedObject } from '../definition/closed-object.js';
import { describeValue } from '../definition/path.js';
import { webAddress } from '../notify/message-links.js';
import type { MessageLink } from '../ports/message.js';
import type { NoticeContent } from './notices.js';
import { readOptions } from './refused-input.js';

/** What {@link Integrations.notify} sends. */
export interface NotifyOptions {
  /** The headline, 1 to 1,000 characters. */
  readonly title: string;
  /** The body, up to 2,000 characters. @default '' */
  readonly message?: string | undefined;
  /** @default 'INFO' */
  readonly severity?: Severity | undefined;
  /** Up to 16 links, shown as buttons where there are any; http and https URLs of up to 2,000 characters. @default none */
  readonly links?: readonly MessageLink[] | undefined;
}

const url = z
  .string()
  .max(2000)
  .regex(webAddress, {
    error: ({ input }) => `Expected an http or https URL, got ${describeValue(input)}`,
  });

const noticeSchema = closedObject({
  title: z.string().min(1).max(1000),
  message: z.string().max(2000).default(''),
  severity: z.enum(['INFO', 'WARN', 'ERROR']).default('INFO'),
  links: z
    .array(closedObject({ text: z.string().min(1).max(1000), url }))
    .max(16)
    .default([]),
});

/**
 * Reads what a message of a host's own is to say. Nothing in it is a variable.
 *
 * @throws `invalid_options`.
 */
export function readNotice(input: unknown, nowMs: number): NoticeContent {
  const { message, ...content } = readOptions('integrations.notify', noticeSchema, input ?? null);
  return { ...content, text: message, atMs: nowMs };
}
