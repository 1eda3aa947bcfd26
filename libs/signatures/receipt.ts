import { formatInstant } from '#libs/notices/index.js';
import type { ReceiptContent } from '#libs/receipts/index.js';
import { timelineEntry } from '#libs/timeline/index.js';
import type { SignatureRecord } from './signature-reader.js';
import { signatureTexts } from './texts/index.js';

const checkUrlOf = (publicUrl: string, signatureId: string, recordSha256: string): string =>
  `${publicUrl}/check/${signatureId}/${recordSha256}`;

/** Puts the record of a signed statement into the words of its receipt, in the language of the statement. Null unless it was signed. */
export function receiptContentOf(record: SignatureRecord, publicUrl: string): ReceiptContent | null {
  const { signature, recordSha256, signer, statement } = record;
  if (recordSha256 === null || signature.closedAt === null) return null;
  const { language } = signature;
  const { receipt: words } = signatureTexts[language];
  const erased = words.erased;
  return {
    language,
    title: words.title,
    facts: [
      { label: words.signer, value: signer === null ? erased : `${signer.name}, ${signer.title}` },
      { label: words.email, value: signer?.email ?? erased },
      { label: words.customer, value: `${record.customer.name} (${record.customer.tenantId})` },
      { label: words.partner, value: `${record.partner.legalName} (PartnerID ${record.partner.partnerId})` },
      { label: words.claim, value: record.claimNumber },
      { label: words.signedAt, value: formatInstant(signature.closedAt, record.zone, language, 'second') },
      { label: words.identifiedBy, value: words.linkAndCode },
      { label: words.address, value: signer?.address ?? erased },
      { label: words.browser, value: signer?.browser || (signer === null ? erased : words.unknown) },
      { label: words.template, value: signature.policy },
      { label: words.textSha256, value: signature.textSha256 },
      { label: words.reference, value: signature.signatureId },
      { label: words.recordSha256, value: recordSha256 },
    ],
    sections: [
      statement === null
        ? { heading: words.statement, paragraphs: [words.textErased] }
        : { heading: statement.title, paragraphs: statement.paragraphs },
      { heading: words.worthHeading, paragraphs: words.worth },
    ],
    trail: record.events.flatMap((event) => {
      const entry = timelineEntry(event, 'partner', language, {
        instant: (at) => formatInstant(at, record.zone, language),
        label: (code) => code,
      });
      return entry === null ? [] : [{ at: event.at, text: [entry.title, entry.detail].filter(Boolean).join('. ') }];
    }),
    checkAt: checkUrlOf(publicUrl, signature.signatureId, recordSha256),
  };
}
