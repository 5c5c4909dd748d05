import * as z from 'zod';
import { closedObject } from '../closed-object.js';
import { describeValue } from '../path.js';
import { type ThreadUpdateType, threadUpdateTypes } from './thread-update.js';

const update = closedObject({
  message: z.boolean().optional(),
  reaction: z
    .custom<string | false>((given) => typeof given === 'string' || given === false, {
      error: ({ input }) => `Expected the name of an emoji, or false, got ${describeValue(input)}`,
    })
    .optional(),
});

/** The same for every type, so that an event with a misspelt name is named. */
const updates = Object.fromEntries(threadUpdateTypes.map((type) => [type, update.optional()])) as Record<
  ThreadUpdateType,
  z.ZodOptional<typeof update>
>;

/** A routing as it may be given: its parts have the right types, but what they say is not looked at yet. */
export const routingSchema = closedObject({
  channels: z
    .array(
      z.tuple([z.string(), z.union([z.string(), z.array(z.string()).min(1)])], {
        error: ({ input }) => `Expected [pattern, channel or channels], got ${describeValue(input)}`,
      }),
    )
    .default([]),
  integrationId: z.string().min(1).max(255),
  defaultChannel: z.string().optional(),
  defaultChannelId: z.string().optional(),
  channelIds: z.record(z.string(), z.string()).default({}),
  username: z.string().trim().min(1).max(80).optional(),
  iconEmoji: z.string().optional(),
  threadUpdates: z.boolean().default(true),
  on: closedObject(updates).default({}),
});

/** What {@link routingSchema} reads. */
export type GivenRouting = z.infer<typeof routingSchema>;
