import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Dice } from './dice.js';

/** A partner company with two offices. */
export interface Company {
  accountId: string;
  legalName: string;
  offices: [string, string];
}

export interface Customer {
  tenantId: string;
  domain: string;
  admin: { adminId: string; email: string };
  /** Monthly active users of each workload that the customer has: what a partner may read once it is official. */
  users: Record<string, number>;
}

/** What the directory does with requests for the time being. */
export type DirectoryMode = 'answer' | 'slow' | 'down' | 'hang' | 'garbage' | 'error' | 'changing';

const programme = 'modern_work_security_usage';

/** The vendor's own directory, in this process: it knows the companies and customers of the run. */
export class Directory {
  mode: DirectoryMode = 'answer';
  private server: Server | undefined;
  private port = 0;
  private answers = 0;

  constructor(
    readonly companies: Company[],
    readonly customers: Customer[],
    private readonly dice: Dice,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/look-up`;
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      void buffer(request).then(
        (content) => this.answer(JSON.parse(content.toString()) as Question, response),
        () => response.destroy(),
      );
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  private answer(question: Question, response: ServerResponse): void {
    const send = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
    switch (this.mode) {
      case 'hang':
        return;
      case 'down':
        response.destroy();
        return;
      case 'error':
        send({ error: 'out of order' }, this.dice.pick([500, 502, 503, 429]));
        return;
      case 'garbage':
        // Anything that begins like JSON counts as a bad record, which is a fact, not a fault.
        send(this.dice.pick(['<html>Maintenance</html>', 'Service unavailable', '']));
        return;
      case 'slow':
        setTimeout(() => send(this.lookUp(question)), this.dice.between(500, 2_500));
        return;
      case 'answer':
      case 'changing':
        send(this.lookUp(question));
    }
  }

  private lookUp({ partnerId, tenantId }: Question) {
    const company = this.companies.find(({ offices }) => offices.includes(partnerId));
    const customer = this.customers.find((one) => one.tenantId === tenantId);
    // What does not matter to the rules changes from answer to answer.
    const remark = this.mode === 'changing' ? ` (${++this.answers})` : '';
    return {
      location:
        company === undefined
          ? null
          : {
              partnerId,
              name: `Office ${partnerId}${remark}`,
              globalAccountId: company.accountId,
              legalName: company.legalName,
              type: 'standard',
              isAgreementActive: true,
              isProfileComplete: true,
              enrolledProgrammes: [programme],
              siblings: company.offices.filter((id) => id !== partnerId).map((id) => ({ partnerId: id, enrolledProgrammes: [programme] })),
            },
      tenant:
        customer === undefined
          ? null
          : {
              tenantId,
              name: `${customer.domain}${remark}`,
              domains: [customer.domain],
              language: 'en',
              isPublicSector: false,
              workloads: Object.keys(customer.users),
              admins: [{ ...customer.admin, name: 'An administrator' }],
              subscriptions: [],
            },
      identifiers: {},
    };
  }
}

interface Question {
  partnerId: string;
  tenantId: string;
}

export const workloads = ['teams', 'exchange', 'sharepoint'];

export const makeCompanies = (dice: Dice): Company[] =>
  ['Aspen', 'Birch', 'Cedar', 'Elm'].map((name, index) => ({
    accountId: dice.uuid(),
    legalName: `${name} Partners`,
    offices: [String(51_000 + index * 2), String(51_001 + index * 2)],
  }));

export const makeCustomer = (dice: Dice, name: string): Customer => {
  const domain = `${name}.example`;
  return {
    tenantId: dice.uuid(),
    domain,
    admin: { adminId: dice.uuid(), email: `admin@${domain}` },
    users: Object.fromEntries(workloads.map((workload) => [workload, dice.between(10, 9_999)])),
  };
};
