/** The way from the root of a value to one place in it. */
export type PathSegments = readonly (string | number)[];

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Writes a path as one would in JavaScript: `event.filter.$and[1]["val/loss"]`.
 *
 * A key of an outsider's choosing may be long; it is cut, since a path is for a person.
 */
export function formatPath(segments: PathSegments): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (identifier.test(segment) && segment.length <= 100) path += path === '' ? segment : `.${segment}`;
    else path += `[${JSON.stringify(segment.slice(0, 100))}]`;
  }
  return path;
}

/** Names a value in a sentence: `"high"`, `5`, `a list`, `a Date`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = className(value);
  return name === undefined || name === 'Object' ? 'an object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Names what was thrown; it may be anything, and may throw itself when it is asked. */
export function describeThrown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that cannot be told';
  }
}

/** The name of a value's class; asking for it may run the value's own code. */
function className(value: object): string | undefined {
  try {
    const maker: unknown = value.constructor;
    return typeof maker === 'function' && /^[A-Z]\w{0,40}$/.test(maker.name) ? maker.name : undefined;
  } catch {
    return undefined;
  }
}
