import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readClaim, bodyOf } from './claim-life.js';
import { type Mail, type Product, startProduct } from './product.js';
import { csvOf } from './usage.js';
import { waitFor } from './wait.js';

const holidaysOf2028 = {
  "Martin Luther King's birthday": '2028-01-17',
  "Washington's birthday": '2028-02-21',
  'Memorial Day': '2028-05-29',
  Juneteenth: '2028-06-19',
  'Independence Day': '2028-07-04',
  'Labor Day': '2028-09-04',
  'Columbus Day': '2028-10-09',
  'Veterans Day': '2028-11-10',
  'Thanksgiving Day': '2028-11-23',
  'Christmas Day': '2028-12-25',
};

export interface Customer {
  tenantId: string;
  domain: string;
  name: string;
}

export interface ReadMail extends Mail {
  text: string;
  links: string[];
}

/** Returns the recipient's link in a mail. */
export function linkIn({ links, subject }: Pick<ReadMail, 'links' | 'subject'>): string {
  const link = links.find((candidate) => new URL(candidate).pathname.startsWith('/n/'));
  if (link === undefined) throw new Error(`The mail "${subject}" has no link of its own.`);
  return link;
}

/** Use it for stories about one customer: drives the whole product through its public interfaces alone: API, mails and command line. */
export class Story {
  private constructor(
    readonly product: Product,
    private readonly customer: Customer,
  ) {}

  static async open(customer: Customer): Promise<Story> {
    return new Story(await startProduct(), customer);
  }

  async setClock(to: string): Promise<void> {
    bodyOf(await this.product.operator.post('/v1/sandbox/clock/advances', { to }));
  }

  /** Imports the customer's subscriptions into the directory, as an operator would. */
  async importSubscriptions(...subscriptions: object[]): Promise<void> {
    const { tenantId, domain, name } = this.customer;
    const admins = [{ adminId: '2d8e5b61-7f30-4c92-a0d4-59b1c7e3f846', name: 'An administrator', email: `admin@${domain}` }];
    const tenant = { tenantId, name, country: 'US', language: 'en', domains: [domain], admins, subscriptions };
    const file = join(this.product.stack.dataDirectory, 'directory.json');
    await writeFile(file, JSON.stringify({ accounts: [], tenants: [tenant] }));
    const { exitCode, output } = await this.product.cpor('directory', 'import', file);
    if (exitCode !== 0) throw new Error(output);
  }

  /** Publishes the holidays of the year after those in the sample calendar. */
  async publishCalendarOf2028(): Promise<void> {
    const path = '/v1/calendars/us-federal';
    const { etag, body } = await this.product.vendorAdmin.get<object>(`${path}/versions/1`);
    const holidays = Object.entries(holidaysOf2028).map(([name, on]) => ({ on, name }));
    const year = { version: 2, effectiveFrom: '2028-01-01', coversFrom: '2028-01-01', coversThrough: '2028-12-31', holidays };
    bodyOf(await this.product.vendorAdmin.put(path, { ...body, ...year }, etag!));
  }

  /** Imports the vendor's monthly figures: the active users of a subscription in each month. */
  async importUsage({ subscriptionId }: { subscriptionId: string }, usersByMonth: Record<string, number>): Promise<void> {
    const rows = Object.entries(usersByMonth).map(([month, users]) => ({
      CustomerTenantId: this.customer.tenantId,
      SubscriptionId: subscriptionId,
      MetricType: 'MAU',
      WorkloadCategory: 'Business Central',
      SKUGroup: 'Essentials',
      MAU: users,
      Date: month,
    }));
    const file = new Blob([csvOf(rows)], { type: 'text/csv' });
    const answer = await this.product.vendorAdmin.post<Imported>('/v1/usage/imports?set=business_applications_usage', file);
    const { state, rowsRefused } = bodyOf(answer);
    if (state !== 'published' || rowsRefused > 0) throw new Error(`The import is ${state}, with ${rowsRefused} rows refused.`);
  }

  /** Waits for the only mail to an address whose subject contains a text. */
  async mailTo(address: string, subject: string): Promise<ReadMail> {
    const found = async () => (await this.product.mails(address)).filter((mail) => mail.subject.includes(subject));
    await waitFor(`one mail to ${address}: ${subject}`, async () => (await found()).length === 1);
    return this.product.mail((await found())[0]!.id);
  }

  /** Sends a reviewer's command for a claim that no one else is changing. Returns `taken`, or the status and code of the refusal. */
  async sendAsReviewer(claimId: string, noun: string, body: object): Promise<string> {
    const { reviewer } = this.product;
    const { etag } = await readClaim(reviewer, claimId);
    const answer = await reviewer.post<{ code?: string }>(`/v1/claims/${claimId}/${noun}`, body, { 'if-match': etag });
    if (answer.status !== 202) return answer.status < 300 ? 'taken' : `${answer.status} ${answer.body.code}`;
    // The claim was busy: the operation has the outcome.
    const operation = async () => bodyOf(await reviewer.get<Operation>(answer.location!));
    await waitFor(`the outcome of ${noun}`, async () => (await operation()).status !== 'accepted');
    const { status, errors } = await operation();
    return status === 'done' ? 'taken' : `409 ${errors[0]!.code}`;
  }
}

interface Operation {
  status: 'accepted' | 'done' | 'refused';
  errors: { code: string }[];
}

interface Imported {
  state: string;
  rowsRefused: number;
}
