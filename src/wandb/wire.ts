import type { Limits } from '../definition/limits.js';
import type { Scope } from '../definition/scope.js';

/** What W&B's wire form doesn't say by itself; the same for both directions. */
export interface WandbOptions {
  /** The team that owns the projects and registries: a saved automation names only the project. */
  readonly entity?: string | undefined;
  /** The organization, as your events name it; W&B names its entity instead. */
  readonly organization?: string | undefined;
  /**
   * W&B's scope ids, and the scope that each of them is. The create form has nothing but such an id, and a saved
   * automation on a collection says nothing of its project. What stands here goes before what the wire form says.
   */
  readonly scopes?: Readonly<Record<string, Scope>> | undefined;
  /** W&B's integration ids, and the id of your own integration for each. An id that is not listed is kept, with a warning. */
  readonly integrations?: Readonly<Record<string, string>> | undefined;
  /** How large a definition may be. @default `defaultLimits` */
  readonly limits?: Partial<Limits> | undefined;
}

/** The events that W&B's automations can be created for. */
export type WandbEventType =
  | 'RUN_METRIC'
  | 'RUN_METRIC_CHANGE'
  | 'RUN_METRIC_ZSCORE'
  | 'RUN_STATE'
  | 'CREATE_ARTIFACT'
  | 'LINK_MODEL'
  | 'UNLINK_ARTIFACT'
  | 'ADD_ARTIFACT_ALIAS'
  | 'ADD_ARTIFACT_TAG'
  | 'REMOVE_ARTIFACT_TAG'
  | 'ADD_COLLECTION_TAG'
  | 'REMOVE_COLLECTION_TAG';

/** The kinds of scope that W&B knows: a registry is a project, an organization an entity. */
export type WandbScopeType = 'ARTIFACT_COLLECTION' | 'ENTITY' | 'PROJECT';

/** What W&B's automation does; exactly the member that belongs to the type. */
export type WandbAction =
  | {
      readonly triggeredActionType: 'NOTIFICATION';
      readonly triggeredActionConfig: {
        readonly notificationActionInput: {
          readonly integrationID: string;
          readonly title: string;
          readonly message: string;
          readonly severity: 'INFO' | 'WARN' | 'ERROR';
        };
      };
    }
  | {
      readonly triggeredActionType: 'GENERIC_WEBHOOK';
      readonly triggeredActionConfig: {
        readonly genericWebhookActionInput: {
          readonly integrationID: string;
          /** A JSON object as text. */
          readonly requestPayload?: string;
        };
      };
    }
  | {
      readonly triggeredActionType: 'NO_OP';
      readonly triggeredActionConfig: { readonly noOpActionInput: { readonly noOp: true } };
    };

/** W&B's create form: the input of their `createFilterTrigger` (`CreateFilterTriggerInput`). */
export type WandbCreateInput = WandbAction & {
  readonly name: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly triggeringEventType: WandbEventType;
  readonly scopeType: WandbScopeType;
  readonly scopeID: string;
  /** JSON as text; for events of runs its `run_filter` is JSON as text once more. */
  readonly eventFilter: string;
};
