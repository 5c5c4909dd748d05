/** Literal text: Slack finds no mention, link, formatting or emoji code in it. */
export interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}

/** Formatted text. `verbatim` keeps Slack from making links and mentions of what merely looks like one. */
export interface MrkdwnText {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

export interface HeaderBlock {
  type: 'header';
  text: PlainText;
}

export interface SectionBlock {
  type: 'section';
  text?: PlainText | MrkdwnText;
  fields?: (PlainText | MrkdwnText)[];
}

export interface ContextBlock {
  type: 'context';
  elements: (PlainText | MrkdwnText)[];
}

export interface LinkButton {
  type: 'button';
  text: PlainText;
  url: string;
}

export interface ActionsBlock {
  type: 'actions';
  elements: LinkButton[];
}

export interface ImageBlock {
  type: 'image';
  image_url: string;
  alt_text: string;
}

export type SlackBlock = HeaderBlock | SectionBlock | ImageBlock | ActionsBlock | ContextBlock;

export interface SlackAttachment {
  color: string;
  fallback: string;
  blocks: SlackBlock[];
}

/**
 * Makes literal text.
 *
 * @param text - Clean text, at least 1 character; it needs no escaping.
 */
export function plainText(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}

/**
 * Makes formatted text.
 *
 * @param text - mrkdwn in which everything foreign is escaped, at least 1 character.
 */
export function mrkdwn(text: string): MrkdwnText {
  return { type: 'mrkdwn', text, verbatim: true };
}
