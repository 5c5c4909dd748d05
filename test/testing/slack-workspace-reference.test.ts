import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { genericErrors } from '../../testing/slack-workspace/methods/method.js';
import { slackMethods, tokenlessMethods } from '../../testing/slack-workspace/methods/method-table.js';
import { botScopes } from '../../testing/slack-workspace/state/scopes.js';

interface MethodReference {
  readonly requiredArgs: readonly string[];
  readonly args: readonly string[];
  readonly errors: readonly string[];
  readonly botScopes: readonly string[] | null;
}

const location = new URL('../../../shared/data/slack-methods.json', import.meta.url);

const reference: Readonly<Record<string, MethodReference>> | undefined = existsSync(location)
  ? JSON.parse(readFileSync(location, 'utf8')).methods
  : undefined;

if (reference === undefined) {
  console.warn('Skipped: the methods are checked against Slack’s reference only where ../shared/data is at hand.');
}

/** Not in the reference data: its arguments and errors were read from Slack's page on the method. */
const unlisted = ['reactions.get'];

/** In no list of Slack's, and what it answers to a code that was exchanged before. */
const unlistedErrors = ['code_already_used'];

describe.skipIf(reference === undefined)('the methods of the fake Slack workspace', () => {
  it.each([...slackMethods].filter(([name]) => !unlisted.includes(name)))(
    'has %s as Slack’s reference has it',
    (name, method) => {
      const listed = reference?.[name];
      expect(listed).toBeDefined();
      const accepted = ['token', ...method.requiredArguments, ...method.optionalArguments];
      expect(accepted.filter((argument) => !listed?.args.includes(argument))).toEqual([]);
      expect(['token', ...method.requiredArguments].sort()).toEqual([...(listed?.requiredArgs ?? [])].sort());
      expect(method.errors.filter((error) => !listed?.errors.includes(error))).toEqual([]);
      expect([...method.scopes].sort()).toEqual([...(listed?.botScopes ?? [])].sort());
    },
  );

  it.each([...tokenlessMethods])('has %s, which takes no token, as Slack’s reference has it', (name, method) => {
    const listed = reference?.[name];
    const accepted = [...method.requiredArguments, ...method.optionalArguments];
    expect(accepted.filter((argument) => !listed?.args.includes(argument))).toEqual([]);
    expect([...method.requiredArguments].sort()).toEqual([...(listed?.requiredArgs ?? [])].sort());
    const known = [...(listed?.errors ?? []), ...unlistedErrors];
    expect(method.errors.filter((error) => !known.includes(error))).toEqual([]);
    expect(listed?.botScopes).toBeNull();
  });

  it('grants every scope that a method needs', () => {
    const needed = Object.values(reference ?? {}).flatMap(({ botScopes: scopes }) => scopes ?? []);
    expect(needed.filter((scope) => !botScopes.has(scope))).toEqual([]);
  });

  it('ignores only arguments that Slack’s reference does not have', () => {
    for (const [name, { ignoredArguments = [] }] of slackMethods) {
      expect(ignoredArguments.filter((argument) => reference?.[name]?.args.includes(argument))).toEqual([]);
    }
  });

  it('shares no error name between what is generic and what a method declares', () => {
    const declared = [...slackMethods.values(), ...tokenlessMethods.values()].flatMap(({ errors }) => errors);
    expect(declared.filter((error) => genericErrors.includes(error))).toEqual([]);
  });
});
