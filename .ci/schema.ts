// Writes the JSON Schema of an automation's definition: as files for editors, and as the constant of the package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeAutomationJsonSchema } from './make-automation-schema.js';

const constant = 'src/definition/automation-json-schema.ts';
const one = 'schema/automation.schema.json';
const list = 'schema/automations.schema.json';

const schema = makeAutomationJsonSchema();
mkdirSync('schema', { recursive: true });
writeFileSync(one, JSON.stringify(schema));
writeFileSync(
  list,
  JSON.stringify({
    $schema: schema['$schema'],
    title: 'Automations',
    description: 'A list of automations, as engine.automations.export() gives it and import() takes it.',
    type: 'array',
    maxItems: 10_000,
    items: { $ref: 'automation.schema.json' },
  }),
);
writeFileSync(
  constant,
  `// Written by \`npm run schema\`, as one text: it is data. To read it, see schema/automation.schema.json.
import type { JsonObject } from '../json.js';

/**
 * The JSON Schema (draft 2020-12) of an automation's definition, for editors and forms. The package has it as the file
 * \`tocsin/automation.schema.json\` too, and \`tocsin/automations.schema.json\` for a list.
 *
 * What it accepts may still have issues: \`parseAutomation\` also checks what depends on several parts, such as a metric
 * in a filter of \`run.metrics\`. What it refuses, \`parseAutomation\` refuses. Limits are the default ones.
 */
export const automationJsonSchema: JsonObject = /* @__PURE__ */ JSON.parse(
  ${JSON.stringify(JSON.stringify(schema))},
);
`,
);
execFileSync('npx', ['--no', 'biome', '--', 'check', '--write', constant, one, list], { stdio: 'inherit' });
