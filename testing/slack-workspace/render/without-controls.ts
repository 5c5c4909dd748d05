import { isJsonObject } from '../json.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/**
 * JSON whose strings have no control characters but line breaks: what somebody wrote into a message must not move the
 * cursor, or worse, of the terminal that shows it.
 */
export const withoutControls = <Value>(value: Value): Value => {
  const cleaned = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replaceAll(controls, ' ');
    if (Array.isArray(part)) return part.map(cleaned);
    return isJsonObject(part)
      ? Object.fromEntries(Object.entries(part).map(([name, each]) => [name, cleaned(each)]))
      : part;
  };
  return cleaned(value) as Value;
};
