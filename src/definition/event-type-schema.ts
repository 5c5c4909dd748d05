import * as z from 'zod';
import { type EventType, eventTypes, isEventType } from './event-type.js';
import { expectedEventType } from './expected-event-type.js';

/** The zod schema of a type of event. */
export const eventTypeSchema = z
  .string()
  .refine(isEventType, {
    error: ({ input }) => expectedEventType(input),
    params: { code: 'unknown_event_type' },
  })
  .meta({ anyOf: [{ enum: [...eventTypes] }, { pattern: '^custom\\..' }] }) as z.ZodType as z.ZodType<EventType>;
