import type { JsonObject, JsonValue } from '../json.js';
import type { PathSegments } from './path.js';

/** The value of a variable; `undefined` where there is none. */
export type TemplateVariables = (name: string) => string | undefined;

/**
 * How many characters the values of variables may bring into one text, and into all texts of one message or payload
 * together. An event may have 256 KiB, and a template may name a part of it a thousand times.
 */
export const renderBounds = Object.freeze({ text: 100_000, all: 500_000 });

/** What of a template stands between two `${`: literal text, a variable's name and what follows it, or a name without end. */
type TemplatePart =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'variable'; readonly name: string; readonly after: string }
  | { readonly type: 'unclosed'; readonly text: string };

/** Reads a template, in one pass: whatever stands in it, the work is as long as the text. */
function partsOf(template: string): TemplatePart[] {
  return template.split('${').map((text, index, all): TemplatePart => {
    if (index === 0) return { type: 'literal', text };
    const end = text.indexOf('}');
    if (end >= 0) return { type: 'variable', name: text.slice(0, end), after: text.slice(end + 1) };
    return { type: index === all.length - 1 ? 'literal' : 'unclosed', text: `\${${text}` };
  });
}

/** The variables that a text names, in order, each as often as it does. */
export function templateVariables(template: string): readonly string[] {
  return partsOf(template).flatMap((part) => (part.type === 'variable' ? [part.name] : []));
}

/**
 * Says what is wrong with a template; `undefined` when nothing is.
 *
 * A `${` that is never closed is literal text. One with another `${` before its end is a fault: values are never expanded
 * again, so no variable can stand in another's name.
 */
export function templateFault(template: string): string | undefined {
  return partsOf(template).some(({ type }) => type === 'unclosed')
    ? `Expected the name of a variable in \${…}, got another \${`
    : undefined;
}

/**
 * Writes a text with its variables filled in, once: what a value contains is never expanded.
 *
 * @param template - The text.
 * @param variables - Their values. One without a value is left empty.
 * @returns The text. Values that are longer in all than {@link renderBounds} allows are cut, ending in `…`.
 */
export function renderText(template: string, variables: TemplateVariables): string {
  return createRenderer(variables)(template);
}

/**
 * Renders one text.
 *
 * @param template - The text.
 * @param encode - Writes a value for the place it stands in; told whether the text begins with it. @default as it is
 */
export type Renderer = (template: string, encode?: (value: string, isFirst: boolean) => string) => string;

/**
 * Makes a {@link renderText} for several texts that go out together, whose values share one bound.
 *
 * @param variables - The values.
 */
export function createRenderer(variables: TemplateVariables): Renderer {
  let roomInAll = renderBounds.all;
  return (template, encode = (value) => value) => {
    let room = Math.min(renderBounds.text, roomInAll);
    const written = partsOf(template).map((part, index) => {
      if (part.type !== 'variable') return part.text;
      const value = room === 0 ? '' : cut(variables(part.name) ?? '', room);
      room -= value.length;
      roomInAll -= value.length;
      return encode(value, index === 1 && template.startsWith('${')) + part.after;
    });
    return written.join('');
  };
}

/** The beginning of a text, without half a character at its end. */
function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Fills variables into the texts of a JSON value. Keys stay as they are, and so does everything that is no text: a value
 * can neither end its text nor become anything else.
 *
 * @param template - The value; definitions are bounded in depth.
 * @param variables - Their values. One without a value is left empty.
 */
export function renderJson(template: JsonValue, variables: TemplateVariables): JsonValue {
  const render = createRenderer(variables);
  return mapTexts(template, (text) => render(text));
}

function mapTexts(value: JsonValue, render: (text: string) => string): JsonValue {
  if (typeof value === 'string') return render(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((member) => mapTexts(member, render));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, mapTexts(member, render)]])),
  );
}

/** One text, and where it stands. */
export interface TemplateText {
  readonly text: string;
  readonly path: PathSegments;
}

/** Every text in a JSON value, in order, with its place. */
export function jsonTexts(template: JsonValue | undefined, path: PathSegments = []): readonly TemplateText[] {
  if (typeof template === 'string') return [{ text: template, path }];
  if (typeof template !== 'object' || template === null) return [];
  if (isList(template)) return template.flatMap((member, index) => jsonTexts(member, [...path, index]));
  return Object.entries(template).flatMap(([key, member]) => jsonTexts(member, [...path, key]));
}

/** The variables that the texts of a JSON value name, in order, with the place of the text. */
export function jsonTemplateVariables(
  template: JsonValue,
): readonly { readonly name: string; readonly path: PathSegments }[] {
  return jsonTexts(template).flatMap(({ text, path }) => templateVariables(text).map((name) => ({ name, path })));
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
