import * as z from 'zod';

const name = z.string().min(1).max(255);
const timestampMs = z.number().min(-8.64e15).max(8.64e15);
const texts = z.array(z.string());
const record = z.record(z.string(), z.unknown());

const base = {
  id: name.optional(),
  at: timestampMs.optional(),
  organization: name.optional(),
  entity: name,
};

const run = z.looseObject({
  id: name,
  name: z.string().optional(),
  user: z.string().optional(),
  tags: texts.optional(),
  config: record.optional(),
});

const ofRun = { ...base, project: name.optional(), registry: name.optional(), run };

const ofArtifact = {
  ...base,
  project: name.optional(),
  registry: name.optional(),
  collection: name,
  artifact: z.looseObject({
    id: name,
    type: name,
    version: z.string(),
    aliases: texts.optional(),
    tags: texts.optional(),
    metadata: record.optional(),
  }),
  author: z.string().optional(),
};

const levels = ['INFO', 'WARN', 'ERROR'] as const;

/** What each type of event must have, but for the metrics of `run.metrics`, which are read apart. */
export const eventSchemas = {
  'run.metrics': z.looseObject({ type: z.literal('run.metrics'), ...ofRun, step: z.number().optional() }),
  'run.state': z.looseObject({ type: z.literal('run.state'), ...ofRun, state: name, error: z.string().optional() }),
  'run.alert': z.looseObject({
    type: z.literal('run.alert'),
    ...ofRun,
    title: z.string(),
    text: z.string(),
    level: z.string().toUpperCase().pipe(z.enum(levels)).optional(),
    waitMs: z.number().min(0).optional(),
    alertIntegrationId: name.optional(),
  }),
  'artifact.created': z.looseObject({ type: z.literal('artifact.created'), ...ofArtifact }),
  'artifact.alias-added': z.looseObject({ type: z.literal('artifact.alias-added'), ...ofArtifact, alias: name }),
};
