import type { Mute, MuteDefinition } from '../definition/mute.js';

/**
 * Silences what would ring, for a time. A match that is muted is recorded as skipped with the reason `muted`, and starts no
 * cooldown.
 *
 * @see `docs/semantics.md`, "Mutes".
 */
export interface Mutes {
  /**
   * Makes a mute. It holds from the moment when this resolves, in other processes within `refreshMs`; what is pending and
   * matches it is cancelled, with the reason `muted`. A notice goes to the default channel of the routing, if there is one.
   *
   * @param definition - What is silenced, until when, and why.
   * @returns The mute as it is stored, with its id.
   * @throws `invalid_mute` with issues; `storage_unavailable`.
   */
  create(definition: MuteDefinition): Promise<Mute>;
  /**
   * Lists the mutes that hold now, oldest first.
   *
   * @returns All, in one list.
   */
  list(): Promise<readonly Mute[]>;
  /**
   * Reads one mute.
   *
   * @param id - Its id.
   * @throws `not_found`, also when it has come to its end; `storage_unavailable`.
   */
  get(id: string): Promise<Mute>;
  /**
   * Ends a mute at once, without a notice; in other processes within `refreshMs`. What was skipped or cancelled stays so.
   *
   * @param id - Its id.
   * @throws `not_found`, also when it has come to its end; `storage_unavailable`.
   */
  delete(id: string): Promise<void>;
}
