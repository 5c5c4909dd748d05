import { isJsonObject, type JsonObject } from '../json.js';

/** One thing wrong with a message, at a JSON pointer, in Slack's wording. */
export interface BlockProblem {
  readonly message: string;
  readonly pointer: string;
}

/** Checks one value; an empty list means it is as Slack wants it. */
export type Check = (value: unknown, pointer: string) => readonly BlockProblem[];

const problem = (message: string, pointer: string): readonly BlockProblem[] => [{ message, pointer }];

/** Slack's line for a problem: `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
export const formatProblem = ({ message, pointer }: BlockProblem): string => `${message} [json-pointer:${pointer}]`;

/** For what is accepted unseen. */
export const anything: Check = () => [];

/** A string of minimum..maximum characters, counted in UTF-16 units as sent: the strictest of the possible readings. */
export const text =
  (maximum: number, minimum = 1): Check =>
  (value, pointer) => {
    if (typeof value !== 'string') return problem('must be a string', pointer);
    if (value.length < minimum) return problem(`must be more than ${minimum - 1} characters`, pointer);
    return value.length > maximum ? problem(`must be less than ${maximum + 1} characters`, pointer) : [];
  };

/** A web address of at most 3,000 characters. */
export const url: Check = (value, pointer) => {
  const problems = text(3_000)(value, pointer);
  return problems.length > 0 || /^(?:https?|mailto|slack):/.test(String(value))
    ? problems
    : problem('must be a valid url', pointer);
};

/** A list of minimum..maximum items, each of them checked. */
export const list =
  (item: Check, maximum: number, minimum = 1): Check =>
  (value, pointer) => {
    if (!Array.isArray(value)) return problem('must provide an array', pointer);
    if (value.length > maximum) return problem(`no more than ${maximum} items allowed`, pointer);
    if (value.length < minimum) return problem(`no less than ${minimum} items allowed`, pointer);
    return value.flatMap((part, index) => item(part, `${pointer}/${index}`));
  };

/** An object with the given properties and no others. */
export const shape =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>>): Check =>
  (value, pointer) => {
    if (!isJsonObject(value)) return problem('must provide an object', pointer);
    const missing = Object.keys(required).filter((name) => value[name] === undefined);
    return [
      ...missing.flatMap((name) => problem(`missing required field: ${name}`, pointer)),
      ...Object.entries(value).flatMap(([name, part]) => {
        const check = required[name] ?? optional[name];
        if (part === undefined) return [];
        return check === undefined
          ? problem(`invalid additional property: ${name}`, pointer)
          : check(part, `${pointer}/${name}`);
      }),
    ];
  };

/** An object whose `type` chooses the check. */
export const byType =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, pointer) => {
    if (!isJsonObject(value)) return problem('must provide an object', pointer);
    const { type }: JsonObject = value;
    if (type === undefined) return problem('missing required field: type', pointer);
    const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined;
    return check === undefined
      ? problem(`unsupported type: ${String(type)}`, `${pointer}/type`)
      : check(value, pointer);
  };
