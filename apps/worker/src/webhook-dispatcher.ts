import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { ClaimEngine } from '#libs/engine/index.js';
import { databaseFaultOf } from '#libs/event-store/index.js';
import { dispatchWebhooks, forgetOldDeliveries, hasEndpoints } from '#libs/webhooks/index.js';
import { webhooks } from '../../../temporal.config.js';

/** Wakes the workflows of webhook endpoints that have new events to deliver. Any number of workers may run it. */
export class WebhookDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WebhookDispatcher.name);
  private readonly stop = new AbortController();
  private tidiedAt = 0;

  constructor(
    private readonly source: DataSource,
    private readonly engine: Pick<ClaimEngine, 'wakeEndpoint'>,
  ) {}

  onApplicationBootstrap(): void {
    void this.run();
  }

  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  private async run(): Promise<void> {
    let isFailing = false;
    while (!this.stop.signal.aborted) {
      const pauseMs = await this.turn().then(
        (pause) => {
          isFailing = false;
          return pause;
        },
        (error: unknown) => {
          // A standby serves reads only; an outage is one line, however long it lasts.
          if (!isFailing && databaseFaultOf(error) !== 'database_read_only')
            this.logger.warn(`Webhooks could not be dispatched: ${(error as Error).message}`);
          isFailing = true;
          return webhooks.idlePollMs;
        },
      );
      await sleep(pauseMs, undefined, { ref: false, signal: this.stop.signal }).catch(() => undefined);
    }
  }

  /** Returns how long to wait for the next turn. */
  private async turn(): Promise<number> {
    if (!(await hasEndpoints(this.source))) return webhooks.idlePollMs;
    const { endpointIds, hasMore } = await dispatchWebhooks(this.source);
    // What fails here is noted in the database, and woken again a minute later.
    await Promise.allSettled(endpointIds.map((endpointId) => this.engine.wakeEndpoint(endpointId)));
    if (Date.now() - this.tidiedAt > webhooks.tidyEveryMs) {
      this.tidiedAt = Date.now();
      await forgetOldDeliveries(this.source);
    }
    return hasMore ? 0 : webhooks.pollMs;
  }
}
