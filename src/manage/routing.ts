import type { Routing, SavedRouting } from '../definition/routing/routing.js';
import type { VerificationProblem } from '../ports/verification.js';

/**
 * Manages which metric's alerts go to which channels: one routing for each entity, and one that is shared. Automations whose
 * action says `routing: true` use their entity's own, or else the shared one.
 */
export interface RoutingManager {
  /**
   * Stores a routing in place of the one before. It belongs to whom its integration belongs, and holds from the moment when
   * this resolves; in other processes within `refreshMs`. An equal one writes nothing.
   *
   * @param routing - What {@link slackRouting} made, or the same as JSON.
   * @returns The routing as it is stored.
   * @throws `invalid_options` with issues, also when the integration is not there or reaches one channel only;
   * `revision_conflict` when other processes come first again and again; `storage_unavailable`.
   */
  set(routing: Routing): Promise<SavedRouting>;
  /**
   * Reads one routing.
   *
   * @param entity - Whose; left out, the shared one.
   * @returns The routing as it is now.
   * @throws `not_found`, also when automations of the entity use the shared one.
   */
  get(entity?: string): Promise<SavedRouting>;
  /**
   * Lists the routings: the shared one, then by the names of the entities.
   *
   * @returns All, in one list.
   */
  list(): Promise<readonly SavedRouting[]>;
  /**
   * Deletes a routing. What waits for delivery goes where it was to go.
   *
   * @param entity - Whose; left out, the shared one.
   * @throws `not_found`, `revision_conflict`, `storage_unavailable`.
   */
  delete(entity?: string): Promise<void>;
  /**
   * Asks the destination of each channel whether messages would arrive, without sending one; one channel after the other.
   *
   * @param entity - Whose routing; left out, the shared one.
   * @returns What is wrong with which channel, and what to do about it.
   * @throws `not_found`; `delivery_failed` when a destination can't be asked now.
   */
  verify(entity?: string): Promise<RoutingVerification>;
}

/** What {@link RoutingManager.verify} found. */
export interface RoutingVerification {
  /** Whether messages would arrive in every channel. */
  readonly ok: boolean;
  /** Each channel once: the default channel first, then in their order. */
  readonly channels: readonly VerifiedChannel[];
}

/** What is known of one channel. */
export interface VerifiedChannel {
  /** As the routing names it. */
  readonly channel: string;
  /** Whether messages would arrive. */
  readonly ok: boolean;
  readonly problems: readonly VerificationProblem[];
  /** What would work only in part, each with what to do about it. */
  readonly notes?: readonly string[] | undefined;
  /** The channel's id, where the destination told it. */
  readonly channelId?: string | undefined;
}
