import { formatPath } from '../definition/path.js';
import { TocsinError } from '../errors.js';

/** What an option of an adapter can be. */
type OptionKind = 'text' | 'number' | 'boolean' | 'function' | 'list' | 'object';

/**
 * Checks what types can't check in plain JavaScript: a misspelt option would do nothing, and so do harm. What was given is
 * never quoted: it may be a token.
 *
 * @param options - What the adapter's factory was given.
 * @param kinds - What each of its options must be when it is given.
 * @throws `TocsinError` with code `invalid_options`, naming the option.
 */
export function checkAdapterOptions<Options extends object>(
  options: Options,
  kinds: Readonly<Record<keyof NoInfer<Options>, OptionKind>>,
): void {
  const names = Object.keys(kinds).join(', ');
  if (kindOf(options) !== 'object') refuse(`Expected options with ${names}, got ${articleOf(kindOf(options))}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) refuse(`Expected one of ${names}, got ${formatPath([name])}`);
    const expected = kinds[name as keyof Options];
    const got = kindOf(value);
    if (value !== undefined && got !== expected) {
      refuse(`Expected ${articleOf(expected)} at ${name}, got ${articleOf(got)}`);
    }
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

function articleOf(kind: string): string {
  if (kind === 'nothing' || kind === 'null') return kind;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

function refuse(message: string): never {
  throw new TocsinError({ code: 'invalid_options', message });
}
