/**
 * A delivery that prints notifications, for integrations of type `console`.
 *
 * @packageDocumentation
 */
import type { Delivery, Message } from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';

/** What {@link consoleDelivery} takes. */
export interface ConsoleDeliveryOptions {
  /** Where a message goes, line by line. @default console.log */
  readonly write?: (line: string) => void;
}

const signs = { INFO: 'ℹ', WARN: '⚠', ERROR: '✖' } as const;

/**
 * Prints notifications, for integrations of type `console`.
 *
 * @param options - Where to.
 * @returns The delivery `console`.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function consoleDelivery(options: ConsoleDeliveryOptions = {}): Delivery {
  checkAdapterOptions(options, { write: 'function' });
  const write = options.write ?? ((line: string) => console.log(line));
  return {
    name: 'console',
    integrationTypes: ['console'],
    async deliver({ message }) {
      for (const line of linesOf(message)) write(line);
      return {};
    },
    preview: ({ message }) => (message === undefined ? null : linesOf(message)),
  };
}

function linesOf({ title, text, severity, fields, links, image, automationName, atMs }: Message): string[] {
  const headline = `${signs[severity]} ${severity}  ${printable(title === '' ? automationName : title)}`;
  return [
    headline,
    ...(text === '' ? [] : text.split('\n').map((line) => `  ${printable(line)}`)),
    ...fields.map(({ name, value }) => `  ${printable(name)}: ${printable(value)}`),
    ...links.map((link) => `  ${printable(link.text === link.url ? link.url : `${link.text}: ${link.url}`)}`),
    ...(image === undefined ? [] : [`  Image: ${image.type === 'url' ? printable(image.url) : 'stored picture'}`]),
    `  ${printable(automationName)} · ${new Date(atMs).toISOString()}`,
  ];
}

/** A terminal must not be steered by what a run calls itself. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
