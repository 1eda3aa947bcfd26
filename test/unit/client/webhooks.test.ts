import { createHmac, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { verifyWebhook, type WebhookCloudEvent, WebhookVerificationError } from '@cpor/client';

/** From the specification's own test vectors. */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  now: new Date(1_614_265_330_000),
};

function signature(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

async function faultOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof WebhookVerificationError ? error.code : String(error)),
  );
}

describe('Verifying a webhook', () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const body = '{"type":"association.official","timestamp":"2026-01-02T03:04:05Z","data":{"claimNumber":"Ж-1"}}';
  let seconds: number;
  let headers: Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

  // Files are loaded long before the last of their tests runs.
  beforeEach(() => {
    seconds = Math.floor(Date.now() / 1000);
    headers = { 'webhook-id': 'e-1', 'webhook-timestamp': `${seconds}`, 'webhook-signature': signature(secret, 'e-1', seconds, body) };
  });

  it('accepts the example of the specification', async () => {
    const event = await verifyWebhook<{ test: number }>(vector.body, vector.headers, vector.secret, { now: vector.now });
    expect(event).to.deep.equal({ test: 2432232314, webhookId: 'msg_p5jXN8AQM9LWM0D4loKWxJek' });
  });

  it('returns the event, from text or bytes and from headers of any kind', async () => {
    const expected = { ...JSON.parse(body), webhookId: 'e-1' };
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const given of [headers, new Headers(headers), upper])
      for (const raw of [body, Buffer.from(body)]) expect(await verifyWebhook(raw, given, secret)).to.deep.equal(expected);
  });

  it('returns events whose type tells what their data holds', async () => {
    const signed = (text: string) => ({ ...headers, 'webhook-signature': signature(secret, 'e-1', seconds, text) });
    const text = JSON.stringify({ type: 'association.official', timestamp: '', sequence: 7, data: { target: 'workload:x' } });
    const event = await verifyWebhook(text, signed(text), secret);
    // @ts-expect-error Without its type nobody knows.
    void event.data.target;
    expect(event.type === 'association.official' && event.data.target).to.equal('workload:x');
    const other = JSON.stringify({ specversion: '1.0', type: 'claim.submitted', data: { phase: 'submitted' } });
    const cloudEvent = await verifyWebhook<WebhookCloudEvent>(other, signed(other), secret);
    expect(cloudEvent.type === 'claim.submitted' && cloudEvent.data.phase).to.equal('submitted');
  });

  it('accepts any of several signatures with any of several secrets, and passes over kinds it does not know', async () => {
    const many = `v1a,abc v1,AAAA v1,not-base64! ${headers['webhook-signature']}`;
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(await faultOf(verifyWebhook(body, { ...headers, 'webhook-signature': many }, [other, secret]))).to.equal('none');
    expect(await faultOf(verifyWebhook(body, { ...headers, 'webhook-signature': many }, other))).to.equal('signature_mismatch');
  });

  it('refuses a changed body, id or time', async () => {
    expect(await faultOf(verifyWebhook(body.replace('Ж-1', 'Ж-2'), headers, secret))).to.equal('signature_mismatch');
    expect(await faultOf(verifyWebhook(JSON.stringify(JSON.parse(body), null, 1), headers, secret))).to.equal('signature_mismatch');
    expect(await faultOf(verifyWebhook(body, { ...headers, 'webhook-id': 'e-2' }, secret))).to.equal('signature_mismatch');
    expect(await faultOf(verifyWebhook(body, { ...headers, 'webhook-timestamp': `${seconds + 1}` }, secret))).to.equal(
      'signature_mismatch',
    );
  });

  it('refuses a message from more than five minutes ago, or from the future', async () => {
    const at = (offset: number) => ({ now: new Date((seconds + offset) * 1000) });
    expect(await faultOf(verifyWebhook(body, headers, secret, at(300)))).to.equal('none');
    expect(await faultOf(verifyWebhook(body, headers, secret, at(301)))).to.equal('timestamp_too_old');
    expect(await faultOf(verifyWebhook(body, headers, secret, at(-300)))).to.equal('none');
    expect(await faultOf(verifyWebhook(body, headers, secret, at(-301)))).to.equal('timestamp_too_new');
    expect(await faultOf(verifyWebhook(body, headers, secret, { ...at(301), toleranceSeconds: 600 }))).to.equal('none');
    expect(await faultOf(verifyWebhook(body, { ...headers, 'webhook-timestamp': 'soon' }, secret))).to.equal('timestamp_invalid');
  });

  it('names a missing header, a body that is no event, and a secret that is none', async () => {
    for (const name of Object.keys(headers))
      expect(await faultOf(verifyWebhook(body, { ...headers, [name]: undefined }, secret))).to.equal('header_missing');
    for (const text of ['null', 'no JSON', '7']) {
      const signed = { ...headers, 'webhook-signature': signature(secret, 'e-1', seconds, text) };
      expect(await faultOf(verifyWebhook(text, signed, secret))).to.equal('body_invalid');
    }
    expect(await faultOf(verifyWebhook(body, headers, ''))).to.match(/^TypeError: A webhook secret is/);
    expect(await faultOf(verifyWebhook(body, headers, 'whsec_***'))).to.match(/^TypeError: A webhook secret is/);
  });
});
