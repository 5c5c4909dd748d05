import { eventTypes } from './event-type.js';
import { nearest } from './nearest.js';
import { describeValue } from './path.js';

/** What shows the kinds there are, where nothing comes near what was given. */
const oneOfEach = ['run.metrics', 'artifact.created', 'collection.tag-added', 'anomaly.detected'];

/** More of those that are near would not help. */
const mostNear = 3;

/**
 * Says what could stand where no known type of event does, for a person: the types that look most like it, in whichever
 * spelling, so that `RUN_METRIC` is told of `run.metrics`.
 */
export function expectedEventType(got: unknown): string {
  if (typeof got === 'string' && (got === 'custom' || got.startsWith('custom.'))) {
    return `Expected "custom." and a name, at most 255 characters in all, got ${describeValue(got)}`;
  }
  const near = typeof got === 'string' ? nearest(got, eventTypes, mostNear) : [];
  const examples = near.length > 0 ? near : oneOfEach;
  const own = 'or "custom." and a name for one of your own';
  return `Expected a type of event such as ${examples.join(', ')}, ${own}, got ${describeValue(got)}`;
}
