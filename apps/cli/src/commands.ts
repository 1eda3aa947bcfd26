import { answerCommand } from './claims/answer.command.js';
import { createCommand } from './claims/create.command.js';
import { exportCommand } from './claims/export.command.js';
import { listCommand } from './claims/list.command.js';
import { showCommand } from './claims/show.command.js';
import { submitCommand } from './claims/submit.command.js';
import { withdrawCommand } from './claims/withdraw.command.js';
import { clockAdvanceCommand } from './clock/advance.command.js';
import { clockShowCommand } from './clock/show.command.js';
import { tailCommand } from './events/tail.command.js';
import { approveCommand } from './review/approve.command.js';
import { askCommand } from './review/ask.command.js';
import { queueCommand } from './review/queue.command.js';
import { rejectCommand } from './review/reject.command.js';
import type { Command } from './shell/command.js';
import { loginCommand } from './sign-in/login.command.js';
import { logoutCommand } from './sign-in/logout.command.js';
import { profilesCommand } from './sign-in/profiles.command.js';
import { whoamiCommand } from './sign-in/whoami.command.js';
import { usageCommand } from './usage/usage.command.js';
import { createEndpointCommand } from './webhooks/create.command.js';
import { deliveriesCommand } from './webhooks/deliveries.command.js';
import { endpointsCommand } from './webhooks/list.command.js';
import { listenCommand } from './webhooks/listen.command.js';
import { testCommand } from './webhooks/test.command.js';

/** Commands over HTTP, for partners, reviewers and whoever has a token: `cpor claims list` is in `claims/list.command.ts`. */
export const commands: Record<string, Command | Record<string, Command>> = {
  login: loginCommand,
  logout: logoutCommand,
  profiles: profilesCommand,
  whoami: whoamiCommand,
  claims: {
    list: listCommand,
    show: showCommand,
    create: createCommand,
    submit: submitCommand,
    answer: answerCommand,
    withdraw: withdrawCommand,
    export: exportCommand,
  },
  review: { queue: queueCommand, approve: approveCommand, ask: askCommand, reject: rejectCommand },
  usage: usageCommand,
  events: { tail: tailCommand },
  webhooks: {
    listen: listenCommand,
    list: endpointsCommand,
    create: createEndpointCommand,
    test: testCommand,
    deliveries: deliveriesCommand,
  },
  clock: { show: clockShowCommand, advance: clockAdvanceCommand },
};
