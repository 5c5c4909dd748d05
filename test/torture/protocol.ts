import type { TocsinEvent } from 'tocsin';

/** What the torture tells one of its processes: a line of JSON on its standard input. */
export type Command =
  | ({ readonly type: 'open' } & OpenOptions)
  /** `nth` tells the answer. */
  | { readonly type: 'emit'; readonly nth: number; readonly event: TocsinEvent }
  | { readonly type: 'close' };

/** What a process works with. */
export interface OpenOptions {
  /** The storage's folder. */
  readonly path: string;
  readonly slackApiUrl: string;
  readonly token: string;
  /** Whether Slack is looked at before anything is sent again. */
  readonly lookUp: boolean;
  /** Whether this process makes the integrations and automations. */
  readonly setsUp: boolean;
}

/** What a process tells: a line of JSON on its standard output. */
export type Report =
  /** The program has been loaded. */
  | { readonly type: 'loaded' }
  | { readonly type: 'opened'; readonly tookMs: number }
  | ({ readonly type: 'answered'; readonly nth: number } & EmitAnswer)
  /** A message is about to be posted. */
  | { readonly type: 'delivering' }
  | { readonly type: 'refused'; readonly nth: number; readonly code: string }
  /** Something that the engine told of itself. */
  | { readonly type: 'told'; readonly level: 'warning' | 'error'; readonly code: string; readonly message: string };

/** What an emit resolved to. */
export interface EmitAnswer {
  readonly fired: readonly { readonly automation: string; readonly executionId: string }[];
  readonly skipped: readonly { readonly automation: string; readonly reason: string }[];
  readonly duplicate: boolean;
}

/**
 * Cuts a stream of texts into messages, one a line. What is left of a broken line, of a process that was killed, is dropped.
 *
 * @param take - Called with each message.
 * @returns What takes the next piece.
 */
export function readLines<Message>(take: (message: Message) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as Message);
  };
}
