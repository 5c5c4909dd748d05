import { readdir, readFile } from 'node:fs/promises';
import * as tocsin from 'tocsin';
import { createEngine, type Integration, slackRouting, type Verification } from 'tocsin';
import * as slackWebApiModule from 'tocsin/delivery/slack-web-api';
import * as slackWebhookModule from 'tocsin/delivery/slack-webhook';
import * as secretsModule from 'tocsin/secrets';
import * as slackOAuthModule from 'tocsin/slack-oauth';
import { memoryStorage } from 'tocsin/storage/memory';
import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { slackFault } from '../../adapters/delivery/slack-message/fault/error-names.js';
import { slackWebApiPacing } from '../../adapters/delivery/slack-message/pacing.js';
import { updateKeys } from '../../src/definition/routing/skyline-updates.js';
import { defaultThreadUpdates, threadUpdateTypes } from '../../src/definition/routing/thread-update.js';
import { botScopes } from '../../testing/slack-workspace/state/scopes.js';

const { slackWebApi } = slackWebApiModule;

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

const pages = ['docs/slack-setup.md', 'docs/slack.md'] as const;
const setup = await read('docs/slack-setup.md');
const slackPage = await read('docs/slack.md');
const manifest = JSON.parse(await read('docs/slack-app-manifest.json'));
const asked: readonly string[] = manifest.oauth_config.scopes.bot;

/** What stands between a line that begins so and the next heading. */
function sectionOf(page: string, heading: string): string {
  const start = page.indexOf(`\n${heading}\n`);
  expect(start, heading).toBeGreaterThan(-1);
  const rest = page.slice(start + heading.length + 2);
  const end = rest.search(/\n#{1,4} /);
  return end < 0 ? rest : rest.slice(0, end);
}

/** The rows of all tables of a text, each cell as it stands, without heads. */
function rowsOf(text: string): string[][] {
  const rows = text
    .split('\n')
    .map((line) => (/^\s*\|/.test(line) ? line.trim().slice(1, -1).split(' | ') : undefined));
  return rows.flatMap((cells, at) =>
    cells === undefined || rows[at - 1] === undefined || cells[0]?.trim().startsWith('---')
      ? []
      : [cells.map((cell) => cell.trim())],
  );
}

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name));

/** All that the source says, of the files below some folders. */
async function sourceOf(...folders: string[]): Promise<string> {
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const files = await readdir(new URL(`../../${folder}/`, import.meta.url), { recursive: true });
      return Promise.all(files.filter((file) => file.endsWith('.ts')).map((file) => read(`${folder}/${file}`)));
    }),
  );
  return texts.flat().join('\n');
}

const scopePattern =
  /\b(?:chat:write(?:\.[a-z]+)?|(?:channels|groups|files|reactions|users|im|mpim|team):[a-z]+|incoming-webhook)\b(?!:)/g;
const scopeTables = sectionOf(setup, '### 2. The scopes').split('The manifest leaves these out');
const tableScopes = (part: number): string[] =>
  rowsOf(scopeTables[part] ?? '').map(([scope]) => namesIn(scope)[0] ?? '');

describe('the manifest', () => {
  test('has the parts that Slack knows, and nothing else', () => {
    expect(manifest).toEqual({
      display_information: { name: expect.any(String), description: expect.any(String) },
      features: { bot_user: { display_name: expect.stringMatching(/^[a-z0-9._-]{1,80}$/), always_online: true } },
      oauth_config: { scopes: { bot: [...new Set(asked)].sort() } },
      settings: { org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
    });
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  });

  test('asks for scopes of bots', () => {
    expect(asked.filter((scope) => !botScopes.has(scope))).toEqual([]);
  });

  test('asks for what its table says, and for nothing of the other one', () => {
    expect(tableScopes(0).sort()).toEqual(asked);
    expect(tableScopes(1)).toHaveLength(3);
    expect(tableScopes(1).filter((scope) => asked.includes(scope) || !botScopes.has(scope))).toEqual([]);
  });

  test('asks for every scope that the source speaks of, but for those that are left out with a reason', async () => {
    const source = await sourceOf(
      'adapters/delivery/slack-web-api',
      'adapters/delivery/slack-message',
      'adapters/slack-oauth',
    );
    const spokenOf = new Set(source.match(scopePattern));
    expect(spokenOf.size).toBeGreaterThan(5);
    expect([...spokenOf].filter((scope) => !asked.includes(scope) && !tableScopes(1).includes(scope))).toEqual([]);
    expect(asked.filter((scope) => !spokenOf.has(scope))).toEqual([]);
  });

  test.each([...pages, 'docs/slack-oauth.md'])('%s names no other scopes', async (path) => {
    const named = new Set((await read(path)).match(scopePattern));
    expect([...named].filter((scope) => !asked.includes(scope) && !tableScopes(1).includes(scope))).toEqual([]);
  });
});

async function verifyWith(scopes: readonly string[]): Promise<Verification[]> {
  const channels = [{ name: 'open' }, { name: 'closed', isPrivate: true }];
  const workspace = await startSlackWorkspace({ channels, tokens: [{ token: 'xoxb-1-2-probe', scopes }] });
  onTestFinished(() => workspace.close());
  const deliveries = [slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl })];
  const engine = await createEngine({ storage: memoryStorage(), deliveries });
  onTestFinished(() => engine.close());
  const integrations: Integration[] = [];
  for (const { name } of channels) {
    const channel = workspace.channel(name).id;
    integrations.push(await engine.integrations.create({ type: 'slack', name, delivery: 'slack-web-api', channel }));
  }
  return Promise.all(integrations.map(({ id }) => engine.integrations.verify(id)));
}

describe('verify', () => {
  test('has nothing to say of an app that was made from the manifest, and is in the channel', async () => {
    for (const { ok, problems, notes = [] } of await verifyWith(asked)) {
      expect([ok, problems, notes]).toEqual([true, [], []]);
    }
  });

  test.each(asked)('names the scope %s when it is missing', async (missing) => {
    const found = await verifyWith(asked.filter((scope) => scope !== missing));
    const said = found.flatMap(({ problems, notes = [] }) => [...problems.map(({ message }) => message), ...notes]);
    expect(said.join('\n')).toContain(missing);
    expect(found.every(({ ok }) => ok)).toBe(missing !== 'chat:write');
  });
});

const trouble = setup.slice(setup.indexOf('\n## When something goes wrong\n'));
const errorNames = [
  ...(await read('adapters/delivery/slack-message/fault/error-names.ts')).matchAll(/'([a-z_]+)',?$/gm),
]
  .map(([, name]) => String(name))
  .filter((name) => slackFault(name) !== undefined);

describe('the errors of the setup page', () => {
  const told = rowsOf(trouble).flatMap(([errors]) => namesIn(errors));

  test('have a row for each that stops an integration', () => {
    const stopping = errorNames.filter((name) => ['credential', 'channel'].includes(slackFault(name) ?? ''));
    expect(stopping.length).toBeGreaterThan(30);
    expect(stopping.filter((name) => !told.includes(name))).toEqual([]);
  });

  test.each([
    ['### The token, the app, the webhook', 'credential'],
    ['### The channel', 'channel'],
  ])('stand where they belong: %s', (heading, fault) => {
    const others = rowsOf(sectionOf(setup, heading))
      .flatMap(([errors]) => namesIn(errors))
      .filter((name) => (slackFault(name) ?? fault) !== fault);
    expect(others).toEqual([]);
  });

  test('are names that the source knows', async () => {
    const source = await sourceOf('adapters/delivery', 'adapters/secrets', 'adapters/slack-oauth', 'src/notify');
    const verified = rowsOf(sectionOf(setup, '### What `verify` can find')).flatMap(([reason]) => namesIn(reason));
    expect(verified.length).toBeGreaterThan(8);
    const known = (name: string): boolean =>
      new RegExp(`['"]${name}['"]|^\\s*${name}:`, 'm').test(source) || slackFault(name) !== undefined;
    expect([...told, ...verified].filter((name) => !known(name))).toEqual([]);
  });
});

test('the classes of errors of docs/slack.md are those of the source', () => {
  const faults: Readonly<Record<string, string>> = { 'retry slowly': 'retry-slowly' };
  const rows = rowsOf(sectionOf(slackPage, '## When Slack says no'));
  for (const name of ['retry', 'retry slowly', 'ambiguous', 'credential', 'channel', 'message']) {
    const [, errors] = rows.find(([first]) => first === name) ?? [];
    const known = namesIn(errors)
      .map((error) => slackFault(error))
      .filter((fault) => fault !== undefined);
    expect(known.length, name).toBeGreaterThan(1);
    expect(new Set(known), name).toEqual(new Set([faults[name] ?? name]));
  }
});

test('the updates of docs/slack.md have the usual reactions', () => {
  const rows = rowsOf(sectionOf(slackPage, '### Threads of anomalies'));
  const told = rows.map(([type, , reaction]) => [namesIn(type)[0], namesIn(reaction)[0] ?? false]);
  expect(told).toEqual(threadUpdateTypes.map((type) => [type, defaultThreadUpdates[type].reaction]));
});

test('docs/slack.md tells the pace of the adapter', () => {
  const { messagesPerSecond, burst, together } = slackWebApiPacing;
  const pace = sectionOf(slackPage, '## Pace');
  expect(pace).toContain(`${messagesPerSecond} message a second in each channel, with bursts of ${burst};`);
  expect(pace).toContain(`together ${together?.messagesPerSecond} a second, with bursts of ${together?.burst}.`);
});

test('the routing of docs/slack.md is one', () => {
  const [, options = ''] = /slackRouting\(\{\n([\s\S]*?)\n {2}\}\)/.exec(slackPage) ?? [];
  const make = new Function('slack', `return {${options}}`);
  expect(slackRouting(make({ id: 'an-id' }))).toMatchObject({ integrationId: 'an-id', defaultChannel: '#ops' });
});

describe.each(pages)('%s', (path) => {
  test('shows its programs as they run in tests', async () => {
    const page = await read(path);
    const programs = [...page.matchAll(/`(examples\/[^`]+\.ts)`/g)].map(([, file]) => String(file));
    expect(programs).not.toEqual([]);
    for (const program of programs) expect(page, program).toContain(`\`\`\`ts\n${await read(program)}\`\`\``);
  });

  test('names only reasons that there are', async () => {
    const execution = await read('src/record/execution.ts');
    const named = [...(await read(path)).matchAll(/`(?:skipped|failed|cancelled): ([a-z_]+)`/g)].map(
      ([, reason]) => reason,
    );
    expect(named.filter((reason) => !execution.includes(`'${reason}'`))).toEqual([]);
  });

  test('names only functions that there are', async () => {
    const engine = await createEngine({ storage: memoryStorage() });
    onTestFinished(() => engine.close());
    const exported = Object.assign({}, tocsin, slackWebApiModule, slackWebhookModule, secretsModule, slackOAuthModule);
    const page = (await read(path)).replaceAll(/```[\s\S]*?```/g, '');
    const missing = [...page.matchAll(/`(?:engine\.)?((?:[a-zA-Z]+\.)*[a-zA-Z]+)\(/g)].filter(([, name = '']) => {
      const roots = [exported, engine].map((root) =>
        name.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root),
      );
      return !roots.some((found) => typeof found === 'function');
    });
    expect(missing.map(([, name]) => name)).toEqual([]);
  });
});

const linking = [
  'README.md',
  'examples/README.md',
  ...(await readdir(new URL('../../docs/', import.meta.url)))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

test.each(linking)('%s leads to pages and headings that there are', async (path) => {
  const links = [...(await read(path)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const [, file = '', anchor] of links) {
    if (/\/$|^[^.]*$/.test(file) && file !== '') continue;
    const target = await read(file === '' ? path : `${folder}${file}`);
    if (anchor !== undefined) expect(anchorsOf(target), `${file}#${anchor}`).toContain(anchor);
  }
});

test('docs/slack.md has every setting of Skyline, and no other', async () => {
  const keys = rowsOf(sectionOf(slackPage, '### Coming from Skyline')).flatMap(([settings]) => namesIn(settings));
  const source = await read('src/definition/routing/skyline-settings.ts');
  const known = [...source.matchAll(/^ {2}'(\w+)',$/gm)].map(([, key]) => String(key));
  expect(keys.sort()).toEqual([...known, ...updateKeys, 'bot_user_oauth_access_token'].sort());
});

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
