import { describeValue, formatPath } from '../definition/path.js';
import type { Issue } from '../errors.js';
import type { WandbOptions } from './wire.js';

const names = Object.keys({
  entity: true,
  organization: true,
  scopes: true,
  integrations: true,
  limits: true,
} satisfies Record<keyof WandbOptions, true>);

/** What types can't check in plain JavaScript: a misspelt option would do nothing. */
export function optionIssues(options: unknown): readonly Issue[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return [{ code: 'invalid_type', path: 'options', message: `Expected an object, got ${describeValue(options)}` }];
  }
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  return unknown.map((name) => {
    const path = formatPath(['options', name]);
    return { code: 'unknown_key', path, message: `Expected one of ${names.join(', ')}, got ${formatPath([name])}` };
  });
}
