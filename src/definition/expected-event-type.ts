import { eventTypes } from './event-type.js';
import { describeValue } from './path.js';

/** What shows the kinds there are, where nothing comes near what was given. */
const oneOfEach = ['run.metrics', 'artifact.created', 'collection.tag-added', 'anomaly.detected'];

/** No type is longer; what is longer is compared by its beginning. */
const mostCharacters = 60;

/**
 * Says what could stand where no known type of event does, for a person: the types that look most like it, in whichever
 * spelling, so that `RUN_METRIC` is told of `run.metrics`.
 */
export function expectedEventType(got: unknown): string {
  if (typeof got === 'string' && (got === 'custom' || got.startsWith('custom.'))) {
    return `Expected "custom." and a name, at most 255 characters in all, got ${describeValue(got)}`;
  }
  const near = typeof got === 'string' ? nearestTypes(got) : [];
  const examples = near.length > 0 ? near : oneOfEach;
  const own = 'or "custom." and a name for one of your own';
  return `Expected a type of event such as ${examples.join(', ')}, ${own}, got ${describeValue(got)}`;
}

/** At most three, the best first. */
function nearestTypes(got: string): readonly string[] {
  const pairs = letterPairs(got.slice(0, mostCharacters));
  const scored = eventTypes.map((type) => ({ type, likeness: likeness(pairs, letterPairs(type)) }));
  const best = Math.max(...scored.map((each) => each.likeness));
  return scored
    .filter((each) => each.likeness >= 0.5 && each.likeness >= best - 0.15)
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, 3)
    .map((each) => each.type);
}

/** Dice's coefficient of the pairs of letters: 0 when none is common, 1 when all are, in any order of the words. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((pair) => other.has(pair)).length;
  return (2 * common) / Math.max(1, one.size + other.size);
}

function letterPairs(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  return new Set(words.flatMap((word) => Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2))));
}
