import type { EngineStats } from './engine-stats.js';
import type { TocsinEvent } from './event/event.js';
import type { EmitResult } from './firing/emit-result.js';
import type { Explanation } from './firing/explanation.js';
import type { Preview } from './firing/previewer.js';
import type { Automations } from './manage/automations.js';
import type { Executions } from './manage/executions.js';
import type { Images } from './manage/images.js';
import type { Integrations } from './manage/integrations.js';
import type { Mutes } from './manage/mutes.js';
import type { RoutingManager } from './manage/routing.js';
import type { EngineEvents } from './record/engine-events.js';
import type { Run, RunOptions } from './run.js';

/** Automations at work: takes events, decides what fires, and sees to it that it is delivered. */
export interface Engine {
  readonly automations: Automations;
  readonly integrations: Integrations;
  readonly executions: Executions;
  readonly mutes: Mutes;
  readonly images: Images;
  readonly routing: RoutingManager;
  /**
   * Takes an event. It resolves when what fired is committed, and never waits for a delivery.
   *
   * Await it, or give it a `.catch`: like any rejection that nobody handles, a refused emit ends a Node process. `run.log` of
   * {@link startRun} never rejects.
   *
   * @param event - What happened. With an `id`, emitting it again does nothing.
   * @returns What fired, and what matched but was skipped.
   * @throws `invalid_event` naming the path; `storage_unavailable` when what matched could not be committed (nothing is
   * known to have fired; emit it again with the same `id`); `engine_closed`.
   * @see `docs/semantics.md`, "Emit".
   */
  emit<Event extends TocsinEvent>(event: Event): Promise<EmitResult>;
  /**
   * Starts a run in this process, for a training loop. Never throws.
   *
   * @param options - Whose run it is, and what it says of itself.
   */
  startRun(options: RunOptions): Run;
  /**
   * Says whether an automation would fire on an event, and if not, what says no. It changes nothing.
   *
   * @throws `not_found`, `invalid_event`, `storage_unavailable`.
   */
  explain(automationId: string, event: TocsinEvent): Promise<Explanation>;
  /**
   * Shows what an automation would send if it fired on an event now. It sends and changes nothing, and reads no secret.
   *
   * @returns The message or payload with its variables filled in, and what each adapter would make of it.
   * @throws `not_found`, `invalid_event`.
   */
  preview(automationId: string, event: TocsinEvent): Promise<Preview>;
  /** Counts what the engine holds at this moment, for a health page or a metric of your own. */
  stats(): EngineStats;
  /**
   * Listens. What a listener throws goes to `error` and harms nobody.
   *
   * @returns A function that stops listening.
   * @throws `invalid_options` when there is no such event, or the listener is no function.
   */
  on<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): () => void;
  /** Stops listening. */
  off<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): void;
  /** Resolves when every accepted event is committed and the outbox is empty, but for what waits for a retry. */
  idle(): Promise<void>;
  /**
   * Stops: takes no more, lets attempts and calls end that are on their way, and keeps what is undelivered. Later calls that change
   * something or ask a destination reject with `engine_closed`. Can be called again.
   */
  close(): Promise<void>;
}
