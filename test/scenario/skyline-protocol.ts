import type { ScriptedEvent } from './skyline-script.js';

/** What a process is told. */
export type SkylineCommand =
  | {
      readonly type: 'open';
      /** The storage's folder. */
      readonly path: string;
      readonly slackApiUrl: string;
      readonly token: string;
      /** By how many milliseconds its clock is ahead. */
      readonly offsetMs: number;
      /** Whether it makes the integration, the routing and the automation. */
      readonly setsUp: boolean;
    }
  /** Puts its clock to be ahead by so many milliseconds. */
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'emit'; readonly event: ScriptedEvent }
  /** To say when nothing waits to be delivered any more. */
  | { readonly type: 'drain' }
  | { readonly type: 'close' };

/** What a process tells. */
export type SkylineReport =
  | { readonly type: 'opened' }
  | { readonly type: 'answered'; readonly id: string; readonly fired: number; readonly duplicate: boolean }
  | { readonly type: 'drained' }
  /** What its logger was told. */
  | { readonly type: 'told'; readonly message: string };
