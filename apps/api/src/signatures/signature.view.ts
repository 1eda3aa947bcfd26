import { z } from 'zod';
import type { SignatureRecord } from '#libs/signatures/index.js';
import { contactAddress, text } from '../http/text.schema.js';

export const NewSignatureRequest = z
  .strictObject({
    signatory: z
      .strictObject({ name: text(200), email: contactAddress })
      .describe("Who signs for the customer. The address must be in one of the customer's own domains."),
    language: z.enum(['en', 'ru']).optional().describe("Language of the statement; by default that of the customer's tenant."),
  })
  .meta({ id: 'NewSignatureRequest', example: { signatory: { name: 'Ann Lee', email: 'ann.lee@contoso.example' }, language: 'en' } });

const mailStates = ['waiting', 'accepted', 'failed'] as const;
export type MailState = (typeof mailStates)[number];

export const SignatureView = z
  .object({
    signatureId: z.uuid(),
    state: z
      .enum(['open', 'signed', 'declined', 'expired', 'canceled', 'lapsed'])
      .describe('`lapsed`: the claim ended before anybody answered.'),
    language: z.enum(['en', 'ru']),
    policy: z.string().describe('Version of the programme whose template made the text.'),
    signatory: z.object({ name: z.string(), email: z.string() }).nullable().describe('Who is asked now; null once erased.'),
    mail: z.enum(mailStates).describe('Whether a mail server has accepted the latest mail with the link.'),
    forwards: z.int().min(0).max(1_000_000).describe('How often the request was passed on to a colleague.'),
    requestedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
    signedBy: z
      .object({ name: z.string(), title: z.string() })
      .nullable()
      .describe('As typed by the signatory; null until signed and once erased.'),
    declineReason: z.string().nullable(),
    statement: z
      .object({ title: z.string(), paragraphs: z.array(z.string()) })
      .nullable()
      .describe('The text; null once erased.'),
    textSha256: z.string().describe('SHA-256 of the title and the paragraphs, joined by empty lines, in UTF-8.'),
    recordSha256: z.string().nullable().describe("Hash of the signature in the claim's chain; null until signed."),
  })
  .meta({ id: 'Signature' });
export type SignatureView = z.output<typeof SignatureView>;

export function signatureView(
  { signature, isOpen, addressee, signer, reason, statement, recordSha256 }: SignatureRecord,
  mail: MailState,
): SignatureView {
  const { signatureId, language, policy, forwardedBy, requestedAt, expiresAt, closedAt, textSha256, outcome } = signature;
  return {
    signatureId,
    state: outcome ?? (isOpen ? 'open' : 'lapsed'),
    language,
    policy,
    signatory: addressee,
    mail,
    forwards: forwardedBy.length,
    requestedAt,
    expiresAt,
    closedAt,
    signedBy: signer && { name: signer.name, title: signer.title },
    declineReason: reason,
    statement,
    textSha256,
    recordSha256,
  };
}
