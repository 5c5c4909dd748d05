import * as z from 'zod';
import { type EventType, isKnownEventType, type KnownEventType } from '../definition/event-type.js';
import { readImageReference } from '../definition/image.js';
import { describeValue } from '../definition/path.js';
import { expectedMetricNumber, metricNumber } from './metric-number.js';

const name = z.string().min(1).max(255);
const record = z.record(z.string(), z.unknown());

/** One wrong member is enough to know: a list may have as many as an event has characters. */
const texts = z.array(z.unknown()).superRefine((members, context) => {
  const index = members.findIndex((member) => typeof member !== 'string');
  if (index >= 0) context.addIssue({ code: 'invalid_type', expected: 'string', input: members[index], path: [index] });
});

const labels = z.record(z.string(), z.unknown()).superRefine((values, context) => {
  const wrong = Object.entries(values).find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (wrong === undefined) return;
  const message = `Expected a text, a number or true or false, got ${describeValue(wrong[1])}`;
  context.addIssue({ code: 'custom', params: { code: 'invalid_type' }, message, path: [wrong[0]] });
});

/** NaN and the infinities stand here by their names. */
const metricValue = z.unknown().superRefine((value, context) => {
  if (metricNumber(value) !== undefined) return;
  const code = value === undefined ? 'required' : 'invalid_type';
  context.addIssue({ code: 'custom', params: { code }, message: expectedMetricNumber(value) });
});

const longestUrl = 3000;

function urlText(pattern: RegExp, kind: string) {
  const error = ({ input }: { readonly input?: unknown }) => `Expected ${kind}, got ${describeValue(input)}`;
  return z.string().max(longestUrl).regex(pattern, { error });
}

const url = urlText(/^https?:\/\/[^\s\p{Cc}/?#][^\s\p{Cc}]*$/iu, 'an http or https URL');
const image = z.string().refine((text) => readImageReference(text) !== undefined, {
  error: ({ input }) => `Expected an https URL or a handle of engine.images.put(), got ${describeValue(input)}`,
});

const links = z
  .array(z.unknown())
  .max(100)
  .pipe(z.array(z.looseObject({ text: z.string().min(1), url })));

const base = {
  id: name.optional(),
  at: z.number().min(-8.64e15).max(8.64e15).optional(),
  organization: name.optional(),
  entity: name,
  project: name.optional(),
  registry: name.optional(),
};

const ofRun = {
  ...base,
  run: z.looseObject({
    id: name,
    name: z.string().optional(),
    user: z.string().optional(),
    tags: texts.optional(),
    config: record.optional(),
  }),
};

const ofCollection = { ...base, collection: name, author: z.string().optional() };

const ofArtifact = {
  ...ofCollection,
  artifact: z.looseObject({
    id: name,
    type: name,
    version: z.string(),
    aliases: texts.optional(),
    tags: texts.optional(),
    metadata: record.optional(),
  }),
};

const metric = z.string().min(1).max(1000);

const ofAnomalyUpdate = {
  ...base,
  metric: metric.optional(),
  timestamp: z.number().optional(),
  anomalyId: name.optional(),
};

const ofProfile = { ...ofAnomalyUpdate, profileId: name.optional(), link: url.optional() };

function event<Type extends KnownEventType, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.looseObject({ type: z.literal(type), ...shape });
}

/** What each known type must have, but for the metrics of `run.metrics`, which are read apart. */
const knownSchemas = {
  'run.metrics': event('run.metrics', { ...ofRun, step: z.number().optional() }),
  'run.state': event('run.state', { ...ofRun, state: name, error: z.string().optional() }),
  'run.alert': event('run.alert', {
    ...ofRun,
    title: z.string(),
    text: z.string(),
    level: z
      .string()
      .toUpperCase()
      .pipe(z.enum(['INFO', 'WARN', 'ERROR']))
      .default('INFO'),
    waitMs: z.number().min(0).optional(),
    alertIntegrationId: name.optional(),
  }),
  'artifact.created': event('artifact.created', ofArtifact),
  'artifact.linked': event('artifact.linked', ofArtifact),
  'artifact.unlinked': event('artifact.unlinked', ofArtifact),
  'artifact.alias-added': event('artifact.alias-added', { ...ofArtifact, alias: name }),
  'artifact.alias-removed': event('artifact.alias-removed', { ...ofArtifact, alias: name }),
  'artifact.tag-added': event('artifact.tag-added', { ...ofArtifact, tag: name }),
  'artifact.tag-removed': event('artifact.tag-removed', { ...ofArtifact, tag: name }),
  'collection.tag-added': event('collection.tag-added', { ...ofCollection, tag: name }),
  'collection.tag-removed': event('collection.tag-removed', { ...ofCollection, tag: name }),
  'anomaly.detected': event('anomaly.detected', {
    ...base,
    metric,
    value: metricValue,
    timestamp: z.number(),
    anomalyId: name.optional(),
    source: z.string().optional(),
    image: image.optional(),
    links: links.optional(),
    labels: labels.optional(),
  }),
  'anomaly.labelled': event('anomaly.labelled', { ...ofAnomalyUpdate, label: name }),
  'training-data.viewed': event('training-data.viewed', { ...ofAnomalyUpdate, viewer: name, link: url.optional() }),
  'features-profile.created': event('features-profile.created', {
    ...ofProfile,
    profileId: name,
    learnDays: z.number().min(0).optional(),
  }),
  'features-profile.layers-created': event('features-profile.layers-created', ofProfile),
  'features-profile.learnt': event('features-profile.learnt', ofProfile),
  'features-profile.disabled': event('features-profile.disabled', ofProfile),
  'features-profile.validated': event('features-profile.validated', { ...ofProfile, count: z.int().min(0) }),
} satisfies Record<KnownEventType, z.ZodType>;

const customSchema = z.looseObject({
  type: z.string().startsWith('custom.').max(255),
  ...base,
  collection: name.optional(),
});

/** What events of a type must have. */
export function eventSchema(type: EventType): z.ZodType {
  return isKnownEventType(type) ? knownSchemas[type] : customSchema;
}
