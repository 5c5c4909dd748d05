/**
 * An embeddable automations engine for machine-learning work.
 *
 * @packageDocumentation
 */
export {
  type Action,
  callHandler,
  doNothing,
  type HandlerAction,
  type NoAction,
  type NotificationAction,
  type NotificationOptions,
  type Severity,
  sendNotification,
} from './definition/action.js';
export type {
  Automation,
  AutomationDefinition,
  AutomationInput,
  AutomationPatch,
  Trigger,
} from './definition/automation.js';
export type { Duration } from './definition/duration.js';
export type { EventType, RunState } from './definition/event-type.js';
export type {
  Aggregation,
  FieldTestJson,
  FilterJson,
  MetricConditionJson,
  Scalar,
} from './definition/filter.js';
export {
  and,
  artifactEvent,
  type FieldBuilder,
  type FilterExpression,
  type FilterInput,
  type MetricBuilder,
  nor,
  not,
  or,
  runEvent,
  type StateBuilder,
  type ThresholdBuilder,
  type WindowOptions,
} from './definition/filter-builders.js';
export type {
  ConsoleIntegrationDefinition,
  CustomIntegrationDefinition,
  Integration,
  IntegrationDefinition,
  IntegrationOwner,
  IntegrationState,
  IntegrationType,
  SlackIntegrationDefinition,
} from './definition/integration.js';
export { defaultLimits, type Limits } from './definition/limits.js';
export { type ParseResult, parseAutomation } from './definition/parse-automation.js';
export type { Policy, PolicyPer } from './definition/policy.js';
export {
  type CollectionScope,
  collection,
  type OrganizationScope,
  organization,
  type ProjectScope,
  project,
  type RegistryScope,
  registry,
  type Scope,
  type TeamScope,
  team,
} from './definition/scope.js';
export {
  onAddArtifactAlias,
  onCreateArtifact,
  onRunAlert,
  onRunMetric,
  onRunState,
  type RunScope,
  type TriggerOptions,
} from './definition/trigger-builders.js';
export { createEngine, type Engine } from './engine.js';
export type { EngineOptions } from './engine-options.js';
export {
  DeliveryError,
  type DeliveryErrorOptions,
  type DeliveryFaultKind,
  type Issue,
  type IssueCode,
  TocsinError,
  type TocsinErrorCode,
  type TocsinErrorOptions,
} from './errors.js';
export type {
  ArtifactAliasAddedEvent,
  ArtifactCreatedEvent,
  ArtifactEventBase,
  ArtifactReference,
  EventBase,
  MetricValue,
  RunAlertEvent,
  RunMetricsEvent,
  RunReference,
  RunStateEvent,
  TocsinEvent,
} from './event/event.js';
export type { EmitResult } from './firing/emit-result.js';
export type { ExplainedFilter, Explanation, ExplanationReason, Outcome } from './firing/explanation.js';
export type { JsonObject, JsonValue } from './json.js';
export type { AutomationQuery, Automations, CreateAutomationOptions, SavedAutomation } from './manage/automations.js';
export type { Executions } from './manage/executions.js';
export type { IntegrationPatch, IntegrationQuery, Integrations } from './manage/integrations.js';
export type { Handler, HandlerCall } from './notify/carrier.js';
export type {
  Delivery,
  DeliveryRequest,
  DeliveryTarget,
  Pacing,
  Receipt,
  Verification,
  VerificationProblem,
} from './ports/delivery.js';
export type { Logger } from './ports/logger.js';
export type { Message, MessageField } from './ports/message.js';
export type {
  AbortControllerLike,
  AbortSignalLike,
  MinimalAbortSignal,
  Runtime,
  Timer,
  TimerOptions,
} from './ports/runtime.js';
export type { SecretRequest, Secrets } from './ports/secrets.js';
export type {
  Commit,
  CommitResult,
  DeleteRange,
  LaneEntry,
  LaneQuery,
  LeaseRequest,
  LeaseResult,
  ListQuery,
  Precondition,
  RecordPage,
  Step,
  StepResult,
  Storage,
  StorageCapabilities,
  StoredRecord,
  Write,
} from './ports/storage.js';
export type { DeliveryAttempted, EngineEvents, EngineWarning, SkippedMatch } from './record/engine-events.js';
export type { Attempt, Execution, ExecutionReason, ExecutionStatus, SkipReason } from './record/execution.js';
export type { ExecutionQuery } from './record/history.js';
export type { Page, PageQuery } from './record/page.js';
export type { AllCondition, AnyCondition, LeafCondition, RuleCondition } from './rule/conditions.js';
export {
  type FieldOperatorName,
  type FieldQuestion,
  type MetricOperatorName,
  type MetricQuestion,
  type OperatorName,
  operators,
  type RuleOperator,
} from './rule/operators.js';
export { type AutomationRule, toRule } from './rule/to-rule.js';
export type { Run, RunAlert, RunOptions } from './run.js';
export { systemRuntime } from './runtime.js';
