/** Which requests a fault hits. */
export interface SlackFaultMatch {
  /**
   * A Web API method that the workspace has, such as 'chat.postMessage', or 'webhook', or 'upload': the post of a file's
   * bytes, which names no channel. @default any
   */
  readonly method?: string;
  /** Channel ID, or name with or without `#`. @default any */
  readonly channel?: string;
  /** How many matching requests it hits. @default 1 */
  readonly times?: number;
}

/**
 * What goes wrong.
 *
 * `commit` says whether the request is carried out all the same, so that the client cannot know.
 */
export type SlackFault = SlackFaultMatch &
  (
    | { readonly type: 'reset' }
    | { readonly type: 'commit-then-reset' }
    | { readonly type: 'http-500' }
    | { readonly type: 'http-503' }
    | { readonly type: 'commit-then-500' }
    /**
     * Nothing is answered until the client goes away or the workspace closes. `commit` defaults to false; 'late' carries
     * the request out when its client has gone, or, with `afterRequests`, when so many further requests about the same
     * channel have been answered.
     */
    | { readonly type: 'slow-headers'; readonly commit?: boolean | 'late'; readonly afterRequests?: number }
    /** Status, headers and half of the body, then nothing. `commit` defaults to true. */
    | { readonly type: 'stalled-body'; readonly commit?: boolean }
    /** Status 200 with a page of HTML, or `body`. `commit` defaults to false. */
    | { readonly type: 'non-json-200'; readonly commit?: boolean; readonly body?: string }
    | { readonly type: '429'; readonly retryAfterSeconds: number }
    | { readonly type: '429-without-header' }
    /** Any error name. `statusCode` defaults to 200, for uploads to 400, for webhooks to what goes with it: 410, 500, else 400. */
    | { readonly type: 'platform-error'; readonly error: string; readonly statusCode?: number }
  );

/** A fault that waits for its requests. */
export interface SlackFaultHandle {
  /** How many more requests it will hit. */
  readonly remaining: number;
  /** Takes it back. */
  cancel(): void;
}

/** A fault in the queue. */
export interface QueuedFault {
  readonly fault: SlackFault;
  remaining: number;
}

/** A request that is going to be carried out although nobody waits for its answer any more. */
export interface LateCommit {
  readonly channelId: string | undefined;
  /** How many more requests about the channel are answered before. */
  requestsLeft: number;
  readonly commit: () => void;
}
