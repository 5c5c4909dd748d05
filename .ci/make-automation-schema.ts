// Makes the JSON Schema of an automation's definition from its zod schema and the documentation of its types.
import * as z from 'zod';
import { defaultLimits } from '../src/definition/limits.js';
import { createSchema } from '../src/definition/parse-automation.js';
import { type InterfaceTexts, readInterfaces } from './member-texts.js';

type Schema = Record<string, unknown> & {
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  $defs?: Record<string, Schema>;
};

/** Makes it anew. */
export function makeAutomationJsonSchema(): Schema {
  const schema = withNamedDefinitions(z.toJSONSchema(createSchema(defaultLimits), { io: 'input' }) as Schema);
  adaptAll(schema);
  return schema;
}

function adaptAll(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) adaptAll(member);
  if (!Array.isArray(value)) adapt(value as Schema);
}

/** What the zod schema leaves to its refinements, and the other spellings that are understood before it. */
function adapt(schema: Schema): void {
  if (JSON.stringify(schema['type']) === '["number","string"]') adaptDuration(schema);
  if (schema['type'] === 'string' && schema.anyOf !== undefined) adaptText(schema, schema.anyOf);
  const { properties } = schema;
  // What JavaScript can count to is no limit.
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (properties === undefined || schema['type'] !== 'object') return;
  describe(schema, properties);
  if ('$and' in properties) adaptFilter(schema);
  if ('$regex' in properties) schema['minProperties'] = 1;
  if ('$finite' in properties) schema.oneOf = questions.map(having);
  if ('collection' in properties) schema.oneOf = ['project', 'registry'].map(having);
  if ('agg' in properties) properties['agg'] = withValues(properties['agg'], ['mean', 'average']);
  if ('severity' in properties) adaptNotification(properties);
  if ('routing' in properties) schema.oneOf = ['integrationId', 'routing'].map(having);
}

/** Said at length, since some validators overlook a lone `required`. */
function having(member: string): Schema {
  return { type: 'object', properties: { [member]: true as never }, required: [member] };
}

const questions = ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne', '$finite'];

function adaptDuration(schema: Schema): void {
  delete schema['type'];
  schema.anyOf = [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$', examples: ['15m', '24h', '7d'] },
  ];
}

/** The same for a lone `pattern`. */
function adaptText(schema: Schema, options: Schema[]): void {
  delete schema['type'];
  schema.anyOf = options.map((option) => ({ type: 'string', ...option }));
}

/** Every key that is no operator is a field. */
function adaptFilter(schema: Schema): void {
  schema['patternProperties'] = { '^(?!\\$)': schema.additionalProperties };
  schema.additionalProperties = false;
}

/** W&B's names and any case. */
function adaptNotification(properties: Record<string, Schema>): void {
  const { severity = {} } = properties;
  const { default: fallback, enum: values, type, ...rest } = severity;
  const anyCase = (values as string[])
    .map((value) => [...value].map((letter) => `[${letter}${letter.toLowerCase()}]`).join(''))
    .join('|');
  properties['severity'] = {
    ...rest,
    default: fallback,
    anyOf: [
      { type, enum: values },
      { type, pattern: `^(${anyCase})$` },
    ],
  };
  properties['text'] = { type: 'string', description: "Another name of `message`, as W&B's SDK has it." };
  const { default: _, ...level } = properties['severity'];
  properties['level'] = { ...level, description: "Another name of `severity`, as W&B's SDK has it." };
}

function withValues(schema: Schema = {}, values: readonly string[]): Schema {
  return { ...schema, enum: [...(schema['enum'] as string[]), ...values] };
}

/** The interfaces of the definition. Each object of the schema is one of them: the one with the same members. */
const interfaces = readInterfaces(new URL('../src/definition/', import.meta.url));

function describe(schema: Schema, properties: Record<string, Schema>): void {
  const names = Object.keys(properties);
  const alike = interfaces.filter((each) => isSame([...each.members.keys()], names));
  // A notification goes to an integration or by routing: two types, and one object here.
  const [found, ...others] = alike.filter(({ name }) => name !== 'RoutedNotificationAction');
  if (found === undefined || others.length > 0) throw new Error(`${alike.length} types have ${names.join(', ')}`);
  // One word a part: `OrganizationScope` is an "Organization scope".
  schema['title'] = found.name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (found.text !== '') schema['description'] = found.text;
  for (const [name, property] of Object.entries(properties)) {
    properties[name] = { ...property, description: textOf(found, name) };
  }
}

function textOf({ name, members }: InterfaceTexts, member: string): string {
  const text = members.get(member) || undocumented[`${name}.${member}`] || undocumented[member];
  if (text === undefined) throw new Error(`${name}.${member} has no documentation`);
  return text;
}

/** What needs no words in the documentation of the types, where its own type is a link away. */
const undocumented: Readonly<Record<string, string>> = {
  'Trigger.type': 'Which events: one of those that have a meaning, or `custom.` and a name of your own.',
  'HandlerAction.name': 'The name of the handler in createEngine({ handlers }).',
  type: 'Which kind it is.',
  description: 'For people.',
  enabled: 'Whether it can fire.',
  event: 'What it watches for.',
  policy: 'When a match may fire.',
  action: 'What firing does.',
  scope: 'Where it must happen.',
  severity: 'How severe it is.',
  routing: 'That routing finds the channels, instead of an integration.',
  organization: "The organization's name.",
  entity: "The team's name.",
  project: "The project's name.",
  registry: "The registry's name.",
  collection: "The collection's name.",
};

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member) => right.includes(member));
}

/** zod numbers what refers to itself. */
function withNamedDefinitions(schema: Schema): Schema {
  let text = JSON.stringify(schema);
  for (const [name, definition] of Object.entries(schema.$defs ?? {})) {
    text = text.replaceAll(`"${name}"`, definition.properties === undefined ? '"json"' : '"filter"');
    text = text.replaceAll(`#/$defs/${name}"`, `#/$defs/${definition.properties === undefined ? 'json' : 'filter'}"`);
  }
  return JSON.parse(text) as Schema;
}
