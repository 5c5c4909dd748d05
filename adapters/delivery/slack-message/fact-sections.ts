import type { MessageField } from '../../../src/index.js';
import { type MrkdwnText, mrkdwn, type PlainText, plainText, type SectionBlock } from './block-types.js';
import { cleanLine, cleanText } from './clean-text.js';
import { jsonLength, limits } from './limits.js';
import { shortenPlain } from './shorten-text.js';

const factsPerSection = limits.fieldsPerSection / 2;
const maxFacts = 10 * factsPerSection;
const nameLimit = 150;
/** Below this much room a fact is left out rather than shown as a stump. */
const leastRoom = 600;
/** What a name, two cells and a section around them take at most. */
const aroundValue = 460;
const absent = '–';
const safeToFormat = /^[\p{L}\p{M}\p{N} .,/()%-]+$/u;

type Cell = PlainText | MrkdwnText;

/** The facts of a message as blocks. */
export interface FactSections {
  readonly sections: SectionBlock[];
  /** How many facts found no room. */
  readonly leftOut: number;
}

/**
 * Lays facts out in two columns: name, value.
 *
 * A value is always literal text, so a metric or run named `*_train_*` or `<!channel>` shows exactly as it is called. A
 * name is bold when it has nothing in it that Slack would format.
 *
 * @param fields - The facts, in order.
 * @param room - How long the JSON of the sections may get, in UTF-16 code units.
 * @returns As many facts as fit.
 */
export function factSections(fields: readonly MessageField[], room: number): FactSections {
  const sections: SectionBlock[] = [];
  let left = room;
  let shown = 0;
  for (const field of fields) {
    if (shown === maxFacts || left < leastRoom) {
      break;
    }
    const cells = [nameCell(field.name), valueCell(field.value, left - aroundValue)];
    const section = sections.at(-1);
    if (section?.fields === undefined || section.fields.length === limits.fieldsPerSection) {
      sections.push({ type: 'section', fields: cells });
    } else {
      section.fields.push(...cells);
    }
    left = room - jsonLength(sections);
    shown += 1;
  }
  return { sections, leftOut: fields.length - shown };
}

function nameCell(name: string): Cell {
  const shown = shortenPlain(cleanLine(name) || absent, nameLimit);
  return safeToFormat.test(shown) ? mrkdwn(`*${shown}*`) : plainText(shown);
}

function valueCell(value: string, room: number): Cell {
  const shown = shortenPlain(cleanText(value).trim() || absent, limits.field);
  // A code unit takes two in JSON at most (`"`, `\`, line breaks), since other control characters are gone.
  return plainText(jsonLength(shown) <= room ? shown : shortenPlain(shown, Math.max(1, Math.floor(room / 2))));
}
