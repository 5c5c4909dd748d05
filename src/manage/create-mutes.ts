import { ownerOf } from '../definition/automation.js';
import type { Mute } from '../definition/mute.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Runtime } from '../ports/runtime.js';
import type { MuteStore } from '../record/mute-store.js';
import { createMuteExpiry, type MuteExpiry } from './mute-expiry.js';
import { type MuteMoment, muteNotice } from './mute-words.js';
import type { Mutes } from './mutes.js';
import { notFound } from './not-found.js';
import type { Notice, Notices, NoticeTarget } from './notices.js';
import { readMute } from './read-mute.js';

/** What {@link createMutes} works with. */
export interface MutesOptions {
  readonly store: MuteStore;
  readonly notices: Notices;
  readonly runtime: Runtime;
  readonly index: AutomationIndex;
  readonly nextId: () => string;
  /** Where a notice goes of a mute that concerns an entity, or anybody. */
  defaultChannels(entity: string | undefined): readonly NoticeTarget[];
  /** Calls off what is pending and muted; of one automation where one is named. */
  cancelMuted(automationId: string | undefined): Promise<unknown>;
  /** Told of what goes wrong where there is nobody to throw to. */
  onError(error: unknown): void;
}

/** The part of the engine that manages mutes, and what removes them at their end. */
export interface ManagedMutes {
  readonly mutes: Mutes;
  readonly expiry: MuteExpiry;
}

/** Makes the part of the engine that manages mutes. */
export function createMutes(options: MutesOptions): ManagedMutes {
  const { store, notices, runtime, index, nextId, onError } = options;

  /** The entity that a mute concerns, also by the automation that it names; `undefined`: anybody. */
  const concernedBy = ({ matcher }: Mute): string | undefined => {
    const automation = matcher.automationId === undefined ? undefined : index.get(matcher.automationId)?.automation;
    return matcher.entity ?? (automation === undefined ? undefined : ownerOf(automation));
  };

  const noticesOf = (mute: Mute, moment: MuteMoment): readonly Notice[] => {
    const message = muteNotice(mute, moment, (id) => index.get(id)?.automation.name);
    return options.defaultChannels(concernedBy(mute)).map((target) => notices.make(target, message));
  };

  const writesOf = (made: readonly Notice[]) => made.flatMap(({ write }) => write);

  const holds = ({ until }: Mute): boolean => until > runtime.now();

  const find = async (id: string): Promise<Mute> => {
    const mute = typeof id === 'string' ? (store.get(id) ?? (await store.lookUp(id))) : undefined;
    if (mute === undefined || !holds(mute)) throw notFound('mute', id);
    return mute;
  };

  const mutes: Mutes = {
    async create(input) {
      const nowMs = runtime.now();
      const definition = readMute(input, nowMs, store.all());
      const mute: Mute = Object.freeze({ ...definition, id: nextId(), createdAt: nowMs });
      const made = noticesOf(mute, 'created');
      await notices.commit(made, async () => {
        await store.add(mute, writesOf(made));
        return true;
      });
      // It holds from now on. What is not called off here is found to be muted when its turn comes.
      await options.cancelMuted(mute.matcher.automationId).catch(onError);
      return mute;
    },
    // One that another process made may have been heard of late.
    list: async () => [...store.all()].filter(holds).sort((a, b) => (a.id < b.id ? -1 : 1)),
    get: find,
    async delete(id) {
      await find(id);
      if (!(await store.remove(id, []))) throw notFound('mute', id);
    },
  };

  const expiry = createMuteExpiry({
    store,
    runtime,
    async end(mute) {
      const made = noticesOf(mute, 'expired');
      await notices.commit(made, () => store.remove(mute.id, writesOf(made)));
    },
    onError,
  });

  return { mutes, expiry };
}
