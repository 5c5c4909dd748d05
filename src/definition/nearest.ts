/** Names are not longer; what is longer is compared by its beginning. */
const mostCharacters = 60;

/** How like a name must be at least, of 1. */
const leastLikeness = 0.5;

/** How much less like than the best another may be. */
const widestGap = 0.15;

/**
 * The names that look most like what was given, in whichever spelling, the best first: `run.metrics` for `RUN_METRIC`.
 *
 * @param got - What was given.
 * @param names - What it may have been meant for.
 * @param most - How many to answer at most.
 */
export function nearest<Name extends string>(got: string, names: readonly Name[], most: number): readonly Name[] {
  const parts = partsOf(got.slice(0, mostCharacters));
  const scored = names.map((name) => ({ name, likeness: likeness(parts, partsOf(name)) }));
  const best = Math.max(...scored.map((each) => each.likeness));
  return scored
    .filter((each) => each.likeness >= leastLikeness && each.likeness >= best - widestGap)
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, most)
    .map((each) => each.name);
}

/** Dice's coefficient: 0 when no part is common, 1 when all are, in any order of the words. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((part) => other.has(part)).length;
  return (2 * common) / Math.max(1, one.size + other.size);
}

/** The letters of a text, and the pairs of letters of its words. The letters alone find those that changed places. */
function partsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  const pairs = words.flatMap((word) => Array.from({ length: word.length }, (_, at) => word.slice(at, at + 2)));
  return new Set([...words.join(''), ...pairs]);
}
