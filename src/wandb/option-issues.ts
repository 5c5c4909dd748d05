import * as z from 'zod';
import { closedObject } from '../definition/closed-object.js';
import { scopeSchema } from '../definition/scope.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { Issue } from '../errors.js';
import type { WandbOptions } from './wire.js';

const optionsSchema = closedObject({
  entity: z.string().min(1).optional(),
  organization: z.string().min(1).optional(),
  scopes: z.record(z.string(), scopeSchema).optional(),
  integrations: z.record(z.string(), z.string().min(1)).optional(),
  limits: z.record(z.string(), z.number().optional()).optional(),
} satisfies Record<keyof WandbOptions, z.ZodType>);

/** What types can't check in plain JavaScript: a misspelt option would do nothing, and a scope that is none would throw. */
export function optionIssues(options: unknown): readonly Issue[] {
  const parsed = optionsSchema.safeParse(options, { reportInput: true });
  return parsed.success ? [] : fromZodIssues(parsed.error.issues, ['options']);
}
