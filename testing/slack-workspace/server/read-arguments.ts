import { isJsonObject, type JsonObject, parseJson } from '../json.js';

/** Arguments that a form carries as JSON text. */
const jsonArguments = ['attachments', 'blocks', 'files', 'metadata'];

const decode = (name: string, value: unknown): unknown =>
  jsonArguments.includes(name) && typeof value === 'string' ? (parseJson(value) ?? value) : value;

/**
 * A Web API request's arguments out of its body, a form or JSON.
 *
 * A JSON argument that does not parse stays text, so that the method refuses it by its own error name.
 *
 * @returns undefined where a JSON body is not an object
 */
export const readArguments = (contentType: string, body: string): JsonObject | undefined => {
  const isJson = contentType.startsWith('application/json');
  const raw = isJson ? parseJson(body) : Object.fromEntries(new URLSearchParams(body));
  if (!isJsonObject(raw)) return undefined;
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decode(name, value)]));
};
