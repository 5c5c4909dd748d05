/** What {@link Delivery.verify} found. */
export interface Verification {
  /** Whether messages would arrive, as far as the destination can be asked. */
  readonly ok: boolean;
  /**
   * Whether `ok` refutes a refusal. `false` where the destination can't be asked without sending a message: then a
   * refusal stands, and disables the integration. @default true
   */
  readonly conclusive?: boolean | undefined;
  /** What is wrong, each with what to do about it; empty when `ok`. */
  readonly problems: readonly VerificationProblem[];
  /** What would work only in part, each with what to do about it. @default nothing */
  readonly notes?: readonly string[] | undefined;
  /** The destination's own id of the channel, if it was learnt; of its own channel tocsin keeps it with the integration. */
  readonly channelId?: string | undefined;
  /** The channel's name, if it was learnt; kept too. */
  readonly channelName?: string | undefined;
  /** The name of the team or workspace, if it was learnt; kept too. */
  readonly teamName?: string | undefined;
}

/** One thing that keeps messages from arriving. */
export interface VerificationProblem {
  /** The destination's own name of the fault: `not_in_channel`; `delivery_missing`: this engine could not ask at all. */
  readonly reason: string;
  /** Whether the credential or the channel is at fault. */
  readonly kind: 'credential' | 'channel';
  /** What is wrong and what to do, for a person. */
  readonly message: string;
}
