import { copyJson, isPlainObject, type JsonBounds } from './definition/copy-json.js';
import type { Limits } from './definition/limits.js';
import { describeThrown, describeValue, formatPath, type PathSegments } from './definition/path.js';
import type { Issue } from './errors.js';
import type { JsonObject, JsonValue } from './json.js';

/** What of a run's config can be taken, and what had to be left out. */
interface RunConfig {
  readonly value: JsonObject | undefined;
  readonly issues: readonly Issue[];
}

/** The rest of an event's characters is for its name, tags and all else. */
const shareOfEvent = 0.9;

/** More would only fill the log. */
const mostIssues = 20;

/** Copies a run's config without what is no JSON: a learning rate of NaN must not cost a run its name and its start. */
export function readRunConfig(config: unknown, limits: Limits): RunConfig {
  if (config === undefined || config === null) return { value: undefined, issues: [] };
  const issues: Issue[] = [];
  const seen = new Set<unknown>();
  let charactersLeft = Math.floor(limits.eventCharacters * shareOfEvent);

  const leaveOut = (issue: Issue): void => {
    if (issues.length < mostIssues) issues.push(issue);
  };

  const boundsAt = (path: PathSegments): JsonBounds => ({
    // In the event, a config stands one level deeper than in its path here.
    depth: limits.eventDepth - 1 - path.length,
    nodes: charactersLeft,
    listMembers: charactersLeft,
    textCharacters: charactersLeft,
    characters: charactersLeft,
  });

  const membersOf = (object: Record<string, unknown>, path: PathSegments): JsonObject => {
    // Each object once: in a cycle there would be no end to it.
    seen.add(object);
    const kept: [string, JsonValue][] = [];
    for (const name of Object.keys(object)) {
      const place = [...path, name];
      try {
        const member = object[name];
        // Under its name, since the name itself may be what is not allowed.
        const copy = copyJson({ [name]: member }, boundsAt(path), path);
        if (!('issue' in copy)) {
          charactersLeft -= JSON.stringify(copy.value).length;
          kept.push(...(Object.entries(copy.value as JsonObject) as [string, JsonValue][]));
        } else if (isPlainObject(member) && !seen.has(member) && copy.issue.path !== formatPath(place)) {
          kept.push([name, membersOf(member, place)]);
        } else leaveOut(copy.issue);
      } catch (cause) {
        leaveOut({
          code: 'invalid_value',
          path: formatPath(place),
          message: `Reading it failed: ${describeThrown(cause)}`,
        });
      }
    }
    return Object.fromEntries(kept);
  };

  const root = ['config'];
  try {
    if (isPlainObject(config)) return { value: membersOf(config, root), issues };
    leaveOut({ code: 'invalid_type', path: 'config', message: `Expected an object, got ${describeValue(config)}` });
  } catch (cause) {
    leaveOut({ code: 'invalid_value', path: 'config', message: `Reading it failed: ${describeThrown(cause)}` });
  }
  return { value: undefined, issues };
}
