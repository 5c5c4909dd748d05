import type { MessageLink } from '../../../src/index.js';
import { type ActionsBlock, type LinkButton, plainText } from './block-types.js';
import { jsonLength, limits } from './limits.js';
import { safeLinks } from './link-url.js';
import { shortenPlain } from './shorten-text.js';

const maxButtons = 5 * limits.buttonsPerBlock;

/** The links of a message as blocks. */
export interface LinkButtons {
  readonly actions: ActionsBlock[];
  /** How many links found no room, or can't be shown. */
  readonly leftOut: number;
}

/**
 * Makes a button of each link.
 *
 * @param links - The links, in order.
 * @param room - How long the JSON of the blocks may get, in UTF-16 code units.
 * @returns As many as fit, from the first; one that does not fit does not keep shorter ones out.
 */
export function linkButtons(links: readonly MessageLink[], room: number): LinkButtons {
  let actions: ActionsBlock[] = [];
  let shown = 0;
  for (const { text, url } of safeLinks(links, limits.url)) {
    if (shown === maxButtons) break;
    const grown = withButton(actions, { type: 'button', text: plainText(shortenPlain(text, limits.button)), url });
    if (jsonLength(grown) > room) continue;
    actions = grown;
    shown += 1;
  }
  return { actions, leftOut: links.length - shown };
}

function withButton(actions: readonly ActionsBlock[], button: LinkButton): ActionsBlock[] {
  const last = actions.at(-1);
  return last === undefined || last.elements.length === limits.buttonsPerBlock
    ? [...actions, { type: 'actions', elements: [button] }]
    : [...actions.slice(0, -1), { type: 'actions', elements: [...last.elements, button] }];
}
