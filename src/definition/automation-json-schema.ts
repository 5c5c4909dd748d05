// Written by `npm run schema`.
import type { JsonObject } from '../json.js';

/**
 * The JSON Schema (draft 2020-12) of an automation's definition, for editors and forms. The package has it as the file
 * `tocsin/automation.schema.json` too, and `tocsin/automations.schema.json` for a list.
 *
 * What it accepts may still have issues: `parseAutomation` also checks what depends on several parts, such as a metric
 * in a filter of `run.metrics`. What it refuses, `parseAutomation` refuses. Limits are the default ones.
 */
export const automationJsonSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    version: { default: 1, type: 'number', const: 1, description: 'The version of this format.' },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: '1 to 255 characters, unique within the scope.',
    },
    description: { type: 'string', description: 'For people.' },
    enabled: { default: true, type: 'boolean', description: 'Whether it can fire.' },
    event: {
      type: 'object',
      properties: {
        type: {
          anyOf: [
            {
              type: 'string',
              enum: [
                'run.metrics',
                'run.state',
                'run.alert',
                'artifact.created',
                'artifact.linked',
                'artifact.unlinked',
                'artifact.alias-added',
                'artifact.alias-removed',
                'artifact.tag-added',
                'artifact.tag-removed',
                'collection.tag-added',
                'collection.tag-removed',
                'anomaly.detected',
                'anomaly.labelled',
                'training-data.viewed',
                'features-profile.created',
                'features-profile.layers-created',
                'features-profile.learnt',
                'features-profile.disabled',
                'features-profile.validated',
              ],
            },
            { type: 'string', pattern: '^custom\\..' },
          ],
          description: 'Which events: one of those that have a meaning, or `custom.` and a name of your own.',
        },
        scope: {
          oneOf: [
            {
              type: 'object',
              properties: {
                type: { type: 'string', const: 'organization', description: 'Which kind it is.' },
                organization: { type: 'string', minLength: 1, maxLength: 255, description: "The organization's name." },
              },
              required: ['type', 'organization'],
              additionalProperties: false,
              title: 'Organization scope',
              description: 'All that happens in an organization.',
            },
            {
              type: 'object',
              properties: {
                type: { type: 'string', const: 'team', description: 'Which kind it is.' },
                entity: { type: 'string', minLength: 1, maxLength: 255, description: "The team's name." },
              },
              required: ['type', 'entity'],
              additionalProperties: false,
              title: 'Team scope',
              description: 'All that happens in a team.',
            },
            {
              type: 'object',
              properties: {
                type: { type: 'string', const: 'project', description: 'Which kind it is.' },
                entity: { type: 'string', minLength: 1, maxLength: 255, description: "The team's name." },
                project: { type: 'string', minLength: 1, maxLength: 255, description: "The project's name." },
              },
              required: ['type', 'entity', 'project'],
              additionalProperties: false,
              title: 'Project scope',
              description: 'All that happens in a project.',
            },
            {
              type: 'object',
              properties: {
                type: { type: 'string', const: 'registry', description: 'Which kind it is.' },
                entity: { type: 'string', minLength: 1, maxLength: 255, description: "The team's name." },
                registry: { type: 'string', minLength: 1, maxLength: 255, description: "The registry's name." },
              },
              required: ['type', 'entity', 'registry'],
              additionalProperties: false,
              title: 'Registry scope',
              description: 'All that happens in a registry.',
            },
            {
              type: 'object',
              properties: {
                type: { type: 'string', const: 'collection', description: 'Which kind it is.' },
                entity: { type: 'string', minLength: 1, maxLength: 255, description: "The team's name." },
                project: { type: 'string', minLength: 1, maxLength: 255, description: "The project's name." },
                registry: { type: 'string', minLength: 1, maxLength: 255, description: "The registry's name." },
                collection: { type: 'string', minLength: 1, maxLength: 255, description: "The collection's name." },
              },
              required: ['type', 'entity', 'collection'],
              additionalProperties: false,
              title: 'Collection scope',
              description: 'All that happens to one collection of artifacts, in a project or a registry.',
              oneOf: [
                { type: 'object', properties: { project: true }, required: ['project'] },
                { type: 'object', properties: { registry: true }, required: ['registry'] },
              ],
            },
          ],
          description: 'Where it must happen.',
        },
        filter: { $ref: '#/$defs/filter', description: 'Left out: every such event matches.' },
      },
      required: ['type', 'scope'],
      additionalProperties: false,
      title: 'Trigger',
      description: 'What it watches for.',
    },
    policy: {
      type: 'object',
      properties: {
        cooldown: {
          anyOf: [
            { type: 'number', minimum: 0 },
            { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$', examples: ['15m', '24h', '7d'] },
          ],
          description:
            "For how long after a firing further matches are skipped: milliseconds or a text such as `'24h'`, 0 to 100 years. With 0 every match fires. Default: '24h' for `run.metrics` and `run.state`, '1h' for `anomaly.detected`, 0 for all others.",
        },
        per: {
          type: 'string',
          enum: ['automation', 'run', 'run-state', 'collection', 'metric', 'event'],
          description:
            "What the cooldown is counted for. It must be something that the trigger's events have. Default: 'run' for `run.metrics`, 'run-state' for `run.state`, 'metric' for `anomaly.detected`, 'automation' for the others.",
        },
        rateLimit: {
          type: 'object',
          properties: {
            max: { type: 'integer', minimum: 1, maximum: 100, description: 'How many firings, 1 to 100.' },
            window: {
              anyOf: [
                { type: 'number', minimum: 0 },
                { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$', examples: ['15m', '24h', '7d'] },
              ],
              description:
                "In which time, which slides: at no instant have there been more than `max` firings in the last `window`. Milliseconds or a text such as `'1h'`, above 0 and up to 100 years.",
            },
            per: {
              type: 'string',
              enum: ['automation', 'run', 'run-state', 'collection', 'metric', 'event'],
              description: "What the firings are counted for. Default: 'automation'.",
            },
          },
          required: ['max', 'window'],
          additionalProperties: false,
          title: 'Rate limit',
          description: 'How often it may fire at most, whatever the cooldown. Default: no limit.',
        },
      },
      additionalProperties: false,
      title: 'Policy',
      description: 'When a match may fire.',
    },
    action: {
      oneOf: [
        {
          type: 'object',
          properties: {
            type: { type: 'string', const: 'notification', description: 'Which kind it is.' },
            integrationId: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              description: "The integration that gets it; it must belong to the automation's entity, or to all.",
            },
            title: { default: '', type: 'string', description: 'The headline, with `${variables}`.' },
            message: { default: '', type: 'string', description: 'The body, with `${variables}`.' },
            severity: {
              description: 'How severe it is.',
              default: 'INFO',
              anyOf: [
                { type: 'string', enum: ['INFO', 'WARN', 'ERROR'] },
                { type: 'string', pattern: '^([Ii][Nn][Ff][Oo]|[Ww][Aa][Rr][Nn]|[Ee][Rr][Rr][Oo][Rr])$' },
              ],
            },
            fields: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  name: { type: 'string', minLength: 1, description: 'What it is called; at least 1 character.' },
                  value: { type: 'string', description: 'What it is. One that comes out empty is left out.' },
                },
                required: ['name', 'value'],
                additionalProperties: false,
                title: 'Message field template',
                description: 'One fact of a message of your own.',
              },
              description:
                'Facts of your own, before those that every message tells; names and values with `${variables}`.',
            },
            links: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  text: { type: 'string', minLength: 1, description: 'What it says; at least 1 character.' },
                  url: {
                    type: 'string',
                    minLength: 1,
                    description: 'Where it leads. One that comes out as no http or https URL is left out.',
                  },
                },
                required: ['text', 'url'],
                additionalProperties: false,
                title: 'Message link template',
                description: 'One link of a message.',
              },
              description: 'Links, shown as buttons where there are any; texts and URLs with `${variables}`.',
            },
            text: { type: 'string', description: "Another name of `message`, as W&B's SDK has it." },
            level: {
              description: "Another name of `severity`, as W&B's SDK has it.",
              anyOf: [
                { type: 'string', enum: ['INFO', 'WARN', 'ERROR'] },
                { type: 'string', pattern: '^([Ii][Nn][Ff][Oo]|[Ww][Aa][Rr][Nn]|[Ee][Rr][Rr][Oo][Rr])$' },
              ],
            },
          },
          required: ['type', 'integrationId'],
          additionalProperties: false,
          title: 'Notification action',
          description: 'Sends a message to an integration.',
        },
        {
          type: 'object',
          properties: {
            type: { type: 'string', const: 'webhook', description: 'Which kind it is.' },
            integrationId: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              description: 'The integration that gets it, of type `webhook`.',
            },
            payload: {
              $ref: '#/$defs/json',
              description:
                "What to post: any JSON, with `${variables}` in its texts. A variable's value never breaks out of its text. Default: the automation's id and name, the execution's id, and the event.",
            },
            headers: {
              type: 'object',
              propertyNames: { type: 'string' },
              additionalProperties: { type: 'string' },
              description:
                'Further HTTP headers, as they are. Refused are `Host`, `Content-*`, `Transfer-Encoding`, `Connection`, `Keep-Alive`, `TE`, `Trailer`, `Upgrade`, `Expect`, `Proxy-*`, `Authorization`, `X-Wandb-Signature` and `webhook-*`. Default: none.',
            },
          },
          required: ['type', 'integrationId'],
          additionalProperties: false,
          title: 'Webhook action',
          description: 'Posts JSON to a webhook integration.',
        },
        {
          type: 'object',
          properties: {
            type: { type: 'string', const: 'handler', description: 'Which kind it is.' },
            name: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              description: 'The name of the handler in createEngine({ handlers }).',
            },
          },
          required: ['type', 'name'],
          additionalProperties: false,
          title: 'Handler action',
          description: 'Calls a function of the host, given by name in `createEngine({ handlers })`.',
        },
        {
          type: 'object',
          properties: { type: { type: 'string', const: 'none', description: 'Which kind it is.' } },
          required: ['type'],
          additionalProperties: false,
          title: 'No action',
          description: 'Does nothing; the firing is recorded all the same.',
        },
      ],
      description: 'What firing does.',
    },
  },
  required: ['name', 'event', 'action'],
  additionalProperties: false,
  $defs: {
    filter: {
      type: 'object',
      properties: {
        $and: { type: 'array', items: { $ref: '#/$defs/filter' }, description: 'All must hold; an empty list holds.' },
        $or: {
          type: 'array',
          items: { $ref: '#/$defs/filter' },
          description: 'One must hold; an empty list does not.',
        },
        $nor: { type: 'array', items: { $ref: '#/$defs/filter' }, description: 'None may hold.' },
        $not: { $ref: '#/$defs/filter', description: 'It must surely not hold: what is indeterminate stays so.' },
        $metric: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1, description: "The metric's name: any text, never a path." },
            agg: {
              type: 'string',
              enum: ['none', 'avg', 'min', 'max', 'mean', 'average'],
              description:
                "How the values of the window become one; `mean` and `average` are read as `avg`. Default: 'none'.",
            },
            window: {
              type: 'integer',
              minimum: 1,
              maximum: 100000,
              description: 'Over how many logged values, 1 to 100,000; an aggregation needs it, `none` allows only 1.',
            },
            minSamples: {
              type: 'integer',
              minimum: 1,
              description: 'With fewer values the condition is indeterminate. 1 to the window. Default: the window.',
            },
            $gt: { type: 'number', description: 'Above the number.' },
            $gte: { type: 'number', description: 'At or above the number.' },
            $lt: { type: 'number', description: 'Below the number.' },
            $lte: { type: 'number', description: 'At or below the number.' },
            $eq: { type: 'number', description: 'Exactly this number.' },
            $ne: { type: 'number', description: 'Any other number.' },
            $finite: {
              type: 'boolean',
              description:
                'With `false`: the last logged value is NaN or infinite; with `true`: it is neither. Takes no window.',
            },
          },
          required: ['name'],
          additionalProperties: false,
          title: 'Metric condition json',
          description: 'What a metric must be; for `run.metrics` and `run.state`.',
          oneOf: [
            { type: 'object', properties: { $gt: true }, required: ['$gt'] },
            { type: 'object', properties: { $gte: true }, required: ['$gte'] },
            { type: 'object', properties: { $lt: true }, required: ['$lt'] },
            { type: 'object', properties: { $lte: true }, required: ['$lte'] },
            { type: 'object', properties: { $eq: true }, required: ['$eq'] },
            { type: 'object', properties: { $ne: true }, required: ['$ne'] },
            { type: 'object', properties: { $finite: true }, required: ['$finite'] },
          ],
        },
        $change: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1, description: "The metric's name: any text, never a path." },
            agg: {
              type: 'string',
              enum: ['none', 'avg', 'min', 'max', 'mean', 'average'],
              description:
                "How the values of each window become one; `mean` and `average` are read as `avg`. Default: 'none'.",
            },
            window: {
              type: 'integer',
              minimum: 1,
              maximum: 100000,
              description: 'Over how many logged values, 1 to 100,000; an aggregation needs it, `none` allows only 1.',
            },
            priorWindow: {
              type: 'integer',
              minimum: 1,
              maximum: 100000,
              description:
                'Over how many logged values before those, 1 to 100,000; `none` allows only 1. Default: the window.',
            },
            minSamples: {
              type: 'integer',
              minimum: 1,
              description:
                'With fewer values in both windows together the condition is indeterminate; it always is without any in the prior one. 1 to both windows. Default: both windows.',
            },
            direction: {
              type: 'string',
              enum: ['increase', 'decrease', 'any'],
              description: "Which way. Default: 'any'.",
            },
            kind: {
              type: 'string',
              enum: ['absolute', 'relative'],
              description:
                '`absolute`: current − prior. `relative`: that, divided by the absolute value of prior; indeterminate for a prior of 0.',
            },
            amount: {
              type: 'number',
              exclusiveMinimum: 0,
              description: 'By at least how much; above 0. A `relative` one is a fraction: 0.1 is 10 %.',
            },
          },
          required: ['name', 'kind', 'amount'],
          additionalProperties: false,
          title: 'Change condition json',
          description: 'How far a metric has moved; for `run.metrics` and `run.state`.',
        },
        $zscore: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1, description: "The metric's name: any text, never a path." },
            window: {
              type: 'integer',
              minimum: 2,
              maximum: 100000,
              description:
                "Over `run`: how many logged values before the last. Over `project`: how many of the project's other runs, those that logged the metric most recently. 2 to 100,000, over `project` to 1,000. Default: 30.",
            },
            threshold: {
              type: 'number',
              exclusiveMinimum: 0,
              description: 'At least so many standard deviations; above 0.',
            },
            direction: {
              type: 'string',
              enum: ['increase', 'decrease', 'any'],
              description: "Which way. Default: 'any'.",
            },
            over: {
              type: 'string',
              enum: ['run', 'project'],
              description:
                "What the last value is compared with: the run's own values before it, or other runs of its project. Default: 'run'.",
            },
            minSamples: {
              type: 'integer',
              minimum: 2,
              description:
                'With fewer values, or runs, the condition is indeterminate. 2 to the window. Default: the window.',
            },
          },
          required: ['name', 'threshold'],
          additionalProperties: false,
          title: 'ZScore condition json',
          description: "How unusual a metric's last value is; for `run.metrics` and `run.state`.",
        },
        $state: {
          anyOf: [
            { type: 'string', enum: ['running', 'finished', 'failed', 'crashed', 'killed'] },
            {
              minItems: 1,
              type: 'array',
              items: { type: 'string', enum: ['running', 'finished', 'failed', 'crashed', 'killed'] },
            },
          ],
          description: 'The state, or one of the states, that a run has come into; for `run.state`.',
        },
      },
      additionalProperties: false,
      title: 'Filter json',
      description: 'A filter as JSON. Several keys in one object must all hold.',
      patternProperties: {
        '^(?!\\$)': {
          anyOf: [
            { type: ['string', 'number', 'boolean', 'null'] },
            {
              type: 'object',
              properties: {
                $eq: { type: ['string', 'number', 'boolean', 'null'], description: 'Exactly this value.' },
                $ne: { type: ['string', 'number', 'boolean', 'null'], description: 'Not the value, or no such field.' },
                $gt: {
                  type: ['string', 'number', 'boolean', 'null'],
                  description: 'Above the value; numbers and texts only, and values of different types have no order.',
                },
                $gte: { type: ['string', 'number', 'boolean', 'null'], description: 'At or above the value.' },
                $lt: { type: ['string', 'number', 'boolean', 'null'], description: 'Below the value.' },
                $lte: { type: ['string', 'number', 'boolean', 'null'], description: 'At or below the value.' },
                $in: {
                  type: 'array',
                  items: { type: ['string', 'number', 'boolean', 'null'] },
                  description: 'One of the values; an empty list does not hold.',
                },
                $nin: {
                  type: 'array',
                  items: { type: ['string', 'number', 'boolean', 'null'] },
                  description: 'None of the values, or no such field.',
                },
                $exists: { type: 'boolean', description: 'There is such a field; with `false`, there is none.' },
                $regex: { type: 'string', description: 'RE2, unanchored, case-sensitive; `(?i)` for the rest.' },
                $contains: { type: 'string', description: 'A substring.' },
                $size: { type: 'integer', minimum: 0, description: 'A list of exactly so many elements, from 0.' },
                $all: {
                  type: 'array',
                  items: { type: ['string', 'number', 'boolean', 'null'] },
                  description: 'A list, or a single value, that has all of these; an empty list does not hold.',
                },
              },
              additionalProperties: false,
              title: 'Field test json',
              description: 'How a field is compared. Values are never converted: `"5"` is not `5`.',
              minProperties: 1,
            },
          ],
        },
      },
    },
    json: {
      anyOf: [
        { type: 'string' },
        { type: 'number' },
        { type: 'boolean' },
        { type: 'null' },
        { type: 'array', items: { $ref: '#/$defs/json' } },
        { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { $ref: '#/$defs/json' } },
      ],
    },
  },
  title: 'Automation definition',
  description: 'An automation as plain JSON: what a user writes, what storage keeps, what builders make.',
};
