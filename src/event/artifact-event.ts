import type { JsonObject } from '../json.js';
import type { EventBase } from './event-base.js';

/** A version of an artifact. */
export interface ArtifactReference {
  /** 1 to 255 characters. */
  readonly id: string;
  /** `model`, `dataset` …; 1 to 255 characters. */
  readonly type: string;
  readonly version: string;
  readonly aliases?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** What artifact events share. */
export interface ArtifactEventBase extends EventBase {
  /** 1 to 255 characters. */
  readonly collection: string;
  /** The version as it is after what happened. */
  readonly artifact: ArtifactReference;
  /** Who did it. */
  readonly author?: string | undefined;
}

/** A version of an artifact was created. */
export interface ArtifactCreatedEvent extends ArtifactEventBase {
  readonly type: 'artifact.created';
}

/** A version of an artifact was linked to a collection. */
export interface ArtifactLinkedEvent extends ArtifactEventBase {
  readonly type: 'artifact.linked';
}

/** A version of an artifact was unlinked from a collection. */
export interface ArtifactUnlinkedEvent extends ArtifactEventBase {
  readonly type: 'artifact.unlinked';
}

/** An alias was added to a version of an artifact. */
export interface ArtifactAliasAddedEvent extends ArtifactEventBase {
  readonly type: 'artifact.alias-added';
  /** The alias that was added, 1 to 255 characters. */
  readonly alias: string;
}

/** An alias was removed from a version of an artifact. */
export interface ArtifactAliasRemovedEvent extends ArtifactEventBase {
  readonly type: 'artifact.alias-removed';
  /** The alias that was removed, 1 to 255 characters. */
  readonly alias: string;
}

/** A tag was added to a version of an artifact. */
export interface ArtifactTagAddedEvent extends ArtifactEventBase {
  readonly type: 'artifact.tag-added';
  /** The tag that was added, 1 to 255 characters. */
  readonly tag: string;
}

/** A tag was removed from a version of an artifact. */
export interface ArtifactTagRemovedEvent extends ArtifactEventBase {
  readonly type: 'artifact.tag-removed';
  /** The tag that was removed, 1 to 255 characters. */
  readonly tag: string;
}

/** What events of a whole collection share. */
export interface CollectionEventBase extends EventBase {
  /** 1 to 255 characters. */
  readonly collection: string;
  /** Who did it. */
  readonly author?: string | undefined;
}

/** A tag was added to a collection. */
export interface CollectionTagAddedEvent extends CollectionEventBase {
  readonly type: 'collection.tag-added';
  /** The tag that was added, 1 to 255 characters. */
  readonly tag: string;
}

/** A tag was removed from a collection. */
export interface CollectionTagRemovedEvent extends CollectionEventBase {
  readonly type: 'collection.tag-removed';
  /** The tag that was removed, 1 to 255 characters. */
  readonly tag: string;
}
