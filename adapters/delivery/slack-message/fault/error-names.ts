/** What is to be done about an error that Slack names. */
export type SlackFault =
  /** Nothing was sent; soon again. */
  | 'retry'
  /** Nothing was sent; it passes, but not within minutes. */
  | 'retry-slowly'
  /** Slack itself says that part of it may have succeeded. */
  | 'ambiguous'
  | 'credential'
  | 'channel'
  | 'message';

const namesByFault: Readonly<Record<SlackFault, readonly string[]>> = {
  retry: ['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout'],
  'retry-slowly': ['team_added_to_org', 'org_login_required', 'external_channel_migrating', 'message_limit_exceeded'],
  ambiguous: ['internal_error', 'fatal_error', 'rollup_error'],
  credential: [
    'access_denied',
    'accesslimited',
    'account_inactive',
    'action_prohibited',
    'app_access_restricted',
    'enterprise_is_restricted',
    'invalid_auth',
    'invalid_token',
    'missing_scope',
    'no_active_hooks',
    'no_service',
    'no_service_id',
    'no_team',
    'not_allowed_token_type',
    'not_authed',
    'send_on_behalf_not_allowed',
    'team_access_not_granted',
    'team_disabled',
    'team_not_found',
    'token_expired',
    'token_revoked',
    'two_factor_setup_required',
    'user_removed_from_team',
  ],
  channel: [
    'channel_is_archived',
    'channel_is_limited_access',
    'channel_not_found',
    'ekm_access_denied',
    'invalid_channel',
    'is_archived',
    'is_inactive',
    'messages_tab_disabled',
    'method_not_supported_for_channel_type',
    'no_permission',
    'not_in_channel',
    'posting_to_channel_denied',
    'posting_to_general_channel_denied',
    'restricted_action',
    'user_not_found',
  ],
  message: [
    'as_user_not_supported',
    'attachment_payload_limit_exceeded',
    'bad_timestamp',
    'block_mismatch',
    'cannot_reply_to_message',
    'invalid_arg_name',
    'invalid_arguments',
    'invalid_array_arg',
    'invalid_attachments',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_charset',
    'invalid_form_data',
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'invalid_name',
    'invalid_payload',
    'invalid_post_type',
    'invalid_thread_ts',
    'markdown_text_conflict',
    'metadata_must_be_sent_from_app',
    'metadata_too_large',
    'message_not_found',
    'missing_file_data',
    'missing_post_type',
    'missing_text_or_fallback_or_attachments',
    'msg_blocks_too_long',
    'msg_too_long',
    'no_access',
    'no_item_specified',
    'no_text',
    'not_reactable',
    'slack_connect_canvas_sharing_blocked',
    'slack_connect_file_link_sharing_blocked',
    'slack_connect_lists_sharing_blocked',
    'thread_locked',
    'thread_not_found',
    'too_many_attachments',
    'too_many_contact_cards',
    'too_many_emoji',
    'too_many_reactions',
  ],
};

const faultByName: ReadonlyMap<string, SlackFault> = new Map(
  (Object.entries(namesByFault) as [SlackFault, readonly string[]][]).flatMap(([fault, names]) =>
    names.map((name) => [name, fault] as const),
  ),
);

/**
 * Looks up an error that Slack names, in the Web API's `error` or a webhook's body.
 *
 * @param name - Slack's name of it.
 * @returns What to do about it; `undefined` when the name is unknown.
 */
export function slackFault(name: string): SlackFault | undefined {
  // Slack adds to this family: restricted_action_read_only_channel, restricted_action_thread_locked, …
  return faultByName.get(name) ?? (name.startsWith('restricted_action') ? 'channel' : undefined);
}

/**
 * Tells an error's name from a body that only stands where a name should be.
 *
 * @param value - What stands there.
 * @returns Whether it looks like one of Slack's names.
 */
export function isErrorName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9_]{1,79}$/.test(value);
}
