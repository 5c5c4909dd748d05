import type { KnownEventType, TocsinEvent } from 'tocsin';

const place = { entity: 'my-team', project: 'my-project' } as const;
const runPlace = { ...place, run: { id: 'run-1' } } as const;
const model = {
  entity: 'my-team',
  registry: 'models',
  collection: 'digits',
  artifact: { id: 'version-1', type: 'model', version: 'v1' },
} as const;
const collection = { entity: 'my-team', registry: 'models', collection: 'digits' } as const;
const anomaly = { entity: 'my-team', metric: 'server-1.cpu.user', timestamp: 1_755_000_000 } as const;

/** An event of each type with the fields that it must have, and no other. */
export const smallestEvents = {
  'run.metrics': { type: 'run.metrics', ...runPlace, metrics: { loss: 1 } },
  'run.state': { type: 'run.state', ...runPlace, state: 'finished' },
  'run.alert': { type: 'run.alert', ...runPlace, title: 'Low', text: 'Look' },
  'artifact.created': { type: 'artifact.created', ...model },
  'artifact.linked': { type: 'artifact.linked', ...model },
  'artifact.unlinked': { type: 'artifact.unlinked', ...model },
  'artifact.alias-added': { type: 'artifact.alias-added', ...model, alias: 'production' },
  'artifact.alias-removed': { type: 'artifact.alias-removed', ...model, alias: 'production' },
  'artifact.tag-added': { type: 'artifact.tag-added', ...model, tag: 'reviewed' },
  'artifact.tag-removed': { type: 'artifact.tag-removed', ...model, tag: 'reviewed' },
  'collection.tag-added': { type: 'collection.tag-added', ...collection, tag: 'vision' },
  'collection.tag-removed': { type: 'collection.tag-removed', ...collection, tag: 'vision' },
  'anomaly.detected': { type: 'anomaly.detected', ...anomaly, value: 98.5 },
  'anomaly.labelled': { type: 'anomaly.labelled', ...anomaly, label: 'deploy' },
  'training-data.viewed': { type: 'training-data.viewed', ...anomaly, viewer: 'ada' },
  'features-profile.created': { type: 'features-profile.created', ...anomaly, profileId: '7' },
  'features-profile.layers-created': { type: 'features-profile.layers-created', ...anomaly },
  'features-profile.learnt': { type: 'features-profile.learnt', ...anomaly },
  'features-profile.disabled': { type: 'features-profile.disabled', ...anomaly },
  'features-profile.validated': { type: 'features-profile.validated', ...anomaly, count: 3 },
  'custom.deploy': { type: 'custom.deploy', entity: 'my-team' },
} as const satisfies Record<KnownEventType | 'custom.deploy', TocsinEvent>;

const more = { id: 'event-1', at: 1_755_000_000_000, organization: 'acme' } as const;
const fullRun = {
  ...more,
  run: { id: 'run-1', name: 'prod-7', user: 'ada', tags: ['a', 'b'], config: { lr: 0.1, model: { depth: 3 } } },
} as const;
const fullModel = {
  ...more,
  author: 'ada',
  artifact: {
    ...model.artifact,
    aliases: ['latest', 'production'],
    tags: ['reviewed'],
    metadata: { accuracy: 0.9, data: { rows: 5 } },
  },
} as const;
const fullUpdate = { ...more, anomalyId: 'anomaly-1' } as const;
const fullProfile = { ...fullUpdate, profileId: '7', link: 'https://skyline.example/profile?id=7' } as const;

/** An event of each type with every field that it can have. */
export const fullestEvents = {
  'run.metrics': {
    ...smallestEvents['run.metrics'],
    ...fullRun,
    metrics: { loss: 'NaN', 'val/acc': 0.5, grad: '-Infinity' },
    step: 12,
  },
  'run.state': { ...smallestEvents['run.state'], ...fullRun, state: 'failed', error: 'out of memory' },
  'run.alert': {
    ...smallestEvents['run.alert'],
    ...fullRun,
    level: 'WARN',
    waitMs: 0,
    alertIntegrationId: 'slack-1',
  },
  'artifact.created': { ...smallestEvents['artifact.created'], ...fullModel },
  'artifact.linked': { ...smallestEvents['artifact.linked'], ...fullModel },
  'artifact.unlinked': { ...smallestEvents['artifact.unlinked'], ...fullModel },
  'artifact.alias-added': { ...smallestEvents['artifact.alias-added'], ...fullModel },
  'artifact.alias-removed': { ...smallestEvents['artifact.alias-removed'], ...fullModel },
  'artifact.tag-added': { ...smallestEvents['artifact.tag-added'], ...fullModel, tag: 'shipped' },
  'artifact.tag-removed': { ...smallestEvents['artifact.tag-removed'], ...fullModel, tag: 'shipped' },
  'collection.tag-added': { ...smallestEvents['collection.tag-added'], ...more, author: 'ada' },
  'collection.tag-removed': { ...smallestEvents['collection.tag-removed'], ...more, author: 'ada' },
  'anomaly.detected': {
    ...smallestEvents['anomaly.detected'],
    ...more,
    project: 'my-project',
    value: 'Infinity',
    anomalyId: 'anomaly-1',
    source: 'mirage',
    image: 'https://skyline.example/graph.png',
    links: [{ text: 'Dashboard', url: 'http://graphite.example/render?target=cpu|max' }],
    labels: { region: 'eu', hosts: 3, 'is.canary': false },
  },
  'anomaly.labelled': { ...smallestEvents['anomaly.labelled'], ...fullUpdate },
  'training-data.viewed': {
    ...smallestEvents['training-data.viewed'],
    ...fullUpdate,
    link: 'https://skyline.example/training',
  },
  'features-profile.created': { ...smallestEvents['features-profile.created'], ...fullProfile, learnDays: 30 },
  'features-profile.layers-created': { ...smallestEvents['features-profile.layers-created'], ...fullProfile },
  'features-profile.learnt': { ...smallestEvents['features-profile.learnt'], ...fullProfile },
  'features-profile.disabled': { ...smallestEvents['features-profile.disabled'], ...fullProfile },
  'features-profile.validated': { ...smallestEvents['features-profile.validated'], ...fullProfile },
  'custom.deploy': {
    ...smallestEvents['custom.deploy'],
    ...more,
    project: 'my-project',
    collection: 'digits',
  },
} as const satisfies Record<KnownEventType | 'custom.deploy', TocsinEvent>;
