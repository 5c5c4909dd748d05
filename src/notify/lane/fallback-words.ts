import type { Message } from '../../ports/message.js';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** The message as the fallback gets it: it says first why it comes there. */
export function withFallbackWords(message: Message, from: string, waitedMs: number): Message {
  const words = `${from} could not be reached for ${waitWords(waitedMs)}; sent here instead`;
  return { ...message, text: message.text === '' ? words : `${words}\n\n${message.text}` };
}

/** A wait in words, rounded down: `10 minutes`, `1 hour`. */
function waitWords(waitedMs: number): string {
  if (waitedMs < minuteMs) return counted(Math.floor(waitedMs / 1000), 'second');
  if (waitedMs < hourMs) return counted(Math.floor(waitedMs / minuteMs), 'minute');
  return counted(Math.floor(waitedMs / hourMs), 'hour');
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
