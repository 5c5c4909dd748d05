/**
 * An embeddable automations engine for machine-learning work.
 *
 * @packageDocumentation
 */

export { createEngine } from './create-engine.js';
export type {
  Action,
  HandlerAction,
  MessageFieldTemplate,
  MessageLinkTemplate,
  NoAction,
  NotificationAction,
  NotificationContent,
  RoutedNotificationAction,
  Severity,
  ThreadChoice,
  WebhookAction,
} from './definition/action.js';
export {
  callHandler,
  doNothing,
  type NotificationOptions,
  sendByRouting,
  sendNotification,
  sendWebhook,
  type WebhookOptions,
} from './definition/action-builders.js';
export type {
  Automation,
  AutomationDefinition,
  AutomationInput,
  AutomationPatch,
  Trigger,
} from './definition/automation.js';
export { automationJsonSchema } from './definition/automation-json-schema.js';
export type { Duration } from './definition/duration.js';
export { anomalyEvent, artifactEvent, runEvent, type StateBuilder } from './definition/event-builders.js';
export {
  type CustomEventType,
  type EventType,
  eventTypes,
  type KnownEventType,
  type RunState,
} from './definition/event-type.js';
export { type FieldBuilder, field } from './definition/field-builder.js';
export type {
  Aggregation,
  ChangeConditionJson,
  Direction,
  FieldTestJson,
  FilterJson,
  MetricConditionJson,
  Scalar,
  ZScoreConditionJson,
} from './definition/filter.js';
export { and, type FilterExpression, type FilterInput, nor, not, or } from './definition/filter-builders.js';
export type { ImageReference } from './definition/image.js';
export type {
  ConsoleIntegrationDefinition,
  CustomIntegrationDefinition,
  Integration,
  IntegrationDefinition,
  IntegrationFallback,
  IntegrationOwner,
  IntegrationState,
  IntegrationType,
  SlackIntegrationDefinition,
  WebhookIntegrationDefinition,
} from './definition/integration.js';
export { defaultLimits, type Limits } from './definition/limits.js';
export type {
  AggregateBuilder,
  ChangeOptions,
  MagnitudeBuilder,
  MetricBuilder,
  ThresholdBuilder,
  WindowBuilder,
  WindowOptions,
  ZScoreBuilder,
  ZScoreOptions,
} from './definition/metric-builder.js';
export type { Mute, MuteDefinition, MuteMatcher } from './definition/mute.js';
export { type ParseResult, parseAutomation } from './definition/parse-automation.js';
export type { Policy, PolicyPer, RateLimit } from './definition/policy.js';
export { type ParsedRouting, parseRouting } from './definition/routing/parse-routing.js';
export { routeOf } from './definition/routing/route-of.js';
export type { Route, Routing, SavedRouting } from './definition/routing/routing.js';
export {
  fromSkylineSettings,
  type SkylineSettings,
  type SkylineSettingsOptions,
} from './definition/routing/skyline-settings.js';
export { type SlackRoutingOptions, slackRouting } from './definition/routing/slack-routing.js';
export type { ThreadUpdate, ThreadUpdateType } from './definition/routing/thread-update.js';
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
  type EventScope,
  onAddArtifactAlias,
  onAddArtifactTag,
  onAddCollectionTag,
  onAnomaly,
  onCreateArtifact,
  onEvent,
  onLinkArtifact,
  onRemoveArtifactAlias,
  onRemoveArtifactTag,
  onRemoveCollectionTag,
  onRunAlert,
  onRunMetric,
  onRunState,
  onUnlinkArtifact,
  type RunScope,
  type TriggerOptions,
} from './definition/trigger-builders.js';
export type { Engine } from './engine.js';
export type { EngineOptions } from './engine-options.js';
export type { EngineStats } from './engine-stats.js';
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
  AnomalyDetectedEvent,
  AnomalyLabelledEvent,
  AnomalyUpdateBase,
  AnomalyUpdateEvent,
  FeaturesProfileBase,
  FeaturesProfileCreatedEvent,
  FeaturesProfileDisabledEvent,
  FeaturesProfileLayersCreatedEvent,
  FeaturesProfileLearntEvent,
  FeaturesProfileValidatedEvent,
  TrainingDataViewedEvent,
} from './event/anomaly-event.js';
export type {
  ArtifactAliasAddedEvent,
  ArtifactAliasRemovedEvent,
  ArtifactCreatedEvent,
  ArtifactEventBase,
  ArtifactLinkedEvent,
  ArtifactReference,
  ArtifactTagAddedEvent,
  ArtifactTagRemovedEvent,
  ArtifactUnlinkedEvent,
  CollectionEventBase,
  CollectionTagAddedEvent,
  CollectionTagRemovedEvent,
} from './event/artifact-event.js';
export type { CustomEvent } from './event/custom-event.js';
export type { TocsinEvent } from './event/event.js';
export type { EventBase } from './event/event-base.js';
export type { MetricValue, RunAlertEvent, RunMetricsEvent, RunReference, RunStateEvent } from './event/run-event.js';
export type { EmitResult } from './firing/emit-result.js';
export type { ExplainedFilter, Explanation, ExplanationReason, Outcome } from './firing/explanation.js';
export type { Preview, PreviewedDelivery } from './firing/previewer.js';
export type { JsonObject, JsonValue } from './json.js';
export type {
  AutomationQuery,
  Automations,
  CreateAutomationOptions,
  ExportAutomationsOptions,
  ImportedAutomations,
  SavedAutomation,
  UpdateAutomationOptions,
} from './manage/automations.js';
export type { ExecutionFilter } from './manage/cancel-executions.js';
export type { Executions } from './manage/executions.js';
export type { Images } from './manage/images.js';
export type {
  ChannelSearchQuery,
  DeleteIntegrationOptions,
  IntegrationPatch,
  IntegrationQuery,
  Integrations,
  LearntOptions,
} from './manage/integrations.js';
export type { Mutes } from './manage/mutes.js';
export type { NotifyOptions } from './manage/read-notice.js';
export type { RoutingManager, RoutingVerification, VerifiedChannel } from './manage/routing.js';
export type { Handler, HandlerCall, Handlers, RestrictedHandler } from './notify/handlers.js';
export type { ChannelQuery, ChannelSearchResult, FoundChannel } from './ports/channel-search.js';
export type {
  AttemptTarget,
  Delivery,
  DeliveryCapabilities,
  DeliveryRequest,
  DeliveryTarget,
  Destination,
  Pacing,
  PayloadRequest,
  PreviewRequest,
  ReactionRequest,
  Receipt,
  ThreadReference,
} from './ports/delivery.js';
export type { Logger } from './ports/logger.js';
export type { Message, MessageField, MessageImage, MessageLink } from './ports/message.js';
export type {
  AbortControllerLike,
  AbortSignalLike,
  MinimalAbortSignal,
  Runtime,
  Timer,
  TimerOptions,
} from './ports/runtime.js';
export type { RefusedSecret, SecretRequest, Secrets } from './ports/secrets.js';
export type {
  Commit,
  CommitResult,
  DeleteRange,
  KeyPage,
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
export type { Verification, VerificationProblem } from './ports/verification.js';
export type {
  DeliveryAttempted,
  DeliveryLagging,
  EngineEvents,
  EngineWarning,
  SkippedMatch,
} from './record/engine-events.js';
export type { Attempt, Execution, ExecutionReason, ExecutionStatus, SkipReason } from './record/execution.js';
export type { ExecutionThread, ThreadKind } from './record/execution-thread.js';
export type { ExecutionQuery, ExecutionSelection } from './record/history.js';
export type { Page, PageQuery } from './record/page.js';
export type { FieldQuestion } from './rule/field-tests.js';
export type { MetricQuestion } from './rule/metric-tests.js';
export {
  type FieldOperatorName,
  type MetricOperatorName,
  type OperatorName,
  operators,
  type RuleOperator,
} from './rule/operators.js';
export type { AllCondition, AnyCondition, LeafCondition, RuleCondition } from './rule/rule-condition.js';
export { type AutomationRule, toRule } from './rule/to-rule.js';
export type { Run, RunAlert, RunOptions } from './run.js';
export { systemRuntime } from './runtime.js';
export { fromWandb } from './wandb/from-wandb.js';
export { toWandb } from './wandb/to-wandb.js';
export type {
  WandbAction,
  WandbCreateInput,
  WandbEventType,
  WandbOptions,
  WandbScopeType,
} from './wandb/wire.js';
