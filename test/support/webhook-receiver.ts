import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { contractCheck } from './contract.js';

const checks: Record<string, (value: unknown) => string[]> = {
  'application/json': contractCheck('WebhookEvent'),
  'application/cloudevents+json': contractCheck('WebhookCloudEvent'),
};

export interface Received {
  id: string;
  type: string;
  claimId: string | null;
  sequence: number | null;
  headers: IncomingMessage['headers'];
  /** Of the sender, which tells connections apart. */
  port: number;
  body: string;
  /** In milliseconds, since the receiver started. */
  atMs: number;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Sent in place of an HTTP answer; then the connection is closed, unless it is to seem kept. */
  bytes?: string;
  isKept?: boolean;
  /** How long the receiver waits before it answers; it never does if infinite. */
  afterMs?: number;
}

/** A receiver of webhooks that verifies each with the published library of Standard Webhooks, and that it is what the contract says. */
export class WebhookReceiver {
  /** What arrived and was verified, in the order of arrival; also what was then refused. */
  readonly received: Received[] = [];
  /** Requests that the library does not accept, and what differs from the contract. */
  readonly unverified: string[] = [];
  /** The largest number of requests of one claim, and of all, at a time. */
  readonly most = { ofClaim: 0, ofAll: 0 };
  /** Secrets of which one must verify. */
  secrets: string[] = [];
  answer: (event: Received) => Reply = () => ({ status: 204 });
  private readonly underWay = new Map<string, number>();
  private readonly startedAt = performance.now();
  private readonly server = createServer((request, response) => void this.handle(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  /** What was answered with success, by id. */
  get accepted(): Received[] {
    return this.received.filter((event) => this.acceptedIds.has(event.id));
  }

  private readonly acceptedIds = new Set<string>();

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { headers } = request;
    const faults = this.verifies(body, headers) ? checks[headers['content-type']!]!(JSON.parse(body)) : [body];
    if (faults.length > 0) {
      this.unverified.push(...faults);
      response.writeHead(401).end();
      return;
    }
    const { type, sequence = null, data } = JSON.parse(body) as { type: string; sequence?: number; data: { claimId?: string } };
    const claimId = data.claimId ?? null;
    const port = request.socket.remotePort ?? 0;
    const event = {
      id: String(headers['webhook-id']),
      port,
      type,
      claimId,
      sequence,
      headers,
      body,
      atMs: performance.now() - this.startedAt,
    };
    this.received.push(event);
    this.count(claimId ?? event.id, 1);
    const { status, headers: more, body: answer = '', bytes, isKept = false, afterMs = 0 } = this.answer(event);
    if (Number.isFinite(afterMs)) {
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (status >= 200 && status < 300) this.acceptedIds.add(event.id);
      this.count(claimId ?? event.id, -1);
      if (bytes === undefined) response.writeHead(status, more).end(answer);
      else request.socket.write(bytes, () => isKept || request.socket.destroy());
    } else {
      response.once('close', () => this.count(claimId ?? event.id, -1));
    }
  }

  private count(claim: string, by: number): void {
    this.underWay.set(claim, (this.underWay.get(claim) ?? 0) + by);
    this.most.ofClaim = Math.max(this.most.ofClaim, this.underWay.get(claim)!);
    this.most.ofAll = Math.max(
      this.most.ofAll,
      [...this.underWay.values()].reduce((sum, count) => sum + count, 0),
    );
  }

  private verifies(body: string, headers: IncomingMessage['headers']): boolean {
    return this.secrets.some((secret) => {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    });
  }
}
