import type { Message } from '../../ports/message.js';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** The message as the fallback gets it: it says first why it comes there. */
export function withFallbackWords(message: Message, from: string, waitedMs: number): Message {
  return withWords(message, `It has waited for ${from} for ${waitWords(waitedMs)}; sent here instead`);
}

/** The message as the default channel gets it: it says first why it comes there. */
export function withRedirectWords(message: Message, channel: string): Message {
  return withWords(message, `It could not be posted to ${channel}; sent here instead`);
}

/** A wait in words, rounded down: `10 minutes`, `1 hour`. */
function waitWords(waitedMs: number): string {
  if (waitedMs < minuteMs) return counted(Math.floor(waitedMs / 1000), 'second');
  if (waitedMs < hourMs) return counted(Math.floor(waitedMs / minuteMs), 'minute');
  return counted(Math.floor(waitedMs / hourMs), 'hour');
}

function withWords(message: Message, words: string): Message {
  return { ...message, text: message.text === '' ? words : `${words}\n\n${message.text}` };
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
