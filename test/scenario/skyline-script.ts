import type { AnomalyDetectedEvent, AnomalyUpdateEvent } from 'tocsin';

/** Who has the metrics. */
export const entity = 'acme-ops';

/** Skyline's settings: the mappings of its page, and one of two channels. */
export const slackOpts = {
  bot_user_oauth_access_token: 'YOUR_slack_bot_user_oauth_access_token',
  channels: {
    skyline: ['#skyline'],
    'skyline_test.alerters.test': ['#skyline'],
    'horizon.udp.test': '#skyline',
    payments: ['#payments', '#oncall'],
  },
  channel_ids: {},
  icon_emoji: ':chart_with_upwards_trend:',
  default_channel: '#ops',
  thread_updates: true,
  message_on_training_data_viewed: true,
  message_on_training_data_viewed_reaction_emoji: 'eyes',
  message_on_features_profile_created: true,
  message_on_features_profile_created_reaction_emoji: 'thumbsup',
  message_on_features_profile_learnt: true,
  message_on_features_profile_learnt_reaction_emoji: 'heavy_check_mark',
  message_on_features_profile_disabled: true,
  message_on_features_profile_disabled_reaction_emoji: 'x',
  message_on_validated_features_profiles: true,
} as const;

/** The channels of the workspace. */
export const channelNames = ['skyline', 'payments', 'oncall', 'ops'] as const;

/** The bot's token. */
export const skylineToken = 'xoxb-skyline';

/** Every scope that something here needs. */
export const skylineScopes: readonly string[] = [
  'chat:write',
  'chat:write.customize',
  'channels:read',
  'channels:history',
  'reactions:write',
  'files:read',
  'files:write',
];

/** Stands in an event for the handle of a stored picture, which only a storage can give. */
export const storedPicture = 'stored picture';

/** An event of the script. Each has an id, so that a host that is not sure can emit it again. */
export type ScriptedEvent = (AnomalyDetectedEvent | AnomalyUpdateEvent) & { readonly id: string; readonly at: number };

/** Events that follow each other at once. */
export interface Phase {
  /** When it begins, in epoch milliseconds. */
  readonly atMs: number;
  readonly events: readonly ScriptedEvent[];
}

const startMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Twenty metrics: each mapping of the page equals one and begins others; some only look as if one did. */
const metrics = [
  'skyline',
  'skyline.analyzer.runs',
  'skyline.horizon.worker',
  'skyline.mirage.checked',
  'skyline.boundary.alerts',
  'skyline_test.alerters.test',
  'skyline_test.alerters.test.smtp',
  'skyline_test.alerters.testing',
  'horizon.udp.test',
  'horizon.udp.test.load',
  'horizon.udp.tests',
  'payments',
  'payments.checkout.errors',
  'payments.checkout.latency',
  'payments.refunds',
  'web-1.cpu.user',
  'skyline2.runs',
  'Skyline.analyzer.runs',
  'disk.free.<@U123>&<!channel>',
  'db.latency',
] as const;

/** A metric of the script. */
type MetricName = (typeof metrics)[number];

/** Three times each metric turns anomalous: at once, half an hour later, and after its cooldown. */
const rounds = [startMs, startMs + 30 * minuteMs, startMs + 120 * minuteMs] as const;

/** When a metric had its anomalous value in a round, in seconds as Skyline has it. */
function timestampOf(metric: MetricName, round: number): number {
  return (rounds[round] ?? 0) / 1000 + metrics.indexOf(metric);
}

function anomaly(metric: MetricName, round: number): ScriptedEvent {
  const place = metrics.indexOf(metric);
  const timestamp = timestampOf(metric, round);
  const image = [undefined, `https://skyline.example/graphs/${place}.png`, storedPicture][place % 3];
  return {
    type: 'anomaly.detected',
    id: `anomaly-${round}-${place}`,
    at: timestamp * 1000,
    entity,
    metric,
    value: 100 + place,
    timestamp,
    source: place % 2 === 0 ? 'mirage' : 'boundary',
    ...(place % 4 === 0 ? { anomalyId: `anomaly-${round}-${place}` } : {}),
    ...(image === undefined ? {} : { image }),
    ...(place % 5 === 0 ? { links: [{ text: 'Graph', url: `https://skyline.example/panorama?id=${place}` }] } : {}),
  };
}

/** What happens to an anomaly, without what names it. */
type Happening = AnomalyUpdateEvent extends infer Event
  ? Event extends AnomalyUpdateEvent
    ? Omit<Event, 'entity' | 'metric' | 'timestamp' | 'anomalyId' | 'id' | 'at'>
    : never
  : never;

let updates = 0;

/** @param of - The metric and the round, or the id of the anomaly. */
function update(of: readonly [MetricName, number] | string, happening: Happening): ScriptedEvent {
  const named = typeof of === 'string' ? { anomalyId: of } : { metric: of[0], timestamp: timestampOf(of[0], of[1]) };
  const nth = updates;
  updates += 1;
  const id = `update-${nth}`;
  return { ...happening, ...named, id, at: startMs + nth * 1000, entity } as ScriptedEvent;
}

const viewed = (viewer: string): Happening => ({
  type: 'training-data.viewed',
  viewer,
  link: 'https://skyline.example/ionosphere?timestamp=1',
});
const created = (profileId: string, learnDays: number): Happening => ({
  type: 'features-profile.created',
  profileId,
  learnDays,
  link: `https://skyline.example/ionosphere?fp_id=${profileId}`,
});
const layersCreated = (profileId: string): Happening => ({ type: 'features-profile.layers-created', profileId });
const learnt = (profileId: string): Happening => ({
  type: 'features-profile.learnt',
  profileId,
  link: `https://skyline.example/ionosphere?fp_id=${profileId}&validate=1`,
});
const disabled = (profileId: string): Happening => ({ type: 'features-profile.disabled', profileId });
const validated = (count: number): Happening => ({
  type: 'features-profile.validated',
  count,
  link: 'https://skyline.example/ionosphere?validated=1',
});
const labelled = (label: string): Happening => ({ type: 'anomaly.labelled', label });

const runs = ['skyline.analyzer.runs', 0] as const;
const udp = ['horizon.udp.test', 0] as const;
const checkout = ['payments.checkout.errors', 0] as const;
const cpu = ['web-1.cpu.user', 0] as const;
const disk = ['disk.free.<@U123>&<!channel>', 0] as const;
const smtp = ['skyline_test.alerters.test.smtp', 0] as const;
const unheard = ['skyline.mirage.checked', 1] as const;

const round = (number: number): ScriptedEvent[] => metrics.map((metric) => anomaly(metric, number));

/** Sixty anomalies, and what becomes of them. */
export const script: readonly Phase[] = [
  {
    atMs: rounds[0],
    events: [
      ...round(0).slice(0, 14),
      update(runs, viewed('ada')),
      update(checkout, viewed('ada')),
      // The page is loaded again.
      update(runs, viewed('ada')),
      ...round(0).slice(14),
      update(runs, viewed('bob')),
      update(udp, viewed('ada')),
      update(runs, created('101', 30)),
      update(runs, created('101', 30)),
      update(runs, layersCreated('101')),
      update(runs, learnt('101')),
      update(disk, labelled('a <!channel> & *more*')),
      update('anomaly-0-8', labelled('expected')),
      update('anomaly-0-8', labelled('expected')),
      update('anomaly-0-8', labelled('noise')),
      // The same anomaly by its other name.
      update('anomaly-0-8', viewed('ada')),
    ],
  },
  {
    atMs: rounds[1],
    events: [
      ...round(1).slice(0, 10),
      update(checkout, created('102', 1)),
      update(checkout, learnt('102')),
      update(checkout, learnt('102')),
      ...round(1).slice(10),
      update(runs, validated(3)),
      update(runs, validated(3)),
      update(cpu, validated(1)),
      // Its alert was held back by the cooldown: nothing stands there to reply to.
      update(unheard, viewed('ada')),
      update(unheard, viewed('ada')),
      update(unheard, learnt('103')),
      update(['db.latency', 1], labelled('deploy')),
    ],
  },
  {
    atMs: rounds[2],
    events: [
      ...round(2).slice(0, 7),
      update(['skyline.analyzer.runs', 2], viewed('ada')),
      update(smtp, viewed('bob')),
      ...round(2).slice(7),
      update(['payments', 2], created('104', 7)),
      update(['payments', 2], layersCreated('104')),
    ],
  },
  {
    atMs: startMs + 6 * dayMs,
    events: [update(runs, disabled('101')), update(runs, disabled('101')), update(smtp, created('105', 14))],
  },
  {
    atMs: startMs + 8 * dayMs,
    events: [
      // Too old for the reply and the cross, not for what is told in the channel.
      update(checkout, disabled('102')),
      update(udp, viewed('ada')),
      update(udp, viewed('cyd')),
      update(cpu, labelled('known')),
    ],
  },
];

/** All events in their order. */
export const scriptedEvents: readonly ScriptedEvent[] = script.flatMap(({ events }) => events);
