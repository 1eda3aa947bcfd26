import { defineCommand } from '../shell/command.js';

export const clockShowCommand = defineCommand({
  about: "shows the time of a sandbox's clock",
  examples: ['cpor clock show'],
  async run({ terminal, session }) {
    const clock = await (await session.connect()).sandbox.clock();
    terminal.facts(clock, [
      ['now', clock.now],
      ['ahead', `${clock.aheadSeconds} seconds`],
      ['next deadline', clock.nextDeadlineAt],
    ]);
  },
});
