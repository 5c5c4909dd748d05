import type { ParsedEvent, RunInfo } from '../event/parsed-event.js';
import type { FactSource } from '../match/facts.js';
import type { MetricFact } from '../rule/fact.js';
import { type LiveRun, windowValue } from '../window/live-run.js';

/** The facts of an event and its run. There is one for each event, so it is a class: its function is made once. */
export class EventFacts implements FactSource {
  readonly event: ParsedEvent;
  readonly #run: LiveRun | undefined;

  constructor(event: ParsedEvent, run: LiveRun | undefined) {
    this.event = event;
    this.#run = run;
  }

  get run(): RunInfo | undefined {
    return this.#run?.info;
  }

  window(fact: MetricFact): number | boolean | undefined {
    return this.#run === undefined ? undefined : windowValue(this.#run, fact);
  }
}
