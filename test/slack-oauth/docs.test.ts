import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/slack-oauth.md', () => {
  test('shows the server of the example as it is', async () => {
    const page = await read('docs/slack-oauth.md');
    expect(page).toContain(`\`\`\`ts\n${await read('examples/slack-oauth-server.ts')}\`\`\``);
  });

  test('has a row for every outcome, and for every reason of a refusal', async () => {
    const page = await read('docs/slack-oauth.md');
    const source = await read('adapters/slack-oauth/outcome.ts');
    const types = [...source.matchAll(/readonly type: '(\w+)'/g)].map(([, type]) => String(type));
    const reasons = [...source.matchAll(/^ {4}\| '(\w+)'/gm)].map(([, reason]) => String(reason));
    expect(types).toHaveLength(4);
    expect(reasons).toHaveLength(7);
    expect(types.filter((type) => !page.includes(`| \`${type}\``))).toEqual([]);
    expect(reasons.filter((reason) => !page.includes(`| \`refused\`, \`${reason}\` |`))).toEqual([]);
  });

  test('names only options and methods that there are', async () => {
    const page = await read('docs/slack-oauth.md');
    const sources = await Promise.all(
      ['slack-oauth/options', 'slack-oauth/slack-oauth', 'secrets/sealed-secrets'].map((file) =>
        read(`adapters/${file}.ts`),
      ),
    );
    const named = [
      'stateKey',
      'scopes',
      'successUrl',
      'onInstalled',
      'page',
      'cleanUp',
      'slackChannels',
      'connectChannel',
      'bindingOf',
      'handleCallback',
    ].concat(['disconnect', 'installUrl', 'previousKeys', 'refreshBeforeMs', 'reseal', 'names', 'put', 'unreadable']);
    for (const name of named) {
      expect(page, name).toContain(name);
      expect(
        sources.some((source) => new RegExp(`^ {2}(readonly )?${name}[?(:]`, 'm').test(source)),
        name,
      ).toBe(true);
    }
  });
});
