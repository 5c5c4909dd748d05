import type { Action } from './action.js';
import type { EventType } from './event-type.js';
import type { FilterJson } from './filter.js';
import type { Policy } from './policy.js';
import type { Scope } from './scope.js';

/** What an automation watches for. */
export interface Trigger<Type extends EventType = EventType> {
  readonly type: Type;
  readonly scope: Scope;
  /** Left out: every such event matches. */
  readonly filter?: FilterJson | undefined;
}

/** An automation as plain JSON: what a user writes, what storage keeps, what builders make. */
export interface AutomationDefinition {
  /** The version of this format. */
  readonly version: 1;
  /** 1 to 255 characters, unique within the scope. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly enabled: boolean;
  readonly event: Trigger;
  readonly policy?: Policy | undefined;
  readonly action: Action;
}

/** What `engine.automations.create` takes: a definition whose `version` (1) and `enabled` (true) may be left out. */
export type AutomationInput = Omit<AutomationDefinition, 'version' | 'enabled'> &
  Partial<Pick<AutomationDefinition, 'version' | 'enabled'>>;

/** What `engine.automations.update` takes: what is named is replaced, what is `undefined` stays as it is. */
export type AutomationPatch = Partial<Omit<AutomationInput, 'version' | 'event' | 'description' | 'policy'>> & {
  /** A new description; `null` takes it away. */
  readonly description?: string | null | undefined;
  /** A new policy; `null` takes it away, so that the defaults hold. */
  readonly policy?: Policy | null | undefined;
  /** A new trigger. Without `scope` it keeps the present one. */
  readonly event?: (Omit<Trigger, 'scope'> & { readonly scope?: Scope | undefined }) | undefined;
};

/** A stored automation. */
export interface Automation extends AutomationDefinition {
  readonly id: string;
  /** Grows by 1 with every change. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** Whose automation it is: the team of its scope; `undefined` for one on a whole organization, which may use what is shared only. */
export function ownerOf({ event: { scope } }: Pick<AutomationDefinition, 'event'>): string | undefined {
  return scope.type === 'organization' ? undefined : scope.entity;
}
