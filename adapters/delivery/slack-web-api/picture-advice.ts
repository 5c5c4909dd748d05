const adviceByReason: Readonly<Record<string, string>> = {
  missing_scope: 'add the scopes files:write and files:read in the settings of the Slack app and install it again',
  not_in_channel: 'invite the bot, for only members of a channel may upload there: /invite @bot',
  file_upload_size_restricted: 'it is larger than this workspace allows, so give a smaller one',
  http_413: 'it is larger than Slack takes, so give a smaller one',
  storage_limit_reached: 'the workspace has no room for files left, so delete some',
  file_uploads_disabled: "ask the workspace's administrators to allow uploads",
  file_type_not_allowed: "ask the workspace's administrators to allow PNG files",
};

/**
 * Says why a picture could not be uploaded, and what a person can do about it.
 *
 * @param reason - The name of the error.
 */
export function pictureAdvice(reason: string): string {
  const advice = Object.hasOwn(adviceByReason, reason) ? adviceByReason[reason] : undefined;
  return advice === undefined ? `its upload failed (${reason})` : `its upload failed (${reason}); ${advice}`;
}
