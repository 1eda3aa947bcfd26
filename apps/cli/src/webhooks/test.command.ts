import { until } from '@cpor/client';
import { defineCommand } from '../shell/command.js';
import { oneLine } from '../shell/terminal.js';

export const testCommand = defineCommand({
  about: 'sends a test event to a webhook endpoint, and prints how it was answered',
  args: [{ name: 'ENDPOINT', about: 'id of the endpoint' }],
  examples: ['cpor webhooks test ENDPOINT'],
  async run({ args: [endpointId], terminal, session }) {
    const cpor = await session.connect();
    const { deliveryId } = await cpor.webhooks.test(endpointId!);
    const read = () => cpor.webhooks.delivery(endpointId!, deliveryId);
    const delivery = await until(read, ({ log }) => log.length > 0, { signal: session.interrupted });
    const answer = delivery.log.at(-1)!;
    terminal.print(delivery, () =>
      oneLine(`${delivery.state}: ${answer.status ?? answer.fault} after ${answer.ms} ms. ${answer.excerpt}`).trim(),
    );
    if (delivery.state !== 'delivered') throw new Error('The test event was not delivered; it will be tried again.');
  },
});
