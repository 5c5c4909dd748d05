import type { SlackMethod } from './method.js';

const authTest: SlackMethod = {
  scopes: [],
  requiredArguments: [],
  optionalArguments: [],
  errors: [],
  handle: ({ state, caller }) => ({
    ok: true,
    url: state.team.url,
    team: state.team.name,
    user: caller.bot.name,
    team_id: state.team.id,
    user_id: caller.bot.userId,
    bot_id: caller.bot.botId,
    is_enterprise_install: false,
  }),
};

/** The auth.* methods. */
export const authMethods = { 'auth.test': authTest };
