import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { attempt } from './attempt.js';

/** Who a process is, as far as others on its host can tell. */
export interface ProcessIdentity {
  /** The host since it was started, and the namespace in which process ids mean something. */
  readonly place: string;
  readonly pid: number;
  /** When it was started, in the host's own count; `undefined` where that can't be known. */
  readonly startedAt?: string | undefined;
}

let self: ProcessIdentity | undefined;

/** Tells who this process is. */
export function processIdentity(): ProcessIdentity {
  self ??= { place: readPlace(), pid: process.pid, startedAt: readState(process.pid)?.startedAt };
  return self;
}

/**
 * Tells whether a process is certainly gone. One of another host, or of another container, is never: its id says nothing here.
 */
export function isProcessGone(identity: ProcessIdentity): boolean {
  if (identity.place !== processIdentity().place) return false;
  if (!isThere(identity.pid)) return true;
  const state = readState(identity.pid);
  if (state === undefined) return false;
  // The id may have been given to another process, and one that has ended keeps its id until its parent has noticed.
  return state.hasEnded || (identity.startedAt !== undefined && identity.startedAt !== state.startedAt);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function readPlace(): string {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  // Without them a process may be in a container unlike ours: then nothing is known of others.
  return boot === undefined || namespace === undefined ? randomPlace() : `${hostname()} ${boot} ${namespace}`;
}

function randomPlace(): string {
  return process.platform === 'linux' ? randomUUID() : hostname();
}

function readState(pid: number): { readonly startedAt: string; readonly hasEnded: boolean } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the command's name in parentheses, in which anything may stand.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields?.[0], fields?.[19]];
  if (state === undefined || startedAt === undefined) return undefined;
  return { startedAt, hasEnded: state === 'Z' || state === 'X' };
}
