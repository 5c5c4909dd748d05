import type { Message } from '../../../src/index.js';
import { cleanLine } from './clean-text.js';

/**
 * Names a message in one line.
 *
 * @param message - The message.
 * @returns Its title; without one the automation's name, so that no header and no notification is ever empty. Clean,
 * not escaped, not shortened.
 */
export function headline(message: Message): string {
  return cleanLine(message.title) || cleanLine(message.automationName) || 'Notification';
}
